"""A candidate: python-telegram-bot as its documentation shows it.

Its own Application with a ConversationHandler in memory, its own httpx transport, and the custom
webhook of its examples. The questions are those of the example poll, without any of the rest:
nothing is kept, nothing is rendered in five languages.
"""

import asyncio
import logging

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from bench.candidate import PATH, Place, server, take_place
from bench.dialogue import CODE
from bench.provider import TOKEN

AGAIN, LIGHT, WHERE, SAFE, IDEA, SEND = range(6)

_QUESTIONS = {
    AGAIN: ("You have answered this already:", ("1 ✏️ Change my answers", "2 ✋ Keep it")),
    LIGHT: (
        "Question 1 of 4\nHow is the lighting in your street at night?",
        ("1 🙂 Good", "2 😐 Weak", "3 🙁 There is none", "4 🤷 I do not know"),
    ),
    WHERE: (
        "Question 2 of 4\nWhere is it missing most? Two at most.",
        (
            "1 🏫 The way to school",
            "2 🚏 Bus and taxi stops",
            "3 🛒 Around the market",
            "4 🏠 Home",
        ),
    ),
    SAFE: (
        "Question 3 of 4\nHow is safety in your neighbourhood at night?",
        ("1 😡 Very bad", "2 🙁 Bad", "3 😐 Fair", "4 🙂 Good", "5 😍 Very good"),
    ),
    IDEA: (
        "Question 4 of 4\nDo you have a proposal? Write it, or send a voice note.",
        ("1 ⏭️ Skip",),
    ),
    SEND: ("These are your answers, before they are sent:", ("1 ✅ Send", "2 ✏️ Correct something")),
}


async def _ask(update: Update, context: ContextTypes.DEFAULT_TYPE, step: int) -> int:
    """Keep what was said, and ask the next question."""
    message = update.effective_message
    assert message is not None
    assert context.user_data is not None
    context.user_data[step] = message.text
    text, labels = _QUESTIONS[step]
    buttons = [[InlineKeyboardButton(label, callback_data=label[0])] for label in labels]
    await message.reply_text(text, reply_markup=InlineKeyboardMarkup(buttons))
    return step


async def _end(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    message = update.effective_message
    assert message is not None
    await message.reply_text("Thank you, your answer has been changed. Reference: OZT-2026-000001")
    return ConversationHandler.END


async def _again(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    return await _ask(update, context, AGAIN)


async def _light(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    return await _ask(update, context, LIGHT)


async def _where(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    return await _ask(update, context, WHERE)


async def _safe(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    return await _ask(update, context, SAFE)


async def _idea(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    return await _ask(update, context, IDEA)


async def _send(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    return await _ask(update, context, SEND)


async def serve(place: Place) -> None:
    """Serve until SIGTERM."""
    application = (
        Application.builder().token(TOKEN).base_url(f"{place.provider}/bot").updater(None).build()
    )
    conversation = ConversationHandler(
        entry_points=[MessageHandler(filters.Text([CODE]), _again)],
        states={
            AGAIN: [MessageHandler(filters.TEXT, _light)],
            LIGHT: [MessageHandler(filters.TEXT, _where)],
            WHERE: [MessageHandler(filters.TEXT, _safe)],
            SAFE: [MessageHandler(filters.TEXT, _idea)],
            IDEA: [MessageHandler(filters.TEXT, _send)],
            SEND: [MessageHandler(filters.TEXT, _end)],
        },
        fallbacks=[],
    )
    application.add_handler(conversation)

    async def telegram(request: Request) -> Response:
        update = Update.de_json(data=await request.json(), bot=application.bot)
        await application.update_queue.put(update)
        return Response()

    app = Starlette(routes=[Route(PATH, telegram, methods=["POST"])])
    async with application:
        await application.start()
        await server(app, place).serve()
        await application.stop()


def main() -> None:
    """Serve until SIGTERM."""
    place = take_place(__doc__ or "")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asyncio.run(serve(place))


if __name__ == "__main__":
    main()
