"""The wire fails: what is written arrives in its order, and a repeat is never a secret."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import opened
from bot.carrier import Carrier, Patience
from bot.intake import TokenRefusedError
from bot.pace import Pace
from bot.settings import Settings
from bot.told import Rests
from dialogs.legal import Book, Days, Hold, Times
from dialogs.staff.cards import TakeAppointment
from storage import deliveries
from storage.tables import AppointmentState, DeliveryState
from storage.vault import read_key_file
from tests.catalogue.outbound import (
    OLENA,
    QUICK,
    address_of,
    appointment,
    book,
    is_settled,
    notes,
    said_in,
    town_of_notes,
    was_tried,
)
from tests.core import Town
from tests.world import UNHURRIED, Ground, person


@pytest.fixture
async def here(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with town_of_notes(ground, tmp_path) as made:
        made.told.rests = QUICK
        yield made


# Case 34


async def test_a_timeout_after_acceptance_brings_one_repeat_and_it_is_marked(here: Town) -> None:
    app, address = here.world.app, address_of(here)
    hasty = Patience(read_timeout=0.3)
    async with Carrier(app.bot.token, address, app.postman.carrier.pace, hasty) as carrier:
        app.postman.carrier = carrier
        here.fault("sendMessage", "timeout-after", OLENA, delay_after=1)
        await here.post("Olena", "one", "zq_note", n=1)
        one = await here.until_written("one", is_settled)
        await here.settle()

    assert (one.state, one.perhaps_sent, one.tries) == (DeliveryState.SENT, True, 2)
    assert notes(here) == ["Note 1: en"] * 2


# Case 35


async def test_bad_minutes_of_telegrams_end_with_everything_in_its_order(here: Town) -> None:
    """Everything takes a three-hundredth of its time here: ten minutes are two seconds."""
    usual = Rests()
    here.told.rests = Rests(tuple(one / 300 for one in usual.unclear), spread=usual.spread)
    await here.welcome("Omar", "en")
    await here.can_be_written_to("Omar")
    here.world.sandbox.town.faults.storm("500", ["sendMessage"])

    for n in range(4):
        await here.post("Olena", f"olena{n}", "zq_note", n=n)
        await here.post("Omar", f"omar{n}", "zq_note", n=n)
        await asyncio.sleep(0.1)
    here.world.sandbox.town.faults.clear()
    await here.settle()

    in_order = [f"Note {n}: en" for n in range(4)]
    assert (notes(here), notes(here, "Omar")) == (in_order, in_order)
    assert {one.state for one in await here.outbox("zq_note")} == {DeliveryState.SENT}
    assert (await here.letter("olena0")).perhaps_sent


def test_the_tries_of_a_delivery_outlast_ten_minutes_and_no_two_rests_are_alike() -> None:
    rests = Rests()

    assert len(rests.unclear) == deliveries.MOST_TRIES - 1
    assert sum(rests.unclear) > 600
    drawn = {rests.after(1) for _ in range(20)}
    assert len(drawn) > 1
    assert [one for one in drawn if not 2 <= one <= 2.5] == []


async def test_what_is_written_later_waits_behind_what_rests(here: Town) -> None:
    here.told.rests = Rests(unclear=(60,))
    here.fault("sendMessage", "500", OLENA)

    await here.post("Olena", "first", "zq_note", n=1)
    await here.until_written("first", was_tried)
    await here.post("Olena", "second", "zq_note", n=2)
    await asyncio.sleep(0.2)
    before = notes(here)
    await here.hurry()

    assert before == []
    assert notes(here) == ["Note 1: en", "Note 2: en"]


async def test_what_rested_when_a_round_began_rests_for_the_whole_round(here: Town) -> None:
    """Else what was written later could leave in the moment in which the rest ends."""
    here.told.rests = Rests(unclear=(0.3,), spread=0)
    here.fault("sendMessage", "500", OLENA)
    await here.post("Olena", "first", "zq_note", n=1)
    first = await here.until_written("first", was_tried)
    begun = datetime.now(UTC)
    await here.until_written("first", is_settled)
    async with here.world.app.storage.begin() as session:
        first.state = DeliveryState.WAITING
        await session.merge(first)

    assert first.not_before is not None
    assert await here.told.resting(begun) == [(first.visitor_id, None)]
    assert await here.told.resting(first.not_before) == []


# Case 36


@pytest.mark.parametrize("kind", ["not-json", "ok-false"])
async def test_an_answer_nobody_understands_stops_neither_the_sender_nor_the_delivery(
    here: Town, kind: str
) -> None:
    here.fault("sendMessage", f"{kind}-after", OLENA)

    await here.post("Olena", "one", "zq_note", n=1)
    await here.post("Olena", "two", "zq_note", n=2)
    await here.settle()

    one, two = await here.letter("one"), await here.letter("two")
    assert (one.state, one.perhaps_sent, two.perhaps_sent) == (DeliveryState.SENT, True, False)
    assert notes(here) == ["Note 1: en", "Note 1: en", "Note 2: en"]


# Case 37


@pytest.mark.parametrize(
    "refusal",
    [
        "403:Forbidden: bot was blocked by the user",
        "403:Forbidden: user is deactivated",
        "403:Forbidden: bot was kicked from the group chat",
        "400:Bad Request: chat not found",
    ],
)
async def test_who_cannot_be_reached_keeps_the_appointment_and_staff_see_it(
    here: Town, refusal: str
) -> None:
    await book(here)
    here.fault("sendMessage", refusal, OLENA)

    await here.post("Olena", "one", "zq_note", n=1)
    await here.settle()
    await here.post("Olena", "two", "zq_note", n=2)
    await here.settle()

    states = [(await here.letter(key)).state for key in ("one", "two")]
    [card] = here.said_to_group()
    assert states == [DeliveryState.UNREACHABLE] * 2
    assert (await appointment(here)).state is AppointmentState.BOOKED
    assert said_in(here, "bg", "Booked. We cannot reach the visitor in Telegram.")(card)
    assert notes(here) == []


# Case 38


async def test_who_unblocks_and_writes_can_be_reached_again_and_staff_see_it(here: Town) -> None:
    await book(here)
    here.fault("sendMessage", "403", OLENA)
    await here.post("Olena", "one", "zq_note", n=1)
    await here.settle()

    await here.write("Olena", "/menu")
    await here.post("Olena", "two", "zq_note", n=2)
    await here.settle()

    [card] = here.said_to_group()
    assert (await here.visitor("Olena")).unreachable_since is None
    assert not said_in(here, "bg", "Booked. We cannot reach the visitor in Telegram.")(card)
    assert notes(here) == ["Note 2: en"]


@pytest.mark.parametrize(
    ("late", "reminded"), [(-timedelta(minutes=30), 1), (timedelta(days=1), 0)]
)
async def test_a_reminder_missed_while_blocked_comes_when_it_is_still_of_use(
    here: Town, late: timedelta, reminded: int
) -> None:
    await book(here)
    [*_, reminder] = await here.outbox("reminder")
    assert reminder.useless_after is not None
    town = here.world.sandbox.town
    town.block(OLENA)
    await here.settle()
    await here.world.move(reminder.useless_after + late)
    before = len(here.said("Olena"))

    town.unblock(OLENA)
    await here.settle()

    assert len(here.said("Olena")) - before == reminded


# Case 43


async def test_while_our_key_is_refused_nothing_is_lost_and_coordinators_hear_of_it(
    here: Town,
) -> None:
    here.told.rests = Rests(shut=0.7)
    await here.write("Maria", "/start")
    here.world.sandbox.town.faults.storm("401", ["sendMessage"])

    await here.post("Olena", "one", "zq_note", n=1)
    one = await here.until_written("one", was_tried)
    silent = here.told.is_silent
    await here.post("Olena", "two", "zq_note", n=2)
    await asyncio.sleep(0.3)
    here.world.sandbox.town.faults.clear()
    await here.settle()

    assert (silent, one.tries, one.perhaps_sent) == (True, 0, False)
    assert notes(here) == ["Note 1: en", "Note 2: en"]
    assert [text for text in here.said("Maria") if "ключа на бота" in text] != []


async def restarted_with(here: Town, key: str, database: Path, key_file: Path) -> None:
    """The bot is started anew with another key, on the same books, and runs until all is quiet."""
    world = here.world
    settings = Settings.model_construct(
        token=SecretStr(key),
        api_url=address_of(here),
        database_url=f"sqlite:///{database}",
        staff_chat=world.group,
        admins=(person("Maria"), person("Georgi")),
    )
    vault, now = read_key_file(key_file), world.sandbox.clock.now
    async with opened(settings, vault, now=now, pace=Pace(UNHURRIED), prepared=True) as app:
        running = asyncio.ensure_future(app.run())
        await Town(replace(world, app=app)).hurry()
        app.stop()
        await running


async def key_changed(ground: Ground, folder: Path) -> None:
    """A life that ends because its key is refused, and another one after it."""
    async with town_of_notes(ground, folder) as here:
        here.told.rests = QUICK
        here.world.sandbox.renew_token("1:new")
        here.world.sandbox.town.type(OLENA, "/menu")
        await here.post("Olena", "one", "screen", page="m")
        await here.world.app._stopping.wait()
        kept, before = await here.letter("one"), len(here.said("Olena"))

        await restarted_with(here, "1:new", folder / "town.db", ground.key_file)

        one, after = await here.letter("one"), len(here.said("Olena"))
        assert (kept.state, kept.perhaps_sent) == (DeliveryState.WAITING, False)
        assert (one.state, one.tries, one.perhaps_sent) == (DeliveryState.SENT, 1, False)
        assert after == before + 2  # what was waiting, and the answer to what was written meanwhile


async def test_a_new_key_carries_on_where_the_old_one_was_refused(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")

    with pytest.raises(TokenRefusedError):
        await key_changed(ground, tmp_path)


# Case 44


async def test_an_edit_that_changes_nothing_is_done(here: Town) -> None:
    card = await book(here)
    await here.write("Maria", "/start")
    same = "400:Bad Request: message is not modified: specified new message content is the same"
    here.fault("editMessageText", same, here.world.group)

    await here.press("Maria", TakeAppointment)

    after = await here.letter(card.key)
    assert (after.state, after.message_id) == (DeliveryState.SENT, card.message_id)
    assert after.perhaps_sent is False


# Case 45


async def test_an_answer_that_comes_too_late_changes_nothing_of_what_was_done(here: Town) -> None:
    late = "400:Bad Request: query is too old and response timeout expired or query ID is invalid"
    await book(here)
    await here.write("Olena", "/menu")
    await here.press_all("Olena", Days, Times, Hold)
    here.fault("answerCallbackQuery", late)

    await here.press("Olena", Book)

    booked = await here.outbox("booked")
    assert [one.state for one in booked] == [DeliveryState.SENT] * 2
