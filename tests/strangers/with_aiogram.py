"""A bot as its maker would write it with aiogram alone; Telegram brings it the updates."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    MediaUnion,
    Message,
    ReplyKeyboardMarkup,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tests.strangers.things import PLACE, VOICE, WORDS, picture
from tests.world import free_port

SECRET = "the-strangers-bot-has-a-secret-too"


async def show(message: Message, bot: Bot) -> None:
    chat = message.chat.id
    pictures = [BufferedInputFile(picture(shade), "grey.png") for shade in (0, 200)]
    captions = ("Two pictures", None)
    photos: list[MediaUnion] = [
        InputMediaPhoto(media=one, caption=two) for one, two in zip(pictures, captions, strict=True)
    ]
    await bot.send_media_group(chat, photos)
    sent = await bot.send_document(chat, BufferedInputFile(b"papers", "papers.txt"))
    assert sent.document is not None
    await bot.send_document(chat, sent.document.file_id, caption="The same again")
    await bot.send_voice(chat, BufferedInputFile(VOICE, "voice.ogg"))
    await bot.send_venue(chat, *PLACE)
    await bot.send_contact(chat, "+359888000000", "Бюро")
    button = InlineKeyboardButton(text="✅ Done", callback_data="done")
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    await bot.send_message(chat, "<b>That is all</b>", parse_mode="HTML", reply_markup=markup)


async def done(query: CallbackQuery) -> None:
    assert isinstance(query.message, Message)
    await query.answer("Thank you")
    await query.message.edit_text(text="Seen")


async def ask_for_number(message: Message) -> None:
    button = KeyboardButton(text="My number", request_contact=True)
    await message.answer("Your number?", reply_markup=ReplyKeyboardMarkup(keyboard=[[button]]))


async def number(message: Message) -> None:
    assert message.contact is not None
    await message.reply(f"I call {message.contact.phone_number}")


async def photo(message: Message, bot: Bot) -> None:
    assert message.photo is not None
    content = await bot.download(message.photo[-1])
    assert content is not None
    await message.reply(f"{len(content.read())} bytes")


async def topic(message: Message, bot: Bot) -> None:
    chat = message.chat.id
    made = await bot.create_forum_topic(chat, "Questions")
    thread = made.message_thread_id
    sent = await bot.send_message(chat, "In here", message_thread_id=thread)
    await bot.pin_chat_message(chat, sent.message_id)
    await bot.edit_forum_topic(chat, thread, name="Answers")
    await bot.close_forum_topic(chat, thread)


def dispatcher() -> Dispatcher:
    made = Dispatcher()
    made.message.register(show, Command("show"))
    made.message.register(ask_for_number, Command("number"))
    made.message.register(topic, Command("topic"))
    made.callback_query.register(done)
    made.message.register(number, F.contact)
    made.message.register(photo, F.photo)
    return made


@asynccontextmanager
async def running(token: str, address: str) -> AsyncIterator[None]:
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(address)))
    app = web.Application()
    SimpleRequestHandler(dispatcher(), bot, secret_token=SECRET).register(app, "/hook")
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    for code, words in WORDS.items():
        commands = [BotCommand(command="show", description=words)]
        await bot.set_my_commands(commands, language_code=None if code == "en" else code)
    await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token=SECRET)
    try:
        yield
    finally:
        await bot.delete_webhook()
        await runner.cleanup()
        await bot.session.close()
