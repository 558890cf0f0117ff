"""How well questions of others find their answers: ``python -m tests.office.finding.measuring``.

A file ``tests/questions/<language>.toml`` holds what people ask who have not seen our phrasings::

    asked = [{q = "where do I renew my card", id = "residence_permit_renewal"}]
    missed = [{q = "…", id = "…"}]
    nothing = ["who won the match"]

``asked`` has an answer among the articles, ``missed`` was once not found, ``nothing`` is none of
our business. The texts and intents are read from the files of the languages.

A second table says what becomes of hit@1 when half the words are misspelt, and for those who type a
language of another script in Latin.
"""

import random
import sys
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import texts
from bot.office.finding import ANSWER, Finder, Found, build, files
from bot.office.finding.normal import plain, script
from bot.searching import kept_in

_LONG = 4
QUESTIONS = Path(__file__).parents[2] / "questions"


@dataclass(frozen=True, slots=True)
class Questions:
    """What people asked in one language."""

    language: str
    asked: Sequence[tuple[str, str]]
    missed: Sequence[tuple[str, str]]
    nothing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """Everything in per cent: of the questions asked, of the direct answers, of what is nothing."""

    language: str
    asked: int
    first: float
    among_three: float
    at_once: float
    right: float
    off_topic: int
    off_topic_answered: float
    recognised: float
    missed_found: float

    def __str__(self) -> str:
        return (
            f"{self.language:8}{self.asked:6}{self.first:7.1f}{self.among_three:7.1f}"
            f"{self.at_once:9.1f}{self.right:7.1f}{self.off_topic:6}"
            f"{self.off_topic_answered:10.1f}{self.recognised:10.1f}{self.missed_found:8.1f}"
        )


HEAD = (
    f"{'language':8}{'asked':>6}{'hit@1':>7}{'hit@3':>7}{'at once':>9}{'right':>7}{'off':>6}"
    f"{'answered':>10}{'language':>10}{'missed':>8}"
)


def read(path: Path) -> Questions:
    """The questions of a file."""
    kept: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    asked, missed = (
        [(one["q"], one["id"]) for one in kept.get(name, ())] for name in ("asked", "missed")
    )
    nothing = [one if isinstance(one, str) else one["q"] for one in kept.get("nothing", ())]
    return Questions(path.stem, asked, missed, nothing)


def measured(finder: Finder, questions: Questions) -> Row:
    """Nobody has chosen a language here: it is recognised from the words alone."""
    found = [(finder.find(words, None), code) for words, code in questions.asked]
    direct = [one for one in found if one[0].action == ANSWER]
    long = [
        one[0].language
        for one, (words, _) in zip(found, questions.asked, strict=True)
        if len(words.split()) >= 4
    ]
    again = [(finder.find(words, None), code) for words, code in questions.missed]
    return Row(
        questions.language,
        len(found),
        _share(_first(one) == code for one, code in found),
        _share(code in [hit.code for hit in one.hits] for one, code in found),
        100 * len(direct) / max(len(found), 1),
        _share(_first(one) == code for one, code in direct),
        len(questions.nothing),
        _share(finder.find(words, None).action == ANSWER for words in questions.nothing),
        _share(language == questions.language for language in long),
        _share(code in [hit.code for hit in one.hits] for one, code in again),
    )


def _first(found: Found) -> str | None:
    return found.hits[0].code if found.hits else None


def _share(yes: Iterable[bool]) -> float:
    said = list(yes)
    return 100 * sum(said) / max(len(said), 1)


def rows(folder: Path = QUESTIONS) -> list[Row]:
    """A row for each file of questions; none while nobody has asked anything."""
    asked = [read(path) for path in sorted(folder.glob("*.toml"))]
    if not asked:
        return []
    known = files.texts(texts.LOCALES, tuple(texts.load().all))
    finder = build(known)
    return [measured(finder, one) for one in asked]


def misspelt(words: str) -> str:
    """Every other word of four letters or more with one slip in it, the same every time."""
    slips = random.Random(words)  # noqa: S311  # nothing secret
    long = [at for at, word in enumerate(words.split()) if len(word) >= _LONG]
    return " ".join(
        _slip(word, slips) if at in long[::2] else word for at, word in enumerate(words.split())
    )


def _slip(word: str, slips: random.Random) -> str:
    """A letter left out, written twice, or changed with the next one."""
    at = slips.randrange(1, len(word) - 1)
    one, two = word[at], word[at + 1]
    return word[:at] + slips.choice([two, one + one + two, two + one]) + word[at + 2 :]


def typed_otherwise(finder: Finder, questions: Questions) -> str:
    """hit@1 as asked, misspelt, in the language's own script, and typed in Latin."""

    def first(asked: Iterable[tuple[str, str]], slip: Callable[[str], str] = str) -> str:
        hits = [_first(finder.find(slip(words), None)) == code for words, code in asked]
        return f"{_share(hits):9.1f} ({len(hits):3})" if hits else f"{'-':>15}"

    is_latin = {one: script(plain(one[0])) == "latin" for one in questions.asked}
    latin = [one for one, is_so in is_latin.items() if is_so]
    own = [one for one, is_so in is_latin.items() if not is_so]
    both = [first(own), first(latin)] if own else []
    return " ".join(
        [f"{questions.language:8}", first(questions.asked), first(questions.asked, misspelt), *both]
    )


def main() -> None:
    asked = [read(path) for path in sorted(QUESTIONS.glob("*.toml"))]
    finder = build(files.texts(texts.LOCALES, tuple(texts.load().all)), folder=kept_in())
    lines = [HEAD, *(str(measured(finder, one)) for one in asked), ""]
    lines += ["hit@1      as asked (n)    misspelt       own script     in Latin"]
    lines += [typed_otherwise(finder, one) for one in asked]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
