"""What every command stands on: a line for who sits at the terminal, a refusal, a council by its code."""

import argparse
from collections.abc import Collection

from bot.app.build import App
from bot.channels.port import SendError
from bot.consultations.checking import Checker
from bot.consultations.previewing import Previewer
from bot.core import audit
from bot.core.console import Refusal, operator, say
from storage.database import Transaction


def council_code(app: App, arguments: argparse.Namespace) -> str:
    codes = [council.code for council in app.register.all().values()]
    code: str = arguments.council or app.register.default.code
    if code not in codes:
        raise Refusal(f"there is no council {code!r}; councils are: {', '.join(codes)}")
    return code


async def noted(app: App, arguments: argparse.Namespace) -> None:
    """Write down who gives which command, before it is carried out: for the council that it is about.

    What it is given beside (names, numbers, files) is not written down: the log is read by others.
    """
    words = " ".join(
        word
        for word in (
            arguments.command,
            getattr(arguments, "action", ""),
            str(getattr(arguments, "code", "") or getattr(arguments, "id", "")),
        )
        if word
    )
    async with app.storage.transaction() as tx:
        for council_id in await _councils_about(app, tx, arguments):
            await audit.note(tx, council_id, operator(), "command", words)


async def _councils_about(
    app: App, tx: Transaction, arguments: argparse.Namespace
) -> Collection[int]:
    """The councils that a command is about: of what it names, else all."""
    if hasattr(arguments, "council"):
        codes = {council.code: id for id, council in app.register.all().items()}
        return [codes.get(arguments.council, app.register.default_id)]
    found = await app.register.by_code(tx, getattr(arguments, "code", ""))
    return app.register.all() if found is None else [found.council_id]


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
