"""Every kind on every surface, in one table: what a person would notice of it there.

A row of `SURFACES` is tried with each kind, the tests' own among them. A kind that lacks a part fails by
the surface's name.
"""

import hashlib
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import openpyxl
import pytest
import time_machine

from bot.app.build import conversation_parts, example_folder
from bot.app.command_line import COMMANDS, parser
from bot.app.commands.console import checker_of
from bot.cases import replies as answers
from bot.consultations import amending, definitions
from bot.conversation.erasure import copy_named, erase, export
from bot.core.config import TelegramSettings, WhatsAppSettings
from bot.core.councils import head_of
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import NotAllowed
from bot.outreach import broadcasts
from bot.outreach.schedule import Schedule
from bot.reports.codebook import codebook
from bot.reports.rendered import sheet_of
from bot.results import indicators, requests
from bot.results.over import final
from bot.results.shown import releases
from bot.staff import accounts, open_answers
from flows.dialog.fields import fields_of, plain
from flows.dialog.outreach import Audience
from flows.kinds import kinds
from flows.statistics.quarters import quarter_of
from flows.understanding.moderation import HIDDEN
from flows.wording import render
from storage.rows.cases import CaseByReference
from storage.rows.consultations import ConsultationByCode
from storage.rows.downloads import Download
from storage.rows.responses import CountStanding
from storage.rows.staff import LedgerOf
from tests.bot.conversation.test_joining import code_of
from tests.bot.kinds.worlds import SCRIPTS, WORDS, WRITTEN, World, toy, world
from tests.bot.outreach.test_broadcasts import pushed
from tests.checks import AllResponses
from tests.citizen import NOON, Citizen
from tests.emulators.telegram_api import TelegramApi
from tests.emulators.twilio_api import TwilioApi
from tests.filled import fields_in


def reference_in(said: str) -> str:
    return said.split("Reference: ")[1].split()[0].rstrip(".")


async def stored(w: World) -> list[Any]:
    async with w.app.storage.reading() as tx:
        return list(await tx.rows(AllResponses, consultation_id=(await w.row()).id))


async def made(w: World, format: str, language: str = "en") -> bytes:
    """The summary as a file."""
    return await releases.file_of(w.app.storage, w.app.register, await w.row(), format, language)


async def asked_for(w: World, what: str, format: str) -> bytes:
    """A file that a member of staff asked for, as it lies there once it is made."""
    row = await w.row()
    async with w.app.storage.transaction() as tx:
        member = await accounts.known(tx, row.council_id, "salma")
        id = await requests.ask(
            tx, row.council_id, member.id, what, w.code, format, "en", filters={}, identities=False
        )
    assert await w.app.maker.make_next()
    async with w.app.storage.reading() as tx:
        download = await tx.row(Download, id=id)
    assert download is not None
    assert (download.state, download.error) == ("done", None)
    return (w.app.media.downloads / str(download.file)).read_bytes()


def words_in(answered: str, w: World) -> bool:
    """Whether the words are there, as far as this kind has any."""
    return WORDS in answered or not w.says_words


# --------------------------------------------------------------------------- the chat


async def chat_on_the_web(w: World) -> None:
    said = await w.answered(await w.known("amina"))
    assert "Reference: OZT-2026-000001" in said


async def chat_in_a_terminal(w: World) -> None:
    said = await w.answered(await w.known("amina", "terminal"))
    assert "Reference: OZT-2026-000001" in said


async def chat_on_telegram(w: World) -> None:
    citizen = Citizen(w.app, channel="telegram", at=now_ms())
    citizen.address = "700001"
    await citizen.arrives()
    await citizen.says("cancel")
    said = await w.answered(citizen)
    await w.app.delivery.idle()
    assert reference_in(said) == "OZT-2026-000001"
    assert w.app.telegram is not None


async def chat_on_whatsapp(w: World) -> None:
    citizen = Citizen(w.app, channel="whatsapp", at=now_ms())
    citizen.address = "+212600000001"
    await citizen.arrives()
    await citizen.says("cancel")
    said = await w.answered(citizen)
    await w.app.delivery.idle()
    assert reference_in(said) == "OZT-2026-000001"
    (response,) = await stored(w)
    assert response.assurance == "A1"


async def answered_again(w: World) -> None:
    """Who has answered changes their answer, where one has one; else they say another thing."""
    citizen = await w.known("amina")
    await w.answered(citizen)
    await citizen.starts(w.code)
    assert len(await stored(w)) == 1
    if not w.kind.single:
        await citizen.says("cancel")
        await w.answered(citizen)
        assert len(await stored(w)) == 2


# --------------------------------------------------------------------------- the organizer


async def toml(w: World) -> None:
    """A file is read; a key that the kind does not have is named, with those it has."""
    councils = {council.code: council for council in w.app.register.all().values()}
    text = written(w)
    good, bad = w.folder / "good.toml", w.folder / "bad.toml"
    good.write_text(text, "utf-8")
    bad.write_text("colour = 'red'\n" + text, "utf-8")
    _, head = definitions.read_definition(good, councils)
    assert isinstance(head, w.kind.definition)
    with pytest.raises(definitions.BrokenDefinition, match=r"colour.*allowed are: kind, code"):
        definitions.read_definition(bad, councils)


async def staff_form(w: World) -> None:
    """The form shows all of it: saved unchanged it is unchanged, written anew it is the same."""
    row = await w.row()
    fields = fields_of(w.kind.definition)
    async with w.browser() as client:
        listed = (await client.get("/staff/consultations?lang=en")).text
        assert f'href="/staff/new?kind={w.name}"' in listed
        where = f"/staff/c/{w.code}/edit"
        shown = fields_in((await client.get(where)).text)
        assert (await client.post(where, data=shown)).status_code == 303
        assert (await w.row()).version == row.version
        begun = fields_in((await client.get(f"/staff/new?kind={w.name}")).text)
        anew = {**begun, **shown, "code": "OZT-AGAIN", "version": ""}
        answer = await client.post("/staff/new", data={**anew, "title.en": ""})
        assert answer.status_code == 303, answer.text
        wrong = await client.post("/staff/new", data={**anew, "closes": "tomorrow"})
        assert wrong.status_code == 422
        assert 'id="closes-error"' in wrong.text
    async with w.app.storage.reading() as tx:
        fresh = await tx.row(ConsultationByCode, code="OZT-AGAIN")
    assert fresh is not None
    assert fresh.state == "draft"
    expected = json.loads(row.definition) | {"code": "OZT-AGAIN", "example": True}
    del expected["title"]["en"]
    assert plain(fields, json.loads(fresh.definition)) == plain(fields, expected)


async def preview(w: World) -> None:
    """The invitation and each question, as all four channels' ways show them."""
    shown = checker_of(w.app).previewer.consultation(await w.row(), "fr")
    assert shown[0].key == "invitation"
    assert len(shown) >= 2
    for one in shown:
        assert set(one.channels) == {"web", "telegram", "whatsapp"}
        assert one.message.text.strip()


async def checker(w: World) -> None:
    """Nobody to ask is a stop; a title in one language more than the rest is said."""
    title = {"fr": "Titre", "ar": "عنوان", "en": "Title", "zgh": "ⴰⵣⵡⵍ"}
    await w.changed(title=title)
    async with w.app.storage.reading() as tx:
        found, _ = await checker_of(w.app).of_consultation(tx, await w.row())
    levels = {finding.level for finding in found}
    assert "stop" in levels
    await w.known("amina")
    async with w.app.storage.reading() as tx:
        found, people = await checker_of(w.app).of_consultation(tx, await w.row())
    assert people is not None
    assert people.people == 1
    assert "stop" not in {finding.level for finding in found}


async def invited(w: World, what: str = "invitation") -> None:
    row = await w.row()
    async with w.app.storage.transaction() as tx:
        id = await broadcasts.draft(
            tx, row.council_id, what, Audience(), made_by="amal", consultation_id=row.id
        )
        assert await broadcasts.start(tx, id)
    await pushed(w.app)


async def invitation(w: World) -> None:
    """It says the title, is answered with a tap, and does not come to who has answered."""
    amina, brahim = await w.known("amina"), await w.known("brahim")
    await w.answered(brahim)
    w.clock.shift(3600)
    await invited(w)
    said = await amina.hears()
    assert definition_of(w)["title"]["en"] in said
    assert await brahim.hears() == ""
    amina.at = now_ms()
    await amina.says("[Answer now]")
    for reply in w.script.replies:
        said = await amina.says(reply)
    assert "Reference: OZT-2026-" in said


def definition_of(w: World) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.toml.decode(written(w))
    return found


def written(w: World) -> str:
    """The definition as its organizer wrote it."""
    if w.name in WRITTEN:
        return WRITTEN[w.name]
    return (example_folder() / f"{w.name}.toml").read_text("utf-8")


async def reminder(w: World) -> None:
    """Who was invited and has not answered is reminded, and who has answered is not."""
    amina, brahim = await w.known("amina"), await w.known("brahim")
    outreach = {"invite": True, "reminders": [{"on": "2026-11-24T18:00:00"}]}
    w.clock.shift(3600)
    await w.changed(outreach=outreach)
    await tick(w)
    assert any("Answer now" in label for label in (await heard(amina)).labels)
    await heard(brahim)
    await w.answered(brahim)
    w.clock.move_to(datetime(2026, 11, 24, 18, 0, 30, tzinfo=UTC))
    await tick(w)
    assert "reminder" in (await amina.hears()).lower()
    assert await brahim.hears() == ""


async def heard(citizen: Citizen) -> Citizen:
    await citizen.hears()
    return citizen


async def tick(w: World) -> None:
    """What the running server does every few seconds."""
    async with w.app.storage.transaction() as tx:
        await definitions.close_due(tx, now_ms())
    await Schedule(w.app.storage, w.app.result_body).run_due()
    await pushed(w.app)


async def amendment(w: World) -> None:
    """A later end may come; the kind of a consultation never changes, nor its code."""
    await w.changed(closes="2027-12-31T00:00:00")
    raw = msgspec.json.decode((await w.row()).definition)
    async with w.app.storage.transaction() as tx:
        later = {**raw, "closes": "2028-01-15T00:00:00"}
        assert await amending.amend(tx, w.app.register, await w.row(), later, "amal") == ["closes"]
    async with w.app.storage.transaction() as tx:
        other = {**later, "code": "OZT-OTHER"}
        with pytest.raises(NotAllowed, match="can no longer change: code"):
            await amending.amend(tx, w.app.register, await w.row(), other, "amal")


async def copied(w: World) -> None:
    """A copy is a draft of the same kind that can be opened."""
    async with w.app.storage.transaction() as tx:
        head = await amending.copy(tx, w.app.register, await w.row(), "OZT-AGAIN")
        row = await tx.row(ConsultationByCode, code="OZT-AGAIN")
        assert row is not None
        assert (head.kind, row.state) == (w.name, "draft")
        await definitions.open_consultation(tx, row)


async def archived(w: World) -> None:
    """It is put away once it is closed, keeps what was answered, and the page shows it no more."""
    await w.crowd(1)
    async with w.app.storage.transaction() as tx:
        with pytest.raises(NotAllowed, match="close it first"):
            await amending.archive(tx, await w.row())
    await w.closed()
    async with w.app.storage.transaction() as tx:
        await amending.archive(tx, await w.row())
    assert len(await stored(w)) == 1
    async with w.browser() as client:
        assert w.code not in (await client.get("/c/example?lang=en")).text


async def commands(w: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line lists it under its kind, and writes its summary."""
    file = w.folder / "summary.csv"
    for words in (
        ["consultation", "list"],
        ["summary", w.code, "--format", "csv", "-o", str(file)],
    ):
        arguments = parser().parse_args(words)
        assert await COMMANDS[arguments.command](w.app, arguments) == 0
    listed = capsys.readouterr().out
    line = next(line for line in listed.splitlines() if line.startswith(w.code))
    assert w.name in line
    assert file.read_bytes()


# --------------------------------------------------------------------------- the desk


async def live_results(w: World) -> None:
    """While it is open staff see how many there are, in fives where it is told once a day; the page renews itself."""
    await w.crowd(6)
    async with w.browser() as client:
        page = await client.get(f"/staff/c/{w.code}/results?lang=en")
    assert page.status_code == 200
    assert render(w.kind.label, "en") in page.text
    assert 'data-seconds="30"' in page.text
    many = 5 if releases.frozen(await w.row()) else 6
    assert f">{many}<" in page.text.replace(" ", "")


async def consultation_page(w: World) -> None:
    """The page of the consultation says its kind, and leads to the desk where there are cases."""
    async with w.browser() as client:
        page = await client.get(f"/staff/c/{w.code}?lang=en")
        listed = await client.get("/staff/consultations?lang=en")
    assert render(w.kind.label, "en") in page.text
    assert ("/staff/needs" in page.text.split("<main")[1]) == (w.kind.case is not None)
    assert w.code in listed.text


async def results_page(w: World) -> None:
    """Once it is closed everybody reads what came of it, in five languages."""
    await w.crowd(6)
    await w.closed()
    async with w.browser() as client:
        for language in ("ar", "ary", "fr", "zgh", "en"):
            page = await client.get(f"/results/{w.code}?lang={language}")
            assert page.status_code == 200
        assert definition_of(w)["title"]["en"] in page.text
        assert WORDS not in page.text or w.kind.publicity.openly


async def moderation(w: World) -> None:
    """What people wrote is there to read, and grouped; a kind without words says so."""
    await w.crowd(6)
    fields = [words.field for words in w.kind.own_words(head(await w.row(), w))]
    async with w.browser() as client:
        pages = [
            await client.get(f"/staff/c/{w.code}/answers?lang=en&q={field}")
            for field in fields or [""]
        ]
    assert all(page.status_code == 200 for page in pages)
    assert any(WORDS in page.text for page in pages) == w.says_words


async def hiding(w: World) -> None:
    """What is hidden stands in no file and no table, and comes back."""
    if not w.says_words:
        assert w.kind.own_words(head(await w.row(), w)) == ()
        return
    await w.crowd(6)
    row = await w.row()
    async with w.app.storage.transaction() as tx:
        for question in await open_answers.questions_of(tx, w.app.vault, row):
            for answer in question.answers:
                await open_answers.hide(tx, [question], answer.token, "insult", "amal")
    for format in ("csv", "json"):
        content = (await made(w, format)).decode()
        assert WORDS not in content
    assert WORDS not in (await asked_for(w, "consultation", "csv")).decode()
    # Single answers are given out once nobody can change theirs.
    await w.closed()
    flow = await asked_for(w, "consultation", "flow")
    assert WORDS not in unzipped(flow)
    assert HIDDEN in unzipped(flow)


def head(row: Any, w: World) -> Any:
    return msgspec.convert(msgspec.json.decode(row.definition), w.kind.definition, strict=False)


def unzipped(content: bytes) -> str:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


async def case(w: World) -> None:
    """Where the desk sees to it: it is listed with a due day, answered, and the citizen hears it."""
    citizen = await w.known("amina")
    reference = reference_in(await w.answered(citizen))
    async with w.app.storage.reading() as tx:
        row = await tx.row(CaseByReference, reference=reference)
    rule = w.kind.case
    assert (row is None) == (rule is None)
    if row is None or rule is None:
        return
    due = rule.due(w.app.register.council(row.council_id), local_day(now_ms()))
    assert row.due_day == (due.isoformat() if due else None)
    async with w.browser("clerk") as client:
        assert reference in (await client.get("/staff/needs?lang=en")).text
        assert WORDS in (await client.get(f"/staff/needs/{reference}?lang=en")).text
    last = rule.states[-1] if rule.states[-1] not in rule.waiting else "done"
    async with w.app.storage.transaction() as tx:
        council = w.app.register.council(row.council_id)
        await answers.answer(tx, council, row, "amal", text="It is done.", state=last)
    w.clock.shift(4 * 3600)
    await pushed(w.app)
    assert "It is done." in await citizen.hears()
    async with w.browser("clerk") as client:
        assert reference not in (await client.get("/staff/needs?lang=en")).text
        assert reference in (await client.get("/staff/needs?lang=en&state=all")).text


# --------------------------------------------------------------------------- files


async def pdf(w: World) -> None:
    await w.crowd(6)
    assert (await made(w, "pdf", "ar")).startswith(b"%PDF")


async def png(w: World) -> None:
    await w.crowd(6)
    assert (await made(w, "png")).startswith(b"\x89PNG")


async def xlsx(w: World) -> None:
    """A workbook with a sheet for each table, the code book the last."""
    await w.crowd(6)
    book = openpyxl.load_workbook(io.BytesIO(await made(w, "xlsx")))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(definition_of(w)["title"]["en"] in cell for cell in cells)
    assert len(book.sheetnames) >= 3


async def csv(w: World) -> None:
    await w.crowd(6)
    text = (await asked_for(w, "consultation", "csv")).decode("utf-8-sig")
    assert definition_of(w)["title"]["en"] in text


async def json_file(w: World) -> None:
    await w.crowd(6)
    read = json.loads(await asked_for(w, "consultation", "json"))
    assert {"figures", "tables"} <= set(read["payload"])


async def code_book(w: World) -> None:
    """Every question of the kind is explained."""
    row = await w.row()
    asked = w.kind.asked(head(row, w), w.app.register.council(row.council_id))
    assert asked
    headings = [summaries_heading(question) for question in asked]
    book = codebook(headings, asked, "en")
    names = [column.id for column in book.columns]
    lines = [dict(zip(names, line, strict=True)) for line in sheet_of(book, "en").rows]
    assert [line["column"] for line in lines] == [question.id for question in asked]


def summaries_heading(question: Any) -> Any:
    from bot.reports.rendered import Heading

    return Heading(question.id, render(question.text, "en"), question.type)


async def flow_results(w: World) -> None:
    """A package with a question each and six people's answers; four are too few."""
    await w.crowd(6)
    await w.closed()
    text = unzipped(await asked_for(w, "consultation", "flow"))
    for question in w.kind.asked(head(await w.row(), w), w.app.register.default):
        if not question.sensitive:
            assert f'"{question.id}"' in text
    assert words_in(text, w)


# --------------------------------------------------------------------------- everybody


async def public_page(w: World) -> None:
    """It stands among what is open, with its kind; once closed, with what came of it."""
    await w.crowd(6)
    async with w.browser() as client:
        page = (await client.get("/c/example?lang=en")).text
        assert f'id="o-{w.code}"' in page
        assert render(w.kind.label, "en") in page
        assert WORDS not in page
    await w.closed()
    async with w.browser() as client:
        page = (await client.get("/c/example?lang=en")).text
        assert f'id="o-{w.code}"' not in page
        assert f"/results/{w.code}" in page


async def public_json(w: World) -> None:
    await w.crowd(6)
    async with w.browser() as client:
        read = (await client.get("/c/example.json")).json()
        assert next(one["kind"] for one in read["open"] if one["code"] == w.code) == w.name
        await w.closed()
    async with w.browser() as client:
        read = (await client.get("/c/example.json")).json()
        closed = next(one for one in read["closed"] if one["code"] == w.code)
        assert closed["responses"] == {"value": 6, "suppressed": False}
        assert all(closed["headline"].values())


async def feed(w: World) -> None:
    """Opening and closing are news."""
    await w.crowd(6)
    await w.closed()
    async with w.browser() as client:
        text = (await client.get("/c/example/feed.xml?lang=en")).text
    tree = ElementTree.fromstring(text)  # noqa: S314 - our own feed
    titles = [one.text or "" for one in tree.iter("{http://www.w3.org/2005/Atom}title")]
    assert any(definition_of(w)["title"]["en"] in title for title in titles)


async def measured(w: World) -> None:
    """Who took part counts among the participants of the quarter."""
    await w.crowd(6)
    row = await w.row()
    async with w.app.storage.reading() as tx:
        found = await indicators.measured(tx, row.council_id, quarter_of(local_day(now_ms())))
    assert found.participants == 6


async def ledger(w: World) -> None:
    """The closing stands in the ledger with its code, and the final result with its digest."""
    await w.crowd(6)
    await w.closed()
    await final.enter_due(w.app)
    async with w.browser() as client:
        file = (await client.get(f"/results/{w.code}.json")).content
    async with w.app.storage.reading() as tx:
        rows = await tx.rows(LedgerOf, council_id=(await w.row()).council_id)
    entries = [json.loads(one.entry) for one in rows]
    assert any(one["what"] == "closed" and one["code"] == w.code for one in entries)
    digest = hashlib.sha256(file).hexdigest()
    assert digest in [one["sha256"] for one in entries if one["what"] == "result"]


# --------------------------------------------------------------------------- one's own data


async def my_data(w: World) -> None:
    """The copy has the contribution with its words, the list of contributions a line for it."""
    citizen = await w.known("amina")
    reference = reference_in(await w.answered(citizen))
    person_id = (await stored(w))[0].person_id
    own_data = conversation_parts().own_data
    async with w.app.storage.transaction() as tx:
        name = await export(tx, w.app.vault, own_data, person_id, now_ms())
        copy = await copy_named(tx, w.app.vault, name) or ""
    assert reference in copy
    assert words_in(copy, w)
    await citizen.says("my contributions")
    said = "\n".join(citizen.labels) + citizen.heard[-1].text
    assert reference in said or definition_of(w)["title"]["en"] in said or WORDS in said


async def erasure(w: World) -> None:
    """The words and the person go; the total stays."""
    people = await w.crowd(6)
    before = await made(w, "json")
    row = (await stored(w))[0]
    own_data = conversation_parts().own_data
    async with w.app.storage.transaction() as tx:
        await erase(tx, w.app.vault, own_data, row.person_id)
    gone = next(one for one in await stored(w) if one.id == row.id)
    assert gone.person_id is None
    assert WORDS not in gone.body
    async with w.app.storage.reading() as tx:
        counted = await tx.row(CountStanding, consultation_id=(await w.row()).id)
    assert counted is not None
    assert counted.n == len(people)
    assert before
    assert (await made(w, "json")).count(b'"tables"') == before.count(b'"tables"')


async def joining(w: World) -> None:
    """What was answered in one chat is the other's once both are one person's; nothing counts twice."""
    one, other = await w.known("amina"), await w.known("amina", "terminal")
    await w.answered(one)
    await w.answered(other)
    one.at = max(one.at, other.at, now_ms())
    code = await code_of(one)
    other.at = one.at
    await other.says(code)
    await other.says("yes")
    rows = await stored(w)
    standing = [row for row in rows if row.state != "withdrawn"]
    assert len({row.person_id for row in rows}) == 1
    assert len(standing) == (1 if w.kind.single else 2)


# --------------------------------------------------------------------------- phases and dates


async def rounds(w: World) -> None:
    """What opens more than once: shut between, another answer in the next, an invitation to it; each
    counted apart. What opens once stays open.
    """
    if w.kind.phases is None:
        await w.answered(await w.known("amina"))
        assert (await stored(w))[0].phase == ""
        return
    await w.changed(outreach={"invite": True}, **w.script.twice)
    amina = await w.known("amina")
    await w.answered(amina)
    w.clock.move_to(datetime(2026, 12, 5, 12, 0, tzinfo=UTC))
    amina.at = now_ms()
    assert "10/12/2026" in await amina.starts(w.code)
    w.clock.move_to(datetime(2026, 12, 10, 9, 0, 30, tzinfo=UTC))
    await amina.hears()
    await tick(w)
    assert definition_of(w)["title"]["en"] in await amina.hears()
    amina.at = now_ms()
    assert "Reference" in await w.answered(amina)
    rows = await stored(w)
    assert sorted(row.phase for row in rows) == ["round1", "round2"]
    assert len({row.reference for row in rows}) == 2


async def reminded_of_its_own_date(w: World) -> None:
    """A date that the kind has can be reminded of; one that it has not is refused by name."""
    council = w.app.register.default
    raw = msgspec.json.decode((await w.row()).definition)
    dates = w.kind.dates(head_of(await w.row())) if w.kind.dates is not None else {}
    name = next(iter(dates), "session")
    reminders = [{"before": name, "days_before": 45, "time": "18:00"}]
    _, problems = definitions.check({**raw, "outreach": {"reminders": reminders}}, council)
    if w.kind.dates is None:
        assert any("session" in str(problem) for problem in problems)
        return
    assert problems == []
    amina = await w.known("amina")
    w.clock.shift(3600)
    await w.changed(outreach={"invite": True, "reminders": reminders})
    await tick(w)
    await amina.hears()
    # 45 days before, at six in the evening.
    day = dates[name] - timedelta(days=45)
    w.clock.move_to(day.replace(hour=18, minute=0, second=30, tzinfo=UTC))
    await tick(w)
    assert "reminder" in (await amina.hears()).lower()


Surface = Callable[[World], Awaitable[None]]

SURFACES: tuple[Surface, ...] = (
    chat_on_the_web, chat_in_a_terminal, answered_again, toml, staff_form, preview, checker, invitation,
    reminder, amendment, copied, archived, live_results, consultation_page, results_page,
    moderation, hiding, case, pdf, png, xlsx, csv, json_file, code_book, flow_results, public_page,
    public_json, feed, measured, ledger, my_data, erasure, joining, rounds,
    reminded_of_its_own_date,
)  # fmt: skip


def every_kind() -> list[str]:
    with toy():
        return sorted(kinds())


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(kind: str, tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world(kind, tmp_path, clock) as found:
        yield found


@pytest.mark.parametrize("kind", every_kind())
@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.__name__)
async def test_a_kind_is_whole_on(surface: Surface, w: World) -> None:
    await surface(w)


@pytest.mark.parametrize("kind", every_kind())
async def test_a_kind_is_whole_on_the_command_line(
    w: World, capsys: pytest.CaptureFixture[str]
) -> None:
    await commands(w, capsys)


@pytest.mark.parametrize("kind", every_kind())
async def test_a_kind_is_whole_on_telegram_and_whatsapp(
    kind: str, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    """Through the real client libraries; the last message out is the one with the reference."""
    async with TelegramApi() as bot, TwilioApi() as twilio:
        # The pace of one chat is tried elsewhere; here it would only be waited for.
        telegram = TelegramSettings(
            token=bot.token, base_url=bot.base_url.removesuffix("/bot"), chat_per_second=1000
        )
        whatsapp = WhatsAppSettings(
            chat_per_second=1000,
            account_sid=twilio.account_sid,
            auth_token=twilio.auth_token,
            sender=twilio.number,
            base_url=twilio.base_url,
        )
        async with world(kind, tmp_path, clock, telegram, whatsapp) as w:
            await chat_on_telegram(w)
            assert any("OZT-2026-000001" in str(sent) for sent in bot.sent)
        async with world(kind, tmp_path / "other", clock, telegram, whatsapp) as w:
            await chat_on_whatsapp(w)
            assert any("OZT-2026-000001" in sent.text for sent in twilio.sent)


def test_every_kind_has_a_script() -> None:
    """A new kind is tried as soon as it is there."""
    assert set(every_kind()) == set(SCRIPTS)
