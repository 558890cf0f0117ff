"""Finding an answer: CPU of a search, of learning and of reading what was learned; memory.

In a process of its own, since it tells the memory it takes: ``python -m tests.benchmarks.finding``.
"""

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from time import process_time
from typing import Any

from numpy.typing import NDArray

from bot import texts
from bot.office.finding import Finder, Text, build, files

ASKED = 2000


def memory() -> float:
    """MiB this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def searching(finder: Finder, known: list[Text]) -> float:
    """p95 in milliseconds, over what people say in all languages, nobody's language known."""
    said = [words for one in known for words in one.phrasings]
    times: list[float] = []
    for words in said[:: max(1, len(said) // ASKED)]:
        began = process_time()
        finder.find(words, None)
        times.append(1000 * (process_time() - began))
    return quantiles(times, n=20)[-1]


def figures() -> dict[str, float]:
    languages = tuple(texts.load().all)
    known = files.texts(texts.LOCALES, languages)
    edited = [replace(known[0], title=f"{known[0].title} 2"), *known[1:]]
    with tempfile.TemporaryDirectory() as folder:
        began = process_time()
        build(known, folder=Path(folder))
        learned = process_time()
        before = memory()
        finder = build(known, folder=Path(folder))
        read = process_time()
        after = memory()
        build(edited, folder=Path(folder), old=finder)
        return {
            "edit": process_time() - read,
            "learn": learned - began,
            "read": read - learned,
            "search": searching(finder, known),
            "memory": max(after - before, held(finder)),
        }


def held(finder: Finder) -> float:
    """MiB of all arrays: what is freed and taken again does not show in the process."""
    sides = [side for kept in finder.indexes.values() for side in kept.index.sides.values()]
    arrays: list[NDArray[Any]] = [
        array
        for side in sides
        for array in (
            side.codes, side.rarity, side.voices,
            side.known.starts, side.known.where, side.known.weights,
            side.details.starts, side.details.where, side.details.weights,
        )
    ]  # fmt: skip
    arrays += [array for one in finder.tongues.scripts.values() for array in (one.codes, one.nats)]
    for kept in finder.indexes.values():
        arrays += [array for counts in kept.sample.counts.values() for array in counts]
    return sum(array.nbytes for array in arrays) / 2**20


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures()) + "\n")
