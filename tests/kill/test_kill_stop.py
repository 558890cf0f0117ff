"""Stopped politely, frozen for a while, out of memory: other ends than SIGKILL."""

import asyncio
import random
import resource
import signal
from collections import Counter
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from bot.sandbox import Fault, Town
from storage.tables import Lease
from tests.databases import BOTH
from tests.kill import canaries, letters, outbox
from tests.kill.checker import IN_FLIGHT, check
from tests.kill.findings import Findings
from tests.kill.lives import Lives
from tests.kill.loop import live_through, until_it_serves
from tests.kill.people import is_delivery
from tests.kill.scene import Scene, opened

STOPS = 4

pytestmark = pytest.mark.slow


async def _stop_politely(scene: Scene, thrown: random.Random) -> None:
    for _ in range(STOPS):
        await until_it_serves(scene)
        await asyncio.sleep(thrown.uniform(0, 0.7))
        began = monotonic()
        assert await scene.lives.end(signal.SIGTERM) == 0
        assert monotonic() - began < 10
        await scene.lives.begin()


@pytest.mark.parametrize("empty", BOTH, indirect=True)
async def test_stopped_in_the_middle_of_the_day_the_bot_ends_in_time_and_loses_nothing(
    empty: str, tmp_path: Path
) -> None:
    async with opened(tmp_path, empty) as scene:
        await scene.lives.begin()
        notebook = await live_through(scene, 1, _stop_politely, visitors=("ar", "uk", "en", "bg"))
        await scene.lives.stop()
        findings = await check(scene, notebook)
    assert findings.faults == []


def _sent(scene: Scene) -> int:
    return sum(is_delivery(one.method, one.params) for one in scene.sandbox.town.ledger)


async def _until_sent(scene: Scene, number: int) -> None:
    async with asyncio.timeout(20):
        while _sent(scene) < number:  # noqa: ASYNC110  # a ledger rings no bell
            await asyncio.sleep(0.01)


async def _put_to_sleep_with_calls_in_flight(scene: Scene, sleeper: Lives) -> None:
    """Not in the middle of a transaction: what is locked then stays so until it wakes."""
    asked: list[str] = []
    scene.sandbox.on_call(lambda method, _, moment: asked.append(f"{method} {moment}"))
    scene.sandbox.expect_fault(Fault("sendMessage", "slow", times=IN_FLIGHT, delay=4.0))
    await letters.write(scene, 20)
    async with asyncio.timeout(20):
        while asked.count("sendMessage asked") < IN_FLIGHT:  # noqa: ASYNC110  # calls ring no bell
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    sleeper.tell(signal.SIGSTOP)
    while not await _is_unlocked(scene):
        sleeper.tell(signal.SIGCONT)
        await asyncio.sleep(0.1)
        sleeper.tell(signal.SIGSTOP)
    await sleeper.note_doubtful()


async def _is_unlocked(scene: Scene) -> bool:
    try:
        async with scene.storage.begin() as session:
            if not scene.storage.on_sqlite:
                await session.execute(text("SET LOCAL lock_timeout = '500ms'"))
            await session.execute(update(Lease).values(until=Lease.until))
    except DBAPIError:
        return False
    return True


@pytest.mark.parametrize("empty", BOTH[1:], indirect=True)
async def test_a_sender_that_slept_beyond_its_lease_finds_another_and_changes_nothing(
    empty: str, tmp_path: Path
) -> None:
    async with opened(tmp_path, empty, bots=2) as scene:
        sleeper, [other] = scene.lives, scene.others
        await sleeper.begin()
        await letters.write(scene, 10)
        await _until_sent(scene, 10)
        await other.begin()
        await _put_to_sleep_with_calls_in_flight(scene, sleeper)
        await scene.until_all_is_delivered()
        sleeper.tell(signal.SIGCONT)
        await letters.write(scene, 10)
        await scene.until_all_is_delivered()
        await asyncio.sleep(0.5)
        for one in (sleeper, other):
            await one.stop()
        findings = await _letters(scene, sleeper.doubtful)
    assert findings.faults == []
    assert findings.figures["deliveries"] == 40
    assert findings.figures["repeats"] <= IN_FLIGHT


async def test_on_sqlite_a_second_bot_does_not_even_start(tmp_path: Path) -> None:
    async with opened(tmp_path, bots=2) as scene:
        await scene.lives.begin()
        await letters.write(scene, 1)
        await _until_sent(scene, 1)
        [second] = scene.others
        await second.begin()
        assert await second.ended() == 2
        assert scene.lives.is_alive


async def _letters(scene: Scene, doubtful: Counter[int]) -> Findings:
    findings = Findings()
    async with scene.storage.read() as session:
        await outbox.check(findings, session, scene.sandbox.town, doubtful)
    findings.none("leaks", await scene.leaks())
    return findings


def _memory_of(pid: int) -> int:
    """Bytes of address space."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _written_to(town: Town) -> set[int]:
    return {call.params["chat_id"] for call in town.ledger if call.method == "sendMessage"}


@pytest.mark.parametrize("empty", BOTH, indirect=True)
async def test_out_of_memory_a_bot_leaves_nothing_that_the_next_one_cannot_take_up(
    empty: str, tmp_path: Path
) -> None:
    async with opened(tmp_path, empty) as scene:
        pid = await scene.lives.begin()
        await letters.write(scene, 5)
        await _until_sent(scene, 5)
        no_more = _memory_of(pid)
        resource.prlimit(pid, resource.RLIMIT_AS, (no_more, no_more))
        await letters.write(scene, 60)
        town = scene.sandbox.town
        writers = [canaries.arrives(town, "en").id for _ in range(60)]  # others than the readers
        for one in writers:
            town.type(one, "/start " + "word " * 700)
        await asyncio.sleep(3)
        await scene.lives.note_doubtful()
        if scene.lives.is_alive:
            await scene.lives.end(signal.SIGKILL)
        else:
            await scene.lives.ended()
        await scene.lives.begin()  # as a supervisor would; the lease is not hurried
        await scene.sandbox.idle(30)
        await scene.until_all_is_delivered()
        await scene.lives.stop()
        findings = await _letters(scene, scene.lives.doubtful)
    findings.none("writers unanswered", sorted(set(writers) - _written_to(town)))
    assert findings.faults == []
    assert findings.figures["deliveries"] >= 65
