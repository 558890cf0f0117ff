"""The same update once more, late, out of order, or under a number that was used before."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.address import Page
from bot.desk import Desk
from bot.screen import Screen, page
from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from tests.catalogue.inbound import (
    CANARY,
    OLENA,
    bookings,
    courier,
    notebook,
    pass_time,
    pressed,
    said,
    town,
    until_booking,
)
from tests.core import Town
from tests.world import Ground


@pytest.fixture(params=["polling", "webhook"])
async def here(
    request: pytest.FixtureRequest, ground: Ground, tmp_path: Path
) -> AsyncIterator[Town]:
    async with town(ground, tmp_path, request.param) as made:
        yield made


@pytest.fixture
async def behind(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    """The town with the bot behind its door."""
    async with town(ground, tmp_path, "webhook") as made:
        yield made


def newest(here: Town) -> int:
    """The number of the update that came last."""
    return max(here.world.sandbox.town.bot.mailbox._seen)


async def test_a_press_that_comes_a_hundred_times_books_once(here: Town) -> None:
    book = await until_booking(here)
    here.world.sandbox.town.press(OLENA, book.message_id, data=book.data)
    await here.settle()
    shown = [here.last("Olena").text, len(here.said("Olena"))]

    for _ in range(99):
        here.world.sandbox.town.redeliver(newest(here))
    await here.settle()

    assert await bookings(here) == (1, 1)
    assert [here.last("Olena").text, len(here.said("Olena"))] == shown


async def test_a_press_brought_a_hundred_times_at_once_books_once(behind: Town) -> None:
    press = pressed(behind, (await until_booking(behind)).data)

    async with courier(behind.world.door) as by_hand:
        await by_hand.bring_all([press] * 100)
    await behind.settle()

    assert by_hand.answers == {200: 100}
    assert await bookings(behind) == (1, 1)


async def test_every_update_delivered_twice_and_queues_that_overtake_book_once(
    behind: Town,
) -> None:
    sandbox = behind.world.sandbox
    sandbox.webhook.duplicate, sandbox.webhook.shuffle = 1, True

    book = await until_booking(behind)
    sandbox.town.press(OLENA, book.message_id, data=book.data)
    await behind.settle()

    assert await bookings(behind) == (1, 1)


@pytest.mark.parametrize(("hours", "times_heard"), [(23, 1), (71.9, 1), (72.1, 2)])
async def test_an_update_that_comes_again_after_a_day_is_known_for_three(
    here: Town, hours: float, times_heard: int
) -> None:
    heard: list[str] = []
    here.serve_also(notebook(heard))
    await here.write("Olena", "/note one")

    await pass_time(here, hours)
    here.world.sandbox.town.redeliver(newest(here))
    await here.settle()

    assert heard == ["one"] * times_heard


async def test_numbers_that_begin_anew_after_a_quiet_week_are_heard(here: Town) -> None:
    heard: list[str] = []
    here.serve_also(notebook(heard))
    mailbox = here.world.sandbox.town.bot.mailbox
    after_the_week = mailbox._next_id
    book = await until_booking(here)
    here.world.sandbox.town.press(OLENA, book.message_id, data=book.data)
    await here.settle()
    used = range(after_the_week, newest(here) + 1)

    await pass_time(here, 24 * 7)
    for number in (5, *used):
        mailbox._next_id = number
        await here.write("Olena", f"/note {number}")

    assert heard == [str(one) for one in (5, *used)]
    assert len(used) == 6


async def test_the_button_pressed_before_the_quiet_week_still_books_only_once(here: Town) -> None:
    book = await until_booking(here)
    here.world.sandbox.town.press(OLENA, book.message_id, data=book.data)
    await here.settle()

    await pass_time(here, 24 * 7)
    here.world.sandbox.town.press_forged(OLENA, book.message_id, book.data)
    await here.settle()

    assert await bookings(here) == (1, 1)


# Out of order


async def test_a_press_that_overtakes_the_words_before_it_harms_nothing(behind: Town) -> None:
    await behind.press_all("Olena", Days, Times, Hold, Grown)
    name = said(behind, "Olena")
    press = pressed(behind, behind.button("Olena", Nameless).data)

    async with courier(behind.world.door) as by_hand:
        for one in (press, name):
            await by_hand.bring(one)
    await behind.press("Olena", Book)

    assert by_hand.answers == {200: 2}
    assert await bookings(behind) == (1, 1)


async def test_words_before_the_question_they_would_answer_are_no_answer(behind: Town) -> None:
    await behind.press_all("Olena", Days, Times, Hold)
    early = said(behind, "Olena")
    press = pressed(behind, behind.button("Olena", Grown).data)

    async with courier(behind.world.door) as by_hand:
        for one in (press, early):
            await by_hand.bring(one)

    assert by_hand.answers == {200: 2}
    assert (await behind.visitor("Olena")).name is None


async def test_an_old_answer_that_is_edited_answers_no_later_question(here: Town) -> None:
    """Edited words change where they were read, and answer nothing."""
    old = here.world.sandbox.town.type(OLENA, CANARY)
    await here.settle()
    await here.press_all("Olena", Days, Times, Hold, Grown)
    before = here.said("Olena")

    edited = {**old.wire, "edit_date": old.date + 60}
    here.world.sandbox.town.inject({"edited_message": edited})
    await here.settle()

    assert here.said("Olena") == before
    assert (await here.visitor("Olena")).name is None
    assert here.button("Olena", Nameless).message_id == here.last("Olena").message_id


async def test_twenty_messages_at_once_are_heard_one_after_another(here: Town) -> None:
    heard: list[str] = []
    here.serve_also(notebook(heard, slowly=lambda rest: 0.02 if int(rest) % 5 == 0 else 0))
    wanted = [str(number) for number in range(20)]

    for number in wanted:
        here.world.sandbox.town.type(OLENA, f"/note {number}")
    await here.settle()

    assert heard == wanted


class Alone(Page, prefix="zq6"): ...


async def test_twenty_presses_forced_in_at_once_are_served_one_after_another(behind: Town) -> None:
    inside: list[int] = []
    together: list[int] = []

    @page(Alone)
    async def alone(desk: Desk) -> Screen:
        inside.append(1)
        await asyncio.sleep(0.005)
        together.append(len(inside))
        inside.pop()
        return Screen(desk.say("Done"))

    behind.serve_also(alone)

    async with courier(behind.world.door) as by_hand:
        await by_hand.bring_all([pressed(behind, "zq6") for _ in range(20)])

    assert by_hand.answers == {200: 20}
    assert together == [1] * 20
