"""A booking in six steps with python-telegram-bot's ConversationHandler, kept in memory."""

import os
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
)

from tests.benchmarks import clock

STEPS = 5


def keyboard(step: int) -> InlineKeyboardMarkup:
    rows = [[InlineKeyboardButton(f"📅 {n}", callback_data=f"{step}:{n}")] for n in range(8)]
    return InlineKeyboardMarkup(rows)


async def begin(update: Update, _: ContextTypes.DEFAULT_TYPE) -> int:
    if update.message:
        await update.message.reply_text("Which day suits you?", reply_markup=keyboard(0))
    return 0


async def choose(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    query = update.callback_query
    if query is None or query.data is None or context.user_data is None:
        return ConversationHandler.END
    step = int(query.data.partition(":")[0])
    context.user_data[step] = query.data
    await query.answer()
    await query.edit_message_text(
        f"Step {step}: which time suits you?", reply_markup=keyboard(step + 1)
    )
    return step + 1 if step + 1 < STEPS else ConversationHandler.END


def conversation() -> ConversationHandler[Any]:
    entry: CommandHandler[Any, Any] = CommandHandler("book", begin)
    return ConversationHandler(
        entry_points=[entry],
        states={step: [CallbackQueryHandler(choose, pattern=f"^{step}:")] for step in range(STEPS)},
        fallbacks=[entry],
    )


if __name__ == "__main__":
    clock.start()
    builder = Application.builder().token(os.environ["BENCHMARK_TOKEN"])
    application = builder.base_url(os.environ["BENCHMARK_URL"] + "/bot").build()
    application.add_handler(conversation())
    application.run_polling(stop_signals=None)
