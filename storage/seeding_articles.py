"""The content files seed drawers and articles; a text that staff changed stays as staff left it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import shelf
from storage.shelf import Drawer, Entry
from storage.tables import Article, ArticleText, Memo, Topic

_SEEDED = "articles_seeded"

Texts = Mapping[tuple[int, str], ArticleText]


async def seed_articles(session: AsyncSession, locales: Path) -> None:
    """Bring drawers and articles up to date with the files; nothing to do if these are the same.

    Raises ContentError.
    """
    edition = shelf.edition(locales)
    seeded = await session.get(Memo, _SEEDED)
    if seeded is not None and seeded.value == edition:
        return
    drawers = shelf.drawers(locales)
    await _seed_topics(session, drawers, locales)
    institutions = shelf.institutions(locales)
    articles = {one.code: one for one in await session.scalars(select(Article))}
    for drawer in drawers:
        for position, one in enumerate(drawer.articles):
            _seed_article(session, articles, drawer, position, one, institutions)
    await session.flush()
    await _drop_empty_topics(session)
    texts = {
        (one.article_id, one.language): one for one in await session.scalars(select(ArticleText))
    }
    for drawer in drawers:
        for one in drawer.articles:
            _seed_texts(session, articles[one["id"]], texts, locales)
    await session.merge(Memo(_SEEDED, edition))


async def _seed_topics(session: AsyncSession, drawers: list[Drawer], locales: Path) -> None:
    names = shelf.names(locales)
    for one in drawers:
        titles = dict(shelf.named(names, "topics", one.code))
        await session.merge(Topic(one.code, one.icon, one.position, titles, one.listed))
    await session.flush()


async def _drop_empty_topics(session: AsyncSession) -> None:
    used = select(Article.topic_code)
    await session.execute(delete(Topic).where(Topic.code.not_in(used)))


def _seed_article(
    session: AsyncSession,
    articles: dict[str, Article],
    drawer: Drawer,
    position: int,
    one: Entry,
    institutions: Mapping[str, Entry],
) -> None:
    article = articles.get(one["id"])
    if article is None:
        article = articles[one["id"]] = Article(one["id"], drawer.code, position, "", "", {}, [])
        session.add(article)
    article.topic_code, article.position = drawer.code, position
    article.source, article.seen_on = one.get("source") or "", str(one["seen_on"])
    article.institution = dict(institutions.get(one.get("institution") or "", {}))
    article.free_help = [dict(institutions[code]) for code in one.get("free_help") or ()]
    article.related = list(one["related"] or ())
    article.service, article.note = one.get("service"), one.get("note")
    article.law_changed, article.stub = bool(one.get("law_changed")), bool(one.get("stub"))
    article.owner, article.review_by = one.get("owner") or "", one.get("review_by") or ""


def _seed_texts(session: AsyncSession, article: Article, texts: Texts, locales: Path) -> None:
    for language, path in shelf.texts_of(locales, article.topic_code, article.code):
        written = shelf.read_article(path)
        there = texts.get((article.id, language))
        said: list[Any] = list(written.phrasings)
        if there is None:
            session.add(ArticleText(article.id, language, written.title, written.body, said))
        elif not there.changed_by_staff:
            there.title, there.body, there.phrasings = written.title, written.body, said
