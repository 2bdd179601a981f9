"""1,000,000 DH shared out: 24 projects and 400 voters in Arabic and French, from what people tell to what is promised."""

import argparse
import hashlib
import io
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import httpx
import msgspec
import openpyxl
import pytest
import time_machine

from bot.consultations import definitions
from bot.core.console import Refusal
from bot.core.localtime import now_ms
from bot.kinds.budget import commands, receipts
from bot.results.over import final
from bot.staff import rolls
from flows.kinds.budget import pabulib
from flows.kinds.budget.outcome import Ballot
from flows.wording import render
from flows.wording.text import msg
from tests.bot.kinds.budget.town import (
    AMOUNT,
    LABELS,
    LANGUAGES,
    PROJECTS,
    Crowd,
    Floor,
    ballots,
    button,
    chosen_in,
    numbered,
    said_of,
    selected,
    thanked,
    winners,
)
from tests.bot.kinds.openness.begun import bare, stopped
from tests.bot.kinds.worlds import World, world
from tests.bot.outreach.test_broadcasts import pushed
from tests.citizen import Citizen, plain
from tests.filled import fields_in
from tests.staff_links import second_agrees

CODE = "OZT-BUDGET-2026"
DESK = f"/staff/budgets/{CODE}"
FORM = {
    "title.fr": "Un million pour nos quartiers",
    "title.ar": "مليون درهم لأحيائنا",
    "code": CODE,
    "amount": "1 000 000",
    "ideas_first": "2026-11-23",
    "ideas_last": "2026-12-06",
    "vote_first": "2026-12-21",
    "vote_last": "2027-01-01",
    "result": "2027-01-04",
    "action": "begin",
}

#: Who votes in the chat: some one after the other, the others many at a time. Then the papers, and those that are void.
ALONE, TOGETHER, PAPERS, VOID = 40, 340, 20, 6
NUMBERS = [f"OZT{n:05}" for n in range(600)]

#: What is fixed before the vote: the first brings a project that votes alone would not, the second changes nothing.
DOUAR, WOMEN = 200_000, 300_000

IDS = [f"p{number}" for number in range(1, len(PROJECTS) + 1)]
KNOWN = dict(zip(IDS, PROJECTS, strict=True))
COSTS = {id: one.cost for id, one in KNOWN.items()}
FLOORS = (
    Floor(DOUAR, frozenset(id for id, one in KNOWN.items() if one.quarter == "sidi-daoud")),
    Floor(WOMEN, frozenset(id for id, one in KNOWN.items() if one.gender in ("main", "one"))),
)

#: The winners, with the most that a supporter paid for each; None for what a floor brought.
Prices = Mapping[str, Fraction | None]

#: From the twentieth on projects are taken from needs; the last is the council's own.
NEEDED, OWN = range(20, 23), 23


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("need", tmp_path, clock) as found:
        yield found


class Budget:
    """The vote, and what staff do with it."""

    def __init__(self, w: World, client: httpx.AsyncClient) -> None:
        self.w = w
        self.client = client

    async def version(self) -> str:
        async with self.w.app.storage.reading() as tx:
            row = await self.w.app.register.by_code(tx, CODE)
        assert row is not None
        return str(row.version)

    async def does(self, where: str = DESK, **form: str) -> None:
        """Send a form of the desk."""
        data = {"version": await self.version(), **form}
        answer = await self.client.post(f"{where}/do?lang=fr", data=data)
        assert answer.status_code == 303, bare(answer.text)

    async def opens(self, code: str) -> None:
        """Press the button that opens something."""
        await self.does(f"/staff/c/{code}", action="open", sure="on")

    async def page(self, path: str, language: str) -> str:
        """What a page says."""
        answer = await self.client.get(f"{path}?lang={language}")
        assert answer.status_code == 200, bare(answer.text)
        return answer.text

    async def project(self, number: int, of: str = "") -> None:
        """Make a project, of something that was told if a reference is given."""
        one = PROJECTS[number]
        about = {"about.fr": f"{one.fr}, dès 2027.", "about.ar": f"{one.ar}، ابتداء من 2027."}
        await self.does(
            action="project",
            of=of,
            cost=f"{one.cost:,}".replace(",", " "),
            quarter=one.quarter,
            gender=one.gender,
            **{"text.fr": one.fr, "text.ar": one.ar},
            **about,
        )


async def tells(w: World, code: str, number: int, replies: Sequence[str]) -> tuple[Citizen, str]:
    """Somebody new tells something in the chat; returns them with the reference."""
    language = LANGUAGES[number % 2]
    citizen = Citizen(w.app, f"{code} {number}", at=now_ms())
    await citizen.arrives(LABELS[language], code)
    said = ""
    for reply in (*replies, button("button.send", language)):
        said = await citizen.says(reply)
    met = re.search(r"OZT-2026-\d+", said)
    assert met is not None, said
    return citizen, met[0]


async def gathered(budget: Budget) -> list[Citizen]:
    """What people tell becomes 24 projects. Returns who told the first twenty, in the order of the projects."""
    w, authors = budget.w, list[Citizen]()
    for number, one in enumerate(PROJECTS[: NEEDED.start]):
        words = (one.fr, one.ar)[number % 2]
        citizen, reference = await tells(w, f"{CODE}-IDEAS", number, (words, "Tabounte"))
        assert words in await budget.page(DESK, "fr")
        await budget.project(number, reference)
        authors.append(citizen)
    for number in NEEDED:
        one = PROJECTS[number]
        words = (one.fr, one.ar)[number % 2]
        _, reference = await tells(w, "OZT-NEEDS", number, ("1", "Sidi Daoud", words))
        await budget.does(action="take", reference=reference)
        await budget.project(number, reference)
    await budget.project(OWN)
    same, reference = await tells(w, f"{CODE}-IDEAS", 101, ("مراحيض للبنات في المدرسة", "Tabounte"))
    await budget.does(action="put", reference=reference, project="p1", text="شكرا لكم")
    other, reference = await tells(w, f"{CODE}-IDEAS", 100, ("Un aéroport", "Tabounte"))
    await budget.does(action="refuse", reference=reference, reason="Ce n’est pas à la commune.")
    w.clock.shift(24 * 3600)
    for citizen in (*authors, same, other):
        await citizen.hears()
    for _ in range(3):
        await pushed(w.app)
    for number, citizen in enumerate(authors):
        heard = await citizen.hears()
        assert (PROJECTS[number].fr, PROJECTS[number].ar)[number % 2] in heard, number
    heard = await same.hears()
    assert PROJECTS[0].ar in heard
    assert "شكرا لكم" in heard
    assert "Ce n’est pas à la commune." in await other.hears()
    return authors


async def written(budget: Budget) -> None:
    """The floors and the roll stand in the general form of the vote."""
    where = f"/staff/c/{CODE}/edit"
    form = fields_in(await budget.page(where, "fr"))
    for _ in FLOORS:
        pressed = await budget.client.post(where, data={**form, "~rows": "add:floors"})
        form = fields_in(pressed.text)
    form |= {
        "floors.0.goes_to": "quarter",
        "floors.0.quarter": "sidi-daoud",
        "floors.0.amount": str(DOUAR),
        "floors.1.goes_to": "women",
        "floors.1.amount": str(WOMEN),
        "roll": "VOTANTS",
        "save": "1",
    }
    answer = await budget.client.post(where, data=form)
    assert answer.status_code == 303, bare(answer.text)


async def voted(w: World, cast: Sequence[Ballot]) -> list[tuple[Citizen, str, Ballot]]:
    """Everybody votes in the chat; returns who voted one after the other, in which language, and what for."""
    known = list[tuple[Citizen, str, Ballot]]()
    for number, ballot in enumerate(cast[:ALONE]):
        language = LANGUAGES[number % 2]
        citizen = Citizen(w.app, f"voter {number}", at=now_ms())
        await citizen.arrives(LABELS[language], CODE)
        said = await citizen.says(NUMBERS[number])
        assert "1 000 000" in said.replace("\u202f", " ")
        assert "24" in said
        await citizen.says(button("budget.choose", language))
        said = await citizen.says(listed(ballot))
        for id in ballot:
            one = KNOWN[id]
            assert (one.fr, one.ar)[number % 2] in said
        said = await citizen.says(button("button.send", language))
        assert thanked(language) in said
        known.append((citizen, language, ballot))
    crowd = Crowd(w, [f"one of many {number}" for number in range(TOGETHER)])
    rest = cast[ALONE : ALONE + TOGETHER]
    labels = [LABELS[crowd.language(number)] for number in range(TOGETHER)]
    await crowd.starts(CODE)
    await crowd.says(labels)
    await crowd.says(["1"] * TOGETHER)
    await crowd.says(NUMBERS[ALONE : ALONE + TOGETHER])
    await crowd.says(["1"] * TOGETHER)
    await crowd.says([listed(ballot) for ballot in rest])
    await crowd.says(["1"] * TOGETHER)
    for number, said in enumerate(await crowd.hears()):
        assert thanked(crowd.language(number)) in said, number
    return known


def listed(ballot: Ballot) -> str:
    """The numbers of projects as they are typed: half of them in the digits of the east."""
    numbers = ", ".join(str(IDS.index(id) + 1) for id in sorted(ballot))
    if len(ballot) % 2:
        return numbers
    return numbers.translate(str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩،"))


async def on_paper(budget: Budget, cast: Sequence[Ballot]) -> None:
    """Those who voted are marked on the roll; then the ballots are entered, alike ones together."""
    where, first = f"{DESK}/papers", ALONE + TOGETHER
    marked = "\n".join(NUMBERS[first : first + PAPERS + VOID])
    await budget.does(where, action="enter", how="paper", numbers=marked, copies="0")
    for ballot, copies in Counter(cast).items():
        chosen = {f"p.{id}": "on" for id in ballot}
        await budget.does(where, action="enter", how="paper", copies=str(copies), **chosen)
    await budget.does(where, action="enter", how="void", copies=str(VOID))


async def test_a_million_is_shared_out_from_ideas_to_commitments(
    w: World, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    cast = ballots(ALONE + TOGETHER + PAPERS, most=5)
    assert len(PROJECTS) == 24
    assert len(cast) == 400
    async with w.app.storage.transaction() as tx:
        shas = [hashlib.sha256(one.encode()).hexdigest() for one in NUMBERS]
        id = w.app.register.default_id
        await rolls.fill(tx, w.app.vault, id, "VOTANTS", "Liste des votants", shas)
    async with w.browser("admin") as client:
        budget = Budget(w, client)
        assert (await client.post("/staff/budgets/new", data=FORM)).status_code == 303
        await budget.opens(f"{CODE}-IDEAS")
    clock.move_to(datetime(2026, 11, 24, 9, tzinfo=UTC))
    async with w.browser("admin") as client:
        budget = Budget(w, client)
        authors = await gathered(budget)
    async with w.browser("admin") as client:
        budget = Budget(w, client)
        await written(budget)
        await budget.opens(CODE)
    clock.move_to(datetime(2026, 12, 22, 9, tzinfo=UTC))
    voters = await voted(w, cast)
    async with w.browser("admin") as client:
        await on_paper(Budget(w, client), cast[ALONE + TOGETHER :])
    clock.move_to(datetime(2027, 1, 3, 10, tzinfo=UTC))
    async with w.app.storage.transaction() as tx:
        await definitions.close_due(tx, now_ms())
    await final.enter_due(w.app)
    await receipts.look(w.app)
    won = winners(AMOUNT, COSTS, Counter(cast), FLOORS)
    # Votes alone gave the douar too little: something was bought for it before the rest.
    assert None in won.values()
    for citizen, language, ballot in voters:
        await told(citizen, language, ballot, won)
    async with w.browser("admin") as client:
        budget = Budget(w, client)
        await looked_into(budget, cast, won)
        await promised(budget, won)
        for citizen in authors:
            await citizen.hears()
        await budget.does(action="tell")
        for _ in range(3):
            await pushed(w.app)
        for number, citizen in enumerate(authors):
            language, one = LANGUAGES[number % 2], PROJECTS[number]
            entry = "chosen" if IDS[number] in won else "not_chosen"
            named = {"fr": one.fr, "ar": one.ar}[language]
            assert plain(render(msg(f"budget_desk.told.{entry}", title=named), language)) in (
                await citizen.hears()
            )
    await exported(w, tmp_path / "vote.pb", cast, won)


async def told(citizen: Citizen, language: str, ballot: Ballot, won: Prices) -> None:
    """Somebody reads what their vote did."""
    citizen.at = now_ms()
    said = await citizen.starts(CODE)
    for id in ballot:
        one = KNOWN[id]
        (line,) = [
            line for line in said.splitlines() if {"fr": one.fr, "ar": one.ar}[language] in line
        ]
        assert line.startswith("✅" if id in won else "▫️"), line


async def looked_into(budget: Budget, cast: Sequence[Ballot], won: Prices) -> None:
    """The desk, the public page of the results and the files, in both languages."""
    client = budget.client
    for language in LANGUAGES:
        desk = await budget.page(DESK, language)
        marked = re.findall(r'id="p-(p\d+)">\s*<h3>[^\n]*class="mark"', desk)
        assert {*marked} == {*won}
        page = await budget.page(f"/results/{CODE}", language)
        chosen = plain(render(msg("budget.chosen"), language))
        rows = [bare(row) for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]
        for id, one in KNOWN.items():
            name = {"fr": one.fr, "ar": one.ar}[language]
            (row,) = [row for row in rows if name in row and chosen_in(row, language) is not None]
            assert chosen_in(row, language) is (id in won), row
            votes = sum(id in ballot for ballot in cast)
            assert said_of(votes, won.get(id), language) in numbered(row)
        assert chosen in bare(page)
        # 400 ballots that count and six void ones, of the 600 on the list.
        turnout = msg("budget.turnout", voted=406, numbers=600, roll="Liste des votants", share=68)
        assert numbered(render(turnout, language)) in numbered(bare(page))
        book = await client.get(f"/staff/summary/{CODE}.xlsx?lang={language}")
        sheets = openpyxl.load_workbook(io.BytesIO(book.content))
        cells = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
        named = {one.fr if language == "fr" else one.ar for one in PROJECTS}
        assert named <= {plain(cell) for cell in cells if isinstance(cell, str)}
        pdf = await client.get(f"/staff/summary/{CODE}.pdf?lang={language}")
        assert pdf.content.startswith(b"%PDF")
        poster = await client.get(f"{DESK}/poster.pdf?language={language}")
        assert poster.content.startswith(b"%PDF")


async def promised(budget: Budget, won: Prices) -> None:
    """Each winner becomes what everybody can follow, and stands on the council's page once it is opened."""
    await budget.does(action="promise", owner="Bureau d’études", due="2027-12-31")
    codes = [f"{CODE}-P{id.removeprefix('p')}" for id in won]
    for code in codes:
        await budget.opens(code)
    for language in LANGUAGES:
        page = bare(await budget.page("/c/example", language))
        for id in won:
            one = KNOWN[id]
            assert {"fr": one.fr, "ar": one.ar}[language] in page
    async with budget.w.app.storage.reading() as tx:
        for code in codes:
            row = await budget.w.app.register.by_code(tx, code)
            assert row is not None
            assert row.state == "open"
            raw = msgspec.json.decode(row.definition)
            assert CODE in str(raw)
        for id in {*IDS} - {*won}:
            other = f"{CODE}-P{id.removeprefix('p')}"
            assert await budget.w.app.register.by_code(tx, other) is None


async def exported(w: World, file: Path, cast: Sequence[Ballot], won: Prices) -> None:
    """The file of the ballots, once a second person agreed; it can be counted by whoever wants to."""
    asked = argparse.Namespace(action="export", code=CODE, output=file, by="amal admin")
    with pytest.raises(Refusal):
        await commands.execute(w.app, asked)
    await second_agrees(w.app)
    await commands.execute(w.app, asked)
    text = file.read_text("utf-8")
    election = pabulib.read(text)
    assert election.budget == AMOUNT
    assert election.ballots == Counter(cast)
    assert {*election.names.values()} == {one.fr for one in PROJECTS}
    assert [line.split(";")[-1] for line in selected(text)] == [
        "1" if id in won else "0" for id in IDS
    ]
    assert {one.id: one.cost for one in election.projects} == COSTS
