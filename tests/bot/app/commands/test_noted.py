"""Every command that is given on the server is in the audit log, or it is said here why not.

A new command fails until it stands in one of the two tables.
"""

import argparse
from collections.abc import Iterator

import pytest

from bot.app.build import App
from bot.app.command_line import parser
from storage.rows.staff import AuditOf
from tests.citizen import audit_of
from tests.shell import Shell

#: Command -> how it is given here. Each is noted before it is carried out, so that a refused one is too.
COMMANDS = {
    "roll import": ("VOTERS", "x.csv"),
    "roll drop": ("VOTERS",),
    "consultation add": ("x.toml",),
    "consultation amend": ("x.toml",),
    "consultation archive": ("OZT-LIGHT",),
    "consultation check": ("x.toml",),
    "consultation close": ("OZT-LIGHT",),
    "consultation copy": ("OZT-LIGHT", "OZT-TWO"),
    "consultation delete": ("OZT-LIGHT",),
    "consultation list": (),
    "consultation open": ("OZT-LIGHT", "--yes"),
    "consultation qr": ("OZT-LIGHT",),
    "summary": ("OZT-LIGHT", "-o", "x.xlsx"),
    "ledger": ("-o", "x.jsonl"),
    "audit": ("-o", "x.jsonl"),
    "voice list": (),
    "staff link": (),
    "staff chat": (),
    "staff list": (),
    "staff role": ("--name", "staff", "admin"),
    "staff end": ("--name", "staff"),
    "staff reset-factor": ("--name", "staff"),
    "broadcast send": ("OZT-LIGHT", "--yes"),
    "broadcast count": ("OZT-LIGHT",),
    "broadcast notice": ("x.toml", "--yes"),
    "broadcast list": (),
    "broadcast watch": ("1",),
    "broadcast pause": ("1",),
    "broadcast resume": ("1",),
    "broadcast cancel": ("1",),
    "schedule list": (),
    "schedule add": ("OZT-LIGHT", "--on", "2030-01-01 18:00"),
    "schedule stop": ("1",),
    "list show": (),
    "list import": ("x.csv", "--list", "A", "--proof", "B"),
    "list link": ("A",),
    "template list": (),
    "template refresh": (),
    "need status": ("OZT-2026-000001", "studied"),
    "budget count": ("x.pb",),
    "budget export": ("OZT-BUDGET", "-o", "x.pb"),
    "petition import": ("OZT-PARK", "x.csv"),
    "petition list": ("OZT-PARK", "-o", "x.pdf"),
    "hold list": (),
    "hold add": ("--reason", "asked for by the court"),
    "hold lift": ("1",),
    "outbox list": (),
    "outbox release": ("--yes",),
    "outbox drop": ("--yes",),
}

#: Command -> why it is not noted.
UNNOTED = {
    "run": "starts the service; the link that it prints is logged",
    "talk": "a citizen's conversation, held in a terminal",
    "roll show": "how many numbers are on each roll",
    "check": "reads files, and opens no council's data",
    "backup": "copies the log with all else, and decides nothing",
    "restore": "works before there is a log to write into",
    "copy": "works on two databases that this deployment may not be serving",
    "migrate": "works before there is a log to write into",
}


def leaves(top: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Every command there is, in words."""
    choices = [
        action.choices for action in top._actions if isinstance(action, argparse._SubParsersAction)
    ]
    if not choices:
        yield before
    for each in choices:
        for name, one in each.items():
            yield from leaves(one, f"{before} {name}".strip())


def test_every_command_is_noted_or_says_why_not() -> None:
    assert set(leaves(parser())) == COMMANDS.keys() | UNNOTED.keys()
    assert not COMMANDS.keys() & UNNOTED.keys()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_what_is_done_by_a_command_is_in_the_log(shell: Shell, command: str) -> None:
    """With who sat at the terminal, and without what may name a citizen."""
    shell.run(*command.split(), *COMMANDS[command])

    async def logged(app: App) -> list[AuditOf]:
        async with app.storage.reading() as tx:
            return await audit_of(tx, app.register.default_id)

    noted = [row for row in shell.inside(logged) if row.action == "command"]
    assert [row.object.startswith(command) for row in noted] == [True], command
    assert noted[0].actor.startswith("server: ")
