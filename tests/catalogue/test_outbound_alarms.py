"""What coordinators are warned of arrives in private, in Bulgarian, with what to do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.office import alarms
from storage import deliveries
from storage.tables import DeliveryState, Staff
from tests.catalogue.outbound import town_of_notes, warned
from tests.core import Town
from tests.world import Ground


@pytest.fixture
async def here(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with town_of_notes(ground, tmp_path) as made:
        yield made


async def sound(here: Town, *codes: str) -> None:
    async with here.world.app.storage.begin() as session:
        for code in codes:
            await alarms.sound(session, code, now=here.world.app.now())
    here.world.app.postman.wake()
    await here.settle()


async def test_every_alarm_says_what_happened_what_works_and_what_to_do(here: Town) -> None:
    await here.write("Maria", "/start")

    await sound(here, *sorted(alarms.CODES))

    heard = [text for text in here.said("Maria") if text.startswith("⚠️")]
    assert len(set(heard)) == len(alarms.CODES)
    assert {len(text.split("\n\n")) for text in heard} == {3}
    assert [text for text in heard if "Моля, " not in text.split("\n\n")[2]] == []
    assert here.said_to_group() == []


async def test_an_alarm_only_another_release_knows_is_left_out(here: Town) -> None:
    await here.write("Maria", "/start")
    async with here.world.app.storage.begin() as session:
        maria = await session.get(Staff, 1)
        due = here.world.app.now()
        await deliveries.write(session, "alarm:fire", "alarm", maria, due=due, code="fire")
    here.world.app.postman.wake()
    await here.settle()

    fire = await here.letter("alarm:fire")
    assert (fire.state, fire.reason) == (DeliveryState.DROPPED, "untrue")


async def test_a_coordinator_who_never_started_the_bot_is_not_written_to(here: Town) -> None:
    await sound(here, "webhook_gone")

    states = [(one.state, one.reason) for one in await warned(here, "webhook_gone")]
    assert states == [(DeliveryState.PARKED, "no_chat")] * 2
