"""Files seed the articles; what staff changed stays."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.texts import LOCALES
from storage import articles
from storage.engine import Storage
from storage.seeding_articles import seed_articles
from storage.tables import ArticleText

CODE = "bank_account"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """English alone is enough here."""
    kept = ("articles", "institutions.yaml", "paths.yaml", "en")
    for one in kept:
        there = LOCALES / one
        copy = shutil.copytree if there.is_dir() else shutil.copyfile
        copy(there, tmp_path / one)
    return tmp_path


def _rewrite(files: Path) -> None:
    path = files / "en" / "articles" / "home" / f"{CODE}.md"
    path.write_text("---\ntitle: New\nphrasings: [money]\n---\n\nAsk.\n", encoding="utf-8")


async def _seed(storage: Storage, files: Path) -> None:
    async with storage.begin() as session:
        await seed_articles(session, files)


async def _text(storage: Storage) -> ArticleText:
    async with storage.read() as session:
        [found] = await articles.by_codes(session, [CODE])
        [text] = found.texts
        return text


async def test_a_file_that_changed_changes_the_article(storage: Storage, files: Path) -> None:
    await _seed(storage, files)
    _rewrite(files)

    await _seed(storage, files)

    text = await _text(storage)
    assert (text.title, text.body, text.phrasings) == ("New", "Ask.", ["money"])


async def test_what_staff_changed_is_not_overwritten(storage: Storage, files: Path) -> None:
    await _seed(storage, files)
    async with storage.begin() as session:
        ours = await session.get(ArticleText, ((await _text(storage)).article_id, "en"))
        assert ours is not None
        ours.title, ours.changed_by_staff = "As staff say it", True
    _rewrite(files)

    await _seed(storage, files)

    assert (await _text(storage)).title == "As staff say it"


async def test_seeding_twice_changes_nothing(storage: Storage, files: Path) -> None:
    await _seed(storage, files)
    async with storage.read() as session:
        before = await articles.edition(session)

    await _seed(storage, files)

    async with storage.read() as session:
        assert await articles.edition(session) == before
        assert await session.scalar(select(func.count()).select_from(ArticleText)) == 90
