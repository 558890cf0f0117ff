"""What Telegram shows of the bot from outside: commands and descriptions, in every language."""

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand

from bot.texts import Language, Languages
from storage.bureau import Bureau

_MOST_OF_A_NAME, _MOST_OF_A_SHORT_DESCRIPTION = 64, 120

logger = logging.getLogger(__name__)


def commands(language: Language) -> list[BotCommand]:
    """The commands that work everywhere and in every state."""
    described = {
        "menu": language.label("🏠 Menu"),
        "lang": language.label("🌐 Language"),
        "person": language.label("💬 Ask a person"),
        "mine": language.label("🗂 My appointments"),
        "stop": language.label("✖️ Stop"),
        "privacy": language.label("🔒 My data"),
    }
    return [BotCommand(command=name, description=words) for name, words in described.items()]


async def put_up_signs(bot: Bot, languages: Languages, bureau: Bureau) -> None:
    """English stands for every language we do not offer. Failing to put up a sign stops nobody."""
    try:
        await _put_up(bot, languages.get("en"), bureau, None)
        for language in languages.offered():
            await _put_up(bot, language, bureau, language.code)
    except TelegramAPIError as refused:
        logger.warning("commands and descriptions stay as they were: %s", type(refused).__name__)


async def _put_up(bot: Bot, spoken: Language, bureau: Bureau, code: str | None) -> None:
    """Only what has changed: Telegram allows few new names a day."""
    await bot.set_my_commands(commands(spoken), language_code=code)
    name = spoken.pick(bureau.short_name)[:_MOST_OF_A_NAME]
    if (await bot.get_my_name(code)).name != name:
        await bot.set_my_name(name=name, language_code=code)
    short = spoken.pick(bureau.name)[:_MOST_OF_A_SHORT_DESCRIPTION]
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short_description=short, language_code=code)
    told = spoken.say(
        "Answers, programme, legal help and company for people who are new in Sofia."
        " Free of charge. Press Start."
    )
    if (await bot.get_my_description(code)).description != told:
        await bot.set_my_description(description=told, language_code=code)
