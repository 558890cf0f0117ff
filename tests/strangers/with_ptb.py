"""A bot as its maker would write it with python-telegram-bot alone; it polls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.strangers.things import PLACE, VOICE, WORDS, picture

Context = ContextTypes.DEFAULT_TYPE


async def show(update: Update, context: Context) -> None:
    chat = update.effective_chat
    assert chat is not None
    photos = [InputMediaPhoto(picture(shade)) for shade in (0, 200)]
    await context.bot.send_media_group(chat.id, photos, caption="Two pictures")
    sent = await context.bot.send_document(chat.id, b"papers", filename="papers.txt")
    assert sent.document is not None
    await context.bot.send_document(chat.id, sent.document.file_id, caption="The same again")
    await context.bot.send_voice(chat.id, VOICE)
    await context.bot.send_venue(chat.id, *PLACE)
    await context.bot.send_contact(chat.id, "+359888000000", "Бюро")
    button = InlineKeyboardButton("✅ Done", callback_data="done")
    await context.bot.send_message(
        chat.id, "<b>That is all</b>", "HTML", reply_markup=InlineKeyboardMarkup([[button]])
    )


async def done(update: Update, _: Context) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("Thank you")
    await query.edit_message_text("Seen")


async def ask_for_number(update: Update, context: Context) -> None:
    chat = update.effective_chat
    assert chat is not None
    ask = ReplyKeyboardMarkup([[KeyboardButton("My number", request_contact=True)]])
    await context.bot.send_message(chat.id, "Your number?", reply_markup=ask)


async def number(update: Update, _: Context) -> None:
    assert update.message is not None
    assert update.message.contact is not None
    await update.message.reply_text(f"I call {update.message.contact.phone_number}")


async def photo(update: Update, _: Context) -> None:
    assert update.message is not None
    file = await update.message.photo[-1].get_file()
    content = await file.download_as_bytearray()
    await update.message.reply_text(f"{len(content)} bytes")


async def topic(update: Update, context: Context) -> None:
    chat = update.effective_chat
    assert chat is not None
    made = await context.bot.create_forum_topic(chat.id, "Questions")
    thread = made.message_thread_id
    sent = await context.bot.send_message(chat.id, "In here", message_thread_id=thread)
    await context.bot.pin_chat_message(chat.id, sent.message_id)
    await context.bot.edit_forum_topic(chat.id, thread, name="Answers")
    await context.bot.close_forum_topic(chat.id, thread)


def application(token: str, address: str) -> Application:  # type: ignore[type-arg]  # six parameters nobody needs
    made = (
        Application.builder().token(token).base_url(f"{address}/bot")
        .base_file_url(f"{address}/file/bot").build()
    )  # fmt: skip
    made.add_handler(CommandHandler("show", show))
    made.add_handler(CommandHandler("number", ask_for_number))
    made.add_handler(CommandHandler("topic", topic))
    made.add_handler(CallbackQueryHandler(done))
    made.add_handler(MessageHandler(filters.CONTACT, number))
    made.add_handler(MessageHandler(filters.PHOTO, photo))
    return made


@asynccontextmanager
async def running(token: str, address: str) -> AsyncIterator[None]:
    async with application(token, address) as bot:
        for code, words in WORDS.items():
            await bot.bot.set_my_commands(
                [BotCommand("show", words)], language_code="" if code == "en" else code
            )
        assert bot.updater is not None
        await bot.updater.start_polling()
        await bot.start()
        try:
            yield
        finally:
            await bot.updater.stop()
            await bot.stop()
