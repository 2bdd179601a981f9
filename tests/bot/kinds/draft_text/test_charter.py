"""A charter of twelve articles from two files to the told outcome: three rounds, sixty people, Arabic and French."""

import io
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import openpyxl
import pytest
import time_machine

from bot.consultations import definitions
from bot.kinds.draft_text import telling
from bot.outreach import lists
from flows.wording import render
from flows.wording.text import msg
from tests.bot.kinds.draft_text.reading.documents import content_of, document
from tests.bot.kinds.worlds import World, world
from tests.citizen import NOON, Citizen, plain

CODE = "OZT-CHARTE"
ARTICLES = 12

#: Elected members, then one body of five and two associations of two, then everybody.
ROUNDS = [
    {
        "key": "elected",
        "title": {"fr": "Élus", "ar": "المنتخبون"},
        "opens": "2026-11-21T09:00:00",
        "closes": "2026-11-23T00:00:00",
        "lists": ["elus"],
    },
    {
        "key": "bodies",
        "title": {"fr": "Instance et associations", "ar": "الهيئة والجمعيات"},
        "opens": "2026-11-24T09:00:00",
        "closes": "2026-11-26T00:00:00",
        "lists": ["instance", "associations"],
    },
    {
        "key": "everybody",
        "title": {"fr": "Habitants", "ar": "السكان"},
        "opens": "2026-11-27T09:00:00",
        "closes": "2026-12-05T00:00:00",
    },
]

#: What the elected members say of the last article, what the body and the associations say of the seventh.
TOO_LONG = {"fr": "Six mois, c’est trop long", "ar": "ستة أشهر مدة طويلة"}
NO_MEANS = {"fr": "Il manque les moyens", "ar": "لا توجد وسائل لذلك"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("draft_text", tmp_path, clock) as found:
        yield found


def charter(language: str) -> bytes:
    """The text as a word processor has it."""
    made = document()
    word, title = {"fr": ("Article", "Sujet"), "ar": ("المادة", "الموضوع")}[language]
    made.add_heading(
        {"fr": "Charte de la participation", "ar": "ميثاق المشاركة المواطنة"}[language], 0
    )
    for number in range(1, ARTICLES + 1):
        made.add_heading(f"{word} {number} : {title} {number}", 2)
        made.add_paragraph(
            {
                "fr": f"La commune s’engage sur le point {number} et rend compte tous les six mois.",
                "ar": f"تلتزم الجماعة بالنقطة {number} وتقدم الحساب كل ستة أشهر.",
            }[language]
        )
    return content_of(made)


async def drafted(w: World, client: httpx.AsyncClient) -> None:
    """Both files become one draft, which is opened in its rounds."""
    for language, into in (("fr", ""), ("ar", CODE)):
        shown = await client.post(
            "/staff/drafts/file?lang=fr",
            files={"file": ("charte.docx", charter(language))},
            data={"language": language, "into": into},
        )
        assert shown.status_code == 200
        sealed = re.findall(r'name="kept" value="([^"]+)"', shown.text)[0]
        sent = {"kept": sealed, "code": CODE, "title": "Charte de la participation"}
        assert (await client.post("/staff/drafts/file", data=sent)).status_code == 303
    async with w.app.storage.transaction() as tx:
        row = await w.app.register.by_code(tx, CODE)
        assert row is not None
        raw = {**msgspec.json.decode(row.definition), "rounds": ROUNDS, "minutes": 8}
        raw["title"] = {"fr": "Charte de la participation", "ar": "ميثاق المشاركة المواطنة"}
        head, problems = definitions.check(raw, w.app.register.council(row.council_id))
        assert problems == []
        assert head is not None
        await definitions.add(tx, w.app.register, msgspec.to_builtins(head), head)
        fresh = await w.app.register.by_code(tx, CODE)
        assert fresh is not None
        await definitions.open_consultation(tx, fresh, "amal")


class Town:
    """Who takes part: one after the other, half of them in Arabic, some minutes apart."""

    def __init__(self, w: World) -> None:
        self.w = w
        self.people: list[tuple[Citizen, str]] = []

    async def comes(self, payload: str = "") -> tuple[Citizen, str]:
        """Somebody new, put on a list where a link of one is given."""
        number = len(self.people)
        self.w.clock.shift(timedelta(minutes=3, seconds=7 * number % 61))
        language = ("fr", "ar")[number % 2]
        citizen = await self.w.known(f"person {number}", "web")
        await citizen.says({"fr": "français", "ar": "العربية"}[language])
        await citizen.says("cancel")
        if payload:
            await citizen.starts(payload)
            await citizen.says("1")
        self.people.append((citizen, language))
        return citizen, language

    async def listed(self, name: str, count: int) -> list[tuple[Citizen, str]]:
        """So many who are on a list."""
        async with self.w.app.storage.transaction() as tx:
            council_id = (await self.w.row()).council_id
            payload = await lists.link(self.w.app.vault, tx, council_id, name, "amal")
        return [await self.comes(payload) for _ in range(count)]


async def comments(
    w: World, citizen: Citizen, language: str, how: str, against: Mapping[int, Mapping[str, str]]
) -> list[int]:
    """Somebody says what they think of the articles; returns which they were asked about."""
    w.clock.shift(timedelta(minutes=2))
    citizen.at = max(citizen.at, int(datetime.now(UTC).timestamp() * 1000))
    said = await citizen.starts(CODE)
    said = await citizen.says(how)
    asked = []
    send = render(msg("button.send"), language)
    while not any(send in button.label for button in citizen.heard[-1].buttons):
        number = int(re.findall(r"(?:Article|المادة) (\d+)", said)[-1])
        asked.append(number)
        said = await citizen.says("3" if number in against else "1")
        if number in against:
            said = await citizen.says(against[number][language])
        assert len(asked) <= ARTICLES, said
    said = await citizen.says(f"[{send}]")
    assert "OZT-2026-" in said, said
    return asked


async def test_a_charter_goes_through_its_three_rounds(w: World) -> None:
    """Sixty people: six elected, a body of five and two associations of two, forty-five others."""
    town = Town(w)
    async with w.browser("organizer") as client:
        await drafted(w, client)
    elected = await town.listed("Elus", 6)
    bodies = await town.listed("Instance", 5) + await town.listed("Associations", 4)
    w.clock.move_to(datetime(2026, 11, 22, 9, tzinfo=UTC))
    for citizen, language in elected:
        everything = await comments(w, citizen, language, "3", {12: TOO_LONG})
        assert everything == list(range(1, ARTICLES + 1))
    w.clock.move_to(datetime(2026, 11, 24, 10, tzinfo=UTC))
    for citizen, language in bodies:
        await comments(w, citizen, language, "3", {7: NO_MEANS})
    w.clock.move_to(datetime(2026, 11, 28, 9, tzinfo=UTC))
    counted = dict.fromkeys(range(1, ARTICLES + 1), 0)
    for _ in range(45):
        for number in await comments(w, *await town.comes(), "1", {}):
            counted[number] += 1
    # The least answered come first: so nobody has to read twelve, and each is read as often.
    assert sum(counted.values()) == 3 * 45
    assert max(counted.values()) - min(counted.values()) <= 1
    assert len(town.people) == 60
    w.clock.move_to(datetime(2026, 12, 7, 10, tzinfo=UTC))
    async with w.app.storage.transaction() as tx:
        await definitions.close_due(tx, int(datetime.now(UTC).timestamp() * 1000))
    async with w.browser("organizer") as client:
        # What the elected members wrote of the last article is put together, and replied to once.
        where = f"/staff/drafts/{CODE}/groups/a12"
        page = (await client.get(f"{where}?lang=fr")).text
        chosen = re.findall(r'name="token\.\d+" value="([^"]+)"', page)
        assert len(chosen) == 6
        ticks = {f"token.{n}": token for n, token in enumerate(chosen)}
        title = {"title.fr": "Six mois, c’est trop", "title.ar": "ستة أشهر كثيرة"}
        made = await client.post(f"{where}/do", data={"action": "put", **ticks, **title})
        assert made.status_code == 303
        id = re.findall(r'id="g-(\d+)"', (await client.get(where)).text)[0]
        reply = {"why.fr": "Ce sera trois mois.", "why.ar": "ستصبح ثلاثة أشهر."}
        more = {"action": "reply", "group": id, "outcome": "taken", "bodies": "Le bureau"}
        kept = await client.post(f"{where}/do", data={**more, **title, **reply})
        assert kept.status_code == 303
        following = {"next.fr": "Tous les trois mois.", "next.ar": "كل ثلاثة أشهر."}
        own = {"action": "reply", "article": "a12", "outcome": "taken", **reply, **following}
        assert (await client.post(f"/staff/drafts/{CODE}/do", data=own)).status_code == 303
        # What all three accept: ten articles of twelve.
        for language, all, some in (
            ("fr", "Accepté dans tous les tours", "N’est pas accepté"),
            ("ar", "مقبولة في كل الجولات", "غير مقبولة في كل الجولات"),
        ):
            desk = plain((await client.get(f"/staff/drafts/{CODE}?lang={language}")).text)
            assert desk.count(f"✓ {all}") == 10
            assert len(re.findall(f"<strong>[^<]*{some}", desk)) == 2
        page = (await client.get(f"{where}?lang=ar")).text
        digest = re.findall(r'name="digest" value="([^"]+)"', page)[0]
        tell = {"action": "tell", "group": id, "digest": digest}
        assert (await client.post(f"{where}/do", data=tell)).status_code == 303
        for citizen, _ in town.people:
            await citizen.hears()
        await telling.look(w.app)
        for citizen, language in elected:
            told = await citizen.hears()
            assert reply[f"why.{language}"] in told
            assert title[f"title.{language}"] in told
        assert await bodies[0][0].hears() == ""
        await looked_into(client)


async def looked_into(client: httpx.AsyncClient) -> None:
    """The page of the results and the files, in both languages."""
    for language, words in (
        ("fr", ("Six mois, c’est trop", "Ce sera trois mois.", "Habitants", "Le bureau")),
        ("ar", ("ستة أشهر كثيرة", "ستصبح ثلاثة أشهر.", "السكان", "Le bureau")),
    ):
        public = plain((await client.get(f"/results/{CODE}?lang={language}")).text)
        assert all(word in public for word in words)
        # A table is wider than a phone: it moves, and the page does not.
        assert public.count('<div class="wide"') == public.count("<table>") > 4
        book = await client.get(f"/staff/summary/{CODE}.xlsx?lang={language}")
        sheets = openpyxl.load_workbook(io.BytesIO(book.content))
        cells = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
        shown = plain("\n".join(str(value) for value in cells if value is not None))
        assert all(word in shown for word in words)
        pdf = await client.get(f"/staff/summary/{CODE}.pdf?lang={language}")
        assert pdf.content.startswith(b"%PDF")
        assert len(pdf.content) > 20_000
