"""Whole bots, written with two libraries in their own way, live in the sandbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram import InlineKeyboardButton as PtbButton
from telegram import InlineKeyboardMarkup as PtbMarkup
from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.sandbox import Person, Sandbox


async def ask(message: Message) -> None:
    yes = InlineKeyboardButton(text="Yes", callback_data="yes")
    await message.answer(
        "<b>Coming?</b>", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[yes]])
    )


async def agree(query: CallbackQuery) -> None:
    await query.answer("Noted", show_alert=True)
    assert isinstance(query.message, Message)
    await query.message.edit_text("See you")


async def thank(message: Message) -> None:
    assert message.contact is not None
    await message.reply(f"Thank you, {message.contact.phone_number}")


@asynccontextmanager
async def aiogram_bot(address: str, token: str) -> AsyncIterator[None]:
    dispatcher = Dispatcher()
    dispatcher.message(F.text == "/start")(ask)
    dispatcher.message(F.contact)(thank)
    dispatcher.callback_query()(agree)
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    bot = Bot(token, session=session)
    polling = asyncio.create_task(
        dispatcher.start_polling(bot, handle_as_tasks=False, handle_signals=False)
    )
    yield
    await dispatcher.stop_polling()
    await polling


async def ptb_ask(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    yes = PtbMarkup([[PtbButton("Yes", callback_data="yes")]])
    await update.message.reply_html("<b>Coming?</b>", reply_markup=yes)


async def ptb_agree(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("Noted", show_alert=True)
    await update.callback_query.edit_message_text("See you")


async def ptb_thank(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    assert update.message.contact is not None
    await update.message.reply_text(
        f"Thank you, {update.message.contact.phone_number}", do_quote=True
    )


@asynccontextmanager
async def ptb_bot(address: str, token: str) -> AsyncIterator[None]:
    application: Any = Application.builder().token(token).base_url(f"{address}/bot").build()
    application.add_handler(CommandHandler("start", ptb_ask))
    application.add_handler(MessageHandler(filters.CONTACT, ptb_thank))
    application.add_handler(CallbackQueryHandler(ptb_agree))
    async with application:
        await application.start()
        await application.updater.start_polling(timeout=1)
        yield
        await application.updater.stop()
        await application.stop()


async def talk(sandbox: Sandbox, person: Person, until: Any) -> list[Any]:
    """The same small talk with any bot; what the person reads in the end."""
    town = sandbox.town
    town.type(person.id, "/start")
    await until(lambda: len(town.messages(person.id)) == 3)
    question = town.messages(person.id)[-1]
    town.press(person.id, question.message_id, label="Yes")
    await until(lambda: question.edit_date is not None)
    town.share_contact(person.id)
    await until(lambda: len(town.messages(person.id)) == 5)
    await sandbox.idle()
    popups = [(one.text, one.show_alert) for one in town.popups]
    return [*popups, *(one.text for one in town.messages(person.id)[2:]), question.entities]


WHAT_ONE_READS: list[Any] = [
    ("Noted", True),
    "See you",
    None,
    "Thank you, 380501234567",
    [],
]


async def test_a_bot_of_aiogram(address: str, sandbox: Sandbox, olena: Person, until: Any) -> None:
    async with aiogram_bot(address, sandbox.token):
        assert await talk(sandbox, olena, until) == WHAT_ONE_READS


async def test_a_bot_of_ptb(address: str, sandbox: Sandbox, olena: Person, until: Any) -> None:
    async with ptb_bot(address, sandbox.token):
        assert await talk(sandbox, olena, until) == WHAT_ONE_READS
