"""The workshop of Béni Mellal of 1 November 2023, from the staff form to the evaluation: forty people, Arabic and French.

Of the programme it is known that people registered at 9:00, that there were five sessions, tea, work in groups, and that
it closed at 15:00. What lies between, and what is said here, is only for the test.
"""

import io
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import openpyxl
import pytest
import time_machine
from icalendar import Calendar

from bot.app import site
from bot.app.build import App
from bot.core.localtime import now_ms
from bot.kinds.meeting import clock, seats
from bot.kinds.meeting.door.arrivals import digest
from flows.kinds.meeting.results import Seats
from flows.wording import render
from flows.wording.text import msg
from storage.rows.consultations import ConsultationByCode
from tests.bot.kinds.meeting.places import digest_in
from tests.citizen import Citizen, plain, running
from tests.filled import fields_in
from tests.pictures import photo
from tests.staff_links import link_for
from tests.visitor import visitor

CODE = "BML-ATELIER"
DESK = f"/staff/meetings/{CODE}"

COUNCIL = """
code = "benimellal"
prefix = "BML"
place = "05.091.01.01"
language = "ar"
second_factor = []
name = { ar = "جماعة بني ملال", fr = "Commune de Béni Mellal" }
themes = [{ id = "other", emoji = "✳️", text = { ar = "موضوع آخر", fr = "Autre sujet" } }]
"""

LANGUAGES = ("fr", "ar")
LABELS = {"fr": "Français", "ar": "العربية"}
PEOPLE, OFFLINE = 40, 10

TITLE = {"fr": "Atelier : notre ville et ses habitants", "ar": "ورشة: مدينتنا وسكانها"}
PLACE = {"fr": "Maison de la culture", "ar": "دار الثقافة"}


class Item:
    """One line of the programme as it is typed."""

    def __init__(self, at: str, minutes: int, fr: str, ar: str, *more: str) -> None:
        self.at, self.minutes, self.fr, self.ar, self.more = at, minutes, fr, ar, more


PROGRAMME = (
    Item("09:00", 30, "Accueil et inscription", "الاستقبال والتسجيل"),
    Item("09:30", 30, "Première séance", "الجلسة الأولى", "talk"),
    Item("10:00", 30, "Deuxième séance", "الجلسة الثانية", "talk"),
    Item("10:30", 30, "Troisième séance", "الجلسة الثالثة", "talk"),
    Item("11:00", 20, "Pause thé", "استراحة شاي", "pause"),
    Item("11:20", 40, "Quatrième séance", "الجلسة الرابعة", "talk"),
    Item("12:00", 90, "Travail en groupes", "عمل المجموعات", "talk", "grouped"),
    Item("13:30", 60, "Cinquième séance : ce que disent les groupes", "الجلسة الخامسة: خلاصات المجموعات", "talk"),
    Item("14:30", 30, "Clôture", "الاختتام"),
)  # fmt: skip

RECOMMENDED = {"fr": "Une lampe à chaque arrêt de bus", "ar": "مصباح في كل موقف حافلة"}
DECIDED = {"fr": "Nous nous revoyons en mai", "ar": "نلتقي من جديد في ماي"}
MINUTES = {"fr": "Quarante-deux personnes étaient là.", "ar": "حضر اثنان وأربعون شخصا."}


def said(entry: str, language: str) -> str:
    """An entry without values in a language."""
    return plain(render(msg(entry), language))


def button(entry: str, language: str) -> str:
    return f"[{said(entry, language)}]"


class Guest:
    """Somebody who signs up in the chat."""

    def __init__(self, app: App, number: int) -> None:
        self.number, self.language = number, LANGUAGES[number % 2]
        self.citizen = Citizen(app, f"guest {number}", at=now_ms())
        self.code = ""

    async def opens(self) -> str:
        self.citizen.at = max(self.citizen.at, now_ms())
        return await self.citizen.starts(CODE)

    async def signs_up(self, entry: str = "meeting.come") -> str:
        """As somebody new: language, consent, then the place; every tenth needs a way to get there."""
        await self.citizen.arrives(LABELS[self.language], CODE)
        await self.citizen.says(button(entry, self.language))
        if self.number % 10:
            await self.citizen.says(button("meeting.needs_no", self.language))
        else:
            await self.citizen.says(button("meeting.needs_yes", self.language))
            await self.citizen.says(("2", "٢")[self.number // 10 % 2])
        heard = await self.citizen.says(button("button.send", self.language))
        self.code = next(iter(re.findall(r"\b\d{5}\b", heard)), "")
        return heard


class Workshop:
    """The workshop, and what happens to it."""

    def __init__(self, app: App, traveller: time_machine.Traveller) -> None:
        self.app = app
        self._traveller = traveller

    def it_is(self, month: int, day: int, hour: int, minute: int = 0) -> None:
        """It is that moment in Morocco."""
        self._traveller.move_to(datetime(2023, month, day, hour - 1, minute, tzinfo=UTC))

    async def look(self) -> None:
        """What the server does every few seconds."""
        await clock.look(self.app)

    async def places(self) -> Seats:
        async with self.app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code=CODE)
            assert row is not None
            return await seats.counted(tx, row.id)

    @asynccontextmanager
    async def desk(self, role: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser of somebody of the staff."""
        transport = httpx.ASGITransport(app=site.build(self.app))
        base = self.app.config.public_url
        async with visitor(transport=transport, base_url=base) as client:
            link = await link_for(self.app, "benimellal", f"amal {role}", role)
            assert (await client.post(link)).status_code == 303
            yield client


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[Workshop]:
    folder = tmp_path / "councils"
    folder.mkdir()
    (folder / "benimellal.toml").write_text(COUNCIL, "utf-8")
    with time_machine.travel(datetime(2023, 10, 16, 9, tzinfo=UTC), tick=False) as traveller:
        async with running(tmp_path, councils=str(folder)) as app:
            yield Workshop(app, traveller)


async def entered(client: httpx.AsyncClient) -> None:
    """An organizer types the programme into the form, looks at what citizens will read, keeps it and opens it."""
    form = fields_in((await client.get("/staff/new?kind=meeting&lang=fr")).text)
    for _ in PROGRAMME:
        form = fields_in(
            (await client.post("/staff/new?lang=fr", data={**form, "~rows": "add:items"})).text
        )
    form |= {
        "code": CODE,
        "starts": "2023-11-01T09:00",
        "ends": "2023-11-01T15:00",
        "closes": "2023-11-08T00:00",
        "pin": "32.3373, -6.3498",
        "seats": str(PEOPLE),
        "groups": "4",
        "needs.sign": "on",
        "needs.transport": "on",
        **{f"title.{one}": TITLE[one] for one in LANGUAGES},
        **{f"place.{one}": PLACE[one] for one in LANGUAGES},
    }
    for number, item in enumerate(PROGRAMME):
        where = f"items.{number}"
        form |= {f"{where}.at": item.at, f"{where}.minutes": str(item.minutes)}
        form |= {f"{where}.text.fr": item.fr, f"{where}.text.ar": item.ar}
        form |= {f"{where}.{name}": "on" for name in item.more}
    looked = await client.post("/staff/new?lang=fr", data={**form, "look": "1"})
    assert looked.status_code == 200
    assert looked.text.count('class="phone"') >= 2
    kept = await client.post("/staff/new?lang=fr", data={**form, "save": "1"})
    assert kept.status_code == 303, re.findall(r'error"[^<]*<?[^<]*', kept.text)
    opened = await client.post(f"/staff/c/{CODE}/do", data={"action": "open", "sure": "on"})
    assert opened.status_code == 303


async def came_in(w: Workshop) -> list[Guest]:
    """Forty have a place; one more waits, and has the place of who cannot come."""
    guests = [Guest(w.app, number) for number in range(PEOPLE + 1)]
    for guest in guests[:PEOPLE]:
        await guest.signs_up()
        assert guest.code, guest.citizen.heard[-1].text
    heard = await guests[PEOPLE].signs_up("meeting.wait")
    assert "1" in heard
    assert not guests[PEOPLE].code
    gone = guests[7]
    shown = await gone.opens()
    assert PLACE[gone.language] in shown
    await gone.citizen.says(button("meeting.give_back", gone.language))
    await gone.citizen.says(button("meeting.give_back", gone.language))
    await w.look()
    late = guests[PEOPLE]
    await late.opens()
    heard = await late.citizen.says(button("meeting.take", late.language))
    late.code = re.findall(r"\b\d{5}\b", heard)[-1]
    for guest in guests[:4]:
        await guest.opens()
        programme = await guest.citizen.says(button("meeting.see_programme", guest.language))
        for item in PROGRAMME:
            words = item.fr if guest.language == "fr" else item.ar
            assert re.search(rf"{item.at}.*{re.escape(words)}", programme), programme
        await guest.citizen.says(button("meeting.say", guest.language))
        await guest.citizen.says("5")
        heard = await guest.citizen.says(
            ("Plus de bus le soir", "المزيد من الحافلات مساء")[guest.number % 2]
        )
        assert "BML-2023-" in heard
    return [guest for guest in guests if guest is not gone]


async def grouped(w: Workshop, client: httpx.AsyncClient, guests: Sequence[Guest]) -> None:
    """Four groups of ten, looked at and told to each in their own language."""
    where = f"{DESK}/groups"
    assert (await client.post(f"{where}/do", data={"action": "make"})).status_code == 303
    page = (await client.get(f"{where}?lang=ar")).text
    tell = {"action": "tell", "digest": digest_in(page)}
    assert (await client.post(f"{where}/do", data=tell)).status_code == 303
    lines = (await client.get(f"{where}.csv?lang=fr")).text.splitlines()[1:]
    numbers = {code: group for _, group, code in (line.rsplit(",", 2) for line in lines)}
    assert sorted(numbers.values()) == [str(n) for n in range(1, 5) for _ in range(10)]
    for guest in guests:
        await guest.citizen.hears()
    await w.look()
    for guest in guests:
        named = {"fr": "Travail en groupes", "ar": "عمل المجموعات"}[guest.language]
        told = msg("meeting.group_at", item=named, number=int(numbers[guest.code]))
        assert plain(render(told, guest.language)) in await guest.citizen.hears()


async def reminded(w: Workshop, guests: Sequence[Guest]) -> None:
    """Everybody is reminded once, with the place and their number."""
    await w.look()
    for guest in guests:
        heard = await guest.citizen.hears()
        assert said("meeting.reminder", guest.language) in heard
        assert PLACE[guest.language] in heard
        assert guest.code in heard
        assert "09:00" in heard
    await w.look()
    assert await guests[0].citizen.hears() == ""


async def at_the_door(w: Workshop, client: httpx.AsyncClient, guests: Sequence[Guest]) -> None:
    """Thirty numbers are typed at the desk; ten, and two who just come, wait on a telephone without a network."""
    let_in = await client.post(
        f"{DESK}/phones/do?lang=ar", data={"action": "let in", "name": "أمل", "once": "1"}
    )
    (key,) = re.findall(r'href="[^"]*/door#([^"]+)"', let_in.text)
    known = (await client.post("/door/sync", json={"key": key})).json()
    offline, others = guests[:OFFLINE], guests[OFFLINE:]
    for guest in offline:
        assert digest(known["salt"], guest.code) in known["codes"]
    sheet = await client.get(f"{DESK}/sheet.pdf?lang=ar")
    assert sheet.content.startswith(b"%PDF")
    w.it_is(11, 1, 9, 20)
    typed = "\n".join(guest.code for guest in others)
    eastern = typed.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    answer = await client.post(f"{DESK}/do", data={"action": "codes", "codes": eastern})
    assert answer.status_code == 303
    assert await w.places() == Seats(had=PEOPLE, present=PEOPLE - OFFLINE)
    noted = [{"code": guest.code, "at": now_ms() + n} for n, guest in enumerate(offline)]
    walked = [
        {"entry": f"e{n}", "at": now_ms(), "name": name}
        for n, name in enumerate(("لحسن", "Rachida"))
    ]
    w.it_is(11, 1, 13, 40)
    # The first answer is lost on its way, so all is sent again.
    for _ in range(2):
        sent = await client.post(
            "/door/sync", json={"key": key, "arrivals": noted, "others": walked}
        )
        assert sorted(sent.json()["taken"]) == sorted(guest.code for guest in offline)
    assert await w.places() == Seats(had=PEOPLE, present=PEOPLE, noted=2)


async def told(w: Workshop, client: httpx.AsyncClient, guests: Sequence[Guest]) -> None:
    """Minutes, a decision, a recommendation and two photos, read in the chat and on the council's page."""
    where = f"{DESK}/outcome"
    page = (await client.get(f"{where}?lang=fr")).text
    keys = list(dict.fromkeys(re.findall(r'name="sort\.([^"]+)"', page)))
    assert len(keys) >= len(PROGRAMME) - 1
    fifth, closing = keys[-2:]
    written = {f"sort.{fifth}": "recommendation", f"sort.{closing}": "decision"}
    for language in LANGUAGES:
        written[f"text.{fifth}.{language}"] = RECOMMENDED[language]
        written[f"text.{closing}.{language}"] = DECIDED[language]
        written[f"minutes.{language}"] = MINUTES[language]
    kept = await client.post(f"{where}/do", data={"action": "keep", **written})
    assert kept.status_code == 303
    for width in (640, 480):
        added = await client.post(
            f"{where}/photos",
            data={"action": "add"},
            files={"photo": ("flipchart.jpg", photo(width, 400), "image/jpeg")},
        )
        assert added.status_code == 303
    page = (await client.get(f"{where}?lang=ar")).text
    tell = {"action": "tell", "digest": digest_in(page)}
    assert (await client.post(f"{where}/do", data=tell)).status_code == 303
    for guest in guests:
        await guest.citizen.hears()
    await w.look()
    for guest in guests:
        heard, language = await guest.citizen.hears(), guest.language
        for words in (RECOMMENDED, DECIDED, MINUTES):
            assert words[language] in heard
    for language in LANGUAGES:
        page = plain((await client.get(f"/c/benimellal?lang={language}")).text)
        for words in (TITLE, RECOMMENDED, DECIDED, MINUTES):
            assert words[language] in page
        assert page.count('<img class="photo"') == 2
    # By one press the recommendation is the beginning of a commitment.
    links = re.findall(r'href="(/staff/new\?[^"]+)"', (await client.get(where)).text)
    begun = fields_in((await client.get(links[0].replace("&amp;", "&"))).text)
    assert begun["kind"] == "commitment"
    assert begun["title.fr"] == RECOMMENDED["fr"]
    assert begun["title.ar"] == RECOMMENDED["ar"]


async def rated(guests: Sequence[Guest]) -> None:
    """Three taps of each: the organisation is good, nobody says how the listening was, the result is very good."""
    for guest in guests:
        heard = await guest.opens()
        assert RECOMMENDED[guest.language] in heard
        assert said("meeting.rated_organised", guest.language) in heard
        await guest.citizen.says(button("poll.rating.4", guest.language))
        heard = await guest.citizen.says(("passer", "تخطي")[guest.number % 2])
        assert said("meeting.rated_result", guest.language) in heard
        await guest.citizen.says(("5", "٥")[guest.number % 2])


async def test_forty_people_go_through_the_workshop_of_beni_mellal(w: Workshop) -> None:
    async with w.desk("organizer") as client:
        await entered(client)
    guests = await came_in(w)
    assert await w.places() == Seats(had=PEOPLE)
    w.it_is(10, 30, 9, 30)
    await reminded(w, guests)
    async with w.desk("organizer") as client:
        await grouped(w, client, guests)
        file = await client.get(f"/calendar/{CODE}.ics?lang=fr")
        (event,) = Calendar.from_ical(file.content).walk("VEVENT")
        assert event.decoded("DTSTART") == datetime(2023, 11, 1, 8, tzinfo=UTC)
        assert event.decoded("DTEND") == datetime(2023, 11, 1, 14, tzinfo=UTC)
    # Two hours before nine nobody is written to: the second time is on the evening before.
    w.it_is(10, 31, 19)
    await reminded(w, guests)
    w.it_is(11, 1, 8, 45)
    async with w.desk("clerk") as client:
        await at_the_door(w, client, guests)
    w.it_is(11, 1, 15, 30)
    async with w.desk("organizer") as client:
        await told(w, client, guests)
    await rated(guests)
    w.it_is(11, 8, 9)
    async with w.desk("organizer") as client:
        closed = {"action": "close", "sure": "on"}
        assert (await client.post(f"/staff/c/{CODE}/do", data=closed)).status_code == 303
        for language in LANGUAGES:
            page = plain((await client.get(f"/results/{CODE}?lang={language}")).text)
            assert said("meeting.rated_organised", language) in page
            # How many came is no secret.
            for entry, count in (("present", PEOPLE), ("others", 2)):
                label = said(f"meeting.places_{entry}", language)
                assert re.search(rf"{label}</t[dh]>\s*<td[^>]*>{count}</td>", page), page
            book = await client.get(f"/staff/summary/{CODE}.xlsx?lang={language}")
            sheets = openpyxl.load_workbook(io.BytesIO(book.content))
            cells = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
            assert PEOPLE in cells
            pdf = await client.get(f"/staff/summary/{CODE}.pdf?lang={language}")
            assert pdf.content.startswith(b"%PDF")
