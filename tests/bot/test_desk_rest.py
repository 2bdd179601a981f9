"""Around the desk: messages put aside and handled again, staff chats, regions, erasure at the counter."""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.app.build import App
from bot.consultations import definitions
from bot.conversation import turn
from bot.conversation.context import Context
from bot.core.links import staff_payload
from bot.core.localtime import local_day, now_ms
from bot.reports.rendered import ReportFacts, rendered
from bot.results import downloads, indicators
from bot.staff import accounts, approvals
from flows.morocco import places
from flows.statistics.quarters import quarter_of
from tests.bot.test_cases import case, tells
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
        return await tx.rows("quarantined_of", council_id=app.register.default_id, or_none=1)


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
        await tx.run("set_role", id=row["id"], role=role)
    return accounts.Member(row["id"], name, role, council, "example")


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
    assert await downloads.Maker(app).make_next()
    await chat.hears()
    (file,) = chat.heard[-1].media
    assert (file.kind, file.type) == ("document", "application/pdf")
    path = app.media.published(file.path)
    assert path is not None
    assert path.read_bytes().startswith(b"%PDF-")
    await chat.says("synthèse")
    await chat.says("1")
    await chat.taps("XLSX")
    assert await downloads.Maker(app).make_next()
    await chat.hears()
    sheet = app.media.published(chat.heard[-1].media[0].path)
    assert sheet is not None
    with zipfile.ZipFile(sheet) as book:
        assert not any(b"Unmistakable" in book.read(name) for name in book.namelist())


async def test_nobody_else_gets_a_summary_in_a_chat(app: App) -> None:
    amina, _ = await tells(app, "amina", "No water")
    assert "staff" in await amina.says("summary")
    assert not await downloads.Maker(app).make_next()


async def test_who_left_the_staff_gets_no_summary_any_more(app: App) -> None:
    await tells(app, "amina", "No water")
    chat = await linked(app, "salma")
    await member(app, "boss", "admin")
    await chat.says("synthèse")
    await chat.says("1")
    async with app.storage.transaction() as tx:
        row = await tx.row("staff_member", council_id=app.register.default_id, name="salma")
        assert row is not None
        await accounts.end(tx, app.register.default_id, row["id"])
    await chat.taps("PDF")
    assert not await downloads.Maker(app).make_next()


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
        for row in await tx.rows("staff_of", council_id=one.council_id):
            if row["id"] not in (one.id, other.id):
                await tx.run("set_staff_state", id=row["id"], state="ended")

    async def ends(who: accounts.Member) -> str:
        try:
            async with app.storage.transaction() as tx:
                await tx.rows("staff_of", council_id=who.council_id)
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
            await tx.row("approval", id=id)
            await asyncio.sleep(0.05)
            used = await approvals.use(tx, one, "identities", "needs csv")
            await asyncio.sleep(0.05)
            return used is not None

    assert sorted(await asyncio.gather(presses(), presses())) == [False, True]


async def test_two_accounts_in_one_chat_are_one_person(app: App) -> None:
    one, other = await member(app, "one", "data"), await member(app, "other", "data")
    _, reference = await tells(app, "amina", "No water")
    person = (await case(app, reference))["person_id"]
    async with app.storage.transaction() as tx:
        for account in (one, other):
            await tx.run("set_staff_chat", id=account.id, person_id=person)
        id = await approvals.ask(tx, one, "identities", "needs csv")
        assert not await approvals.decide(tx, other, id, yes=True)


COMMUNE = """
code = "tarmigt"
prefix = "TRM"
place = "08.401.07.09"
language = "fr"
name = { fr = "Commune de Tarmigt", ar = "جماعة تارميكت" }
themes = [{ id = "water", text = { fr = "Eau" } }, { id = "roads", text = { fr = "Routes" } }]
"""


async def test_a_region_sees_totals_of_its_communes_and_no_small_number(
    tmp_path: Path, clock: time_machine.Traveller
) -> None:
    folder = tmp_path / "councils"
    folder.mkdir()
    region = next(p for p in places.ancestors("08.401.07.09") if p.level == "region")
    (folder / "tarmigt.toml").write_text(COMMUNE)
    (folder / "region.toml").write_text(
        COMMUNE.replace("tarmigt", "draa")
        .replace("TRM", "DRA")
        .replace("08.401.07.09", region.code)
    )
    (folder / "far.toml").write_text(
        COMMUNE.replace("tarmigt", "far")
        .replace("TRM", "FAR")
        .replace("08.401.07.09", "01.151.01.01")
    )
    poll = tmp_path / "poll.toml"
    poll.write_text(POLL)
    async with running(tmp_path, councils=str(folder)) as app:
        codes = {council.code: id for id, council in app.register.all().items()}
        councils = {council.code: council for council in app.register.all().values()}
        raw, head = definitions.read_definition(poll, councils)
        async with app.storage.transaction() as tx:
            await definitions.add(tx, app.register, raw, head)
            row = await app.register.by_code(tx, "TRM-WATER")
            assert row is not None
            await definitions.open_consultation(tx, row, "amal")
        for number in range(3):
            citizen = Citizen(app, f"citizen {number}", at=now_ms())
            await citizen.arrives("Français", "TRM-WATER")
            await citizen.says("1")
        quarter = quarter_of(local_day(now_ms()))
        async with app.storage.reading() as tx:
            found = [council.code for _, council in indicators.below(app.register, codes["draa"])]
            assert sorted(found) == ["draa", "tarmigt"]
            assert indicators.below(app.register, codes["tarmigt"]) == []
            whole, people = await indicators.of_region(app.register, tx, codes["draa"], quarter)
            own, three = await indicators.of_council(app.register, tx, codes["tarmigt"], quarter)
        # One council with three participants: neither its own page nor the region's tells the three.
        assert three == 3
        facts = ReportFacts("R", {"fr": "R"}, datetime.now(UTC), people, "1")
        for summary in (whole, own):
            shown = rendered(summary, "fr", facts)
            cells = [cell for sheet in shown.sheets for row in sheet.rows for cell in row]
            assert 3 not in [c for c in cells if isinstance(c, int)]
            assert 3 not in [f.value for f in shown.figures if isinstance(f.value, int)]


POLL = """
kind = "poll"
code = "TRM-WATER"
council = "tarmigt"
title = { fr = "L’eau" }
[[questions]]
key = "enough"
type = "yes_no"
text = { fr = "Y a-t-il assez d’eau ?" }
"""
