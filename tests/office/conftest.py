"""The office's town: a transaction to decide in, and the people who come or work there."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from storage import appointments, people
from storage.bureau import Bureau
from storage.engine import Storage
from storage.tables import Slot, Staff, Visitor
from tests.databases import SOFIA_BUREAU, grounds, storage, url, vault
from tests.world import MONDAY, person

__all__ = ["grounds", "storage", "url", "vault"]


@pytest.fixture(scope="session")
def bureau() -> Bureau:
    return SOFIA_BUREAU


@pytest_asyncio.fixture
async def session(storage: Storage) -> AsyncIterator[AsyncSession]:
    """One writing transaction for the whole test; what is written must also be committable."""
    async with storage.begin() as made:
        yield made


async def _visitor(session: AsyncSession, storage: Storage, name: str) -> Visitor:
    found = await people.visitor(session, storage.vault.recognise(person(name)))
    assert found is not None
    return found


async def _staff(session: AsyncSession, storage: Storage, name: str) -> Staff:
    found = await people.staff(session, storage.vault.recognise(person(name)))
    assert found is not None
    return found


@pytest_asyncio.fixture
async def olena(session: AsyncSession, storage: Storage) -> Visitor:
    return await _visitor(session, storage, "Olena")


@pytest_asyncio.fixture
async def omar(session: AsyncSession, storage: Storage) -> Visitor:
    return await _visitor(session, storage, "Omar")


@pytest_asyncio.fixture
async def maria(session: AsyncSession, storage: Storage) -> Staff:
    return await _staff(session, storage, "Maria")


@pytest_asyncio.fixture
async def georgi(session: AsyncSession, storage: Storage) -> Staff:
    return await _staff(session, storage, "Georgi")


@pytest_asyncio.fixture
async def times(session: AsyncSession) -> Sequence[Slot]:
    """The legal clinics' free times of the coming four weeks, soonest first."""
    return await appointments.free_slots(
        session,
        "legal",
        after=MONDAY,
        before=MONDAY + timedelta(weeks=4),
        languages=["en"],
    )
