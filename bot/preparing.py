"""Before the first update: schema, seeds, staff, keys, and who we are to Telegram."""

import asyncio
import logging
from datetime import datetime

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.utils.token import TokenValidationError

from bot import texts
from bot.intake import TokenRefusedError
from bot.office import colleagues, people
from bot.settings import Settings, SettingsError
from storage import fitting, schema, seeding
from storage.bureau import Bureau
from storage.engine import Storage
from storage.seeding_articles import seed_articles
from storage.tables import Role
from storage.vault import Vault, read_key_file

_PATIENCE_SECONDS = 3.0

logger = logging.getLogger(__name__)


async def prepare(
    storage: Storage, about: Bureau, *, now: datetime, admins: tuple[int, ...], sample: bool
) -> None:
    """Bring schema, seeds, staff and the coming weeks' times up to date; safe to repeat."""
    async with storage.locks.hold("prepare"):  # several processes may start at once
        await _prepare(storage, about, now=now, admins=admins, sample=sample)


async def _prepare(
    storage: Storage, about: Bureau, *, now: datetime, admins: tuple[int, ...], sample: bool
) -> None:
    await schema.migrate(storage)
    async with storage.begin() as session:
        await fitting.remember_key(session)
        await seeding.seed_services(session)
        await seed_articles(session, texts.LOCALES)
        await seeding.seed_archive(session, about)
        if sample:
            await seeding.seed_sample(session, about, about.today(now))
        for telegram_id in admins:
            await people.appoint(session, storage.vault.recognise(telegram_id), Role.COORDINATOR)
        there = {storage.vault.recognise(one) for one in admins}
        await colleagues.dismiss_others(session, there, now=now)


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


async def username(bot: Bot) -> str:
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
