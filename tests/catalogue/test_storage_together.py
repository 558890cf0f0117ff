"""Several processes over one database: each thing is done once; on SQLite there is one process."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.__main__ import WRONG
from bot.app import App
from bot.preparing import prepare
from bot.sandbox import Sandbox
from storage import deliveries
from storage import people as kept_people
from storage.engine import Storage
from storage.tables import (
    Appointment,
    AppointmentState,
    ArticleText,
    Delivery,
    Service,
    Slot,
    Staff,
    Visitor,
)
from storage.vault import Vault
from tests.catalogue.house import process
from tests.databases import SOFIA_BUREAU, Grounds
from tests.kill.scene import opened
from tests.office.acts import booked, held
from tests.world import MONDAY, person

AHEAD = timedelta(minutes=5)
LONG_AFTER = MONDAY + timedelta(hours=2)


@pytest.fixture
async def pair(grounds: Grounds) -> AsyncIterator[tuple[App, App]]:
    """Two processes of one bot, with connections and locks of their own; nobody sends yet."""
    sandbox = Sandbox()
    sandbox.clock.freeze()
    sandbox.clock.set(LONG_AFTER)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(grounds.database("postgresql"))
        address = await stack.enter_async_context(sandbox.serve())
        one, two = [
            await stack.enter_async_context(process(grounds, url, sandbox, address))
            for _ in range(2)
        ]
        yield one, two


async def _olena(session: AsyncSession, vault: Vault) -> Visitor:
    found = await kept_people.visitor(session, vault.recognise(person("Olena")))
    assert found is not None
    return found


async def _a_time(session: AsyncSession) -> Slot:
    return (await session.scalars(select(Slot).order_by(Slot.starts_at, Slot.id).limit(1))).one()


# Starting


@pytest.mark.postgres
async def test_two_processes_that_prepare_an_empty_database_at_once_prepare_it_once(
    grounds: Grounds, vault: Vault
) -> None:
    async with grounds.database("postgresql", own=True) as url:
        storages = [Storage(url, vault) for _ in range(2)]
        admins = (person("Maria"), person("Georgi"))
        await asyncio.gather(
            *(
                prepare(one, SOFIA_BUREAU, now=MONDAY, admins=admins, sample=True)
                for one in storages
            )
        )
        async with storages[0].read() as session:
            counted = {
                table.__tablename__: await session.scalar(select(func.count()).select_from(table))
                for table in (Staff, Service, ArticleText)
            }
        await prepare(storages[1], SOFIA_BUREAU, now=MONDAY, admins=admins, sample=True)
        async with storages[0].read() as session:
            again = {
                table.__tablename__: await session.scalar(select(func.count()).select_from(table))
                for table in (Staff, Service, ArticleText)
            }
        for one in storages:
            await one.close()

    assert counted == again
    assert counted["staff"] == 2


async def test_a_second_program_on_the_same_file_is_refused_and_the_first_lives_on(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, bots=2) as scene:
        await scene.lives.begin()
        olena = scene.sandbox.town.add_person("Olena", "bg").id
        scene.sandbox.town.type(olena, "/start")
        await scene.sandbox.idle()
        [other] = scene.others
        await other.begin()
        refused = await other.ended()
        scene.sandbox.town.type(olena, "/start")
        await scene.sandbox.idle()
        first = await scene.lives.end(signal.SIGTERM)
        said = (tmp_path / "bot1.log").read_text(encoding="utf-8")

    assert (refused, first) == (WRONG, 0)
    assert said == (
        f"bureau-bot: {tmp_path / 'bureau.db'}: another bureau-bot has this database."
        " Stop that one, or use PostgreSQL for several.\n"
    )


# Working side by side


@pytest.mark.postgres
async def test_what_falls_due_is_done_once_however_many_look(pair: tuple[App, App]) -> None:
    one, two = pair
    async with one.storage.begin() as session:
        olena = await _olena(session, one.storage.vault)
        await held(session, olena, await _a_time(session))

    done = await asyncio.gather(*(app.tick() for app in (one, two) * 3))

    async with two.storage.read() as session:
        states = (await session.scalars(select(Appointment.state))).all()
    # The hold that has run out, the day's housekeeping, and its first list.
    assert (sum(done), states) == (3, [AppointmentState.RELEASED])


@pytest.mark.postgres
async def test_two_that_book_the_same_write_each_reminder_once(pair: tuple[App, App]) -> None:
    """Two workers with the same redelivered press; the key of a reminder says why it is sent."""
    one, two = pair
    async with one.storage.begin() as session:
        olena = await _olena(session, one.storage.vault)
        made = await booked(session, SOFIA_BUREAU, olena, await _a_time(session))
        keys = (await session.scalars(select(Delivery.key))).all()

    async def remind(app: App) -> None:
        for key in keys:
            async with app.storage.begin() as session:
                visitor = await _olena(session, app.storage.vault)
                await deliveries.write(session, key, "reminder", visitor, due=LONG_AFTER)

    await asyncio.gather(remind(one), remind(two), remind(one))

    async with two.storage.read() as session:
        there = (await session.scalars(select(Delivery.key))).all()
    assert sorted(there) == sorted(keys)
    assert any(key.startswith(f"reminder:{made.id}:") for key in keys)


@pytest.mark.postgres
async def test_a_silence_that_one_was_told_of_is_kept_by_both(pair: tuple[App, App]) -> None:
    one, two = pair
    working = asyncio.create_task(two.postman.run())
    await asyncio.sleep(0.2)  # what it remembers at its start is not what we ask about
    await one.postman.told.be_silent(30)
    async with asyncio.timeout(5):
        while not two.postman.told.is_silent:  # noqa: ASYNC110  # nothing rings when it is told
            await asyncio.sleep(0.05)
    two.postman.stop()
    await working

    assert 25 < two.postman.told.silent_seconds <= 30


@pytest.mark.postgres
async def test_a_process_whose_clock_is_ahead_takes_the_right_to_send_from_nobody(
    pair: tuple[App, App],
) -> None:
    one, two = pair
    now = datetime.now(UTC)

    holds = await one.postman.lease.hold(now)
    ahead = await two.postman.lease.hold(now + AHEAD)
    still = await one.postman.lease.hold(now + timedelta(seconds=3))
    await one.postman.lease.give_up()
    then = await two.postman.lease.hold(now + AHEAD + timedelta(seconds=3))

    assert (holds, ahead, still, then) == (True, False, True, True)
