"""Topics and articles."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from storage.tables import Article, ArticleText, Topic


async def topics(session: AsyncSession) -> Sequence[Topic]:
    return (await session.scalars(select(Topic).order_by(Topic.position))).all()


async def topic(session: AsyncSession, code: str) -> Topic | None:
    return await session.get(Topic, code)


async def of_topic(session: AsyncSession, code: str) -> Sequence[Article]:
    """The articles of a drawer with their texts, in the order the files give."""
    found = await session.scalars(
        select(Article)
        .where(Article.topic_code == code)
        .order_by(Article.position)
        .options(selectinload(Article.texts))
    )
    return found.all()


async def article(session: AsyncSession, article_id: int) -> Article | None:
    return await session.scalar(
        select(Article).where(Article.id == article_id).options(selectinload(Article.texts))
    )


async def some(session: AsyncSession, ids: Sequence[int]) -> Sequence[Article]:
    """These articles with their texts, in the order asked for."""
    found = await session.scalars(
        select(Article).where(Article.id.in_(ids)).options(selectinload(Article.texts))
    )
    by_id = {one.id: one for one in found}
    return [by_id[one] for one in ids if one in by_id]


async def by_codes(session: AsyncSession, codes: Sequence[str]) -> Sequence[Article]:
    """The articles with these codes and their texts, in the order asked for."""
    found = await session.scalars(
        select(Article).where(Article.code.in_(codes)).options(selectinload(Article.texts))
    )
    by_code = {one.code: one for one in found}
    return [by_code[one] for one in codes if one in by_code]


async def all_texts(session: AsyncSession) -> Sequence[ArticleText]:
    return (await session.scalars(select(ArticleText).order_by(ArticleText.article_id))).all()


def titles(article: Article) -> dict[str, str]:
    return {one.language: one.title for one in article.texts}


def bodies(article: Article) -> dict[str, str]:
    return {one.language: one.body for one in article.texts}
