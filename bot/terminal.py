"""A conversation in the terminal: `tachawor talk`, and its recording as a test.

A journal holds, for each turn, what was typed or tapped and what the bot then asked; the tests
in `tests/journals` replay it with every later release.
"""

import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import msgspec

from bot.app import App
from bot.channels.port import Arrival, Intent
from bot.channels.webchat import address_of
from bot.localtime import now_ms
from storage.ids import new_id

BYE = "bye"


class Terminal:
    """One citizen at a keyboard."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._address = address_of(secrets.token_hex(16))
        self._seen = 0
        self.turns: list[dict[str, Any]] = []

    async def type(
        self, text: str = "", *, start: str | None = None, token: str | None = None
    ) -> list[Intent]:
        """Send something as the citizen, and return what the bot answers."""
        arrival = Arrival(
            channel="terminal",
            account="terminal",
            external_id=str(new_id()),
            address=self._address,
            at=now_ms(),
            event="tap" if token else "message",
            text=text,
            start=start,
            token=token,
        )
        await self._app.conversations.receive([arrival])
        return await self._new()

    async def _new(self) -> list[Intent]:
        async with self._app.storage.reading() as tx:
            rows = await tx.rows(
                "transcript", channel="terminal", address=self._address, after=self._seen, most=50
            )
        rows.reverse()
        if rows:
            self._seen = rows[-1]["id"]
        return [msgspec.json.decode(row["intent"], type=Intent) for row in rows]


def show(intent: Intent, out: TextIO) -> None:
    """Print a message with its numbered choices."""
    out.write("\n" + intent.text + "\n")
    for media in intent.media:
        out.write(f"   [{media.kind}: {media.path}]\n")
    for button in intent.buttons:
        out.write(f"   {button.full}\n")
    out.flush()


def reading(intent: Intent) -> dict[str, Any]:
    """What a journal keeps of a message: its first question line and its choices."""
    return {"choices": [button.label for button in intent.buttons], "text": intent.text}


async def talk(app: App, start: str, journal: Path | None, lines: Sequence[str] | None = None) -> None:
    """Hold a conversation on standard input and output until "bye" or the end of the input."""
    terminal = Terminal(app)
    given = iter(lines) if lines is not None else None
    print("Talk to the bot; the end of the input or “bye” ends it.")  # noqa: T201
    answers = await terminal.type("", start=start)
    turns: list[dict[str, Any]] = [{"said": {"start": start}, "answer": [*map(reading, answers)]}]
    while True:
        for intent in answers:
            show(intent, sys.stdout)
        try:
            typed = next(given) if given is not None else input("\n> ")
        except (EOFError, StopIteration):
            break
        if typed.strip().lower() == BYE:
            break
        answers = await terminal.type(typed)
        turns.append({"said": {"text": typed}, "answer": [*map(reading, answers)]})
    if journal is not None:
        journal.parent.mkdir(parents=True, exist_ok=True)
        text = msgspec.json.format(msgspec.json.encode({"turns": turns}), indent=1).decode()
        journal.write_text(text + "\n", "utf-8")
        print(f"\nSaved {len(turns)} turns to {journal}")  # noqa: T201
