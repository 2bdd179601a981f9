"""Who a message reaches: places, languages, consents, lists; and numbers that come in a file."""

import io
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
import time_machine

from bot.app.build import App, open_app
from bot.core.config import WhatsAppSettings
from bot.core.foreign.tables import BadFile
from bot.core.links import list_payload
from bot.core.localtime import now_ms
from bot.outreach import broadcasts, lists
from bot.outreach.audiences import WrongAudience
from flows.dialog.outreach import Audience, audience_problems
from flows.wording import render
from storage.rows.consultations import ConsultationByCode
from storage.rows.lists import ListsOf
from tests.bot.kinds.need.test_need import file_need
from tests.bot.outreach.test_broadcasts import known, pushed, sent, states
from tests.checks import AllConsents
from tests.citizen import NOON, Citizen, config_in


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    config = config_in(tmp_path, url)
    whatsapp = WhatsAppSettings(sender="+212500000000")
    opened = await open_app(msgspec.structs.replace(config, whatsapp=whatsapp))
    opened.register.ways = ("web", "whatsapp", "telegram")
    yield opened
    await opened.close()


async def reached(app: App, what: str = "invitation", **chosen: Any) -> int:
    """How many people an audience is."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        found = await broadcasts.reach(
            tx, app.register, row.council_id, what, Audience(**chosen), row
        )
    return found.people


async def profiled(app: App, name: str, *answers: str) -> Citizen:
    """Somebody who has answered the questions about themselves."""
    citizen = Citizen(app, name, at=now_ms())
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify([("1", ""), ("5", ""), ("skip", ""), ("[Send]", "counted")])
    for said in answers:
        await citizen.says(said)
    return citizen


async def test_languages_channels_and_places(app: App) -> None:
    await known(app, "amina")
    await known(app, "brahim", "Français")
    assert await reached(app) == 2
    assert await reached(app, languages=("fr", "ar")) == 1
    assert await reached(app, channels=("telegram",)) == 0
    assert await reached(app, channels=("web",)) == 2
    assert await reached(app, places=("08.401",)) == 2
    assert await reached(app, places=("01",)) == 0


async def test_who_has_not_agreed_is_not_reached(app: App) -> None:
    citizen = Citizen(app, "amina", at=now_ms())
    await citizen.starts("")
    await citizen.taps("English")
    assert await reached(app) == 0
    await citizen.taps("No, thanks")
    assert await reached(app) == 0


async def test_age_and_gender_only_of_who_agreed_to_that_use(app: App) -> None:
    await profiled(app, "amina", "[Yes]", "2", "1", "no", "yes")
    await profiled(app, "brahim", "[Yes]", "2", "1", "no", "no")
    asked = {"what": "notice"}
    assert await reached(app, **asked) == 2
    assert await reached(app, **asked, genders=("woman",)) == 1
    assert await reached(app, **asked, age_bands=("18-24",)) == 1
    assert await reached(app, **asked, age_bands=("65+",)) == 0


async def test_disability_needs_two_words(app: App) -> None:
    await profiled(app, "amina", "[Yes]", "skip", "skip", "yes", "yes", "yes")
    await profiled(app, "brahim", "[Yes]", "skip", "skip", "yes", "yes", "no")
    assert await reached(app, what="notice", disability=True) == 1


async def test_who_follows_is_who_answered_and_who_added_a_voice(app: App) -> None:
    """Who only looked on follows nothing; to be asked twice for who answered is refused by name."""
    amina, brahim = await known(app, "amina"), await known(app, "brahim")
    await known(app, "chama")
    await file_need(amina, "No water since Monday")
    await brahim.starts("OZT-NEEDS")
    for said in ("water", "Tabounte", "No water since Monday", "[Add my voice]"):
        await brahim.says(said)
    assert await reached(app, what="notice", answered="OZT-NEEDS") == 1
    assert await reached(app, what="notice", follows="OZT-NEEDS") == 2
    assert await reached(app, what="notice", follows="OZT-LIGHT") == 0
    both = Audience(answered="OZT-NEEDS", follows="OZT-NEEDS")
    found = [key for key, _ in audience_problems("audience", both, [])]
    assert found == ["audience.follows"]


async def test_who_answered_and_who_did_not(app: App) -> None:
    await profiled(app, "amina")
    await known(app, "brahim")
    assert await reached(app, what="notice", answered="OZT-LIGHT") == 1
    assert await reached(app, what="notice", not_answered="OZT-LIGHT") == 1
    # An invitation never goes to who has answered, whatever else is chosen.
    assert await reached(app, not_answered="OZT-PARK") == 1
    with pytest.raises(WrongAudience, match="no consultation 'NONE-1'"):
        await reached(app, answered="NONE-1")


async def test_members_of_a_list_only(app: App) -> None:
    amina = await known(app, "amina")
    await known(app, "brahim")
    async with app.storage.transaction() as tx:
        payload = await lists.link(app.vault, tx, app.register.default_id, "Youth council", "amal")
    assert "Youth council" in await amina.starts(payload)
    await amina.says("yes")
    assert await reached(app, lists=("youth-council",)) == 1
    with pytest.raises(WrongAudience, match="no list 'elders'"):
        await reached(app, lists=("elders",))


async def test_an_old_or_foreign_link_onto_a_list_is_not_good(app: App) -> None:
    amina = await known(app, "amina")
    async with app.storage.transaction() as tx:
        await lists.link(app.vault, tx, app.register.default_id, "Youth council", "amal")
        (kept,) = await tx.rows(ListsOf, council_id=app.register.default_id)
    old = list_payload(app.vault, kept.id, now_ms() - 1)
    assert "Youth council" not in await amina.starts(old)
    assert "Youth council" not in await amina.starts("b_1_2-3")


def file_of(text: str) -> lists.Read:
    return lists.read_content(text.encode())


def test_good_lines_are_kept_and_bad_ones_named() -> None:
    read = file_of("phone;language\n0612345678;français\n06 12 34 56 78;\n12;\n+33612345678;xx\n\n")
    assert [(s.phone, s.language) for s in read.people] == [("+212612345678", "fr")]
    assert [problem.line for problem in read.problems] == [3, 4, 5]
    said = [render(problem.text, "fr") for problem in read.problems]
    assert "même numéro qu’à la ligne 2" in said[0]
    assert "n’est pas un numéro" in said[1]
    assert "pas une de nos langues" in said[2]


def test_a_file_without_a_heading_is_read_and_an_arabic_heading_too() -> None:
    assert len(file_of("0612345678\n0612345679\n").people) == 2
    assert len(file_of("الاسم,رقم الهاتف\nأمينة,0612345678\n").people) == 1


def test_headings_are_understood_as_on_a_petitions_list() -> None:
    assert len(file_of("Nom;N° de téléphone\nAmina;0612345678\n").people) == 1
    assert len(file_of("N°;الهاتف / Téléphone\n1;0612345678\n").people) == 1
    assert len(file_of("numero\n12\n0612345678\n").people) == 1
    # What counts the lines holds no phones.
    with pytest.raises(BadFile):
        file_of("N°;Contact\n1;0612345678\n")


def test_a_spreadsheet_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Téléphone", "Langue"], [612345678, "ar"], ["0612345679", None]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    read = lists.read_content(out.getvalue())
    assert [(s.phone, s.language) for s in read.people] == [
        ("+212612345678", "ar"),
        ("+212612345679", ""),
    ]


@pytest.mark.parametrize("content", [b"", b"name\nAmina\n", b"PK\x03\x04 broken", b"\x00\x01\x02"])
def test_what_is_no_list_is_refused_with_what_would_be(content: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        lists.read_content(content)
    assert len(lists.said(refused.value, "ar")) > 20


async def test_imported_people_keep_what_they_have_said_to_us(app: App) -> None:
    council_id = app.register.default_id
    read = file_of("phone\n0612345678\n0612345679\n")
    for _ in range(2):
        async with app.storage.transaction() as tx:
            code, _ = await lists.fill(
                tx,
                app.vault,
                app.config.whatsapp.sender,
                council_id,
                "Meeting",
                "imported",
                read,
                "paper forms",
                "amal",
            )
    assert await reached(app, lists=(code,)) == 2
    async with app.storage.reading() as tx:
        consents = await tx.rows(AllConsents)
    assert [(c.given, c.shown, c.channel) for c in consents] == [(1, "paper forms", "import")] * 4


async def test_a_channel_that_is_not_connected_is_not_counted_and_holds_nothing_up(
    app: App,
) -> None:
    read = file_of("phone\n0612345678\n")
    async with app.storage.transaction() as tx:
        await lists.fill(
            tx,
            app.vault,
            app.config.whatsapp.sender,
            app.register.default_id,
            "Meeting",
            "imported",
            read,
            "forms",
            "amal",
        )
    await known(app, "amina")
    waiting = await sent(app)
    app.register.ways = ("web",)
    assert await reached(app) == 1
    await pushed(app)
    assert await states(app, waiting) == {"sent": 1}


async def test_who_has_muted_the_council_or_said_stop_is_not_counted(app: App) -> None:
    """The organizer sees how many are written to, not how many there are."""
    for name in ("amina", "brahim", "clara", "driss"):
        await known(app, name)
    assert await reached(app) == 4
    async with app.storage.transaction() as tx:
        one, third = [row["id"] for row in await tx.rows("people_known")][:2]
        await tx.run("mute", person_id=one, council_id=app.register.default_id, at=NOON)
    assert await reached(app) == 3
    async with app.storage.transaction() as tx:
        await tx.run("stop_person", id=third, at=NOON)
    assert await reached(app) == 2
