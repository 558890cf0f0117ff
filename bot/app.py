"""The whole wiring on one page: the only file that knows all parts."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.utils.token import TokenValidationError
from sqlalchemy.exc import SQLAlchemyError

import dialogs
from bot import texts, timetable
from bot.carrier import Carrier
from bot.comings import Comings
from bot.delivery import Postman
from bot.desk import House
from bot.frontage import put_up_signs
from bot.intake import Intake, TokenRefusedError
from bot.middleware import Reception
from bot.office import colleagues, people
from bot.office.search import Index
from bot.pace import Pace
from bot.serving import Counter
from bot.settings import Settings, SettingsError
from bot.texts import Languages
from bot.wording import Wording
from storage import articles, bureau, schema, seeding
from storage import people as storage_people
from storage.bureau import Bureau
from storage.engine import Storage
from storage.tables import Role
from storage.vault import Vault, read_key_file

_TICK_SECONDS = 1.0
_PATIENCE_SECONDS = 3.0

logger = logging.getLogger(__name__)

Now = Callable[[], datetime]


def real_time() -> datetime:
    return datetime.now(UTC)


def _settle_in() -> None:
    """Everything is loaded and stays: the garbage collector need not look at it again and again.

    A third less work for every update; young rubbish is still collected, only less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@dataclass
class App:
    """A running bot. ``now`` is business time; the demo and the tests may move it."""

    storage: Storage
    bureau: Bureau
    languages: Languages
    now: Now
    bot: Bot
    postman: Postman
    intake: Intake
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Receive, send and mind the timetable until stopped; what was begun comes to its end."""
        _settle_in()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.postman.run())
            tasks.create_task(self._mind_the_timetable())
            signs = tasks.create_task(put_up_signs(self.bot, self.languages, self.bureau))
            try:
                await self.intake.run()
            finally:
                signs.cancel()
                self.stop()

    def stop(self) -> None:
        self.intake.stop()
        self.postman.stop()
        self._stopping.set()

    async def _mind_the_timetable(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.tick()
                await self.scrub_if_asked()
            except (SQLAlchemyError, OSError) as away:
                logger.error("the timetable cannot be read: %s", type(away).__name__)  # noqa: TRY400  # a trace would hold parameters
            try:
                async with asyncio.timeout(_TICK_SECONDS):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    async def tick(self) -> int:
        """Do what has fallen due, each thing in a transaction of its own. How many there were."""
        now = self.now()
        async with self.storage.read() as session:
            due = await timetable.falls_due(session, self.bureau, now=now)
        done = [await self._do(one, now) for one in due]
        if due:
            self.postman.wake()
        return sum(done)

    async def _do(self, due: timetable.Due, now: datetime) -> bool:
        """Do one duty in a transaction of its own; one that fails holds up no other."""
        try:
            async with self.storage.begin() as session:
                await timetable.do(session, self.bureau, due, now=now, real_now=real_time())
        except SQLAlchemyError as failed:
            logger.error("duty %s %s failed: %s", due.duty, due.object_id, type(failed).__name__)  # noqa: TRY400  # a trace would hold parameters
            return False
        return True

    async def scrub_if_asked(self) -> None:
        """After an erasure: clean the database's log too; with a reader in the way, again later."""
        async with self.storage.read() as session:
            asked = await storage_people.is_scrub_asked(session)
        if asked and await self.storage.scrub():
            async with self.storage.begin() as session:
                await storage_people.scrubbed(session)

    async def visit_due_moments(self, to: datetime, set_clock: Callable[[datetime], None]) -> None:
        """Move business time to ``to`` as it would have passed: stop wherever something is due."""
        while True:
            await self.settle()
            async with self.storage.read() as session:
                moment = await timetable.next_moment(session, self.bureau, after=self.now())
            if moment is None or moment > to:
                break
            set_clock(moment)
        set_clock(to)
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is due any more: neither a duty nor a delivery."""
        while await self.tick() or not await self.postman.is_idle():
            self.postman.wake()
            await asyncio.sleep(0.01)


async def prepare(
    storage: Storage, about: Bureau, *, now: datetime, admins: tuple[int, ...], sample: bool
) -> None:
    """Bring schema, seeds, staff and the coming weeks' times up to date; safe to repeat."""
    await schema.migrate(storage)
    async with storage.begin() as session:
        await seeding.seed_services(session)
        await seeding.seed_articles(session, texts.LOCALES)
        await seeding.seed_archive(session, about)
        if sample:
            await seeding.seed_sample(session, about, about.today(now))
        for telegram_id in admins:
            await people.appoint(session, storage.vault.recognise(telegram_id), Role.COORDINATOR)
        there = {storage.vault.recognise(one) for one in admins}
        await colleagues.dismiss_others(session, there, now=now)


async def _index(storage: Storage) -> Index:
    async with storage.read() as session:
        found = await articles.all_texts(session)
    return Index.of(
        (one.article_id, words) for one in found for words in (one.title, *one.phrasings)
    )


def keys(settings: Settings) -> Vault:
    """The keys of the settings. Raises SettingsError if no key file is named."""
    if settings.key_file is None:
        raise SettingsError(
            "BUREAU_KEY_FILE is missing. Make a key file once: `bureau-bot key bureau.key`."
        )
    return read_key_file(settings.key_file)


def telegram(settings: Settings) -> Bot:
    """Aiogram's bot, speaking to the server of the settings."""
    server = TelegramAPIServer.from_base(settings.api_url)
    html = DefaultBotProperties(parse_mode=ParseMode.HTML)
    try:
        return Bot(settings.bot_token, session=AiohttpSession(api=server), default=html)
    except TokenValidationError as wrong:
        raise SettingsError("BUREAU_TOKEN is no token: it looks like 123456:ABC-DEF.") from wrong


async def _username(bot: Bot) -> str:
    """Our own name. Waits while Telegram is away; raises TokenRefusedError if it is unknown."""
    while True:
        try:
            return (await bot.me()).username or ""
        except (TelegramUnauthorizedError, TelegramNotFound) as refused:
            raise TokenRefusedError(
                "Telegram does not know this token: see BUREAU_TOKEN."
            ) from refused
        except TelegramAPIError as away:
            logger.warning("Telegram cannot be reached: %s", type(away).__name__)
            await asyncio.sleep(_PATIENCE_SECONDS)


@asynccontextmanager
async def opened(
    settings: Settings,
    vault: Vault,
    *,
    now: Now = real_time,
    sample: bool = False,
    pace: Pace | None = None,
    answer_after: float = 1.0,
    prepared: bool = False,
) -> AsyncIterator[App]:
    """Everything connected and ready to run; closed in the end whatever happens.

    ``sample`` adds the invented programme, ``pace`` is Telegram's unless told otherwise, a
    press is answered after ``answer_after`` seconds at the latest, and a ``prepared`` database is
    taken as it is.
    """
    storage, bot = Storage(settings.database_url, vault), telegram(settings)
    about = bureau.read(zone=settings.timezone)
    try:
        if not prepared:
            await prepare(storage, about, now=now(), admins=settings.admins, sample=sample)
        house = House(dialogs.table(), await _index(storage), await _username(bot))
        counter = Counter(house, texts.load(zone=settings.timezone), about, now)
        async with Carrier(settings.bot_token, settings.api_url, pace) as carrier:
            postman = Postman(storage, now, carrier, staff_chat=settings.staff_chat)
            postman.wording = Wording(storage, counter, lambda: postman.told.staff_chat)
            yield _wired(storage, counter, bot, postman, answer_after)
    finally:
        await bot.session.close()
        await storage.close()


def _wired(
    storage: Storage, counter: Counter, bot: Bot, postman: Postman, answer_after: float
) -> App:
    reception = Reception(storage, counter, postman=postman, answer_after=answer_after)
    comings = Comings(storage, postman.told, counter.now)
    intake = Intake(bot, reception, comings)
    return App(storage, counter.bureau, counter.languages, counter.now, bot, postman, intake)
