"""What commands stand on: a line for who sits at the terminal, a question, a refusal, things by code."""

import argparse
import asyncio
import getpass
import os
import sys

from bot.core.councils import Register
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.consultations import Consultations


class Refusal(Exception):
    """A command that cannot be carried out; the message says why and what to do."""


def operator() -> str:
    """Who sits at the terminal, as the audit log names them."""
    try:
        return f"server: {os.environ.get('SUDO_USER') or getpass.getuser()}"
    except (KeyError, OSError):
        # Where the process is a user without a name, as in some containers.
        return f"server: {os.getuid()}"


def say(text: str = "") -> None:
    """Print a line for the person at the terminal. If nobody reads any more (`| head`), the work goes on."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        nobody = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nobody, sys.stdout.fileno())
        os.close(nobody)


async def agree(arguments: argparse.Namespace, question: str) -> None:
    """Ask before something is done, unless --yes says so. Raises Refusal."""
    if arguments.yes:
        return
    if not sys.stdin.isatty():
        raise Refusal("nothing was done: there is nobody to ask here; add --yes")
    answer = await asyncio.to_thread(input, f"{question} [yes/no] ")
    if answer.strip().lower() not in ("y", "yes", "oui", "نعم"):
        raise Refusal("nothing was done")


def counted_in(count: int, word: str) -> str:
    """A count with what is counted: "1 line", "2 lines"."""
    return f"{count} {word}" + ("" if count == 1 else "s")


def council_of(register: Register, code: str) -> int:
    """The id of a council by its code, the default one's for none. Raises Refusal."""
    if not code:
        return register.default_id
    codes = {council.code: id for id, council in register.all().items()}
    if code not in codes:
        raise Refusal(f"there is no council {code!r}; councils are: {', '.join(codes)}")
    return codes[code]


async def find_consultation(register: Register, tx: Transaction, code: str) -> StoredConsultation:
    """A consultation by its code. Raises Refusal with those there are."""
    row = await register.by_code(tx, code)
    if row is None:
        rows = await tx.rows(Consultations)
        known = ", ".join(r.code for r in rows) or "none yet"
        raise Refusal(f"there is no consultation {code!r}; there are: {known}")
    return row
