"""The search the bot uses: what it knows follows the books, without keeping anybody waiting."""

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from bot import texts
from bot.office import finding, leaflets
from bot.office.danger import Danger
from bot.office.finding import Finder, Found, Text, files
from bot.office.leaflets import Leaflets
from storage import articles
from storage.engine import Storage

_LOOK_SECONDS = 1.0
_SEARCH_FIRST_SECONDS = 60.0
Result = TypeVar("Result")

logger = logging.getLogger(__name__)


def kept_in() -> Path:
    """Where programs keep what they can make again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "bureau-bot"


async def aside(work: Callable[[], Result]) -> Result:
    """Do what takes seconds in a thread that holds up nobody, not even the end of the program."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def settle(set_it: Callable[[Any], None], value: object) -> None:
        if not done.done():
            set_it(value)

    def run() -> None:
        try:
            outcome = partial(settle, done.set_result, work())
        except Exception as broken:  # noqa: BLE001  # raised where it is waited for
            outcome = partial(settle, done.set_exception, broken)
        with contextlib.suppress(RuntimeError):  # nobody waits any more: the loop is closed
            loop.call_soon_threadsafe(outcome)

    threading.Thread(target=run, daemon=True).start()
    return await done


@dataclass(slots=True)
class Searching:
    """``finder`` is None until everything was learned for the first time; that takes seconds."""

    finder: Finder | None = field(default=None, repr=False)
    _edition: str | None = None

    @property
    def is_ready(self) -> bool:
        return self.finder is not None

    def find(self, words: str, chosen: str | None) -> Found:
        if self.finder is None:
            return Found(chosen or texts.SOURCE, finding.NONE, ())
        return self.finder.find(words, chosen)

    async def follow(self, storage: Storage, stopped: asyncio.Event) -> None:
        """Learn what the books hold, and again within two seconds after they have changed.

        Whatever goes wrong, what was learned before goes on answering.
        """
        if self.finder is not None:
            await _pause(stopped)
        while not stopped.is_set():
            try:
                await self._look(storage)
            except Exception as broken:  # noqa: BLE001  # the search must not take the bot with it
                logger.error("the search is not up to date: %s", type(broken).__name__)  # noqa: TRY400  # a trace would hold parameters
            await _pause(stopped)

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
        self.finder = await aside(partial(_learned, said, self.finder))
        self._edition = edition


async def _pause(stopped: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LOOK_SECONDS):
            await stopped.wait()


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

    async def learn(self) -> None:
        """What patterns do not say of danger: takes seconds after an upgrade, and nothing later.

        After the search, since both at once would be slower; but not later than a minute.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SEARCH_FIRST_SECONDS):
                while not self.search.is_ready:  # noqa: ASYNC110  # it outlives this loop: no event can
                    await asyncio.sleep(0.2)
        try:
            await aside(partial(self.danger.learn, texts.LOCALES, kept_in()))
        except Exception as broken:  # noqa: BLE001  # what is sure is known; the bot goes on
            logger.error("words of danger could not be learned: %s", type(broken).__name__)  # noqa: TRY400  # a trace would hold sentences


@cache
def known() -> Known:
    """From the content files, once in a process: they do not change while it runs.

    What is not kept from an earlier start is learned later, aside. Raises ContentError.
    """
    danger = Danger.load(texts.LOCALES, kept_in(), learn=False)
    return Known(Searching(), leaflets.read(texts.LOCALES), danger)
