"""A transcript as it stands in its file: who does what and when, the bot's lines passed over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.sandbox.transcript import INDENT, REFERENCE
from tests.world import SOFIA

FOLDER = Path(__file__).parent / "transcripts"
CORE = FOLDER / "CORE"
"""The stories every offered language must tell."""

_NAME = r"[A-Z][a-z]+"
_ACT = re.compile(rf"(?P<names>{_NAME}(?:, {_NAME})*)(?: \((?P<phone>[a-z]{{2}})\))?: (?P<what>.+)")
_PRESS = re.compile(r"\[(?P<label>[^\]]+)\](?: on “(?P<on>[^”]+)”)?(?P<twice> twice)?")
_OTHERS = re.compile(r"bot(\(\w+\))?[>~!-]|Staff[>~-]|Telegram!|\s|$")


class TranscriptError(Exception):
    """A line that cannot be played; the message says which, and what would do."""


@dataclass(frozen=True, slots=True)
class Remark:
    """``# …``: the story in one sentence, or a word between its parts."""

    words: str


@dataclass(frozen=True, slots=True)
class Moment:
    """``@ 2026-12-01 09:00``, on the clock of the town hall."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Types:
    words: str


@dataclass(frozen=True, slots=True)
class Replies:
    """``↩ words``: an answer to the last message on that phone."""

    words: str


@dataclass(frozen=True, slots=True)
class Presses:
    """``[label]``; ``on “words”`` names the message; ``twice`` does not wait in between."""

    label: str
    on: str | None = None
    twice: bool = False


@dataclass(frozen=True, slots=True)
class Does:
    """``(blocks the bot)``: whatever is neither said nor pressed."""

    what: str


@dataclass(frozen=True, slots=True)
class HasChosen:
    """``(has chosen English)``: said hello and chose this language before the story begins."""

    language: str


Deed = Types | Replies | Presses | Does | HasChosen


@dataclass(frozen=True, slots=True)
class Act:
    """A line of people's. Two names act before the bot is let to answer either."""

    names: tuple[str, ...]
    phone: str | None
    deed: Deed
    line: str


Step = Remark | Moment | Act


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole file. ``references`` are those written in it, in the order they appear."""

    steps: tuple[Step, ...]
    references: tuple[str, ...]

    @property
    def start(self) -> datetime:
        first = next((one for one in self.steps if not isinstance(one, Remark)), None)
        if not isinstance(first, Moment):
            raise TranscriptError("A story begins with “@ date time” before anybody speaks.")
        return first.at


def read(text: str) -> Transcript:
    """Raises TranscriptError naming the line that is none."""
    if not text.startswith("# "):
        raise TranscriptError("A transcript begins with its story in one sentence: “# …”.")
    steps = tuple(_step(number, line) for number, line in _lines(text))
    return Transcript(steps, tuple(dict.fromkeys(REFERENCE.findall(text))))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines to be played; what a person types may go on over several."""
    waiting: tuple[int, str] | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if waiting and line.startswith(INDENT):
            waiting = waiting[0], f"{waiting[1]}\n{line.removeprefix(INDENT)}"
            continue
        if waiting:
            yield waiting
        waiting = None if _OTHERS.match(line) else (number, line)
    if waiting:
        yield waiting


def _step(number: int, line: str) -> Step:
    if line.startswith("# "):
        return Remark(line[2:])
    if line.startswith("@ "):
        return Moment(_moment(number, line[2:]))
    found = re.match(_ACT.pattern, line, re.DOTALL)
    if found is None:
        raise TranscriptError(f"Line {number} is neither of people's nor of the bot's: {line}")
    names = tuple(found["names"].split(", "))
    return Act(names, found["phone"], _deed(found["what"]), line)


def _moment(number: int, words: str) -> datetime:
    try:
        return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=SOFIA)
    except ValueError as unreadable:
        raise TranscriptError(f"Line {number} has no moment like 2026-12-01 09:00.") from unreadable


def _deed(what: str) -> Deed:
    pressed = _PRESS.fullmatch(what)
    if pressed:
        return Presses(pressed["label"], pressed["on"], bool(pressed["twice"]))
    if what.startswith("(has chosen ") and what.endswith(")"):
        return HasChosen(what.removeprefix("(has chosen ")[:-1])
    if what.startswith("(") and what.endswith(")"):
        return Does(what[1:-1])
    if what.startswith("↩ "):
        return Replies(what[2:])
    return Types(what)
