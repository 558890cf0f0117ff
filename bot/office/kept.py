"""Questions we had no answer to: kept with leave, ranked for the staff, answered once for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.office import hours, references
from bot.office.cases import masked
from bot.office.finding.normal import plain
from storage import counts, deliveries, kept, sealed
from storage.bureau import Bureau
from storage.tables import KeptQuestion, Visitor

KEPT = timedelta(days=90)
_ALIKE = 0.4
"""Two questions are one if so much of their pieces are the same."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions that ask the same in one language; ``words`` has each as it was written."""

    language: str
    ids: tuple[int, ...]
    words: tuple[str, ...]


async def keep(
    session: AsyncSession,
    bureau: Bureau,
    language: str,
    words: str,
    *,
    now: datetime,
    tells: Visitor | None = None,
) -> None:
    """Keep a question without its writer; ``tells`` is somebody who wants to know of an answer."""
    row = references.new() + references.new()
    day = bureau.today(now)
    question = await kept.keep(session, language, masked(words), row=row, kept_on=day)
    if tells is not None:
        await kept.await_answer(session, question, tells)
    await counts.add(session, day, "question_kept", language=language)


async def ranked(session: AsyncSession) -> Sequence[Asked]:
    """What is asked most comes first; of equals the youngest."""
    heaps: list[list[KeptQuestion]] = []
    pieces: list[tuple[str, frozenset[str]]] = []
    for one in await kept.everything(session):
        cut = _pieces(sealed.question_of(session, one))
        for (language, others), heap in zip(pieces, heaps, strict=True):
            if language == one.language and _alike(cut, others):
                heap.append(one)
                break
        else:
            heaps.append([one])
            pieces.append((one.language, cut))
    heaps.sort(key=lambda heap: (-len(heap), -heap[-1].id))
    return [_asked(session, heap) for heap in heaps]


def _asked(session: AsyncSession, heap: Sequence[KeptQuestion]) -> Asked:
    words = tuple(sealed.question_of(session, one) for one in heap)
    return Asked(heap[0].language, tuple(one.id for one in heap), words)


def _pieces(words: str) -> frozenset[str]:
    text = f" {plain(words)} "
    return frozenset(text[at : at + 3] for at in range(max(1, len(text) - 2)))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * len(one | other)


async def like(session: AsyncSession, question_id: int) -> Asked | None:
    """The questions that ask the same as this one; None if it is there no more."""
    found = (one for one in await ranked(session) if question_id in one.ids)
    return next(found, None)


async def answered(
    session: AsyncSession, bureau: Bureau, asked: Asked, article_id: int, *, now: datetime
) -> int:
    """Tell everybody who waits, once and not at night, and forget the questions. How many."""
    waiting = await kept.take_awaiting(session, asked.ids)
    for visitor in waiting:
        key = f"answer:{article_id}:{visitor.id}"
        due = hours.later(bureau, now)
        await deliveries.write(session, key, "answer_there", visitor, due=due, article=article_id)
    await kept.forget(session, asked.ids)
    return len(waiting)


async def forget_old(session: AsyncSession, bureau: Bureau, *, now: datetime) -> None:
    """Questions whose ninety days are over. Asked every day; idempotent."""
    await kept.forget_before(session, bureau.today(now - KEPT))
