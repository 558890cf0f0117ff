"""How hard people press: as fast as they are answered, or so many a second whatever happens."""

import asyncio
from statistics import quantiles
from time import monotonic

from tests.benchmarks.processes import Process
from tests.benchmarks.rounds import Round
from tests.benchmarks.stub import Stub

PEOPLE = range(1001, 1017)
_WARM = 160


async def cpu_for_a_thousand(stub: Stub, bot: Process, one_round: Round, updates: int) -> float:
    """CPU seconds of the bot for 1,000 updates of sixteen people, each waiting for an answer."""
    await _together(stub, one_round, _WARM)
    before = await bot.cost()
    done = await _together(stub, one_round, updates)
    after = await bot.cost()
    return (after.cpu - before.cpu) / done * 1000


async def _together(stub: Stub, one_round: Round, updates: int) -> int:
    done = 0

    async def keep_on(person: int) -> None:
        nonlocal done
        while done < updates:
            took = await one_round(stub, person)
            done += took  # not in one line: "done" would be read before the others add to it

    await asyncio.gather(*(keep_on(person) for person in PEOPLE))
    return done


async def slowest_percent(stub: Stub, one_round: Round, *, pace: int, seconds: int) -> float:
    """p99 in milliseconds of rounds of one update that begin at a steady pace."""
    took: list[float] = []
    persons = len(PEOPLE)
    free = {person: asyncio.Lock() for person in PEOPLE}

    async def once(number: int) -> None:
        person = PEOPLE[number % persons]
        async with free[person]:
            began = monotonic()
            await one_round(stub, person)
            took.append(monotonic() - began)

    began = monotonic()
    async with asyncio.TaskGroup() as tasks:
        for number in range(pace * seconds):
            await asyncio.sleep(max(0.0, began + number / pace - monotonic()))
            tasks.create_task(once(number))
    return quantiles(took, n=100)[98] * 1000
