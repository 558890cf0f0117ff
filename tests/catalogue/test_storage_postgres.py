"""PostgreSQL goes away and comes back, or refuses a transaction: tried again, never done twice."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.util.concurrency import await_only

from dialogs.legal import Book
from storage.tables import Appointment, AppointmentState
from tests.catalogue.house import House, house
from tests.databases import Cluster, Grounds
from tests.databases import _run as run_program

pytestmark = pytest.mark.postgres

OURS = "datname = current_database() AND pid <> pg_backend_pid()"
HANG_UP = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {OURS}"  # noqa: S608  # fixed words
SOME_OF_THEM = (1, 2, 6, 10, 14, 18, 19)
"""A booking says 18 things and COMMIT; the first opens the desk."""


@pytest.fixture
async def here(grounds: Grounds) -> AsyncIterator[House]:
    async with house(grounds, "postgresql") as made:
        await made.about_to_book("Olena")
        yield made


async def _hang_up(grounds: Grounds) -> None:
    """The server ends all our sessions, as it does when it is restarted."""
    await grounds.server().say(HANG_UP, to="town")


# Case 62: restart, failover, a connection that was idle for too long


async def test_connections_that_were_dropped_while_idle_are_noticed_by_nobody(
    here: House, grounds: Grounds
) -> None:
    await _hang_up(grounds)
    await here.press("Olena", Book)

    assert await here.faults(booked=1) == []
    assert not here.was_told_to_wait("Olena")


async def test_whichever_statement_loses_its_connection_a_booking_is_made_once(
    here: House, grounds: Grounds
) -> None:
    said = lost = 0
    at = -1

    def speak(*_: Any) -> None:
        nonlocal said, lost
        said += 1
        if said == at:
            lost += 1
            await_only(_hang_up(grounds))

    engine = here.world.app.storage.engine.sync_engine
    event.listen(engine, "do_execute", speak)
    event.listen(engine, "commit", speak)
    wrong = []
    for number in SOME_OF_THEM:
        said, at = 0, number
        here.begins("Olena", Book)
        await here.until_quiet()
        at = -1
        wrong += [f"{one}, after {number}" for one in await here.faults(booked=1)]
        async with here.world.app.storage.begin() as session:
            await session.execute(update(Appointment).values(state=AppointmentState.CANCELLED))
        await here.about_to_book("Olena", first=False)

    assert (wrong, lost) == ([], len(SOME_OF_THEM))


async def test_a_connection_dropped_while_a_screen_is_shown_takes_the_lock_with_it_and_no_more(
    here: House, grounds: Grounds
) -> None:
    """The lock of a person lives in a session of its own, held until Telegram has answered."""
    here.fault("editMessageText", "slow", delay=0.5)
    here.begins("Olena", Book)
    await here.until(lambda: here.calls("answerCallbackQuery") != [])
    await _hang_up(grounds)
    await here.until_quiet()

    assert await here.faults(booked=1) == []


def _restart(server: Cluster) -> None:
    data = server.folder / "data"
    run_program(
        server.programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "-l",
        server.folder / "log", "restart",
    )  # fmt: skip


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_server_that_crashes_and_starts_again_costs_nothing(
    grounds: Grounds, *, webhook: bool
) -> None:
    async with house(grounds, "postgresql", webhook=webhook) as here:
        await here.about_to_book("Olena")
        await here.about_to_book("Omar")
        here.begins("Olena", Book)
        _restart(grounds.server())
        here.begins("Omar", Book)
        await here.until_quiet()

        assert await here.faults(booked=2) == []


# Case 63: serialization failure and deadlock


async def _refuses(grounds: Grounds, state: str, times: int) -> None:
    """The server itself refuses what a booking writes, so many times."""
    await grounds.server().say(
        "CREATE SEQUENCE refusals",
        f"""CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF nextval('refusals') <= {times} THEN
                RAISE EXCEPTION 'not now' USING ERRCODE = '{state}';
            END IF;
            RETURN NEW;
        END $$""",
        "CREATE TRIGGER refuse BEFORE UPDATE ON appointments"
        " FOR EACH ROW EXECUTE FUNCTION refuse()",
        to="town",
    )


async def _tried(grounds: Grounds) -> None:
    await grounds.server().say("DROP SEQUENCE refusals", "DROP FUNCTION refuse CASCADE", to="town")


@pytest.mark.parametrize("state", ["40001", "40P01"], ids=["serialization", "deadlock"])
@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_transaction_that_was_refused_once_is_done_again_as_a_whole(
    grounds: Grounds, state: str, *, webhook: bool
) -> None:
    async with house(grounds, "postgresql", webhook=webhook) as here:
        await here.about_to_book("Olena")
        await _refuses(grounds, state, 1)
        try:
            await here.press("Olena", Book)
        finally:
            await _tried(grounds)

        assert await here.faults(booked=1) == []
        assert not here.was_told_to_wait("Olena")
        assert here.world.sandbox.webhook.last_error is None


async def test_a_transaction_that_is_refused_again_and_again_waits_and_the_person_is_told(
    here: House, grounds: Grounds
) -> None:
    await _refuses(grounds, "40001", 3)
    try:
        here.begins("Olena", Book)
        await here.until_quiet()
    finally:
        await _tried(grounds)

    assert await here.faults(booked=1) == []
    assert here.was_told_to_wait("Olena")
