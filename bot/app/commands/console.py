"""What every command stands on: a line for who sits at the terminal, a refusal, a council by its code."""

import argparse
import sys

from bot.app.build import App
from bot.channels.port import SendError
from bot.consultations.checking import Checker
from bot.consultations.previewing import Previewer
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.consultations import Consultations


class Refusal(Exception):
    """A command that cannot be carried out; the message says why and what to do."""


def say(text: str = "") -> None:
    """Print a line for the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def council_of(app: App, code: str) -> int:
    """The id of a council by its code, the default one's for none. Raises Refusal."""
    if not code:
        return app.register.default_id
    codes = {council.code: id for id, council in app.register.all().items()}
    if code not in codes:
        raise Refusal(f"there is no council {code!r}; councils are: {', '.join(codes)}")
    return codes[code]


async def find_consultation(app: App, tx: Transaction, code: str) -> StoredConsultation:
    row = await app.register.by_code(tx, code)
    if row is None:
        rows = await tx.rows(Consultations)
        known = ", ".join(r.code for r in rows) or "none yet"
        raise Refusal(f"there is no consultation {code!r}; there are: {known}")
    return row


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
