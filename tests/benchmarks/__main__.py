"""All figures as ratios within one run, beside their goals: `make bench`."""

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic

from tests.benchmarks import flooding, load, rounds, sending
from tests.benchmarks.clock import LETTERS
from tests.benchmarks.processes import ROOT, importing_the_two_libraries, running, temporary_folder
from tests.benchmarks.stub import Stub

ROUNDS = 3
UPDATES = 320
PACE = 50

Figures = defaultdict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a figure, what it is compared with, and how far it may go."""

    what: str
    ours: str
    than: str
    goal: float
    at_least: bool = False


LINES = (
    Line("a page from the database, in Arabic", "page", "aiogram's echo", 1.0),
    Line("one update of a whole booking", "booking", "aiogram's echo", 1.2),
    Line("the same", "booking", "PTB's conversation", 0.6),
    Line("a question answered by words", "question", "aiogram's echo", 1.5),
    Line("start to first answer", "start", "importing both libraries", 1.5),
    Line("memory", "memory", "memory of both libraries", 2.0),
    Line("letters a second", "letters", "PTB's bare Bot", 0.8, at_least=True),
    Line("messages a second of the sandbox", "sandbox", "3,000", 1.0, at_least=True),
    Line("p95 of a search, CPU ms", "search", "1 ms", 1.0),
    Line("learning all languages, CPU s", "learn", "15 s", 1.0),
    Line("reading what was learned, CPU s", "read", "1 s", 1.0),
    Line("learning one language after an edit", "edit", "2 s", 1.0),
    Line("memory of all indexes, MiB", "indexes", "160 MiB", 1.0),
    Line("p95 of thirty beside a flood, ms", "beside a flood", "no flood", 1.25),
)


async def bare(figures: Figures, folder: Path) -> None:
    for bot, one_round, name in (
        ("aiogram_echo", rounds.echo, "aiogram's echo"),
        ("conversation", rounds.converse, "PTB's conversation"),
    ):
        stub = Stub()
        async with stub.serve() as url, running(bot, url, folder) as process:
            figures[name].append(await load.cpu_for_a_thousand(stub, process, one_round, UPDATES))


async def ours(figures: Figures) -> None:
    stub = Stub()
    async with temporary_folder() as folder, stub.serve() as url:
        async with running("bureau", url, folder):
            await stub.write(1, "/start")  # now there is a database, as there is on every other day
        began = monotonic()
        async with running("bureau", url, folder) as process:
            await stub.write(1, "/start")
            figures["start"].append(monotonic() - began)
            await asyncio.gather(*(rounds.greet(stub, one) for one in load.PEOPLE))
            for name, one_round in (
                ("page", rounds.navigate),
                ("question", rounds.ask),
                ("booking", rounds.book),
            ):
                cpu = await load.cpu_for_a_thousand(stub, process, one_round, UPDATES)
                figures[name].append(cpu)
            figures["memory"].append((await process.cost()).memory)


async def libraries(figures: Figures) -> None:
    seconds, memory = await importing_the_two_libraries()
    figures["importing both libraries"].append(seconds)
    figures["memory of both libraries"].append(memory)


async def letters(figures: Figures) -> None:
    for bot, name in (("letters", "letters"), ("bare_letters", "PTB's bare Bot")):
        stub = Stub()
        async with (
            temporary_folder() as folder,
            stub.serve() as url,
            running(bot, url, folder),
        ):
            began = await _carried(stub, LETTERS // 5)
            ended = await _carried(stub, LETTERS)
            figures[name].append(0.8 * LETTERS / (ended - began))


async def _carried(stub: Stub, so_many: int) -> float:
    """The moment when so many letters had been carried."""
    while stub.carried < so_many:  # noqa: ASYNC110  # a thousand events a second cost more
        await asyncio.sleep(0.001)
    return monotonic()


async def waiting(figures: Figures, folder: Path) -> None:
    """p99 of a page and of an echo at fifty a second."""
    for bot, one_round, name in (
        ("bureau", rounds.look, "p99 of a page"),
        ("aiogram_echo", rounds.echo, "p99 of aiogram's echo"),
    ):
        stub = Stub()
        async with stub.serve() as url, running(bot, url, folder):
            await asyncio.gather(*(rounds.echo(stub, one) for one in load.PEOPLE))
            await load.slowest_percent(stub, one_round, pace=PACE, seconds=3)
            slowest = await load.slowest_percent(stub, one_round, pace=PACE, seconds=10)
            figures[name].append(slowest)


async def sandbox(figures: Figures, folder: Path) -> None:
    figures["sandbox"].append(await sending.messages_a_second(folder))
    figures["3,000"].append(3000)


async def finding(figures: Figures) -> None:
    asked = (sys.executable, "-m", "tests.benchmarks.finding")
    process = await asyncio.create_subprocess_exec(*asked, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
    told, _ = await process.communicate()
    for name, figure in json.loads(told).items():
        figures["indexes" if name == "memory" else name].append(figure)
    for than in ("1 ms", "15 s", "1 s", "2 s", "160 MiB"):
        figures[than].append(float(than.split()[0]))


async def flood(figures: Figures) -> None:
    beside, without = await flooding.p95_with_and_without()
    figures["beside a flood"].append(beside)
    figures["no flood"].append(without)


def table(figures: Mapping[str, list[float]]) -> str:
    shown = [f"{'':40}{'ours':>9}{'than':>9}{'ratio':>8}{'goal':>8}"]
    for one in LINES:
        mine, than = median(figures[one.ours]), median(figures[one.than])
        ratio = mine / than
        met = ratio >= one.goal if one.at_least else ratio <= one.goal
        sign = "≥" if one.at_least else "≤"
        shown.append(
            f"{one.what:40}{mine:9.2f}{than:9.2f}{ratio:8.2f}{sign + format(one.goal, 'g'):>8}"
            f"  {'goal met' if met else 'goal not met'}: {one.than}"
        )
    page, echo = (median(figures[f"p99 of {one}"]) for one in ("a page", "aiogram's echo"))
    verdict = "goal met" if page <= 10 else "goal not met"
    shown.append(
        f"{f'p99 of a page at {PACE} a second, ms':40}{page:9.1f}{echo:9.1f}{page / echo:8.2f}"
        f"{'≤10 ms':>8}  {verdict}: aiogram's echo"
    )
    return "\n".join(shown)


async def main() -> None:
    figures: Figures = defaultdict(list)
    async with temporary_folder() as folder:
        for number in range(ROUNDS):
            sys.stderr.write(f"round {number + 1} of {ROUNDS} …\n")
            await libraries(figures)
            await bare(figures, folder)
            await ours(figures)
            await letters(figures)
            await sandbox(figures, folder)
        await finding(figures)
        await flood(figures)
        await waiting(figures, folder)
    sys.stdout.write(table(figures) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
