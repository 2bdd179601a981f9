"""The needs desk: answered in a thread, merged, split, assigned, due; and files of it."""

import asyncio
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.app.build import App
from bot.cases import handling, replies
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import NotAllowed
from bot.results import downloads, indicators, requests
from bot.staff import crowds, open_answers
from bot.web.cases.filters import Wanted
from flows.dialog.facts import Council
from flows.morocco import workdays
from flows.statistics.quarters import quarter_of
from storage.database import Row
from storage.rows.cases import (
    CaseByReference,
    CasesByPlace,
    CasesPage,
    CaseStates,
    CountCases,
    EntriesOf,
)
from storage.rows.consultations import ConsultationByCode
from storage.rows.downloads import Download, TakeDownload
from tests.bot.outreach.test_broadcasts import pushed
from tests.citizen import NOON, Citizen, running
from tests.system.town import close


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def tells(
    app: App, name: str, words: str, theme: str = "💧", place: str = "Tabounte"
) -> tuple[Citizen, str]:
    """Somebody who has told a need, and its reference."""
    citizen = Citizen(app, name, at=now_ms())
    await citizen.arrives("English", "OZT-NEEDS")
    for said in (theme, place, words):
        await citizen.says(said)
    heard = await citizen.taps("Send")
    await citizen.says("not now")
    return citizen, next(word for word in heard.split() if word.startswith("OZT-2026-")).strip(".")


async def case(app: App, reference: str) -> CaseByReference:
    async with app.storage.reading() as tx:
        row = await tx.row(CaseByReference, reference=reference)
    assert row is not None
    return row


async def entries(app: App, reference: str) -> list[tuple[str, str]]:
    row = await case(app, reference)
    async with app.storage.reading() as tx:
        found = await tx.rows(EntriesOf, response_id=row.id)
    return [(entry.what, entry.text) for entry in found]


def council_of(app: App) -> Council:
    return app.register.council(app.register.default_id)


async def answers(app: App, reference: str, **what: Any) -> None:
    row = await case(app, reference)
    async with app.storage.transaction() as tx:
        await replies.answer(tx, council_of(app), row, "amal", **what)
    await pushed(app)


async def test_a_reply_reaches_its_author_and_their_answer_comes_back(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    await answers(app, reference, text="Which street?", phrase="seen")
    heard = await amina.hears()
    assert reference in heard
    assert "Which street?" in heard
    assert "We have read your need" in heard
    amina.at = now_ms()
    assert "Near the mosque" in await amina.says("Near the mosque")
    assert "has arrived" in await amina.taps("Send")
    assert await entries(app, reference) == [
        ("reply", "Which street?"),
        ("answer", "Near the mosque"),
    ]
    assert (await case(app, reference)).unread == 1
    # The words of the need itself stay what they were.
    assert "mosque" not in (await case(app, reference)).body


@pytest.mark.parametrize(("role", "shown"), [("elected", True), ("clerk", False), ("", False)])
async def test_whom_a_member_of_the_council_answers_reads_that_it_is_one(
    app: App, clock: time_machine.Traveller, role: str, shown: bool
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    await answers(app, reference, text="I asked for it today", phrase="seen", role=role)
    heard = await amina.hears()
    assert ("A member of the council" in heard) is shown
    assert "I asked for it today" in heard
    assert "We have read your need" in heard


async def test_a_citizen_may_have_nothing_to_add_or_go_somewhere_else(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    await answers(app, reference, text="We are on it.")
    await amina.hears()
    amina.at = now_ms()
    assert "Thank you" in await amina.taps("All right")
    await answers(app, reference, text="Still on it.")
    await amina.hears()
    assert "Main menu" in await amina.says("menu") or amina.labels
    assert [what for what, _ in await entries(app, reference)] == ["reply", "reply"]


async def test_a_status_needs_its_reason_and_nothing_is_sent_for_nothing(app: App) -> None:
    _, reference = await tells(app, "amina", "No water since Monday")
    for wrong in (
        {"state": "refused"},
        {"state": "passed", "text": "  "},
        {},
        {"state": "received"},
        {"state": "burnt", "text": "x"},
        {"text": "x" * 2001},
        {"phrase": "none of ours"},
    ):
        row = await case(app, reference)
        async with app.storage.transaction() as tx:
            with pytest.raises(NotAllowed):
                await replies.answer(tx, council_of(app), row, "amal", **wrong)
    assert await entries(app, reference) == []


async def test_one_answer_reaches_all_who_said_the_same_and_they_can_be_parted(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, first = await tells(app, "amina", "No water at the douar since Monday")
    brahim, second = await tells(app, "brahim", "There is no water at the douar")
    async with app.storage.transaction() as tx:
        row, other = await case(app, second), await case(app, first)
        alike = await handling.suggestions(tx, row)
        assert [found.reference for found in alike] == [first]
        await handling.merge(tx, row, other, "amal")
    assert (await case(app, first)).said == 2
    clock.shift(timedelta(hours=1))
    await answers(app, first, state="done", text="The pipe is mended.")
    assert "The pipe is mended." in await amina.hears()
    assert "The pipe is mended." in await brahim.hears()
    assert (await case(app, second)).state == "done"
    async with app.storage.transaction() as tx:
        # Neither twice, nor in a ring, nor to itself.
        for one, into in ((second, first), (first, second), (first, first)):
            with pytest.raises(NotAllowed):
                await handling.merge(tx, await case(app, one), await case(app, into), "amal")
        await handling.unmerge(tx, await case(app, second), "amal")
    assert (await case(app, first)).said == 1
    row = await case(app, second)
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed):
            await handling.unmerge(tx, row, "amal")


async def test_who_takes_their_need_back_takes_no_other_along(app: App) -> None:
    amina, first = await tells(app, "amina", "No water at the douar since Monday")
    _, second = await tells(app, "brahim", "There is no water at the douar")
    row, other = await case(app, second), await case(app, first)
    async with app.storage.transaction() as tx:
        await handling.merge(tx, row, other, "amal")
    assert await listed(app) == [first]
    await amina.says(first)
    await amina.taps("Take it back")
    await amina.taps("Take it back")
    assert await listed(app) == [second]


async def test_a_message_about_two_things_becomes_two_needs(app: App) -> None:
    amina, reference = await tells(app, "amina", "No water, and the road is cut")
    row = await case(app, reference)
    council = app.register.council(row.council_id)
    async with app.storage.transaction() as tx:
        fresh = await handling.split(tx, council, row, "roads", "The road is cut", "amal")
    made = await case(app, fresh)
    assert made.split_reference == reference
    assert made.person_id == row.person_id
    assert "The road is cut" in made.body
    assert "No water, and the road is cut" in (await case(app, reference)).body
    await amina.says("menu")
    assert "The road is cut" in await amina.says(fresh) or fresh in amina.heard[-1].text


async def test_a_request_for_information_has_twenty_working_days(app: App) -> None:
    _, reference = await tells(app, "amina", "How much did the road cost?")
    row = await case(app, reference)
    council = app.register.council(row.council_id)
    async with app.storage.transaction() as tx:
        await handling.set_nature(tx, council, row, "amal", "information")
    due = date.fromisoformat((await case(app, reference)).due_day)
    received = local_day(row.created_at)
    assert workdays.left(received, due) == 20
    assert due.weekday() < 5
    async with app.storage.transaction() as tx:
        await handling.set_nature(
            tx, council, await case(app, reference), "amal", "information", extended=True
        )
    later = date.fromisoformat((await case(app, reference)).due_day)
    assert workdays.left(received, later) == 40


async def listed(app: App, **asked: str) -> list[str]:
    class Me:
        id, council_id, role = 1, app.register.default_id, "clerk"

    values = Wanted.of(asked).values(Me())  # type: ignore[arg-type]
    async with app.storage.reading() as tx:
        rows = await tx.rows(CasesPage, sort=asked.get("sort", "oldest"), most=50, skip=0, **values)
        counted = await tx.row(CountCases, **values)
    assert counted is not None
    assert counted.n == len(rows)
    return [row.reference for row in rows]


async def test_the_list_is_filtered_by_all_that_a_clerk_asks(
    app: App, clock: time_machine.Traveller
) -> None:
    _, water = await tells(app, "amina", "No water since Monday", place="Tabounte")
    clock.shift(timedelta(days=10))
    _, road = await tells(app, "brahim", "The road is cut", theme="2", place="دوار تاجدة")
    assert await listed(app) == [water, road]
    assert await listed(app, sort="newest") == [road, water]
    assert await listed(app, age="7") == [water]
    assert await listed(app, search="ROAD") == [road]
    assert await listed(app, search=water.lower()) == [water]
    assert await listed(app, search=water[4:]) == [water]
    assert await listed(app, search="%") == []
    assert await listed(app, place="_") == []
    assert await listed(app, age="9" * 18, said="9" * 18) == []
    assert await listed(app, place="tabounte") == [water]
    assert await listed(app, place="تاجده") == [road]
    assert await listed(app, theme="water") == [water]
    assert await listed(app, said="2") == []
    assert await listed(app, assignee="none") == [water, road]
    assert await listed(app, nature="information") == []
    await answers(app, water, state="done", text="Mended.")
    assert await listed(app) == [road]
    assert await listed(app, state="done") == [water]
    assert await listed(app, state="all") == [water, road]
    assert await listed(app, theme="'; DROP TABLE cases; --") == []


async def test_who_told_the_same_twice_is_one_person_and_hears_once(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, first = await tells(app, "amina", "No water at the douar since Monday")
    await amina.says("OZT-NEEDS")
    for said in ("💧", "Tabounte", "Still no water at the douar"):
        heard = await amina.says(said)
    heard = await amina.taps("Send")
    second = next(w for w in heard.split() if w.startswith("OZT-2026-")).strip(".")
    row, other = await case(app, second), await case(app, first)
    async with app.storage.transaction() as tx:
        await handling.merge(tx, row, other, "amal")
    assert (await case(app, first)).said == 1
    clock.shift(timedelta(hours=1))
    await answers(app, first, state="done", text="The pipe is mended.")
    assert (await amina.hears()).count("The pipe is mended.") == 1
    assert (await case(app, second)).state == "done"


async def test_who_took_theirs_back_is_left_alone(app: App, clock: time_machine.Traveller) -> None:
    _, first = await tells(app, "amina", "No water at the douar since Monday")
    brahim, second = await tells(app, "brahim", "There is no water at the douar")
    row, other = await case(app, second), await case(app, first)
    async with app.storage.transaction() as tx:
        await handling.merge(tx, row, other, "amal")
    await brahim.says(second)
    await brahim.taps("Take it back")
    await brahim.taps("Take it back")
    clock.shift(timedelta(hours=1))
    await answers(app, first, state="planned", text="In March.")
    assert await brahim.hears() == ""
    assert (await case(app, second)).state == "withdrawn"
    assert (await case(app, first)).said == 1


async def test_a_word_with_a_hyphen_is_found(app: App) -> None:
    _, reference = await tells(app, "amina", "Le rendez-vous à Aït-Melloul est annulé")
    for word in ("rendez-vous", "Aït-Melloul", "melloul", reference, reference[:8]):
        assert await listed(app, search=word) == [reference], word


async def test_two_clerks_do_not_put_two_needs_to_each_other(app: App) -> None:
    _, first = await tells(app, "amina", "No water at the douar since Monday")
    _, second = await tells(app, "brahim", "There is no water at the douar")
    rows = await case(app, first), await case(app, second)

    async def merges(one: CaseByReference, other: Row) -> str:
        try:
            async with app.storage.transaction() as tx:
                await tx.rows(CaseStates, council_id=one.council_id, today="2026-01-01")
                await asyncio.sleep(0.05)
                await handling.merge(tx, one, other, "amal")
        except NotAllowed:
            return "refused"
        return "merged"

    assert sorted(await asyncio.gather(merges(*rows), merges(*reversed(rows)))) == [
        "merged",
        "refused",
    ]
    assert len(await listed(app)) == 1


async def test_needs_are_counted_by_place(app: App) -> None:
    for name, place in (("amina", "Tabounte"), ("brahim", "tabounte"), ("fatima", "Sidi Daoud")):
        await tells(app, name, f"No water, says {name}", place=place)

    class Me:
        id, council_id, role = 1, app.register.default_id, "clerk"

    values = Wanted.of({}).values(Me())  # type: ignore[arg-type]
    async with app.storage.reading() as tx:
        rows = await tx.rows(CasesByPlace, most=10, **values)
    assert [row.n for row in rows] == [2, 1]


async def test_what_is_late_is_told_until_somebody_answers(
    app: App, clock: time_machine.Traveller
) -> None:
    _, reference = await tells(app, "amina", "How much did the road cost?")
    row = await case(app, reference)
    council = app.register.council(row.council_id)
    async with app.storage.transaction() as tx:
        await handling.set_nature(tx, council, row, "amal", "information")
    assert await listed(app, overdue="1") == []
    clock.shift(timedelta(days=45))
    assert await listed(app, overdue="1") == [reference]
    await answers(app, reference, text="It cost what the budget says.")
    assert await listed(app, overdue="1") == []


async def test_forget_me_takes_the_thread_along(app: App, clock: time_machine.Traveller) -> None:
    amina, reference = await tells(app, "amina", "Unforgettable words")
    clock.shift(timedelta(hours=1))
    await answers(app, reference, text="Dear Amina, very private")
    await amina.hears()
    amina.at = now_ms()
    await amina.says("Equally unforgettable")
    await amina.taps("Send")
    id = (await case(app, reference)).id
    await amina.says("my data")
    await amina.taps("Erase")
    heard = await amina.taps("Erase")
    assert "erased" in heard
    async with app.storage.reading() as tx:
        found = await tx.rows(EntriesOf, response_id=id)
        kept = [str(row) for row in found]
    assert [row.what for row in found] == ["reply", "answer"]
    assert "unforgettable" not in " ".join(kept).lower()
    assert "private" not in " ".join(kept)


async def test_needs_told_before_there_was_a_desk_get_their_case(app: App) -> None:
    _, reference = await tells(app, "amina", "No water since Monday")
    row = await case(app, reference)
    async with app.storage.transaction() as tx:
        await tx.run("drop_case", response_id=row.id)
    assert await handling.backfill(app.storage, app.register) == 1
    assert await handling.backfill(app.storage, app.register) == 0
    assert await listed(app, search="water") == [reference]


# --------------------------------------------------------------------------- files


async def made(app: App, what: str, format: str, object: str = "", **more: Any) -> bytes:
    """A file as staff get it."""
    values = Wanted.of({"state": "all"}).values(
        type("Me", (), {"id": 1, "council_id": 0, "role": "clerk"})()
    )
    del values["council_id"]
    council = app.register.default_id
    async with app.storage.transaction() as tx:
        await tx.run("add_staff", id=77, council_id=council, name="amal", role="admin", at=now_ms())
        id = await requests.ask(
            tx, council, 77, what, object, format, "fr",
            filters={"values": values, "words": "tous"} if what == "needs" else {},
            identities=more.get("identities", False),
        )  # fmt: skip
    maker = app.maker
    assert await maker.make_next()
    assert not await maker.make_next()
    async with app.storage.reading() as tx:
        row = await tx.row(Download, id=id)
    assert row is not None
    if row.state != "done":
        raise AssertionError(row.error)
    content = (app.media.downloads / row.file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert row.size == len(content)
    return content


async def test_the_desk_as_csv_says_what_it_is_and_defuses_formulas(app: App) -> None:
    _, reference = await tells(app, "amina", "=HYPERLINK(1;2) no water")
    text = (await made(app, "needs", "csv")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert any("tous" in row for row in rows)
    line = next(row for row in rows if row and row[0] == reference)
    assert any(cell.startswith("'=HYPERLINK") for cell in line)
    assert "key of amina" not in text


async def test_identities_are_only_in_the_file_that_was_asked_for_with_them(app: App) -> None:
    citizen, _ = await tells(app, "amina", "No water")
    assert citizen.address not in (await made(app, "needs", "csv")).decode()


async def test_identities_stand_in_a_column_of_their_own(app: App) -> None:
    citizen, _ = await tells(app, "amina", "No water")
    assert citizen.address in (await made(app, "needs", "json", identities=True)).decode()


@pytest.mark.parametrize("format", ["pdf", "xlsx", "json"])
async def test_the_desk_in_other_formats(app: App, format: str) -> None:
    _, reference = await tells(app, "amina", "لا ماء منذ الاثنين")
    content = await made(app, "needs", format)
    if format == "pdf":
        assert content.startswith(b"%PDF-")
    elif format == "xlsx":
        strings = zipfile.ZipFile(io.BytesIO(content))
        assert any(reference.encode() in strings.read(name) for name in strings.namelist())
    else:
        assert reference in json.dumps(json.loads(content), ensure_ascii=False)


async def test_the_whole_council_in_one_file_keeps_small_numbers_back(app: App) -> None:
    citizen = Citizen(app, "amina", at=now_ms())
    await citizen.arrives("English", "OZT-LIGHT")
    await citizen.verify([("1", ""), ("5", ""), ("skip", ""), ("[Send]", "counted")])
    read = json.loads(await made(app, "council", "json"))
    table = next(t for t in read["payload"]["tables"] if t["id"] == "consultations")
    line = next(row for row in table["rows"] if row[0]["value"] == "OZT-LIGHT")
    assert {"value": None, "suppressed": True} in line


async def test_a_package_of_single_answers_is_not_made_of_four(app: App) -> None:
    with pytest.raises(AssertionError, match=r"rows\.open"):
        # Who takes it twice while people answer reads who answered in between.
        await made(app, "consultation", "flow", "OZT-LIGHT")
    await close(app, "OZT-LIGHT")
    with pytest.raises(AssertionError, match="too_few"):
        await made(app, "consultation", "flow", "OZT-LIGHT")


async def test_a_maker_that_died_is_followed_by_another(
    app: App, clock: time_machine.Traveller
) -> None:
    await tells(app, "amina", "No water")
    async with app.storage.transaction() as tx:
        await tx.run(
            "add_staff", id=7, council_id=app.register.default_id, name="x", role="admin", at=1
        )
        id = await requests.ask(
            tx, app.register.default_id, 7, "council", "", "json", "fr",
            filters={}, identities=False,
        )  # fmt: skip
        assert await tx.row(TakeDownload, at=now_ms(), lost_before=0) is not None
    maker = app.maker
    assert not await maker.make_next()
    clock.shift(timedelta(milliseconds=downloads.LOST_MS + 1))
    assert await maker.make_next()
    clock.shift(timedelta(milliseconds=downloads.KEPT_MS + 1))
    await maker.tidy()
    async with app.storage.reading() as tx:
        row = await tx.row(Download, id=id)
    assert row is not None
    assert row.state == "gone"
    assert list(app.media.downloads.iterdir()) == []


# --------------------------------------------------------------------------- open answers, indicators


async def test_words_are_hidden_everywhere_and_shown_again(app: App) -> None:
    for number in range(5):
        await tells(app, f"citizen {number}", f"House {number}, call 06 12 34 56 7{number}")

    async def questions() -> list[open_answers.OpenQuestion]:
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
            assert row is not None
            return await open_answers.questions_of(tx, app.vault, row)

    (found,) = await questions()
    one = found.answers[0]
    assert one.suspects == ("phone",)
    assert "06 12" not in one.masked
    async with app.storage.transaction() as tx:
        await open_answers.hide(tx, [found], one.token, "personal", "amal")
        with pytest.raises(NotAllowed):
            await open_answers.hide(tx, [found], one.token, "because", "amal")
    text = (await made(app, "needs", "csv")).decode()
    # Numbers are in no file; hidden words are gone as a whole.
    assert "56 7" not in text
    assert "House 0" not in text
    assert "House 1, call •••" in text
    (found,) = await questions()
    assert [a.hidden.by for a in found.answers if a.hidden] == ["amal"]
    async with app.storage.transaction() as tx:
        await open_answers.show(tx, [found], one.token, "amal")
    (found,) = await questions()
    assert [a for a in found.answers if a.hidden] == []


async def test_the_indicators_count_each_person_once(
    app: App, clock: time_machine.Traveller
) -> None:
    quarter = quarter_of(local_day(now_ms()))
    _, first = await tells(app, "amina", "No water since Monday")
    amina = Citizen(app, "amina", at=now_ms() + 60_000)
    await amina.says("OZT-NEEDS")
    for said in ("2", "Tabounte", "The road is cut", "1"):
        await amina.says(said)
    clock.shift(timedelta(hours=5))
    await answers(app, first, text="Seen.")
    async with app.storage.reading() as tx:
        made_of = await indicators.measured(tx, app.register.default_id, quarter)
    assert (made_of.participants, made_of.returning) == (1, 0)
    assert (made_of.needs_filed, made_of.needs_answered) == (2, 1)
    assert [round(hours) for hours in made_of.first_answer_hours] == [5]
    async with app.storage.reading() as tx:
        after = await indicators.measured(tx, app.register.default_id, quarter.next)
    assert after.participants == 0


async def test_what_is_written_to_one_reaches_nobody_else(app: App) -> None:
    """What the desk sends to one goes to one."""
    amina, reference = await tells(app, "amina", "No water")
    brahim, _ = await tells(app, "brahim", "The road is cut", theme="2")
    await brahim.hears()
    await answers(app, reference, text="Only for Amina")
    assert "Only for Amina" in await amina.hears()
    assert await brahim.hears() == ""


async def test_a_need_that_awaits_a_check_is_read_and_answered_at_the_desk(
    app: App, clock: time_machine.Traveller
) -> None:
    """Its author reads that it is received; nobody reads that it was taken back. What it becomes, it is once it counts."""
    _, reference = await tells(app, "amina", "No water since Monday")
    async with app.storage.transaction() as tx:
        row = await tx.row(CaseByReference, reference=reference)
        assert row is not None
        await crowds.set_aside(tx, row.consultation_id, "unopened", [row.id], NOON)
    found = await case(app, reference)
    assert (found.state, found.aside) == ("received", 1)
    await answers(app, reference, text="We look at it.", state="planned")
    assert (await case(app, reference)).state == "planned"
    async with app.storage.transaction() as tx:
        (group,) = await crowds.groups(tx, found.consultation_id)
        await crowds.decide(
            tx, found.consultation_id, group.id, counts=True, made_by="Nadia", at=NOON
        )
    found = await case(app, reference)
    assert (found.state, found.aside) == ("planned", 0)
