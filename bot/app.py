"""The whole wiring on one page: the only file that knows all parts."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiogram import Bot
from sqlalchemy.exc import SQLAlchemyError

import dialogs
from bot import texts, timetable
from bot.carrier import Carrier
from bot.comings import Comings
from bot.delivery import Postman
from bot.desk import House
from bot.door import Door
from bot.frontage import put_up_signs
from bot.intake import Intake, TokenRefusedError
from bot.middleware import Reception
from bot.office import alarms
from bot.pace import Pace
from bot.polling import Polling
from bot.preparing import prepare, telegram, username
from bot.pulse import Pulse
from bot.searching import Known, known
from bot.serving import Counter
from bot.settings import Settings
from bot.showing import Manners
from bot.texts import Languages
from bot.turnstile import Turnstile
from bot.webhook import Entrance, Webhook
from bot.wording import Wording
from storage import bureau, fitting
from storage import people as storage_people
from storage.alone import alone
from storage.bureau import Bureau
from storage.engine import Storage
from storage.vault import Vault

_TICK_SECONDS = 1.0

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
    receiver: Polling | Webhook
    door: Door
    known: Known
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Receive, send and mind the timetable until stopped; what was begun comes to its end."""
        _settle_in()
        refused = None
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.postman.run())
            tasks.create_task(self._mind_the_timetable())
            followers = [
                tasks.create_task(self.known.learn()),
                tasks.create_task(self.known.search.follow(self.storage, self._stopping)),
            ]
            signs = tasks.create_task(put_up_signs(self.bot, self.languages, self.bureau))
            try:
                await self.receiver.run()
            except TokenRefusedError as unknown:
                refused = unknown  # said at the end: whoever is at work comes to an end first
            finally:
                for one in (signs, *followers):
                    one.cancel()
                self.stop()
        if refused is not None:
            raise refused

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
        """Do what has fallen due, each thing in a transaction of its own. How many there were.

        Of several processes one at a time looks, so that nothing is done twice.
        """
        now = self.now()
        async with self.storage.locks.hold("timetable"):
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


@asynccontextmanager
async def opened(
    settings: Settings,
    vault: Vault,
    *,
    now: Now = real_time,
    sample: bool = False,
    pace: Pace | None = None,
    prepared: bool = False,
    turnstile: Turnstile | None = None,
) -> AsyncIterator[App]:
    """Everything connected and ready to run; closed in the end whatever happens.

    ``sample`` adds the invented programme, ``pace`` is Telegram's and ``turnstile`` the usual one
    unless told otherwise, and a ``prepared`` database is taken as it is.
    """
    about = bureau.read(zone=settings.timezone)
    async with _kept(settings, vault) as storage, _speaking(settings) as bot:
        if not prepared:
            await prepare(storage, about, now=now(), admins=settings.admins, sample=sample)
        own = known()
        house = House(dialogs.table(), own.search, own.leaflets, own.danger, await username(bot))
        counter = Counter(house, texts.load(zone=settings.timezone), about, now)
        async with Carrier(settings.bot_token, settings.api_url, pace) as carrier:
            postman = Postman(storage, now, carrier, staff_chat=settings.staff_chat)
            postman.wording = Wording(storage, counter, lambda: postman.told.staff_chat)
            carrier.pace.may_leave = postman.lease.is_sure
            bot.session.middleware(Manners(postman.told))
            reception = Reception(storage, counter, postman=postman)
            reception.lookout.staff = staff = frozenset(settings.admins)
            turnstile = turnstile or Turnstile(staff=staff)
            yield _wired(settings, reception, bot, turnstile, own)


@asynccontextmanager
async def _kept(settings: Settings, vault: Vault) -> AsyncIterator[Storage]:
    """The database, ours alone if it is a file. Raises DatabaseRefusedError."""
    with alone(settings.database_url):
        storage = Storage(settings.database_url, vault)
        try:
            await fitting.refuse_foreign_key(storage)
            yield storage
        finally:
            await storage.close()


@asynccontextmanager
async def _speaking(settings: Settings) -> AsyncIterator[Bot]:
    bot = telegram(settings)
    try:
        yield bot
    finally:
        await bot.session.close()


def _wired(
    settings: Settings,
    reception: Reception,
    bot: Bot,
    turnstile: Turnstile,
    own: Known,
) -> App:
    storage, counter, postman = reception.storage, reception.counter, reception.postman
    comings = Comings(storage, postman.told, counter.now)
    pulse = Pulse()
    intake = Intake(bot, reception, comings, turnstile=turnstile, pulse=pulse)

    async def alarm() -> None:
        async with storage.begin() as session:
            await alarms.sound(session, "webhook_gone", now=counter.now())

    async def look() -> None:
        told, sends = postman.told, postman.lease.fence is not None
        await pulse.look(storage, counter.now(), silence=told.silent_seconds, sends=sends)

    receiver: Polling | Webhook = Polling(bot, intake, pulse)
    door = Door(pulse, look)
    if settings.webhook_url is not None:
        entrance = Entrance(settings.webhook_url, settings.secret)
        receiver = Webhook(bot, intake, pulse, entrance, alarm=alarm)
        door = Door(pulse, look, receiver, entrance.url)
    about, spoken = counter.bureau, counter.languages
    return App(storage, about, spoken, counter.now, bot, postman, intake, receiver, door, own)
