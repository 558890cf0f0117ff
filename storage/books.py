"""Topics and articles, kept in memory: they are read all the time and change once a month.

Whatever changes a topic, an article or a text also writes a new edition, in the same transaction.
A desk reads the edition with everything else it is opened with, so what is kept in memory is used
only by those who would read the very same from the database, in whichever process they are.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Connection, event, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, object_session, selectinload

from storage.inserting import upsert
from storage.tables import Article, ArticleText, Memo, Topic

EDITION = "edition"


@dataclass(frozen=True, slots=True)
class Books:
    """Everything there is to read, in the order the files give."""

    topics: Mapping[str, Topic]
    articles: Mapping[int, Article]
    of_topic: Mapping[str, Sequence[Article]]
    by_code: Mapping[str, Article]


@dataclass(slots=True)
class Shelf:
    """The books of one edition; a process has one shelf for each database it has opened."""

    edition: str | None = None
    books: Books = field(default_factory=lambda: Books({}, {}, {}, {}))


def note_edition(session: AsyncSession, edition: str | None) -> None:
    """This session reads this edition; noted by whoever asked for it in passing."""
    session.info[EDITION] = edition or ""


async def books(session: AsyncSession) -> Books:
    """What this session would read from the database, with its own changes once flushed."""
    if EDITION not in session.info:
        asked = select(Memo.value).where(Memo.name == EDITION)
        note_edition(session, await session.scalar(asked))
    shelf, edition = cast("Shelf", session.info["shelf"]), session.info[EDITION]
    if shelf.edition != edition:
        shelf.books = await session.run_sync(_read)
        shelf.edition = edition
    return shelf.books


def _read(session: Session) -> Books:
    # In a session of its own on the same transaction: rows that belong to nobody else's work.
    with Session(session.connection()) as own:
        topics = own.scalars(select(Topic).order_by(Topic.position)).all()
        articles = own.scalars(
            select(Article)
            .order_by(Article.position, Article.id)
            .options(selectinload(Article.texts))
        ).all()
    return Books(
        {one.code: one for one in topics},
        {one.id: one for one in articles},
        {one.code: [a for a in articles if a.topic_code == one.code] for one in topics},
        {one.code: one for one in articles},
    )


def _new_edition(_mapper: object, connection: Connection, changed: Any) -> None:
    session = object_session(changed)
    if session is not None:
        session.info.pop(EDITION, None)
    new = {"name": EDITION, "value": secrets.token_hex(8)}
    connection.execute(upsert(connection.dialect.name, Memo, ("name",), ("value",)), new)


for _table in (Topic, Article, ArticleText):
    for _what in ("after_insert", "after_update", "after_delete"):
        event.listen(_table, _what, _new_edition)
