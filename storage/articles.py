"""Topics and articles."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.books import EDITION, books
from storage.tables import Article, Memo, Topic


async def topics(session: AsyncSession) -> Sequence[Topic]:
    """The drawers people look into, in the order the files give."""
    return [one for one in (await books(session)).topics.values() if one.listed]


async def topic(session: AsyncSession, code: str) -> Topic | None:
    return (await books(session)).topics.get(code)


async def of_topic(session: AsyncSession, code: str) -> Sequence[Article]:
    """The articles of a drawer with their texts, in the order the files give."""
    return (await books(session)).of_topic.get(code, ())


async def article(session: AsyncSession, article_id: int) -> Article | None:
    return (await books(session)).articles.get(article_id)


async def some(session: AsyncSession, ids: Sequence[int]) -> Sequence[Article]:
    """These articles with their texts, in the order asked for."""
    kept = (await books(session)).articles
    return [kept[one] for one in ids if one in kept]


async def by_codes(session: AsyncSession, codes: Sequence[str]) -> Sequence[Article]:
    """The articles with these codes and their texts, in the order asked for."""
    kept = (await books(session)).by_code
    return [kept[one] for one in codes if one in kept]


async def everything(session: AsyncSession) -> Sequence[Article]:
    """All articles with their texts, stubs too."""
    return list((await books(session)).articles.values())


async def edition(session: AsyncSession) -> str | None:
    """Changes whenever an article does; costs one short statement."""
    return await session.scalar(select(Memo.value).where(Memo.name == EDITION))


def titles(article: Article) -> dict[str, str]:
    return {one.language: one.title for one in article.texts if one.title}


def bodies(article: Article) -> dict[str, str]:
    return {one.language: one.body for one in article.texts if one.body}


def stale(article: Article) -> frozenset[str]:
    """The languages in which the Bulgarian text is newer."""
    return frozenset(one.language for one in article.texts if one.stale and one.body)
