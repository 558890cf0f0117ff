"""What was handled already has its effect once, however long ago, whatever its number."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import handled
from storage.engine import Storage
from storage.tables import Handled
from tests.world import MONDAY

SECOND = timedelta(seconds=1)


async def _note(
    session: AsyncSession, update: int, serial: str | None, now: datetime = MONDAY
) -> None:
    await handled.note(session, update, presser="olena", serial=serial, page=f"p{update}", now=now)


async def test_an_update_and_a_drawing_are_known_again(storage: Storage) -> None:
    async with storage.begin() as session:
        await _note(session, 1, "abc")
        await _note(session, 2, None)
        asked = [(1, "olena", None), (9, "olena", "abc"), (9, "omar", "abc"), (9, "olena", "abd")]

        found = [
            await handled.page_of(session, update, presser=presser, serial=serial)
            for update, presser, serial in [*asked, (2, "omar", None), (3, "olena", None)]
        ]

    assert found == ["p1", "p1", None, None, "p2", None]


@pytest.mark.parametrize(("update", "serial"), [(1, "other"), (9, "abc")])
async def test_the_table_refuses_a_second_effect(
    storage: Storage, update: int, serial: str
) -> None:
    async with storage.begin() as session:
        await _note(session, 1, "abc")
    with pytest.raises(IntegrityError):
        await _second_effect(storage, update, serial)


async def _second_effect(storage: Storage, update: int, serial: str) -> None:
    async with storage.begin() as session:
        await _note(session, update, serial)


async def _forget(session: AsyncSession, after: timedelta) -> list[str | None]:
    """The drawings that are still known after so long; None stands for words."""
    await handled.forget_old(session, now=MONDAY + after)
    return list(await session.scalars(select(Handled.serial).order_by(Handled.id)))


async def test_updates_are_forgotten_after_three_days_and_drawings_after_sixty_two(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        await _note(session, 1, None)
        await _note(session, 2, "abc")
        ages = [timedelta(days=days) + late for days in (3, 62) for late in (timedelta(0), SECOND)]

        left = [await _forget(session, age) for age in ages]

    assert left == [[None, "abc"], ["abc"], ["abc"], []]


async def test_the_number_of_an_update_is_known_for_three_days_and_may_then_come_anew(
    storage: Storage,
) -> None:
    async with storage.begin() as session:
        await _note(session, 5, "abc")
        await _forget(session, timedelta(hours=72))
        first = await handled.page_of(session, 5, presser="olena", serial=None)

        await _forget(session, timedelta(hours=72) + SECOND)
        then = await handled.page_of(session, 5, presser="olena", serial=None)

    assert (first, then) == ("p5", None)


async def test_a_drawing_is_known_long_after_the_number_of_its_update(storage: Storage) -> None:
    async with storage.begin() as session:
        for number, serial in ((7, "abc"), (5, "abd"), (6, "abe")):
            await _note(session, number, serial)
        for days in (4, 5, 6):  # told more than once, and nothing else comes of it
            await _forget(session, timedelta(days=days))
        found = [
            await handled.page_of(session, 8, presser="olena", serial=serial)
            for serial in ("abc", "abd", "abe")
        ]

    assert found == ["p7", "p5", "p6"]


async def test_a_number_that_comes_anew_is_noted_beside_the_old_drawing(storage: Storage) -> None:
    async with storage.begin() as session:
        await _note(session, 5, "abc")
        await _forget(session, timedelta(days=7))
        await _note(session, 5, "abd", MONDAY + timedelta(days=7))
        found = [
            await handled.page_of(session, number, presser="olena", serial=serial)
            for number, serial in ((5, None), (9, "abc"), (9, "abd"))
        ]

    assert found == ["p5"] * 3
