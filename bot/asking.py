"""Questions from a terminal: the same search as in the chat, from the files alone."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import texts
from bot.office import finding
from bot.office.danger import Danger
from bot.office.finding import Finder, Found, files
from bot.searching import kept_in

EMERGENCY = "emergency"


class QuestionError(ValueError):
    """A line of a batch that cannot be answered, in one sentence."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that is asked before somebody gets an answer, danger first."""

    languages: tuple[str, ...]
    titles: dict[tuple[str, str], str]
    finder: Finder
    danger: Danger

    def find(self, question: str, chosen: str | None) -> Found:
        found = self.finder.find(question, chosen)
        if self.danger.kind(question, lambda words: self.finder.find(words, None)):
            return Found(found.language, EMERGENCY, found.hits)
        return found

    def line(self, asked: bytes) -> str:
        """The answer to one line of a batch. Raises QuestionError."""
        question, number, chosen = self._read(asked)
        return json.dumps({"id": number} | in_json(self.find(question, chosen)))

    def _read(self, asked: bytes) -> tuple[str, str | int, str | None]:
        try:
            told: Any = json.loads(asked)
        except (ValueError, RecursionError):
            raise QuestionError("this is no JSON.") from None
        if not isinstance(told, dict):
            raise QuestionError('this is no object like {"id": 1, "question": "…"}.')
        question, number, chosen = told.get("question"), told.get("id"), told.get("ui")
        if not isinstance(question, str):
            raise QuestionError('"question" is missing, or no text.')
        if not isinstance(number, str | int) or isinstance(number, bool):
            raise QuestionError('"id" is missing, or neither text nor number.')
        if chosen is not None and chosen not in self.languages:
            raise QuestionError(f'"ui" is none of our languages: {", ".join(self.languages)}.')
        return question, number, chosen


def in_json(found: Found) -> dict[str, Any]:
    """What scripts rely on."""
    hits = [{"id": one.code, "score": round(one.score, 4)} for one in found.hits]
    return {"lang": found.language, "action": found.action, "hits": hits}


def in_words(found: Found, answers: Answers) -> str:
    """For people: a line about the whole, then the articles, best first."""
    shown = [f"{found.language}: {found.action}"]
    for hit in found.hits:
        title = answers.titles.get((found.language, hit.code), "")
        shown.append(f"  {hit.score:.2f}  {hit.code}  {title}")
    return "\n".join(shown)


def batch(answers: Answers, lines: Iterable[bytes]) -> Iterator[tuple[int, str | QuestionError]]:
    """Each line's number with its answer or what is wrong with it; empty lines are nothing."""
    for number, asked in enumerate(lines, start=1):
        if asked.strip():
            try:
                yield number, answers.line(asked)
            except QuestionError as wrong:
                yield number, wrong


def languages(locales: Path = texts.LOCALES) -> tuple[str, ...]:
    """The codes of our languages, in their order."""
    return tuple(texts.load(locales).all)


def ready(locales: Path = texts.LOCALES) -> Answers:
    """Reads the files and learns, or remembers what was learned the last time."""
    ours = languages(locales)
    known = files.texts(locales, ours)
    return Answers(
        ours,
        {(one.language, one.code): one.title for one in known},
        finding.build(known, folder=kept_in()),
        Danger.load(locales, keep=kept_in()),
    )
