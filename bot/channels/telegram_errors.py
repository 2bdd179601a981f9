"""What does a failed call to the Bot API mean for us? Pure."""

import re
from typing import Final

from telegram.error import TelegramError

from bot.channels.port import Halted, Later, Refused, SendError, Transient, Uncertain, Unreachable
from bot.channels.telegram_wire import Answered, NoAnswer, NotSent

_GONE: Final = {
    "bot was blocked": "blocked",
    "user is deactivated": "deactivated",
    "can't initiate conversation": "not started",
    "can't send messages to bots": "a bot",
    "chat not found": "chat not found",
    "PEER_ID_INVALID": "chat not found",
}


#: Seconds to wait if a 429 does not say.
_UNSAID: Final = 5.0


class Conflict(Halted):
    """Another instance polls with this token, or a webhook is set."""


def send_error(error: TelegramError) -> SendError:
    """What a failed call means for the message."""
    if isinstance(error, Answered):
        return answered(error)
    if isinstance(error, NotSent):
        return Transient(str(error))
    if isinstance(error, NoAnswer):
        return Uncertain(str(error))
    return Uncertain(type(error).__name__)


def answered(error: Answered) -> SendError:
    if error.code == 429:
        # It does not say whether for the chat or for the bot; a second chat's makes it the bot's.
        return Later(error.retry_after or _UNSAID, everyone=False)
    why = next((why for words, why in _GONE.items() if words in error.words), None)
    if error.code in (400, 403) and why is not None:
        return Unreachable(why)
    if error.code == 403:
        return Unreachable("forbidden")
    if error.code in (401, 404):
        return Halted(f"Telegram does not know this token ({error.code})")
    if error.code == 409:
        return Conflict("another instance uses this token (409)")
    # In quotation marks, Telegram repeats what was sent.
    words = re.sub('"[^"]*"', '"…"', error.words)[:200]
    return Refused(f"{error.code} {words}")


def fetch_error(error: TelegramError) -> SendError:
    if isinstance(error, Answered) and error.code not in (429, 401):
        return Refused(f"{error.code} {error.words}")
    if isinstance(error, Answered):
        return answered(error)
    return Transient(str(error))
