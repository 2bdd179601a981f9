"""Row data as staff get it: of every kind, of who agreed, and never so that two files show whose an answer is."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import openpyxl
import pytest
import time_machine

from bot.app import site
from bot.consultations import amending
from bot.conversation.erasure import erase
from bot.results import requests
from bot.staff import accounts, open_answers
from flows.understanding.moderation import HIDDEN
from storage.rows.downloads import Download
from storage.rows.people import PersonOfAddress
from tests.bot.kinds.test_surfaces import every_kind
from tests.bot.kinds.worlds import WORDS, World, world
from tests.citizen import NOON, Citizen


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def kind() -> str:
    return "poll"


@pytest.fixture
async def w(kind: str, tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world(kind, tmp_path, clock) as found:
        yield found


async def asked_for(w: World, format: str = "csv", **options: str) -> Download:
    """A file that the data officer asked for, once it is made or cannot be."""
    row = await w.row()
    async with w.app.storage.transaction() as tx:
        member = await accounts.known(tx, row.council_id, "salma")
        id = await requests.ask(
            tx, row.council_id, member.id, "rows", w.code, format, "en",
            filters=options, identities=False,
        )  # fmt: skip
    assert await w.app.maker.make_next()
    async with w.app.storage.reading() as tx:
        found = await tx.row(Download, id=id)
    assert found is not None
    return found


def taken(w: World, made: Download) -> bytes:
    assert (made.state, made.error) == ("done", None)
    return (w.app.media.downloads / str(made.file)).read_bytes()


async def files(w: World, format: str = "csv", **options: str) -> Mapping[str, str]:
    """What is in such a file, by name."""
    with zipfile.ZipFile(io.BytesIO(taken(w, await asked_for(w, format, **options)))) as archive:
        return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


async def rows(w: World, **options: str) -> list[dict[str, str]]:
    answers = (await files(w, "csv", **{"values": "codes", **options}))[f"{w.code}.csv"]
    return list(csv.DictReader(io.StringIO(answers, newline=""), strict=True))


async def refused(w: World) -> str:
    made = await asked_for(w)
    assert made.state == "failed"
    assert made.file is None
    return str(made.error)


async def person(w: World, citizen: Citizen) -> int:
    async with w.app.storage.reading() as tx:
        row = await tx.row(PersonOfAddress, channel=citizen.channel, address=citizen.kept)
    assert row is not None
    return row.person_id


async def erased(w: World, citizen: Citizen) -> None:
    id = await person(w, citizen)
    async with w.app.storage.transaction() as tx:
        await erase(tx, w.app.vault, w.app.conversations.parts.own_data, id)


async def more(w: World, count: int, name: str) -> list[Citizen]:
    people = [await w.known(f"{name} {number}") for number in range(count)]
    for citizen in people:
        await w.answered(citizen)
    return people


@pytest.mark.parametrize("kind", every_kind())
async def test_every_kind_has_rows_in_every_form(w: World) -> None:
    """A row for each answer; nothing in it leads to a reference, and words on the desk stay there."""
    await w.crowd(6)
    await w.closed()
    assert "PAR1" in (await files(w, "parquet"))[f"{w.code}.parquet"]
    for format in ("csv", "spss"):
        found = await files(w, format)
        names = {f"{w.code}.csv", f"{w.code}-codebook.csv", f"{w.code}-about.csv"}
        assert set(found) == names | ({f"{w.code}.sps"} if format == "spss" else set())
        assert len(list(csv.reader(io.StringIO(found[f"{w.code}.csv"], newline="")))) == 7
        everything = "".join(found.values())
        assert "OZT-2026-0" not in everything
        shown = w.says_words and w.kind.case is None
        assert (WORDS in everything) is shown
        for mark in "\u200f\u200e\u2066\u2067\u2068\u2069":
            assert mark not in everything
    book = openpyxl.load_workbook(io.BytesIO(taken(w, await asked_for(w, "xlsx"))))
    assert book.worksheets[0].max_row == 7
    assert [list(sheet.tables) for sheet in book.worksheets] == [["answers"], ["codebook"], []]


async def test_words_that_are_hidden_are_hidden_here_and_numbers_in_them_are_masked(
    w: World,
) -> None:
    """As in every file."""
    await w.crowd(6)
    for said in ("Call 0612345678 now", "Somebody is a thief"):
        citizen = await w.known(said)
        await citizen.starts(w.code)
        for reply in w.script.replies:
            await citizen.says(said if reply == WORDS else reply)
    async with w.app.storage.transaction() as tx:
        questions = await open_answers.questions_of(tx, w.app.vault, await w.row())
        (token,) = [a.token for q in questions for a in q.answers if "thief" in a.text]
        await open_answers.hide(tx, questions, token, "insult", "amal")
    await w.closed()
    said = ["".join(row.values()) for row in await rows(w)]
    assert len(said) == 8
    assert sum(HIDDEN in one for one in said) == 2
    assert not any("0612345678" in one or "thief" in one for one in said)


async def test_rows_of_what_is_open_are_refused_where_answers_change(w: World) -> None:
    """Of a poll only once it is closed, and not again while it is open anew."""
    await w.crowd(6)
    assert await refused(w) == "rows.open"
    await w.closed()
    assert len(await rows(w)) == 6


@pytest.mark.parametrize("kind", ["need"])
async def test_rows_of_needs_are_made_while_they_come(w: World) -> None:
    """A call for needs has no end."""
    await w.crowd(6)
    assert len(await rows(w)) == 6


async def test_who_agreed_to_older_words_is_not_in_the_rows(w: World) -> None:
    """Nor so many others that nobody can tell from the totals what those few said; and that is said."""
    await w.crowd(12)
    await w.closed()
    async with w.app.storage.transaction() as tx:
        await tx.run("agreed_before", version="2026-12", most=2)
    assert len(await rows(w)) == 7
    about = (await files(w))[f"{w.code}-about.csv"]
    assert "5 or more: their authors were erased, or agreed before" in about


@pytest.mark.parametrize(("before", "left"), [(4, 25), (5, 25), (6, 24)])
async def test_five_at_least_are_left_out_or_nobody(w: World, before: int, left: int) -> None:
    """The totals less the rows are no few people."""
    await w.crowd(30)
    await w.closed()
    async with w.app.storage.transaction() as tx:
        await tx.run("agreed_before", version="2026-12", most=before)
    assert len(await rows(w)) == left


async def test_who_was_put_on_a_list_never_read_our_words(w: World) -> None:
    """The council's proof is that they agreed to be written to."""
    await w.crowd(12)
    await w.closed()
    async with w.app.storage.transaction() as tx:
        await tx.run("agreed_by_import", most=6)
    assert len(await rows(w)) == 6


async def test_who_was_erased_is_not_in_the_rows(w: World) -> None:
    """The counted answer stays in the totals, without its author; here it does not."""
    people = await w.crowd(12)
    await erased(w, people[3])
    await w.closed()
    assert len(await rows(w)) == 7


async def test_two_files_never_differ_by_one_person(
    w: World, clock: time_machine.Traveller
) -> None:
    """Nothing changed: it is made again, in any form. One is erased on the next day: it is not."""
    people = await w.crowd(30)
    await w.closed()
    first = await rows(w)
    assert sorted(map(str, await rows(w))) == sorted(map(str, first))
    assert await files(w, "spss")
    clock.shift(86_400)
    await erased(w, people[0])
    assert await refused(w) == "rows.changed"


@pytest.mark.parametrize("kind", ["need"])
@pytest.mark.parametrize(
    ("others", "made"),
    [(1, False), (9, False), (10, True), (11, True)],
)
async def test_another_file_is_made_when_ten_more_have_told(
    w: World, clock: time_machine.Traveller, others: int, made: bool
) -> None:
    """A day later; nine more could be told from those before, ten are a group."""
    await w.crowd(12)
    assert len(await rows(w)) == 12
    clock.shift(86_400)
    await more(w, others, "later")
    if made:
        assert len(await rows(w)) == 12 + others
        return
    assert await refused(w) == "rows.changed"
    # It is no way round that another asks, or in another form.
    assert (await asked_for(w, "xlsx")).error == "rows.changed"


@pytest.mark.parametrize("kind", ["need"])
async def test_a_profile_told_later_is_a_change_too(w: World) -> None:
    """Else the one row that has an age now would be theirs."""
    await w.crowd(12)
    assert len(await rows(w)) == 12
    async with w.app.storage.transaction() as tx:
        await tx.run("tell_gender", gender="woman", most=1)
    assert await refused(w) == "rows.changed"


async def test_answers_before_and_after_a_change_stand_together_with_their_version(
    w: World, clock: time_machine.Traveller
) -> None:
    """Where enough people answered each."""
    await w.changed(closes="2027-01-01T00:00:00")
    await w.crowd(20)
    clock.shift(60)
    row = await w.row()
    raw = {**msgspec.json.decode(row.definition), "closes": "2027-02-01T00:00:00"}
    async with w.app.storage.transaction() as tx:
        assert await amending.amend(tx, w.app.register, row, raw, "amal") == ["closes"]
    clock.shift(60)
    await more(w, 20, "later")
    await w.closed()
    found = await rows(w)
    assert sorted(row["version"] for row in found) == ["1"] * 20 + ["2"] * 20


async def test_fewer_than_five_answers_make_no_file(w: World) -> None:
    await w.crowd(4)
    await w.closed()
    assert await refused(w) == "downloads.too_few"


async def test_without_the_extra_the_page_says_how_to_get_parquet(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not offered, rather than refused after a second person has agreed."""
    async with w.browser("data") as client:
        assert 'value="parquet"' in (await client.get("/staff/downloads?lang=en")).text
    file = w.app.maker.kinds["rows"]
    without = replace(file, formats=tuple(f for f in file.formats if f != "parquet"))
    monkeypatch.setattr(site, "file_kinds", lambda: {**w.app.maker.kinds, "rows": without})
    async with w.browser("data") as client:
        page = (await client.get("/staff/downloads?lang=en")).text
    assert 'value="parquet"' not in page
    assert "tachawor[parquet]" in page


async def test_more_than_a_workbook_takes_is_said(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what would do."""
    monkeypatch.setattr("bot.results.row_data.MOST_ROWS", 5)
    await w.crowd(6)
    await w.closed()
    assert (await asked_for(w, "xlsx")).error == "rows.too_large"
    assert len(await rows(w)) == 6
