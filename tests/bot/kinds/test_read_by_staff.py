"""What pages read of needs, petitions, files and people: their own council's, within limits."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from bot.app.build import App, conversation_parts
from bot.cases import handling, reading
from bot.conversation.erasure import copy_named, export, held_about
from bot.core.localtime import now_ms
from bot.kinds.petition import reading as petitions
from bot.kinds.petition.desk import petitions_today
from bot.outbox.outgoing import transcript
from bot.outbox.troubles import troubles
from bot.results import requests
from bot.staff import accounts
from bot.staff.accounts import Member
from bot.web.cases.filters import Wanted
from bot.web.cases.panel import cases_today
from storage.database import Transaction
from storage.rows.cases import CaseByReference, MediaNamed
from storage.rows.consultations import ConsultationByCode
from tests.bot.cases.test_handling import case, tells
from tests.citizen import NOON, running


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    """The example council on each engine in turn."""
    async with running(tmp_path, url) as opened:
        yield opened


def clerk(app: App) -> Member:
    return Member(1, "salma", "clerk", app.register.default_id, "example")


# --------------------------------------------------------------------------- needs


async def test_a_need_is_found_by_its_own_council_only_in_capitals_or_not(app: App) -> None:
    _, reference = await tells(app, "amina", "No water")
    council_id = app.register.default_id
    async with app.storage.reading() as tx:
        assert await reading.need(tx, council_id, reference.lower()) is not None
        assert await reading.need(tx, council_id + 1, reference) is None
        assert await reading.need(tx, council_id, "OZT-2026-999999") is None


async def test_the_list_counts_all_that_it_finds_and_shows_a_page(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    told = [(await tells(app, f"citizen {n}", f"No water {n}"))[1] for n in range(3)]
    filters = Wanted().values(clerk(app))
    async with app.storage.reading() as tx:
        first = await reading.listed(tx, filters, "oldest", 1)
        second = await reading.listed(tx, filters, "oldest", 2)
        beyond = await reading.listed(tx, filters, "oldest", 3)
        elsewhere = await reading.listed(tx, {**filters, "council_id": 1}, "oldest", 1)
    assert (first.count, first.pages) == (3, 2)
    assert [need.reference for need in (*first.needs, *second.needs)] == told
    assert beyond.needs == []
    assert [(place.place, place.n) for place in first.places] == [("tabounte", 3)]
    assert (elsewhere.count, elsewhere.pages, elsewhere.needs, elsewhere.places) == (0, 1, [], [])


async def test_reading_what_a_citizen_added_leaves_nothing_unread(app: App) -> None:
    _, reference = await tells(app, "amina", "No water")
    row = await case(app, reference)
    async with app.storage.transaction() as tx:
        await handling.heard(tx, row.id, "answer", {"text": "Still none"})
        await handling.set_nature(tx, app.register.default, row, "salma", "information")
        before = await reading.standing(tx, row.council_id, "2026-11-21")
        await handling.mark_read(tx, row.id)
        after = await reading.standing(tx, row.council_id, "2026-11-21")
        late = await reading.standing(tx, row.council_id, "2126-11-21")
        elsewhere = await reading.standing(tx, row.council_id + 1, "2126-11-21")
    assert (before.unread, after.unread) == (1, 0)
    assert (dict(after.by_state), late.overdue) == ({"received": 1}, 1)
    assert (dict(elsewhere.by_state), elsewhere.overdue, elsewhere.unread) == ({}, 0, 0)


async def test_a_case_file_suggests_nothing_for_a_need_that_was_put_to_another(app: App) -> None:
    one, other = [(await tells(app, name, "No water at all"))[1] for name in ("amina", "brahim")]

    async def both(tx: Transaction) -> list[CaseByReference]:
        council_id = app.register.default_id
        found = [await reading.need(tx, council_id, reference) for reference in (one, other)]
        return [row for row in found if row is not None]

    async with app.storage.transaction() as tx:
        first, second = await both(tx)
        about = await reading.case_file(tx, first)
        assert [like.reference for like in about.alike] == [other]
        assert (about.entries, about.files, about.written, about.merged) == ([], [], [], [])
        await handling.merge(tx, first, second, "salma")
        first, second = await both(tx)
        assert (await reading.case_file(tx, first)).alike == []
        assert [m.reference for m in (await reading.case_file(tx, second)).merged] == [one]


async def test_a_file_is_found_only_under_the_need_that_it_came_with(app: App) -> None:
    rows = [await case(app, (await tells(app, n, "No water"))[1]) for n in ("amina", "brahim")]
    media = {"name": "photo.jpg", "kind": "photo"}
    async with app.storage.transaction() as tx:
        await handling.heard(tx, rows[0].id, "added", {"media": [media]})
        # The thread names it; the file itself was never kept.
        assert await reading.file_of(tx, rows[0], "photo.jpg") is None
        await tx.run(
            "add_media",
            name="photo.jpg",
            person_id=rows[0].person_id,
            kind="photo",
            type="image/jpeg",
            size=3,
            sha256="",
            at=now_ms(),
            look_at=2**40,
        )
        found = await reading.file_of(tx, rows[0], "photo.jpg")
        assert await reading.file_of(tx, rows[1], "photo.jpg") is None
        assert await reading.file_of(tx, rows[0], "other.jpg") is None
    assert isinstance(found, MediaNamed)
    assert found.kind == "photo"


async def test_today_shows_the_longest_waiting_needs_of_its_own_council(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [(await tells(app, f"citizen {n}", f"No water {n}"))[1] for n in range(2)]
    council = app.register.default
    elsewhere = Member(1, "said", "clerk", app.register.default_id + 1, "zagora")
    async with app.storage.reading() as tx:
        shown = await cases_today(tx, council, clerk(app), "en")
        nothing = await cases_today(tx, council, elsewhere, "en")
        monkeypatch.setattr("bot.web.cases.panel.LONGEST", 1)
        longest = await cases_today(tx, council, clerk(app), "en")
    assert [one["reference"] for one in shown["waiting"]] == told
    assert [one["reference"] for one in longest["waiting"]] == told[:1]
    assert (shown["unanswered"], shown["unread"]) == (2, 0)
    assert nothing == {"waiting": [], "unanswered": 0, "overdue": 0, "unread": 0}


# --------------------------------------------------------------------------- petitions


async def test_the_desk_measures_a_petition_by_the_day_of_its_deposit(app: App) -> None:
    council_id, today = app.register.default_id, date(2026, 11, 21)
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-PARK")
        assert row is not None
        await petitions.lock(tx, row)
        before = await petitions.desk(tx, app.register, row, today)
        await tx.run("add_deposit", **DEPOSIT, consultation_id=row.id)
        after = await petitions.desk(tx, app.register, row, today)
        waiting = await petitions.awaiting_answer(tx, council_id)
        shown = await petitions_today(tx, app.register.default, clerk(app), "en")
        assert await petitions.awaiting_answer(tx, council_id + 1) == []
        assert await petitions.petitions_of(tx, council_id + 1) == []
        assert await petitions.deposit_of(tx, 1) is None
        assert await petitions.signatures(tx, row.id) == []
        (listed,) = await petitions.petitions_of(tx, council_id)
    assert (before.held, before.day, before.standing.signatures) == (None, today, 0)
    assert after.held is not None
    assert after.day == date(2026, 11, 20)
    assert [one.code for one in waiting] == [listed.code] == ["OZT-PARK"]
    assert [(one["code"], one["due"]) for one in shown["petitions"]] == [
        ("OZT-PARK", date(2027, 2, 20))
    ]


DEPOSIT = {
    "receipt": "OZT-DEP-2026-0001",
    "day": "2026-11-20",
    "signatures": 2,
    "due_day": "2027-02-20",
    "received_by": "nadia",
    "at": 0,
}


# --------------------------------------------------------------------------- files and people


async def test_a_file_is_found_by_who_asked_for_it_only(app: App) -> None:
    council_id = app.register.default_id
    async with app.storage.transaction() as tx:
        amal = (await accounts.known(tx, council_id, "amal")).id
        zahra = (await accounts.known(tx, council_id, "zahra")).id
        ids = [
            await requests.ask(
                tx, council_id, who, "needs", "", "csv", "fr", filters={}, identities=False
            )
            for who in (amal, amal, zahra)
        ]
        assert await requests.request(tx, amal, ids[0]) is not None
        assert await requests.request(tx, zahra, ids[0]) is None
        assert await requests.request(tx, amal, 5) is None
        assert {row.id for row in await requests.requests_of(tx, amal, 9)} == set(ids[:2])
        assert len(await requests.requests_of(tx, amal, 1)) == 1
        assert await requests.requests_of(tx, 5, 9) == []


async def test_what_is_kept_is_told_to_a_council_that_the_person_had_to_do_with(app: App) -> None:
    _, reference = await tells(app, "amina", "No water")
    council_id = app.register.default_id
    async with app.storage.reading() as tx:
        held = await held_about(tx, app.vault, council_id, reference.lower())
        assert await held_about(tx, app.vault, council_id + 1, reference) is None
        assert await held_about(tx, app.vault, council_id, "OZT-2026-999999") is None
        assert await held_about(tx, app.vault, council_id, "0612345678") is None
    assert held is not None
    assert (held.channels, held.kinds, held.elsewhere) == (("web",), (("need", 1),), False)


async def test_a_copy_is_read_by_its_name_until_it_is_dropped(app: App) -> None:
    _, reference = await tells(app, "amina", "No water")
    person_id = (await case(app, reference)).person_id
    assert person_id is not None
    async with app.storage.transaction() as tx:
        name = await export(tx, app.vault, conversation_parts().own_data, person_id, now_ms())
        copy = await copy_named(tx, app.vault, name)
        assert copy is not None
        assert "No water" in copy
        assert await copy_named(tx, app.vault, "another name") is None
        await tx.run("drop_old_exports", before=now_ms() + 1)
        assert await copy_named(tx, app.vault, name) is None


async def test_a_transcript_ends_with_the_newest_and_begins_after_what_was_read(app: App) -> None:
    amina, _ = await tells(app, "amina", "No water")
    async with app.storage.reading() as tx:
        whole = await transcript(tx, "web", amina.address, 0, 99)
        last = await transcript(tx, "web", amina.address, 0, 2)
        assert await transcript(tx, "web", amina.address, whole[-1].id, 99) == []
        assert await transcript(tx, "web", "somebody else", 0, 99) == []
        assert await transcript(tx, "telegram", amina.address, 0, 99) == []
    assert [row.id for row in whole] == sorted(row.id for row in whole)
    assert last == whole[-2:]


async def test_where_everything_arrived_there_are_no_troubles(app: App) -> None:
    await tells(app, "amina", "No water")
    async with app.storage.reading() as tx:
        assert await troubles(tx, app.register.default_id, 0) == []
