"""The staff group moves or shuts its door: cards wait for it, and visitors notice nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.delivery import Postman
from bot.sandbox import Message
from bot.told import Rests
from dialogs.first import Grown, Nameless
from dialogs.legal import Book, Days, Hold, Times
from dialogs.staff.cards import TakeAppointment
from storage import deliveries
from storage.tables import AppointmentState, DeliveryState
from tests.catalogue.outbound import (
    OLENA,
    QUICK,
    appointment,
    book,
    is_settled,
    notes,
    town_of_notes,
    warned,
    was_tried,
)
from tests.core import Town
from tests.world import Ground, person


@pytest.fixture
async def here(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with town_of_notes(ground, tmp_path) as made:
        made.told.rests = QUICK
        yield made


# Case 41


@pytest.fixture
async def small(here: Town) -> int:
    """The staff meet in a basic group, which can become a supergroup; a card is there already."""
    staff = [person("Maria"), person("Georgi")]
    group = here.world.sandbox.town.add_group("Екип", staff, basic=True).id
    here.told._configured_chat = here.told.staff_chat = group
    await here.settle()
    await here.post(None, "before", "card_zq", n=0)
    await here.settle()
    return group


def shown(here: Town, chat: int) -> list[str]:
    found: list[Message] = here.messages(chat)
    return [one.text or "" for one in found]


async def moves(here: Town) -> int:
    """How often the new id was written down."""
    return len([one for one in here.world.sandbox.town.refusals if "upgraded" in one.description])


async def test_a_group_that_says_first_that_it_moved_is_followed_without_a_failing_send(
    here: Town, small: int
) -> None:
    new = here.world.sandbox.town.upgrade_group(small).id
    await here.world.sandbox.idle()
    told = here.told.staff_chat
    await here.post(None, "card", "zq_note", n=1)
    await here.settle()

    assert (told, here.told.staff_chat) == (new, new)
    assert here.world.sandbox.town.refusals == []
    assert shown(here, new) == ["Note 1: bg"]
    assert (await here.letter("card")).perhaps_sent is False


async def test_a_group_found_moved_by_a_failing_send_is_followed_and_nothing_is_shown_twice(
    here: Town, small: int, caplog: pytest.LogCaptureFixture
) -> None:
    # The group's own word is on its way while three cards leave.
    here.world.sandbox.town.faults.storm("500", ["getUpdates"])
    here.world.sandbox.town.type(OLENA, "/menu")
    await asyncio.sleep(0.1)  # the call that was waiting has come back; the next ones fail
    new = here.world.sandbox.town.upgrade_group(small).id
    for n in (1, 2, 3):
        await here.post(None, f"card{n}", "zq_note", n=n)
    for n in (1, 2, 3):
        await here.until_written(f"card{n}", is_settled)
    here.world.sandbox.town.faults.clear()
    await here.settle()

    assert here.told.staff_chat == new
    assert shown(here, new) == ["Note 1: bg", "Note 2: bg", "Note 3: bg"]
    assert [one.getMessage() for one in caplog.records if "new id" in one.getMessage()] == [
        "the staff group has a new id; it is remembered"
    ]
    assert await moves(here) == 1


async def test_a_group_that_is_said_to_have_moved_twice_moves_once(here: Town, small: int) -> None:
    new = here.world.sandbox.town.upgrade_group(small).id
    await here.post(None, "card", "card_zq", n=1)
    await here.settle()

    await here.told.group_moved(new)

    assert (await here.letter("card")).message_id == here.messages(new)[0].message_id


async def test_the_new_id_of_the_group_survives_a_restart(here: Town, small: int) -> None:
    new = here.world.sandbox.town.upgrade_group(small).id
    await here.world.sandbox.idle()
    app = here.world.app

    reborn = Postman(app.storage, app.now, app.postman.carrier, staff_chat=small)
    await reborn.told.remember()

    assert reborn.told.staff_chat == new


async def test_a_card_of_the_old_group_is_shown_anew_and_no_message_of_the_new_one_is_changed(
    here: Town, small: int
) -> None:
    """Messages have other numbers in the new group: the old number may be somebody else's."""
    old = (await here.letter("before")).message_id
    new = here.world.sandbox.town.upgrade_group(small).id
    here.world.sandbox.town.chat(new).next_message_id = old or 0
    await here.post(None, "card", "zq_note", n=1)
    await here.settle()

    async with here.world.app.storage.begin() as session:
        await deliveries.again(session, "before", due=here.world.app.now())
    await here.settle()

    assert old is not None
    assert shown(here, new) == ["Note 1: bg", "Note 0: bg"]


async def test_what_was_on_its_way_to_the_old_group_keeps_no_number_of_it(
    here: Town, small: int
) -> None:
    here.fault("sendMessage", "slow", small, delay_after=0.3)
    await here.post(None, "card", "zq_note", n=1)
    await asyncio.sleep(0.1)
    here.world.sandbox.town.upgrade_group(small)
    card = await here.until_written("card", is_settled)

    assert (card.state, card.message_id) == (DeliveryState.SENT, None)


# Case 42


@pytest.mark.parametrize("door", ["kicked", "left", "restricted"])
async def test_while_the_group_is_shut_visitors_book_and_coordinators_are_warned_once_a_day(
    here: Town, door: str
) -> None:
    town = here.world.sandbox.town
    await here.write("Maria", "/start")
    town.set_bot_status(here.world.group, door)
    await here.world.sandbox.idle()

    town.type(OLENA, "/start")
    await here.world.sandbox.idle()
    await _book_without_waiting(here)
    card = (await here.outbox("card_appointment"))[0]
    held = await here.until_written(card.key, was_tried)
    await asyncio.sleep(0.3)  # it is tried again and again meanwhile
    told = [text for text in here.said("Maria") if "групата на екипа" in text]
    cards = here.said_to_group()
    town.set_bot_status(here.world.group, "member")
    await here.settle()

    assert (await appointment(here)).state is AppointmentState.BOOKED
    assert (held.state, held.tries, cards) == (DeliveryState.WAITING, 0, [])
    assert (len(told), len(await warned(here, "group_unreachable"))) == (1, 2)
    assert len(here.said_to_group()) == 1
    assert (await here.letter(card.key)).perhaps_sent is False


async def _book_without_waiting(here: Town) -> None:
    town = here.world.sandbox.town
    for kind in (Days, Times, Hold, Grown, Nameless, Book):
        button = here.button("Olena", kind)
        town.press(OLENA, button.message_id, data=button.data)
        await here.world.sandbox.idle()


async def test_a_group_that_opens_again_gets_its_cards_at_once(here: Town) -> None:
    here.told.rests = Rests(shut=60)
    here.world.sandbox.town.set_bot_status(here.world.group, "kicked")
    await here.post(None, "card", "zq_note", n=1)
    await here.until_written("card", was_tried)

    here.world.sandbox.town.set_bot_status(here.world.group, "administrator")
    await here.until_written("card", is_settled)

    assert here.said_to_group() == ["Note 1: bg"]


async def test_a_bot_that_is_administrator_no_more_goes_on_as_a_member(here: Town) -> None:
    here.world.sandbox.town.set_bot_status(here.world.group, "member")
    await here.world.sandbox.idle()
    card = await book(here)
    await here.write("Maria", "/start")
    await here.press("Maria", TakeAppointment)

    assert (await here.letter(card.key)).state is DeliveryState.SENT
    assert await warned(here, "group_unreachable") == []


async def test_a_shut_group_holds_nobody_else_back(here: Town) -> None:
    here.told.rests = Rests(shut=60)
    here.fault("sendMessage", "403:Forbidden: bot was kicked from the supergroup chat", times=1,
               chat=here.world.group)  # fmt: skip
    await here.post(None, "card", "zq_note", n=1)
    await here.until_written("card", was_tried)
    await here.post(None, "later", "zq_note", n=2)
    await here.post("Olena", "one", "zq_note", n=3)
    await here.until_written("one", is_settled)

    assert notes(here) == ["Note 3: en"]
    assert here.said_to_group() == []
