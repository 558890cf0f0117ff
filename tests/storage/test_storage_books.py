"""Topics and articles are read from memory, and never older than the database says."""

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.texts import LOCALES
from storage import articles
from storage.engine import Storage
from storage.seeding_articles import seed_articles
from storage.tables import Article, Topic
from storage.vault import Vault


@pytest.fixture(autouse=True)
async def seeded(storage: Storage) -> None:
    async with storage.begin() as session:
        await seed_articles(session, LOCALES)


async def _rename(session: AsyncSession, name: str) -> None:
    topic = (await session.scalars(select(Topic).order_by(Topic.position).limit(1))).one()
    topic.titles = {"en": name}
    await session.flush()


async def _first(storage: Storage) -> str:
    async with storage.read() as session:
        return (await articles.topics(session))[0].titles["en"]


async def test_a_second_reader_asks_for_the_edition_and_for_nothing_else(storage: Storage) -> None:
    await _first(storage)
    said: list[str] = []
    event.listen(
        storage.engine.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: said.append(statement.split()[0]),
    )

    async with storage.read() as session:
        topics = await articles.topics(session)
        for one in topics:
            await articles.of_topic(session, one.code)

    assert [one for one in said if one != "BEGIN"] == ["SELECT"]


async def test_what_is_in_memory_is_what_is_in_the_database(storage: Storage) -> None:
    async with storage.read() as session:
        topics = await articles.topics(session)
        kept = await articles.everything(session)
        there = await session.scalar(select(func.count()).select_from(Article))

    assert [one.position for one in topics] == sorted(one.position for one in topics)
    assert len({one.id for one in kept}) == there
    assert all(articles.titles(one) for one in kept)


async def test_a_change_is_seen_by_the_next_reader_in_every_process(
    url: str, storage: Storage, vault: Vault
) -> None:
    other = Storage(url, vault)
    before = await _first(storage), await _first(other)
    async with storage.begin() as session:
        await _rename(session, "Papers")

    assert (await _first(storage), await _first(other)) == ("Papers", "Papers") != before
    await other.close()


async def test_whoever_changes_something_sees_it_before_anybody_else(storage: Storage) -> None:
    before = await _first(storage)
    async with storage.begin() as session:
        await articles.topics(session)
        await _rename(session, "Papers")
        own = (await articles.topics(session))[0].titles["en"]
        others = await _first(storage)
        await session.rollback()

    assert (own, others, await _first(storage)) == ("Papers", before, before)
