"""Staff: messages put aside and handled again, summaries in a chat, admins, the second person."""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.app.build import App
from bot.conversation import turn
from bot.conversation.context import Context
from bot.core.links import staff_payload
from bot.core.localtime import now_ms
from bot.staff import accounts, approvals
from storage.rows.arrivals import QuarantinedOf
from storage.rows.staff import Approval, StaffMember, StaffOf
from tests.bot.cases.test_handling import case, tells
from tests.citizen import NOON, Citizen, running


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def aside(app: App) -> list[Any]:
    async with app.storage.reading() as tx:
        return await tx.rows(QuarantinedOf, council_id=app.register.default_id, or_none=1)


async def test_a_message_put_aside_is_handled_again_once_the_fault_is_mended(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, _ = await tells(app, "amina", "No water")
    whole = turn.handle

    async def broken(context: Context) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(turn, "handle", broken)
    assert "broke on our side" in await amina.says("OZT-LIGHT")
    (row,) = await aside(app)
    assert not await app.conversations.replay(row)
    assert len(await aside(app)) == 1
    monkeypatch.setattr(turn, "handle", whole)
    assert await app.conversations.replay(row)
    assert await aside(app) == []
    assert "lighting" in await amina.hears()
    # Somebody else may have pressed at the same moment: nothing happens twice.
    assert await app.conversations.replay(row)
    assert await amina.hears() == ""


async def member(app: App, name: str, role: str = "clerk") -> accounts.Member:
    """Somebody on the staff."""
    council = app.register.default_id
    async with app.storage.transaction() as tx:
        row = await accounts.known(tx, council, name)
        await tx.run("set_role", id=row.id, role=role)
    return accounts.Member(row.id, name, role, council, "example")


async def linked(app: App, name: str) -> Citizen:
    """A member of staff with a chat of their own."""
    one = await member(app, name)
    chat = Citizen(app, f"chat of {name}", at=now_ms())
    await chat.arrives("Français")
    await chat.says("annuler")
    await chat.starts(staff_payload(app.vault, one.id, now_ms() + 60_000))
    await chat.hears()
    return chat


async def test_staff_get_a_summary_in_their_chat_without_citizens_words(app: App) -> None:
    await tells(app, "amina", "Unmistakable words")
    chat = await linked(app, "salma")
    assert "synthèse" in await chat.says("synthèse")
    await chat.says("1")
    assert "sans nom" in await chat.taps("PDF")
    assert await app.maker.make_next()
    await chat.hears()
    (file,) = chat.heard[-1].media
    assert (file.kind, file.type) == ("document", "application/pdf")
    path = app.media.published(file.path)
    assert path is not None
    assert path.read_bytes().startswith(b"%PDF-")
    await chat.says("synthèse")
    await chat.says("1")
    await chat.taps("XLSX")
    assert await app.maker.make_next()
    await chat.hears()
    sheet = app.media.published(chat.heard[-1].media[0].path)
    assert sheet is not None
    with zipfile.ZipFile(sheet) as book:
        assert not any(b"Unmistakable" in book.read(name) for name in book.namelist())


async def test_nobody_else_gets_a_summary_in_a_chat(app: App) -> None:
    amina, _ = await tells(app, "amina", "No water")
    assert "staff" in await amina.says("summary")
    assert not await app.maker.make_next()


async def test_who_left_the_staff_gets_no_summary_any_more(app: App) -> None:
    await tells(app, "amina", "No water")
    chat = await linked(app, "salma")
    await member(app, "boss", "admin")
    await chat.says("synthèse")
    await chat.says("1")
    async with app.storage.transaction() as tx:
        row = await tx.row(StaffMember, council_id=app.register.default_id, name="salma")
        assert row is not None
        await accounts.end(tx, app.register.default_id, row.id)
    await chat.taps("PDF")
    assert not await app.maker.make_next()


async def test_the_last_admin_stays(app: App) -> None:
    boss = await member(app, "boss", "admin")
    async with app.storage.transaction() as tx:
        with pytest.raises(accounts.LastAdmin):
            await accounts.end(tx, boss.council_id, boss.id)
        with pytest.raises(accounts.LastAdmin):
            await accounts.set_role(tx, boss.council_id, boss.id, "reader")
        with pytest.raises(ValueError, match="no role"):
            await accounts.set_role(tx, boss.council_id, boss.id, "king")


async def test_of_two_admins_who_end_each_other_one_stays(app: App) -> None:
    one, other = await member(app, "one", "admin"), await member(app, "other", "admin")
    async with app.storage.transaction() as tx:
        for row in await tx.rows(StaffOf, council_id=one.council_id):
            if row.id not in (one.id, other.id):
                await tx.run("set_staff_state", id=row.id, state="ended")

    async def ends(who: accounts.Member) -> str:
        try:
            async with app.storage.transaction() as tx:
                await tx.rows(StaffOf, council_id=who.council_id)
                await asyncio.sleep(0.05)
                await accounts.end(tx, who.council_id, who.id)
        except accounts.LastAdmin:
            return "stays"
        return "ended"

    assert sorted(await asyncio.gather(ends(one), ends(other))) == ["ended", "stays"]


async def test_a_second_person_is_another_person(app: App, clock: time_machine.Traveller) -> None:
    one, other = await member(app, "one", "data"), await member(app, "other", "data")
    async with app.storage.transaction() as tx:
        id = await approvals.ask(tx, one, "identities", "needs csv")
        assert await approvals.ask(tx, one, "identities", "needs csv") == id
        assert not await approvals.decide(tx, one, id, yes=True)
        # Two accounts with one chat are one person.
        await tx.run("set_staff_chat", id=one.id, person_id=None)
        assert await approvals.decide(tx, other, id, yes=True)
        assert not await approvals.decide(tx, other, id, yes=False)
        assert await approvals.use(tx, other, "identities", "needs csv") is None
        assert await approvals.use(tx, one, "identities", "needs xlsx") is None
        assert await approvals.use(tx, one, "identities", "needs csv") is not None
        assert await approvals.use(tx, one, "identities", "needs csv") is None
        again = await approvals.ask(tx, one, "identities", "needs csv")
        assert again != id
        assert await approvals.decide(tx, other, again, yes=True)
    clock.shift(timedelta(milliseconds=approvals.GOOD_MS + 1))
    async with app.storage.transaction() as tx:
        assert await approvals.use(tx, one, "identities", "needs csv") is None


async def test_a_yes_is_used_once_by_two_presses_at_the_same_moment(app: App) -> None:
    one, other = await member(app, "one", "data"), await member(app, "other", "data")
    async with app.storage.transaction() as tx:
        id = await approvals.ask(tx, one, "identities", "needs csv")
        assert await approvals.decide(tx, other, id, yes=True)

    async def presses() -> bool:
        async with app.storage.transaction() as tx:
            await tx.row(Approval, id=id)
            await asyncio.sleep(0.05)
            used = await approvals.use(tx, one, "identities", "needs csv")
            await asyncio.sleep(0.05)
            return used is not None

    assert sorted(await asyncio.gather(presses(), presses())) == [False, True]


async def test_two_accounts_in_one_chat_are_one_person(app: App) -> None:
    one, other = await member(app, "one", "data"), await member(app, "other", "data")
    _, reference = await tells(app, "amina", "No water")
    person = (await case(app, reference)).person_id
    async with app.storage.transaction() as tx:
        for account in (one, other):
            await tx.run("set_staff_chat", id=account.id, person_id=person)
        id = await approvals.ask(tx, one, "identities", "needs csv")
        assert not await approvals.decide(tx, other, id, yes=True)
