"""A workshop of the example council, smaller or at another time, and people who sign up to it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import time_machine

from bot.app.build import App
from bot.consultations import amending, definitions
from bot.kinds.meeting import clock, seats
from flows.kinds.meeting.results import Seats
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from tests.citizen import NOON, Citizen, running

CODE = "OZT-WORKSHOP"

#: Ten in the morning, and when the workshop of the example begins: 10 April 2027, 09:00.
MORNING = int(datetime(2026, 11, 21, 10, tzinfo=UTC).timestamp() * 1000)
STARTS = int(datetime(2027, 4, 10, 9, tzinfo=UTC).timestamp() * 1000)
HOUR = 3_600_000


def digest_in(page: str) -> str:
    """What stands on a page for what was looked at."""
    met = re.search(r'name="digest" value="([0-9a-f]+)"', page)
    assert met is not None
    return met[1]


@asynccontextmanager
async def workshop(folder: Path, url: str | None = None, **more: Any) -> AsyncIterator["Workshop"]:
    """The application, with a clock that stands still until it is moved."""
    moment = datetime.fromtimestamp(MORNING / 1000, UTC)
    with time_machine.travel(moment, tick=False) as traveller:
        async with running(folder, url) as app:
            found = Workshop(app, traveller)
            if more:
                await found.changed(**more)
            yield found


class Workshop:
    """One meeting, and what can happen to it."""

    def __init__(self, app: App, traveller: time_machine.Traveller) -> None:
        self.app = app
        self._traveller = traveller

    async def row(self) -> StoredConsultation:
        async with self.app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code=CODE)
        assert row is not None
        return row

    async def changed(self, **more: Any) -> None:
        """An amendment by its organizer."""
        async with self.app.storage.transaction() as tx:
            row = await self.row()
            raw = {**msgspec.json.decode(row.definition), **more}
            await amending.amend(tx, self.app.register, row, raw, "amal")

    async def closed(self) -> None:
        async with self.app.storage.transaction() as tx:
            await definitions.close_consultation(tx, await self.row(), "amal")

    def move_to(self, at: int) -> None:
        """It is that moment; ms."""
        self._traveller.move_to(datetime.fromtimestamp(at / 1000, UTC))

    async def look(self, at: int | None = None) -> None:
        """What the server does every few seconds."""
        if at is not None:
            self.move_to(at)
        await clock.look(self.app)

    async def places(self) -> Seats:
        async with self.app.storage.reading() as tx:
            return await seats.counted(tx, (await self.row()).id)

    async def known(self, name: str, channel: str = "web", at: int = NOON) -> Citizen:
        """Somebody who has agreed to take part."""
        citizen = Citizen(self.app, name, channel, at)
        await citizen.arrives()
        await citizen.says("cancel")
        return citizen

    async def signs_up(self, citizen: Citizen, at: int | None = None) -> str:
        """Sign up, or have oneself put on the list; what the bot said at the end."""
        citizen.at = max(citizen.at, at or 0)
        await citizen.starts(CODE)
        free = any("I will come" in label for label in citizen.labels)
        await citizen.says("[I will come]" if free else "[Put me on the list]")
        await citizen.says("[No, nothing]")
        return await citizen.says("[Send]")

    async def gives_back(self, citizen: Citizen, at: int | None = None) -> str:
        """Say that one cannot come."""
        citizen.at = max(citizen.at, at or 0)
        await citizen.starts(CODE)
        await citizen.says("[I cannot come]")
        return await citizen.says("[I cannot come]")
