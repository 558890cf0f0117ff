"""Everything that can be wrong before anybody writes: content, catalogues, settings, schema."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

import dialogs
from bot import contents, standing, texts, texts_catalogue
from bot.office.danger.lists import Lists, faults
from bot.preparing import telegram
from bot.settings import SettingsError, read
from storage import schema
from storage.engine import Storage
from storage.vault import KeyFileError, read_key_file, write_key_file


async def problems() -> list[str]:
    """Each problem with its file, and its line where there is one; empty is right."""
    dialogs.table()
    return [
        *contents.problems(texts.LOCALES, datetime.now(UTC).date()),
        *_danger(texts.LOCALES),
        *_catalogues(texts.LOCALES),
        *await _settings(),
        *await _schema(),
    ]


def _danger(locales: Path) -> Iterator[str]:
    for language in texts.load(locales).offered():
        path = locales / language.code / "danger.yaml"
        if not path.exists():
            yield f"{path}: the words of danger are missing."
            continue
        yield from (f"{path}: {one}" for one in faults(Lists.read(path)))


def _line_of(path: Path, words: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if words in line), 1)


def _catalogues(locales: Path) -> Iterator[str]:
    said = [message.id for message in texts_catalogue.extract() if message.id]
    for language in texts.load(locales).offered():
        if language.code == texts.SOURCE:
            continue
        path = locales / language.code / "messages.po"
        there = texts_catalogue.read(path, language.code)
        for sentence in said:
            found = there.get(sentence)
            if found is None or not texts_catalogue.finished(found):
                words = sentence if isinstance(sentence, str) else sentence[0]
                line = _line_of(path, words.split("\n", maxsplit=1)[0][:60])
                yield f"{path}:{line}: not translated: {words}"


async def _settings() -> list[str]:
    try:
        settings = read()
        if settings.key_file is not None:
            read_key_file(settings.key_file)
        if settings.webhook_url is not None:
            settings.secret  # noqa: B018  # raises if there is none
        if settings.token is None and settings.token_file is None:
            return []  # nobody asked for Telegram: content and schema can be checked without it
        bot = telegram(settings)
    except (SettingsError, KeyFileError) as wrong:
        return [str(wrong)]
    try:
        return await standing.problems(bot, settings)
    finally:
        await bot.session.close()


async def _schema() -> list[str]:
    """A new database, brought up to date, has exactly the tables the code expects."""
    with tempfile.TemporaryDirectory() as folder:
        key_file = Path(folder) / "check.key"
        write_key_file(key_file)
        storage = Storage(f"sqlite:///{folder}/check.db", read_key_file(key_file))
        try:
            await schema.migrate(storage)
            return [f"storage/tables.py: {one}" for one in await schema.differences(storage)]
        except SQLAlchemyError as broken:
            return [f"storage/migrations: {type(broken).__name__}"]
        finally:
            await storage.close()
