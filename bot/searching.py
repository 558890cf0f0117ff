"""The search the bot uses: what it knows follows the books, without keeping anybody waiting."""

import asyncio
import logging
import os
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot import texts
from bot.office import finding, leaflets
from bot.office.danger import Danger
from bot.office.finding import Finder, Found, Text, files
from bot.office.leaflets import Leaflets
from storage import articles
from storage.engine import Storage

_LOOK_SECONDS = 1.0

logger = logging.getLogger(__name__)


def kept_in() -> Path:
    """Where programs keep what they can make again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "bureau-bot"


@dataclass(slots=True)
class Searching:
    """``finder`` is None until everything was learned for the first time; that takes seconds."""

    finder: Finder | None = field(default=None, repr=False)
    _edition: str | None = None
    _ready: asyncio.Event = field(default_factory=asyncio.Event)

    def find(self, words: str, chosen: str | None) -> Found:
        if self.finder is None:
            return Found(chosen or texts.SOURCE, finding.NONE, ())
        return self.finder.find(words, chosen)

    async def follow(self, storage: Storage, stopped: asyncio.Event) -> None:
        """Learn what the books hold, and again within two seconds after they have changed."""
        while not stopped.is_set():
            try:
                await self._look(storage)
            except (SQLAlchemyError, OSError) as away:
                logger.error("the articles cannot be read: %s", type(away).__name__)  # noqa: TRY400  # a trace would hold parameters
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    await stopped.wait()
            except TimeoutError:
                continue

    async def _look(self, storage: Storage) -> None:
        async with storage.read() as session:
            edition = await articles.edition(session)
            if self.finder is not None and edition == self._edition:
                return
            written = await articles.everything(session)
        said = [
            Text(one.language, article.code, one.title, tuple(one.phrasings), one.body)
            for article in written
            for one in article.texts
        ]
        self.finder = await asyncio.to_thread(_learned, said, self.finder)
        self._edition = edition


def _learned(said: list[Text], old: Finder | None) -> Finder:
    languages = sorted({one.language for one in said})
    known = [*said, *files.intents(texts.LOCALES, languages)]
    return finding.build(known, folder=kept_in(), old=old)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of itself, besides the books: made once, shared by whoever serves people."""

    search: Searching
    leaflets: Leaflets = field(repr=False)
    danger: Danger = field(repr=False)

    @classmethod
    def read(cls) -> "Known":
        """From the content files. Raises ContentError."""
        return cls(Searching(), leaflets.read(texts.LOCALES), Danger.load(texts.LOCALES, kept_in()))
