"""What a silence or a failure held back comes late, and is then what the person is waiting for."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from bot.address import Menu
from bot.desk import Draft
from bot.told import Rests
from dialogs.answers import Topics
from dialogs.first import Grown
from dialogs.mine import Mine
from dialogs.person import AskPerson, GiveQuestion
from dialogs.staff.cards import TakeAppointment
from storage import people
from storage.tables import Delivery, DeliveryState
from tests.catalogue.outbound import book, forget_silence, is_settled, note, notes, was_tried
from tests.core import Town, town
from tests.world import Ground, person


@pytest.fixture
async def here(ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(ground, tmp_path) as made:
        made.serve_also(note)
        await made.welcome("Omar", "en")
        yield made


async def test_staff_who_press_in_the_group_are_answered_when_a_short_silence_is_over(
    here: Town,
) -> None:
    here.world.arrive("Maria")
    await book(here, "Omar")
    button = here.button("Maria", TakeAppointment)
    await here.told.be_silent(1.5)
    phone, begun = here.world.sandbox.town, monotonic()

    phone.press(person("Maria"), button.message_id, data=button.data, chat_id=button.chat)
    await here.world.sandbox.idle()

    assert phone.unanswered == []
    assert monotonic() - begun > 1
    assert here.popups[-1] != ""


async def test_a_screen_that_comes_late_still_knows_what_was_half_said(here: Town) -> None:
    await here.press_all("Omar", AskPerson, Grown, Menu)
    await here.write("Omar", "zzq wwx kkj")
    button = here.button("Omar", AskPerson)
    await here.told.be_silent(60)

    here.world.sandbox.town.press(person("Omar"), button.message_id, data=button.data)
    await here.world.sandbox.idle()
    await forget_silence(here)

    assert here.button("Omar", GiveQuestion).label == "📨 Send my last question"


async def test_a_screen_that_keeps_the_question_open_arrives_late_too(here: Town) -> None:
    await here.press_all("Omar", AskPerson, Grown)
    await here.told.be_silent(60)

    here.world.sandbox.town.send_location(person("Omar"), (42.7, 23.3))
    await here.world.sandbox.idle()
    await forget_silence(here)

    assert "I can only read written words" in here.said("Omar")[-1]
    assert [one.state for one in await here.outbox("screen")] == [DeliveryState.SENT]


async def test_a_late_screen_and_what_it_asks_are_kept_at_once(here: Town) -> None:
    """Nobody words it in between, when the books still say what was asked before."""
    await here.press_all("Omar", AskPerson, Grown)
    button = here.button("Omar", Menu)
    seen: list[str | None] = []

    async def look() -> None:
        if await here.outbox("screen"):
            async with here.world.app.storage.read() as session:
                known = await people.known(session, here.key("Omar"), now=datetime.now(UTC))
            seen.append(Draft.of(known.draft).asks)

    await here.told.be_silent(60)
    here.world.sandbox.town.press(person("Omar"), button.message_id, data=button.data)
    async with asyncio.timeout(5):
        while not seen:
            await look()
            await asyncio.sleep(0)
    await here.world.sandbox.idle()

    assert set(seen) == {None}


async def _topics_that_rest(here: Town) -> Delivery:
    """Omar has pressed, and neither the edit nor the first letter was taken."""
    here.told.rests = Rests(unclear=(600.0,), spread=0.0)
    here.fault("editMessageText", "500", person("Omar"))
    here.fault("sendMessage", "500", person("Omar"))
    button = here.button("Omar", Topics)
    here.world.sandbox.town.press(person("Omar"), button.message_id, data=button.data)
    await here.world.sandbox.idle()
    [late] = await here.outbox("screen")
    return await here.until_written(late.key, was_tried)


async def test_a_screen_that_rests_does_not_hold_up_what_comes_after_it(here: Town) -> None:
    await here.can_be_written_to("Omar")
    late = await _topics_that_rest(here)

    await here.post("Omar", "something", "zq_note", n=1)
    await here.until_written("something", is_settled)

    assert late.not_before is not None
    assert notes(here, "Omar") == ["Note 1: en"]


async def test_a_screen_shown_at_once_calls_an_older_one_back(here: Town) -> None:
    await _topics_that_rest(here)

    await here.press("Omar", Mine)
    await here.hurry()

    [late] = await here.outbox("screen")
    assert (late.state, late.reason) == (DeliveryState.DROPPED, "younger")
    assert here.last("Omar").text == here.world.app.languages.get("en").say(
        "You have no appointments or requests at the moment."
    )


async def test_of_two_screens_that_wait_only_the_younger_arrives(here: Town) -> None:
    await here.told.be_silent(60)
    for kind in (Topics, Mine):
        button = here.button("Omar", kind)
        here.world.sandbox.town.press(person("Omar"), button.message_id, data=button.data)
    await here.world.sandbox.idle()
    await forget_silence(here)

    states = [(one.state, one.reason) for one in await here.outbox("screen")]
    assert states == [(DeliveryState.DROPPED, "younger"), (DeliveryState.SENT, "")]


async def test_an_update_that_comes_once_more_does_not_call_back_what_came_after_it(
    here: Town,
) -> None:
    await here.told.be_silent(60)
    town = here.world.sandbox.town
    for kind in (Topics, Mine):
        button = here.button("Omar", kind)
        town.press(person("Omar"), button.message_id, data=button.data)
    await here.world.sandbox.idle()
    first = int((await here.outbox("screen"))[0].key.removeprefix("screen:"))

    town.redeliver(first)
    await here.world.sandbox.idle()
    await forget_silence(here)

    states = [one.state for one in await here.outbox("screen")]
    assert states == [DeliveryState.DROPPED, DeliveryState.SENT]
