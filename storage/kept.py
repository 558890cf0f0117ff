"""Questions people let us keep, and who wants to be told when there is an answer."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import sealed
from storage.inserting import insert_once
from storage.tables import Awaiting, KeptQuestion, Visitor


async def keep(
    session: AsyncSession, language: str, words: str, *, row: str, kept_on: date
) -> KeptQuestion:
    """Seal the words; whose they are is not written anywhere."""
    content = sealed.seal_question(session, row, words)
    kept = KeptQuestion(language, row, content, kept_on)
    session.add(kept)
    await session.flush()
    return kept


async def await_answer(session: AsyncSession, question: KeptQuestion, visitor: Visitor) -> None:
    await insert_once(session, Awaiting, question_id=question.id, visitor_id=visitor.id)


async def everything(session: AsyncSession) -> Sequence[KeptQuestion]:
    """Oldest first."""
    return (await session.scalars(select(KeptQuestion).order_by(KeptQuestion.id))).all()


async def take_awaiting(session: AsyncSession, ids: Collection[int]) -> Sequence[Visitor]:
    """Everybody who waits for an answer to one of these, once each; from now on they wait no more.

    Of two who ask at the same moment only one gets them.
    """
    gone = delete(Awaiting).where(Awaiting.question_id.in_(ids)).returning(Awaiting.visitor_id)
    waited = set(await session.scalars(gone))
    asked = select(Visitor).where(Visitor.id.in_(waited)).order_by(Visitor.id)
    return (await session.scalars(asked)).all()


async def awaited_by(session: AsyncSession, visitor_id: int) -> int:
    """For how many answers this visitor waits."""
    asked = select(func.count()).where(Awaiting.visitor_id == visitor_id)
    return await session.scalar(asked) or 0


async def forget(session: AsyncSession, ids: Collection[int]) -> None:
    """The questions, and who waited for them."""
    await session.execute(delete(Awaiting).where(Awaiting.question_id.in_(ids)))
    await session.execute(delete(KeptQuestion).where(KeptQuestion.id.in_(ids)))


async def forget_waiting(session: AsyncSession, visitor_id: int) -> None:
    await session.execute(delete(Awaiting).where(Awaiting.visitor_id == visitor_id))


async def forget_before(session: AsyncSession, day: date) -> None:
    old = select(KeptQuestion.id).where(KeptQuestion.kept_on < day)
    await session.execute(delete(Awaiting).where(Awaiting.question_id.in_(old)))
    await session.execute(delete(KeptQuestion).where(KeptQuestion.kept_on < day))
