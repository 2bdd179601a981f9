"""Who answers for a commitment is reminded in their own chat: in time, once each, never at night."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import time_machine

from bot.app.build import App
from bot.consultations import amending
from bot.kinds.commitment import changes, clock
from bot.outreach import held
from bot.staff import accounts
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from storage.rows.people import PersonOfAddress
from tests.citizen import NOON, Citizen, running

#: The last day of the example.
DUE = datetime(2027, 3, 31, 10, tzinfo=UTC)


@asynccontextmanager
async def town(folder: Path, url: str | None = None) -> AsyncIterator["Town"]:
    """The example council in the morning; whoever answers for the lamps is a member of staff, Salma."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        async with running(folder, url) as app:
            found = Town(app, traveller)
            await found.joins("Salma")
            await found.changed(owner="Salma")
            yield found


class Town:
    """The commitment, who answers for it, and the clock."""

    def __init__(self, app: App, traveller: time_machine.Traveller) -> None:
        self.app = app
        self.chat = Citizen(app, "Salma")
        self._traveller = traveller

    async def joins(self, name: str) -> None:
        """A member of staff has joined their own chat."""
        await self.chat.arrives()
        await self.chat.says("cancel")
        council_id = self.app.register.default_id
        async with self.app.storage.transaction() as tx:
            await accounts.admit(tx, council_id, name, "clerk")
            member = await accounts.known(tx, council_id, name)
            row = await tx.row(PersonOfAddress, channel=self.chat.channel, address=self.chat.kept)
            assert row is not None
            await tx.run("set_staff_chat", id=member.id, person_id=row.person_id)

    async def row(self) -> StoredConsultation:
        async with self.app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-LAMPS")
        assert row is not None
        return row

    async def changed(self, **more: str) -> None:
        """An amendment by its organizer."""
        async with self.app.storage.transaction() as tx:
            row = await self.row()
            raw = {**msgspec.json.decode(row.definition), **more}
            await amending.amend(tx, self.app.register, row, raw, "amal")

    async def says(self, state: str) -> None:
        """Staff say how it stands."""
        async with self.app.storage.transaction() as tx:
            why = {"en": "No money."} if state == "given_up" else {}
            await changes.note(tx, await self.row(), state, why, "", "amal", NOON)

    async def looks(self, day: datetime) -> str:
        """What the server does by itself on a day; returns what Salma hears."""
        self._traveller.move_to(day)
        await clock.look(self.app)
        return await self.chat.hears()


def on(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


async def test_the_owner_is_reminded_30_7_and_0_days_before_and_weekly_when_late(
    tmp_path: Path, url: str
) -> None:
    async with town(tmp_path, url) as t:
        assert await t.looks(on(2027, 2, 28)) == ""
        first = await t.looks(on(2027, 3, 1))
        assert "30 days are left." in first
        assert "New lamps" in first
        assert "/staff/commitments/OZT-LAMPS" in first
        assert await t.looks(on(2027, 3, 23)) == ""
        assert "7 days are left." in await t.looks(on(2027, 3, 24))
        assert await t.looks(on(2027, 3, 30)) == ""
        assert "It is the last day." in await t.looks(DUE)
        assert await t.looks(on(2027, 4, 6)) == ""
        assert "It is 7 days late." in await t.looks(on(2027, 4, 7))
        assert await t.looks(on(2027, 4, 13)) == ""
        assert "It is 14 days late." in await t.looks(on(2027, 4, 14))


async def test_each_reminder_goes_once_from_several_processes_and_after_a_restart(
    tmp_path: Path, url: str
) -> None:
    async with town(tmp_path, url) as t:
        t._traveller.move_to(DUE)
        async with AsyncExitStack() as stack:
            apps = [t.app]
            if not url.startswith("sqlite"):
                apps.append(await stack.enter_async_context(running(tmp_path, url)))
            await asyncio.gather(*(clock.look(app) for app in apps * 2))
            assert (await t.chat.hears()).count("It is the last day.") == 1
        await t.app.close()
        async with running(tmp_path, url) as again:
            await clock.look(again)
            t.chat.app = again
            assert await t.chat.hears() == ""


async def test_nobody_is_reminded_at_night_or_while_a_restored_database_is_held(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        assert await t.looks(on(2027, 3, 1, 6)) == ""
        async with t.app.storage.transaction() as tx:
            await held.hold(tx, "2027-03-01")
        assert await t.looks(on(2027, 3, 1)) == ""
        async with t.app.storage.transaction() as tx:
            await held.release(tx)
        assert "30 days are left." in await t.looks(on(2027, 3, 1))


@pytest.mark.parametrize("state", ["done", "given_up"])
async def test_of_what_is_done_or_given_up_nobody_is_reminded(tmp_path: Path, state: str) -> None:
    async with town(tmp_path) as t:
        await t.says(state)
        assert await t.looks(DUE) == ""


async def test_of_reminders_that_were_missed_only_the_last_goes(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        assert (await t.looks(on(2027, 4, 16))).count("Reminder") == 1
        assert await t.looks(on(2027, 4, 17)) == ""


async def test_a_service_that_is_nobody_on_the_staff_has_nobody_reminded(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.changed(owner="Service technique")
        assert await t.looks(DUE) == ""
        # Once it is a member's, the reminder of the day goes.
        await t.changed(owner="Salma")
        assert "It is the last day." in await t.looks(DUE)
