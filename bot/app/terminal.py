"""A conversation in the terminal: `tachawor talk`, and its recording as a test.

A journal holds, for each turn, what was typed, what the bot answered, and the conversation as it
was stored then: its flow, its facts, its answers and the key it awaited. The tests replay the
journals in `tests/journals` with every later release.
"""

import asyncio
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import msgspec

from bot.app.build import App
from bot.channels.port import Arrival, OutgoingMessage, address_of
from bot.core.contact import read_contacts
from bot.core.localtime import now_ms
from bot.outbox.outgoing import restored
from flows.dialog.facts import Shared
from storage.database import batch
from storage.ids import new_id

BYE = "bye"


class Terminal:
    """One citizen at a keyboard."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._address = address_of(secrets.token_hex(16))
        self._seen = 0
        #: Shared facts of the conversations so far, by their hash.
        self.facts: dict[str, Shared] = {}

    async def type(
        self, text: str = "", *, start: str | None = None, token: str | None = None
    ) -> list[OutgoingMessage]:
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

    async def state(self) -> dict[str, Any] | None:
        """The conversation that is open now, as it is stored (private answers readable)."""
        key = ("terminal", "terminal", self._address)
        wanted = batch([dict(zip(("channel", "account", "address"), key, strict=True))])
        async with self._app.storage.reading() as tx:
            rows = await tx.rows("states_of", rows=wanted)
            for digest in {row["facts"] for row in rows} - self.facts.keys() - {None}:
                found = await tx.row("facts_of", hash=digest)
                if found is not None:
                    self.facts[digest] = msgspec.json.decode(found["body"], type=Shared)
        top = read_contacts(rows, self.facts, self._app.vault)[key].top if rows else None
        if top is None:
            return None
        return {
            "flow": top.flow,
            "facts": top.facts_hash,
            "own": top.facts.own,
            "answers": top.journal.answers,
            "awaited": top.journal.awaited,
        }

    async def _new(self) -> list[OutgoingMessage]:
        async with self._app.storage.reading() as tx:
            rows = await tx.rows(
                "transcript", channel="terminal", address=self._address, after=self._seen, most=50
            )
        rows.reverse()
        if rows:
            self._seen = rows[-1]["id"]
        return [restored(row["intent"], self._app.vault, row["id"]) for row in rows]


def show(message: OutgoingMessage, out: TextIO) -> None:
    """Print a message with its numbered choices."""
    out.write("\n" + message.text + "\n")
    for media in message.media:
        out.write(f"   [{media.kind}: {media.path}]\n")
    for button in message.buttons:
        out.write(f"   {button.full}\n")
    out.flush()


async def _turn(
    terminal: Terminal, said: dict[str, str], answers: Sequence[OutgoingMessage]
) -> dict[str, Any]:
    """What a journal keeps of a turn."""
    shown = [{"text": i.text, "choices": [button.label for button in i.buttons]} for i in answers]
    return {"said": said, "answer": shown, "state": await terminal.state()}


async def talk(app: App, start: str, journal: Path | None) -> None:
    """Hold a conversation on standard input and output until "bye" or the end of the input."""
    terminal = Terminal(app)
    print("Talk to the bot; the end of the input or “bye” ends it.")
    answers = await terminal.type("", start=start)
    turns = [await _turn(terminal, {"start": start}, answers)]
    while True:
        for message in answers:
            show(message, sys.stdout)
        try:
            typed = await asyncio.to_thread(input, "\n> ")
        except EOFError:
            break
        if typed.strip().lower() == BYE:
            break
        answers = await terminal.type(typed)
        turns.append(await _turn(terminal, {"text": typed}, answers))
    if journal is not None:
        journal.parent.mkdir(parents=True, exist_ok=True)
        text = msgspec.json.format(
            msgspec.json.encode({"facts": terminal.facts, "turns": turns}), indent=1
        ).decode()
        journal.write_text(text + "\n", "utf-8")
        print(f"\nSaved {len(turns)} turns to {journal}")
