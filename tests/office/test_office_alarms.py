"""Coordinators are warned, each once a day of the same thing, and nobody else is."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import alarms
from storage.tables import Role, Staff
from tests.office.acts import outbox
from tests.world import MONDAY

LATE = MONDAY.replace(hour=23, minute=30)  # still half past nine in the evening in UTC
NIGHT = LATE + timedelta(hours=1)


async def test_every_coordinator_is_warned_once_a_day_however_often_it_is_asked_for(
    session: AsyncSession, maria: Staff, georgi: Staff
) -> None:
    for now in (MONDAY, MONDAY, LATE):
        await alarms.sound(session, "webhook_gone", now=now)

    assert await outbox(session) == {
        f"alarm:webhook_gone:2026-11-30:{one.id}": MONDAY for one in (maria, georgi)
    }


async def test_a_new_day_in_sofia_warns_again(session: AsyncSession, maria: Staff) -> None:
    for now in (LATE, NIGHT):
        await alarms.sound(session, "webhook_gone", now=now)

    mine = [key for key in await outbox(session) if key.endswith(f":{maria.id}")]
    assert mine == [
        f"alarm:webhook_gone:2026-11-30:{maria.id}",
        f"alarm:webhook_gone:2026-12-01:{maria.id}",
    ]


async def test_two_troubles_are_two_warnings(session: AsyncSession, maria: Staff) -> None:
    for code in ("webhook_gone", "long_silence"):
        await alarms.sound(session, code, now=MONDAY)

    assert len([key for key in await outbox(session) if key.endswith(f":{maria.id}")]) == 2


async def test_neither_other_colleagues_nor_former_ones_are_warned(
    session: AsyncSession, maria: Staff, georgi: Staff
) -> None:
    maria.role, georgi.active = Role.WORKER, False
    await session.flush()

    await alarms.sound(session, "webhook_gone", now=MONDAY)

    assert await outbox(session) == {}


async def test_an_alarm_nobody_has_words_for_is_refused(session: AsyncSession) -> None:
    with pytest.raises(ValueError, match="no such alarm"):
        await alarms.sound(session, "fire", now=MONDAY)
