"""A view that fails or never ends, and a database that is away: nothing is lost, all are told."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.address import Menu, Page
from bot.desk import Desk
from bot.regrets import BROKEN
from bot.screen import GoTo, Screen, command, page
from bot.turnstile import Allowance
from dialogs.danger import AWAY_BRIEFLY
from dialogs.first import Grown
from tests.catalogue.house import house
from tests.catalogue.inbound import (
    CANARY,
    KNOCK,
    OLENA,
    Raw,
    be_strict,
    courier,
    notebook,
    said,
    town,
)
from tests.core import Town, drawn_now
from tests.databases import Grounds
from tests.world import Ground, person


@pytest.fixture(params=["polling", "webhook"])
async def here(
    request: pytest.FixtureRequest,
    ground: Ground,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Town]:
    caplog.set_level(logging.INFO, "bot")
    async with town(ground, tmp_path, request.param) as made:
        yield made


class Stuck(Page, prefix="zq3"): ...


class Heavy(Page, prefix="zq4"): ...


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def newest(here: Town) -> int:
    """The number of the update that came last."""
    return max(here.world.sandbox.town.bot.mailbox._seen)


# A view that fails, or does not come to an end


async def test_what_fails_three_times_is_set_aside_and_its_person_and_coordinators_are_told(
    here: Town, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[str] = []

    @command("poison")
    async def poison(desk: Desk, rest: str) -> GoTo:
        tries.append(rest)
        desk.draft.choices["half"] = "done"
        raise RuntimeError(CANARY)

    here.serve_also(poison)
    for _ in range(2):
        await here.write("Olena", f"/poison {CANARY}")
    here.world.sandbox.town.redeliver(newest(here))
    await here.settle()

    alarms = [one.key.split(":")[1] for one in await here.outbox("alarm")]
    assert tries == [CANARY] * 6
    assert sum(one.startswith(BROKEN) for one in here.said("Olena")) == 2
    assert alarms == ["updates_set_aside"] * 2  # one for each of the two coordinators, once a day
    assert CANARY not in caplog.text


async def test_a_view_that_waits_for_ever_keeps_nobody_else_waiting_and_is_set_aside(
    here: Town,
) -> None:
    @page(Stuck)
    async def stuck(_: Desk) -> Screen:
        await asyncio.Event().wait()
        raise AssertionError

    await here.welcome("Omar", "ar")
    here.serve_also(stuck)
    here.reception.view_seconds = 0.3
    phone = here.world.sandbox.town
    phone.press_forged(OLENA, here.last("Olena").message_id, "zq3")
    phone.type(person("Omar"), "/menu")
    async with asyncio.timeout(2):
        while len(here.said("Omar")) < 2:  # noqa: ASYNC110  # a phone rings no bell
            await asyncio.sleep(0.01)
    meanwhile = here.said("Olena")
    await here.world.sandbox.idle(timeout=20)

    told = [one.startswith(BROKEN) for one in here.said("Olena")]
    assert (len(meanwhile), told, phone.unanswered) == (1, [False, True], [])


@pytest.mark.parametrize("kind", ["page", "command"])
async def test_a_question_the_database_works_on_for_ever_is_broken_off_and_set_aside(
    here: Town, kind: str
) -> None:
    """Reading and writing: neither is taken for a database that is away."""
    here.reception.view_seconds = 0.3

    @page(Heavy)
    async def heavy(desk: Desk) -> Screen:
        await desk.session.execute(text(ENDLESS))
        raise AssertionError

    @command("heavy")
    async def heavy_words(desk: Desk, rest: str) -> GoTo:
        del rest
        await desk.session.execute(text(ENDLESS))
        raise AssertionError

    here.serve_also(heavy, heavy_words)
    await (here.forge("Olena", "zq4") if kind == "page" else here.write("Olena", "/heavy"))

    assert [one.startswith(BROKEN) for one in here.said("Olena")] == [False, True]


# The database is away


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody at the shell has begun to write, and thinks."""
    outsider = sqlite3.connect(file, isolation_level=None)
    outsider.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        outsider.execute("ROLLBACK")
        outsider.close()


@contextmanager
def stopped(grounds: Grounds) -> Iterator[None]:
    """The database's server fell, and is back later."""
    grounds.server().pause()
    try:
        yield
    finally:
        grounds.server().resume()


@pytest.fixture(scope="module")
def own_grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """A server nobody else needs."""
    made = Grounds(tmp_path_factory.mktemp("own"))
    yield made
    made.stop()


def said_away(here: Town, name: str = "Olena") -> int:
    """How often somebody was told where help is while nothing works."""
    return sum("112" in one and "📍" in one for one in here.said(name))  # in any language


async def _brought(here: Town, updates: list[Raw]) -> set[tuple[int, str | None]]:
    """How the door answers, and when it wants them again."""
    async with courier(here.world.door) as by_hand:
        answers = [
            await by_hand.session.post(by_hand.doors[0], json=one, headers=KNOCK) for one in updates
        ]
    return {(one.status, one.headers.get("Retry-After")) for one in answers}


async def test_while_sqlite_is_locked_updates_are_put_off_and_then_served_once(
    grounds: Grounds,
) -> None:
    heard: list[str] = []
    async with house(grounds, "sqlite", webhook=True) as here:
        here.serve_also(notebook(heard))
        await here.write("Olena", "/start")
        updates = [said(here, "/note 1"), said(here, "/note 2")]

        with locked(here.file):
            put_off = await _brought(here, updates), said_away(here), heard.copy()
        served = await _brought(here, updates * 2), said_away(here), heard

    assert put_off == ({(503, "30")}, 1, [])
    assert served == ({(200, None)}, 1, ["1", "2"])


@pytest.mark.postgres
async def test_while_postgresql_is_away_updates_are_put_off_and_then_served_once(
    own_grounds: Grounds,
) -> None:
    heard: list[str] = []
    async with house(own_grounds, "postgresql", webhook=True) as here:
        here.serve_also(notebook(heard))
        await here.write("Olena", "/start")
        here.world.sandbox.webhook.hurry = 0.02
        shown = here.last("Olena").message_id
        updates = [said(here, "/note a"), said(here, "/note b")]

        with stopped(own_grounds):
            put_off = await _brought(here, updates)
            for number in (1, 2, 3):
                here.world.sandbox.town.type(OLENA, f"/note {number}")
            here.world.sandbox.town.press_forged(OLENA, shown, drawn_now(Grown()))
            away = here.world.app.languages.get("uk").say(AWAY_BRIEFLY)  # as her phone speaks
            assert await here.until(lambda: away in here.popups)
            unwell = here.world.app.door.pulse.health()
        await here.until_quiet()
        served = await _brought(here, updates * 2)

        assert (put_off, served) == ({(503, "30")}, {(200, None)})
        assert (said_away(here), heard) == (1, ["1", "2", "3", "a", "b"])
        assert (unwell.well, here.world.app.door.pulse.health().well) == (False, True)


@pytest.mark.postgres
async def test_polling_waits_for_postgresql_and_then_serves_everybody_in_order(
    own_grounds: Grounds,
) -> None:
    heard: list[str] = []
    async with house(own_grounds, "postgresql") as here:
        here.serve_also(notebook(heard))
        await here.write("Olena", "/start")
        with stopped(own_grounds):
            for number in range(5):
                here.world.sandbox.town.type(OLENA, f"/note {number}")
            async with asyncio.timeout(10):
                while not said_away(here):  # noqa: ASYNC110  # a phone rings no bell
                    await asyncio.sleep(0.01)
        await here.until_quiet()

    assert (heard, said_away(here)) == ([str(number) for number in range(5)], 1)


async def test_what_is_put_off_again_and_again_counts_as_written_once(
    ground: Ground, tmp_path: Path
) -> None:
    """Telegram brings it until it was heard; nobody is told that this was too much."""
    outage = [True]

    @command("note")
    async def note(desk: Desk, rest: str) -> GoTo:
        if outage:
            raise OperationalError(rest, {}, Exception())
        return GoTo(Menu(), desk.say("Done"))

    async with town(ground, tmp_path, "webhook") as here:
        here.serve_also(note)
        be_strict(here, Allowance(words=3))
        words = said(here, "/note")
        async with courier(here.world.door) as by_hand:
            for _ in range(10):
                await by_hand.bring(words)
            outage.clear()
            await by_hand.bring(words)

        assert by_hand.answers == {503: 10, 200: 1}
        assert here.last("Olena").text == f"Done\n\n{here.said('Olena')[0].rpartition(chr(10))[2]}"
