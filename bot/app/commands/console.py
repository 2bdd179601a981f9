"""What every command stands on: a line for who sits at the terminal, a refusal, a council by its code."""

import argparse

from bot.app.build import App
from bot.channels.port import SendError
from bot.consultations.checking import Checker
from bot.consultations.previewing import Previewer
from bot.core.console import Refusal, say


def council_code(app: App, arguments: argparse.Namespace) -> str:
    codes = [council.code for council in app.register.all().values()]
    code: str = arguments.council or app.register.default.code
    if code not in codes:
        raise Refusal(f"there is no council {code!r}; councils are: {', '.join(codes)}")
    return code


def checker_of(app: App) -> Checker:
    """What looks at a consultation before it goes out."""
    return Checker(Previewer(app.register, app.vault, app.channels))


async def learn_username(app: App) -> None:
    """A Telegram link needs the bot's name, which Telegram knows."""
    if app.telegram is not None:
        try:
            await app.telegram.start()
        except SendError as error:
            say(f"telegram: no link, Telegram could not be asked ({type(error).__name__})")
