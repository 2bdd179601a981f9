"""Danger: the numbers first, whatever was asked; then the way to report it; staff are told at once."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from msgspec.structs import replace

from bot.app.build import App
from bot.core.localtime import now_ms
from bot.staff import accounts
from flows.kinds.kind import DANGER
from flows.morocco.emergency import EmergencyNumber
from storage.rows.cases import CaseByReference, CasesPage
from storage.rows.people import PersonOfAddress
from tests.bot.conversation.test_inbound import JPEG
from tests.bot.conversation.test_opt_out import person
from tests.bot.kinds.need.test_need import file_need
from tests.bot.outreach.test_broadcasts import pushed, sent
from tests.citizen import NOON, Citizen, plain, running

#: 03:00 in Morocco: the council's quiet hours.
NIGHT = NOON - 9 * 3_600_000

REPORT = "report it to the council too?"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NIGHT / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def someone(app: App, code: str = "", name: str = "amina") -> Citizen:
    citizen = Citizen(app, name, at=now_ms())
    await citizen.arrives(code=code)
    return citizen


async def reported(citizen: Citizen) -> str:
    """Report what was told, and return the reference."""
    await citizen.verify(
        [
            ("[Report it]", "Where"),
            ("Tabounte", "before it is sent"),
        ]
    )
    return reference_in(await citizen.says("[Send]"))


def reference_in(said: str) -> str:
    """The reference that somebody is given."""
    return next(
        word for word in plain(said).replace(".", " ").split() if word.startswith("OZT-2026")
    )


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("il y a un incendie chez le voisin", "15"),
        ("العافية شاعلة فالدار", "15"),
        ("FIRE", "15"),
        ("راجلي كيضربني", "8350"),
        ("hjmo 3lia bssif", "19"),
        ("ⵜⴰⴽⴰⵜ ⴳ ⵜⴳⵎⵎⵉ", "15"),
        ("je veux mourir", "15"),
    ],
)
@pytest.mark.parametrize("at", [(), ("water",), ("water", "Tabounte"), ("menu",)])
async def test_the_numbers_come_before_anything_else_at_any_question(
    app: App, words: str, number: str, at: tuple[str, ...]
) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    for said in at:
        await citizen.says(said)
    told = plain(await citizen.says(words))
    assert told.startswith("🚨 Call now:")
    assert f"☎️ {number}:" in told
    assert "Nobody reads messages here at once" in told


async def test_the_very_first_message_gets_the_numbers_and_its_words_are_kept(app: App) -> None:
    citizen = Citizen(app, "amina", at=now_ms())
    told = plain(await citizen.says("Au secours, la maison brûle"))
    assert told.startswith("🚨 Appelez maintenant")
    assert "15" in told
    await citizen.verify(
        [
            ("[Le signaler]", "Vos réponses vont au conseil"),
            ("[Autre langue]", "Quelle langue"),
            ("[English]", "Your answers go to"),
            ("[I agree]", "Where"),
            ("Tabounte", "la maison brûle"),
        ]
    )


async def test_danger_told_at_the_question_for_own_words_is_a_need_of_its_own(app: App) -> None:
    """The theme and the place that were given are of something else."""
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify(
        [
            ("water", "Where"),
            ("Tabounte", "own words"),
            ("a child fell into the well", REPORT),
            ("[Report it]", "Where"),
        ]
    )
    review = await citizen.says("Tarmigt")
    assert "a child fell into the well" in review
    assert "Tarmigt" in review
    assert "Tabounte" not in review
    assert "Theme" not in review
    await citizen.says("[Send]")
    assert "own words" in await citizen.says("resume"), "the other need waits where it was"


async def test_what_came_with_the_words_goes_with_them(app: App) -> None:
    citizen = await someone(app)
    await citizen.does(text="there is a fire", media=(app.web.upload(JPEG, "photo"),))
    reference = await reported(citizen)
    async with app.storage.reading() as tx:
        row = await tx.row(CaseByReference, reference=reference)
    assert row is not None
    assert len(json.loads(row.body)["words"]["media"]) == 1


async def test_nobody_before_a_fire_is_asked_what_it_is_about(app: App) -> None:
    citizen = await someone(app)
    await citizen.says("there is a fire")
    reference = await reported(citizen)
    async with app.storage.reading() as tx:
        row = await tx.row(CaseByReference, reference=reference)
    assert row is not None
    assert (row.theme, row.danger) == (DANGER, "fire")


async def test_what_is_added_to_a_danger_takes_none_of_it_back(app: App) -> None:
    citizen = await someone(app)
    await citizen.says("there is a fire")
    await citizen.verify([("same house as last year", "Where"), ("Tabounte", "before it is sent")])
    reference = reference_in(await citizen.says("[Send]"))
    async with app.storage.reading() as tx:
        row = await tx.row(CaseByReference, reference=reference)
    assert row is not None
    assert row.danger == "fire"


async def test_more_that_is_written_instead_of_a_tap_is_reported_too(app: App) -> None:
    citizen = await someone(app)
    assert REPORT in await citizen.says("there is a fire")
    await citizen.verify([("third house after the mosque", "Where")])
    said = await citizen.says("Tabounte")
    assert "there is a fire" in said
    assert "third house after the mosque" in said


async def test_whoever_does_not_report_goes_on_where_they_were(app: App) -> None:
    citizen = await someone(app, "OZT-LIGHT")
    await citizen.verify([("there is a fire", REPORT), ("[No]", "How is the lighting")])


async def test_no_question_about_age_after_it(app: App) -> None:
    citizen = await someone(app)
    await citizen.says("there is a fire")
    await reported(citizen)
    assert citizen.labels == ["☰ Menu"] or "Menu" in " ".join(citizen.labels)
    assert "helps everyone" not in citizen.heard[-1].text
    assert "how old" not in citizen.heard[-1].text.lower()


async def test_it_stands_on_top_of_the_desk_until_it_is_settled(app: App) -> None:
    council = app.register.default_id
    citizen = await someone(app)
    await citizen.says("there is a fire")
    urgent = await reported(citizen)
    other = await someone(app, name="brahim")
    await file_need(other, "The road is full of holes")

    async def page() -> list[tuple[str, str]]:
        async with app.storage.reading() as tx:
            rows = await tx.rows(
                CasesPage, council_id=council, state="open", theme="", commune="", nature="",
                assignee=0, sought="", unseen=0, reference="", before=0, said=0, overdue=0,
                unread=0, today="2026-11-21", sort="newest", most=20, skip=0,
            )  # fmt: skip
        return [(row.reference, row.danger) for row in rows]

    assert (await page())[0] == (urgent, "fire")
    async with app.storage.transaction() as tx:
        row = await tx.row(CaseByReference, reference=urgent)
        assert row is not None
        await tx.run("case_waiting", response_id=row.id, waiting=0)
    assert (await page())[0] != (urgent, "fire")


async def clerk(app: App, name: str, role: str) -> Citizen:
    """A member of staff with a chat of their own."""
    chat = await someone(app, name=name)
    async with app.storage.transaction() as tx:
        await accounts.admit(tx, app.register.default_id, name, role)
        member = await accounts.known(tx, app.register.default_id, name)
        row = await tx.row(
            PersonOfAddress, channel=chat.channel, account=chat.channel, address=chat.kept
        )
        assert row is not None
        await tx.run("set_staff_chat", id=member.id, person_id=row.person_id)
    return chat


async def test_who_may_answer_is_told_at_night_with_reference_and_sort_only(app: App) -> None:
    told, not_told = await clerk(app, "Salma", "clerk"), await clerk(app, "Rachid", "reader")
    citizen = await someone(app)
    await citizen.says("there is a fire at the house of Haj Omar")
    reference = await reported(citizen)
    heard = plain(await told.hears())
    assert heard == f"🚨 Urgent message: {reference} (fire or gas)."
    assert await not_told.hears() == ""


async def test_an_ordinary_need_alerts_nobody(app: App) -> None:
    told = await clerk(app, "Salma", "clerk")
    citizen = await someone(app)
    await file_need(citizen, "The town needs a fire station")
    assert await told.hears() == ""


@pytest.mark.parametrize(
    "words",
    [
        "la ville a besoin d'une caserne de pompiers",
        "الأثمنة شاعلة فيها العافية",
        "incendie l'an dernier",
        "il faut un feu rouge au carrefour",
        "The town needs a fire station",
        "l'oued déborde chaque hiver",
    ],
)
async def test_what_is_no_danger_now_is_a_need_like_any_other(app: App, words: str) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Tabounte", "own words")])
    said = await citizen.says(words)
    assert "Call now" not in said
    assert "before you send it" in said or "Send" in " ".join(citizen.labels)


async def test_a_council_names_its_own_numbers_and_who_is_told(app: App) -> None:
    salma, rachid = await clerk(app, "Salma", "clerk"), await clerk(app, "Rachid", "reader")
    id = app.register.default_id
    own = EmergencyNumber("0528000000", {"en": "night watch of the town"}, ("fire",))
    app.register._councils = {
        id: replace(app.register.council(id), emergency=(own,), told_of_danger=("Rachid",))
    }
    citizen = await someone(app)
    told = plain(await citizen.says("there is a fire"))
    assert "☎️ 0528000000: night watch of the town" in told
    assert "15:" not in told
    await reported(citizen)
    assert "Urgent message" in await rachid.hears()
    assert await salma.hears() == ""


async def test_a_second_danger_of_another_sort_gets_its_own_numbers(app: App) -> None:
    citizen = await someone(app)
    assert "8350" not in await citizen.says("there is a fire")
    said = plain(await citizen.says("my husband beats me"))
    assert "8350" in said
    assert "Where" in said


async def test_an_invitation_that_danger_came_before_is_not_lost(
    app: App, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=9))
    citizen = await someone(app)
    await citizen.says("cancel")
    await sent(app)
    await pushed(app)
    await citizen.hears()
    await citizen.verify([("there is a fire", REPORT), ("[No]", "Street lighting")])
    assert "Answer now" in " ".join(citizen.labels)


async def test_nothing_is_said_about_messages_between_the_fire_and_its_report(app: App) -> None:
    citizen = await someone(app)
    await citizen.verify([("stop", "no longer"), ("there is a fire", REPORT)])
    said = await citizen.says("[Report it]")
    assert "Where" in said
    assert "stay stopped" not in said


async def test_danger_inside_an_unfinished_need_is_a_need_of_its_own(app: App) -> None:
    """It has its own theme and place; what was being told is neither mixed with it nor lost."""
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.verify(
        [
            ("water", "Where"),
            ("Tabounte", "own words"),
            ("No water since Monday", "before it is sent"),
            ("there is a fire", REPORT),
            ("[Report it]", "Where"),
        ]
    )
    review = await citizen.says("Tarmigt")
    assert "there is a fire" in review
    assert "No water since Monday" not in review
    urgent = reference_in(await citizen.says("[Send]"))
    review = await citizen.says("resume")
    assert "No water since Monday" in review
    assert "there is a fire" not in review
    ordinary = reference_in(await citizen.says("[Send]"))
    told = []
    async with app.storage.reading() as tx:
        for reference in (urgent, ordinary):
            row = await tx.row(CaseByReference, reference=reference)
            assert row is not None
            told.append((row.danger, row.theme, json.loads(row.body)["place"]["text"]))
    assert told == [("fire", DANGER, "Tarmigt"), ("", "water", "Tabounte")]


async def test_a_need_in_which_nothing_was_told_yet_does_not_come_back_after_danger(
    app: App,
) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.says("there is a fire")
    await reported(citizen)
    assert "nothing waiting" in await citizen.says("resume")


async def test_a_stop_at_the_report_is_obeyed_and_the_danger_can_still_be_reported(
    app: App,
) -> None:
    citizen = await someone(app)
    await citizen.says("there is a fire")
    said = await citizen.says("ne m'envoyez plus de messages")
    assert "no longer" in said
    assert REPORT in said
    await reported(citizen)
    assert (await person(app, citizen)).stopped_at is not None


async def test_who_cancels_the_report_is_not_asked_for_it_again(app: App) -> None:
    citizen = await someone(app)
    await citizen.says("there is a fire")
    await citizen.says("cancel")
    assert REPORT not in await citizen.says("stop")


@pytest.mark.parametrize("said", ["c'était pour rire", "fausse alerte", "just kidding"])
async def test_who_takes_a_danger_back_reports_nothing(app: App, said: str) -> None:
    citizen = await someone(app)
    await citizen.says("there is a fire")
    assert "nothing is sent" in await citizen.says(said)
    assert "nothing waiting" in await citizen.says("resume")


@pytest.mark.parametrize("said", ["what number?", "hmm"])
async def test_a_question_at_the_report_is_no_yes(app: App, said: str) -> None:
    citizen = await someone(app)
    await citizen.says("there is a fire")
    assert REPORT in await citizen.says(said)


async def test_an_older_button_does_not_make_the_report_vanish(app: App) -> None:
    citizen = await someone(app, "OZT-NEEDS")
    await citizen.says("water")
    await citizen.says("Stop")
    await citizen.says("there is a fire")
    assert REPORT in await citizen.taps("my answer", back=2)
    await reported(citizen)
    assert "Where" in await citizen.says("resume")
