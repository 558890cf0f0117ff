"""Answers that staff write or change in the chat: they win over the files from then on."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.columns import WIDEST, columns
from storage import audit
from storage.bureau import Bureau
from storage.tables import Article, ArticleText, Staff, Topic

ORIGINAL = "bg"
"""The language staff write in; the others are translated from it."""
LONGEST_TITLE = WIDEST - 3
"""Columns: a title is a button, and its icon takes the rest."""
LONGEST_BODY = 2000
"""Characters: with the address, the source and the like a text still fits into one message."""
_OWN = "own_"


@dataclass(frozen=True, slots=True)
class Composed:
    """A title and what stands under it."""

    title: str
    body: str


def compose(words: str, *, body: str = "") -> Composed:
    """The first line is the title, the rest the text; ``body`` stands in for a text not given."""
    title, _, rest = words.strip().partition("\n")
    return Composed(title.strip(), rest.strip() or body)


def is_title_too_long(title: str) -> bool:
    return columns(title) > LONGEST_TITLE


def is_own(article: Article) -> bool:
    """Whether staff wrote it here: no file has it."""
    return article.code.startswith(_OWN)


async def publish(
    session: AsyncSession,
    bureau: Bureau,
    staff: Staff,
    topic: Topic,
    text: Composed,
    *,
    now: datetime,
) -> Article:
    """A new answer, in Bulgarian, at the end of a drawer."""
    made = Article(
        _OWN + secrets.token_hex(4), topic.code, 1000, "", "", {}, [],
        confirmed_on=bureau.today(now),
    )  # fmt: skip
    session.add(made)
    await session.flush()
    session.add(ArticleText(made.id, ORIGINAL, text.title, text.body, [], changed_by_staff=True))
    await session.flush()
    audit.note(session, staff, "publish", made.code, "published", now=now)
    return made


async def change(
    session: AsyncSession,
    bureau: Bureau,
    staff: Staff,
    article_id: int,
    language: str,
    text: Composed,
    *,
    now: datetime,
) -> bool:
    """Write an answer anew in one language; False if it is there no more.

    After a change of the Bulgarian text its translations are stale until somebody sees to them.
    """
    article = await session.get(Article, article_id)
    if article is None:
        return False
    there = await _text(session, article_id, language)
    there.title, there.body = text.title, text.body
    there.changed_by_staff, there.stale = True, False
    if language == ORIGINAL:
        article.confirmed_on = bureau.today(now)
        for one in await session.scalars(
            select(ArticleText).where(
                ArticleText.article_id == article_id, ArticleText.language != ORIGINAL
            )
        ):
            one.stale = True
    await session.flush()
    audit.note(session, staff, "write", f"{article.code}:{language}", "written", now=now)
    return True


async def still_right(
    session: AsyncSession, staff: Staff, article: Article, language: str, *, now: datetime
) -> None:
    """A translation says what the new Bulgarian text says."""
    there = await _text(session, article.id, language)
    there.stale = False
    await session.flush()
    audit.note(session, staff, "confirm", f"{article.code}:{language}", "confirmed", now=now)


async def withdraw(session: AsyncSession, staff: Staff, article_id: int, *, now: datetime) -> bool:
    """Take an answer of our own away again; what the files have stays. Done twice it is no harm."""
    article = await session.get(Article, article_id)
    if article is None or not is_own(article):
        return False
    audit.note(session, staff, "withdraw", article.code, "withdrawn", now=now)
    for one in await session.scalars(
        select(ArticleText).where(ArticleText.article_id == article_id)
    ):
        await session.delete(one)
    await session.flush()
    await session.delete(article)
    await session.flush()
    return True


async def _text(session: AsyncSession, article_id: int, language: str) -> ArticleText:
    found = await session.get(ArticleText, (article_id, language))
    if found is None:
        found = ArticleText(article_id, language, "", "", [])
        session.add(found)
    return found
