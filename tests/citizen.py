"""A citizen for tests: writes and taps through a real application, and reads what comes back.

    await citizen.verify([(said, expected part of the answer), ...])

A said text in square brackets taps the button whose label contains it.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from bot.app.build import App, open_app
from bot.channels.port import PULLED, Arrival, OutgoingMessage, address_of
from bot.core.config import Config, CouncilSettings, StorageSettings, Web
from bot.outbox.outgoing import restored
from flows.dialog.facts import Limits
from storage.database import Transaction
from storage.ids import new_id
from storage.rows.outbox import Transcript
from storage.rows.staff import AuditOf

#: 2026-11-21 12:00 in Morocco.
NOON = 1_795_262_400_000


def plain(text: str) -> str:
    """A text without the invisible signs that keep directions apart, with spaces that may break."""
    gone = dict.fromkeys((0x200F, 0x2066, 0x2067, 0x2068, 0x2069))
    return text.translate({**gone, 0x00A0: " "})


def config_in(folder: Path, url: str | None = None, councils: str = "") -> Config:
    """Settings of a deployment that lives in one folder."""
    return Config(
        web=Web(port=0, public_url="http://localhost:1"),
        storage=StorageSettings(
            url=url or f"sqlite:///{folder}/test.sqlite",
            media=str(folder / "media"),
            secret="a secret for tests",
        ),
        councils=CouncilSettings(folder=councils),
    )


@asynccontextmanager
async def running(folder: Path, url: str | None = None, councils: str = "") -> AsyncIterator[App]:
    """A whole application with the example council."""
    app = await open_app(config_in(folder, url, councils))
    try:
        yield app
    finally:
        await app.close()


def limit_to(app: App, made: Limits) -> None:
    """Have the example council keep these limits, as its file would say."""
    id = app.register.default_id
    council = msgspec.structs.replace(app.register.default, limits=made)
    app.register._councils = {**app.register.all(), id: council}


class Citizen:
    """One person in one chat."""

    def __init__(self, app: App, name: str = "amina", channel: str = "web", at: int = NOON) -> None:
        self.app = app
        self.channel = channel
        self.address = address_of(f"key of {name} {channel}")
        self.at = at
        self.heard: list[OutgoingMessage] = []
        self._seen = 0

    @property
    def kept(self) -> str:
        """The address as the database has it."""
        return self.address if self.channel in PULLED else self.app.vault.cover(self.address)

    def arrival(self, **what: Any) -> Arrival:
        """Something this citizen does, a second after the last."""
        self.at += 1000
        what.setdefault("external_id", str(new_id()))
        return Arrival(
            channel=self.channel, account=self.channel, address=self.address, at=self.at, **what
        )

    async def does(self, **what: Any) -> str:
        """Do something, and return what came back as one text."""
        return await self.receive(self.arrival(**what))

    async def receive(self, *arrivals: Arrival) -> str:
        """Have arrivals taken in, and return what came back as one text."""
        await self.app.conversations.receive(arrivals)
        return await self.hears()

    async def hears(self) -> str:
        """What is new."""
        async with self.app.storage.reading() as tx:
            rows = await tx.rows(
                Transcript, channel=self.channel, address=self.kept, after=self._seen, most=99
            )
        new = [restored(row.intent, self.app.vault, row.id) for row in reversed(rows)]
        if rows:
            self._seen = rows[0].id
        self.heard.extend(new)
        return plain("\n\n".join(message.text for message in new))

    async def says(self, text: str) -> str:
        """Write something; "[label]" taps the button with that label."""
        if text.startswith("[") and text.endswith("]"):
            return await self.taps(text[1:-1])
        return await self.does(text=text)

    async def starts(self, payload: str = "") -> str:
        """Open a deep link."""
        return await self.does(start=payload)

    def token(self, label: str, back: int = 1) -> str:
        """The token of a button of the last message (or one further back) with buttons."""
        shown = [message for message in self.heard if message.buttons][-back]
        found = [b for b in shown.buttons if label in plain(b.full)]
        labels = [plain(b.full) for b in shown.buttons]
        assert found, f"no button {label!r} among {labels}"
        return found[0].token

    async def taps(self, label: str, back: int = 1) -> str:
        """Tap a button."""
        return await self.does(token=self.token(label, back), event="tap")

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons of the last message."""
        return [plain(button.full) for button in self.heard[-1].buttons]

    async def verify(self, dialogue: Sequence[tuple[str, str]]) -> None:
        """Hold a dialogue: each answer must contain what is expected."""
        for said, expected in dialogue:
            answer = await self.says(said)
            assert expected in answer, f"after {said!r} the bot said:\n{answer}"

    async def arrives(self, language: str = "English", code: str = "") -> str:
        """First contact: language and consent. Returns what comes after."""
        await self.starts(code)
        await self.taps(language)
        return await self.does(text="1")


async def audit_of(tx: Transaction, council_id: int) -> list[AuditOf]:
    """What staff of a council did, newest first."""
    return await tx.rows(
        AuditOf, council_id=council_id, before=2**62, actor="", action="", most=10_000
    )
