"""One sender at a time, and cards that are changed where they stand."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.delivery import Postman
from dialogs.staff.cards import TakeAppointment
from storage import deliveries
from storage.tables import Delivery, DeliveryState
from tests.catalogue.outbound import book, is_settled, notes, town_of_notes
from tests.core import Town
from tests.world import Ground


@pytest.fixture
async def here(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    """Olena has chosen English and can be written to; somebody may send her notes."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with town_of_notes(ground, tmp_path) as made:
        yield made


# One sender at a time


async def second_postman(here: Town) -> tuple[Postman, asyncio.Task[None]]:
    app = here.world.app
    second = Postman(app.storage, app.now, app.postman.carrier, staff_chat=here.world.group)
    second.wording = app.postman.wording
    return second, asyncio.ensure_future(second.run())


async def test_a_second_postman_idles_until_the_first_one_goes_home(here: Town) -> None:
    second, walking = await second_postman(here)
    await here.post("Olena", "one", "zq_note", n=1)
    second.wake()
    first = await here.until_written("one", is_settled)

    here.world.app.postman.stop()
    await here.post("Olena", "two", "zq_note", n=2)
    other = await here.until_written("two", is_settled)
    second.stop()
    await walking

    assert other.fence == first.fence + 1
    assert notes(here) == ["Note 1: en", "Note 2: en"]


async def test_what_a_killed_postman_had_in_hand_is_carried_on_and_marked(here: Town) -> None:
    olena = await here.visitor("Olena")
    async with here.world.app.storage.begin() as session:
        await deliveries.write(session, "one", "zq_note", olena, due=here.world.app.now(), n=1)
        await session.execute(
            update(Delivery)
            .where(Delivery.key == "one")
            .values(state=DeliveryState.SENDING, fence=0, tries=1)
        )
    here.world.app.postman.wake()

    one = await here.until_written("one", is_settled)

    assert (one.state, one.perhaps_sent) == (DeliveryState.SENT, True)
    assert notes(here) == ["Note 1: en"]


# The staff group


async def test_a_card_is_edited_where_it_stands(here: Town) -> None:
    before = await book(here)
    await here.write("Maria", "/start")

    await here.press("Maria", TakeAppointment)

    after = await here.letter(before.key)
    [card] = here.said_to_group()
    assert (after.state, after.message_id) == (DeliveryState.SENT, before.message_id)
    assert card.splitlines()[-1].startswith("✋ ")
    assert card.splitlines()[-1].endswith(" Maria")


async def test_a_card_that_says_the_same_already_is_quietly_right(
    here: Town, caplog: pytest.LogCaptureFixture
) -> None:
    card = await book(here)
    await here.write("Maria", "/start")
    await here.press("Maria", TakeAppointment)
    said = here.said_to_group()

    async with here.world.app.storage.begin() as session:
        await deliveries.again(session, card.key, due=here.world.app.now())
    await here.settle()

    assert (await here.letter(card.key)).state is DeliveryState.SENT
    assert here.said_to_group() == said
    assert here.world.sandbox.town.refusals == []
    assert [one for one in caplog.records if one.levelno > logging.INFO] == []


async def test_a_card_somebody_deleted_is_let_go(here: Town) -> None:
    card = await book(here)
    await here.write("Maria", "/start")
    here.fault("editMessageText", "400:Bad Request: message to edit not found", here.world.group)

    await here.press("Maria", TakeAppointment)

    assert (await here.letter(card.key)).reason == "gone"
