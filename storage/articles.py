"""Topics and articles."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.books import books
from storage.tables import Article, ArticleText, Topic


async def topics(session: AsyncSession) -> Sequence[Topic]:
    """All drawers, in the order the files give."""
    return list((await books(session)).topics.values())


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


async def all_texts(session: AsyncSession) -> Sequence[ArticleText]:
    return (await session.scalars(select(ArticleText).order_by(ArticleText.article_id))).all()


def titles(article: Article) -> dict[str, str]:
    return {one.language: one.title for one in article.texts}


def bodies(article: Article) -> dict[str, str]:
    return {one.language: one.body for one in article.texts}
