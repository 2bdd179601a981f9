"""An organizer writes a poll in the chat; it is checked, sent and answered; nobody else can."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import time_machine

from bot.app.build import App
from bot.core import links
from bot.core.localtime import now_ms
from bot.outreach.schedule import Schedule
from storage.database import Row
from storage.ids import new_id
from storage.rows.broadcasts import BroadcastsOf
from storage.rows.consultations import ConsultationByCode
from storage.rows.staff import StaffMember
from tests.bot.core.test_councils import councils_in
from tests.bot.outreach.test_broadcasts import known, pushed
from tests.checks import AllResponses
from tests.citizen import NOON, Citizen, audit_of, running

HOUR = 3_600_000
#: From the language to the preview.
SHORT = [
    ("english", "What do we ask people?"),
    ("What first?", "What can people choose?"),
    ("Water / Roads", "I understood 2 choices"),
    ("no", "In which other languages"),
    ("skip", "Until when"),
    ("1 week", "Who is invited?"),
    ("everyone", "When does the invitation go out?"),
    ("now", "What do we do with it?"),
]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon of a Saturday in November 2026, and what moves it."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def linked(app: App, name: str = "amal", council: str = "", role: str = "admin") -> Citizen:
    """The chat of a member of staff who speaks English."""
    code = council or app.register.default.code
    council_id = next(id for id, c in app.register.all().items() if c.code == code)
    citizen = await known(app, name)
    async with app.storage.transaction() as tx:
        at = now_ms()
        await tx.run("add_staff", id=new_id(), council_id=council_id, name=name, role=role, at=at)
        member = await tx.row(StaffMember, council_id=council_id, name=name)
    assert member is not None
    payload = links.staff_payload(app.vault, member.id, now_ms() + HOUR)
    assert "write “new poll”" in await citizen.starts(payload)
    return citizen


async def broadcasts_of(app: App, code: str) -> list[Row]:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        return [b for b in await tx.rows(BroadcastsOf, council_id=row.council_id, most=99)
                if b.code == code]  # fmt: skip


async def audit(app: App, council: str = "") -> list[tuple[str, str, str]]:
    code = council or app.register.default.code
    council_id = next(id for id, c in app.register.all().items() if c.code == code)
    async with app.storage.reading() as tx:
        rows = await audit_of(tx, council_id)
    return [(row.actor, row.action, row.object) for row in reversed(rows)]


async def state_of(app: App, code: str) -> str | None:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
    return row.state if row is not None else None


async def test_a_poll_in_darija_and_french_is_written_seen_sent_received_and_answered(
    app: App,
) -> None:
    amal = await linked(app)
    yassine, brahim = await known(app, "yassine", "الدارجة"), await known(app, "brahim", "Français")
    await amal.verify(
        [
            ("سؤال جديد", "In which language do you write the poll?"),
            ("الدارجة", "What do we ask people?"),
            ("شنو نصلحو اللول؟", "What can people choose?"),
            ("💧 الما\n🛣️ الطرقان", "1) 💧 الما\n2) 🛣️ الطرقان"),
            ("[No]", "In which other languages too?"),
            ("french", "Write this question in Français"),
            ("Que répare-t-on d’abord ?", "in the same order"),
            ("L’eau\nLes routes\nLes bus", "I found 3"),
            ("L’eau\nLes routes", "Until when can people answer?"),
            ("[1 week]", "Who is invited?"),
            ("[Everyone]", "When does the invitation go out?"),
        ]
    )
    preview = await amal.taps("Now")
    for part in (
        "شنو نصلحو اللول؟", "دعوة للمشاركة من جماعة ورزازات", "1) 💧 الما",
        "Que répare-t-on d’abord ?", "Nous vous invitons à participer", "2) 🛣️ Les routes",
        "would reach 3 people", "the website: 3", "Until: 28/11/2026", "Invited: Everyone",
    ):  # fmt: skip
        assert part in preview, f"no {part!r} in\n{preview}"
    sent = await amal.taps("Send")
    assert "The poll OZT-P1 is open, and 3 people are being invited" in sent
    assert "OZT-P1" in sent.split("Its links:")[1]
    await pushed(app)
    assert "شنو نصلحو اللول؟" in await yassine.hears()
    assert "Que répare-t-on d’abord ?" in await brahim.hears()
    assert "شنو نصلحو" in await yassine.says("1")
    assert yassine.labels == ["1 💧 الما", "2 🛣️ الطرقان"]
    assert "شكرا، الجواب ديالك تسجل" in await yassine.says("الما")
    await brahim.taps("Répondre maintenant")
    assert "votre réponse est comptée" in await brahim.taps("Les routes")
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-P1")
        assert row is not None
        responses = await tx.rows(AllResponses, consultation_id=row.id)
    assert [msgspec.json.decode(r.body)["answers"] for r in responses] == [
        {"q1": "c1"}, {"q1": "c2"},
    ]  # fmt: skip
    assert row.closes_local == "2026-11-29 00:00 Africa/Casablanca"
    assert ("amal", "send", "OZT-P1") in await audit(app)


async def test_a_message_says_at_the_end_how_it_went(app: App) -> None:
    app.sender.ended.append(app.staff_chats.tell_end)
    amal = await linked(app)
    await known(app, "brahim")
    await amal.verify([("new poll", "language"), *SHORT, ("[Send]", "2 people are being invited")])
    await pushed(app)
    told = await amal.hears()
    assert "The broadcast OZT-P1 · invitation has ended: 2 people." in told
    assert "Sent: 2" in told


async def test_a_second_press_of_send_is_one_broadcast(app: App) -> None:
    amal = await linked(app)
    await amal.verify([("new poll", "language"), *SHORT])
    token = amal.token("Send")
    first = amal.arrival(token=token, event="tap")
    second = amal.arrival(token=token, event="tap")
    told = await amal.receive(first, second)
    assert told.count("is open, and") == 1
    assert "earlier conversation" in await amal.does(token=token, event="tap")
    assert len(await broadcasts_of(app, "OZT-P1")) == 1
    assert await state_of(app, "OZT-P2") is None


async def test_a_citizen_is_refused_kindly_and_it_is_recorded(app: App) -> None:
    citizen = await known(app, "brahim")
    assert "prepared by the council’s staff" in await citizen.says("nouveau sondage")
    assert await audit(app) == [("somebody", "refused", "new_poll")]
    await citizen.says("menu")
    assert not any("New poll" in label for label in citizen.labels)


async def test_a_role_that_only_reads_is_refused(app: App) -> None:
    clerk = await linked(app, "karim", role="clerk")
    assert "prepared by the council’s staff" in await clerk.says("new poll")
    assert (await audit(app))[-1:] == [("karim", "refused", "new_poll")]


async def test_the_menu_leads_there_for_organizers(app: App) -> None:
    amal = await linked(app, role="organizer")
    await amal.says("menu")
    # Behind what is open, which in the example fills the first list.
    await amal.taps("More choices")
    assert "In which language do you write" in await amal.taps("New poll")


async def test_staff_of_another_council_ask_in_their_own_name_only(
    tmp_path: Path, url: str, clock: time_machine.Traveller
) -> None:
    folder = councils_in(tmp_path / "c", {"far": "09.001.01.01", "town": "08.401.01.07"})
    async with running(tmp_path, url, councils=str(folder)) as app:
        town = next(id for id, c in app.register.all().items() if c.code == "town")
        amina = Citizen(app, "amina", at=now_ms())
        await amina.starts()
        for said in ("english", "1", "warzazat", "cancel"):
            await amina.says(said)
        amal = Citizen(app, "amal", at=now_ms())
        await amal.starts()
        for said in ("english", "1", "warzazat", "cancel"):
            await amal.says(said)
        far = next(id for id, c in app.register.all().items() if c.code == "far")
        async with app.storage.transaction() as tx:
            await tx.run(
                "add_staff", id=new_id(), council_id=far, name="amal", role="admin", at=now_ms()
            )
            member = await tx.row(StaffMember, council_id=far, name="amal")
        assert member is not None
        await amal.starts(links.staff_payload(app.vault, member.id, now_ms() + HOUR))
        await amal.says("new poll")
        said = ""
        for text, _ in SHORT:
            said = await amal.says(text)
        assert "would reach nobody now" in said
        await amal.taps("Send")
        await pushed(app)
        assert await amina.hears() == ""
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="PA-P1")
        assert row is not None
        assert row.council_id == far != town


async def test_who_is_no_longer_staff_when_it_is_sent_is_refused(app: App) -> None:
    amal = await linked(app)
    await amal.verify([("new poll", "language"), *SHORT])
    async with app.storage.transaction() as tx:
        council_id = app.register.default_id
        member = await tx.row(StaffMember, council_id=council_id, name="amal")
        assert member is not None
        await tx.run("set_staff_chat", id=member.id, person_id=None)
    assert "prepared by the council’s staff" in await amal.taps("Send")
    assert await state_of(app, "OZT-P1") is None
    assert ("somebody", "refused", "new_poll") in await audit(app)


async def test_a_date_in_the_past_is_asked_about_and_a_later_one_is_planned(
    app: App, clock: time_machine.Traveller
) -> None:
    timetable = Schedule(app.storage, app.result_body)
    amal = await linked(app)
    brahim = await known(app, "brahim")
    await amal.verify(
        [
            ("new poll", "language"),
            *SHORT[:-1],
            ("[Another time]", "Which day and hour?"),
            ("20/11/2026 10:00", "20/11/2026 10:00 is past. Write a later time"),
            ("demain 10h30", "Invitation: 22/11/2026 10:30"),
            ("[Send]", "opens on 22/11/2026 10:30, and about 2 people"),
        ]
    )
    await timetable.run_due()
    await pushed(app)
    assert await brahim.hears() == ""
    assert "opens on 22/11/2026" in await brahim.starts("OZT-P1")
    clock.shift(timedelta(hours=22, minutes=31))
    await timetable.run_due()
    await pushed(app)
    assert "What first?" in await brahim.hears()
    assert ("amal", "plan", "OZT-P1") in await audit(app)


async def test_a_time_that_passed_while_writing_leaves_a_draft(
    app: App, clock: time_machine.Traveller
) -> None:
    amal = await linked(app)
    await amal.verify([("new poll", "language"), *SHORT[:-1], ("tomorrow", "22/11/2026 10:00")])
    clock.shift(timedelta(days=2))
    assert "kept as a draft: OZT-P1" in await amal.taps("Send")
    assert await state_of(app, "OZT-P1") == "draft"
    assert await broadcasts_of(app, "OZT-P1") == []


async def test_a_choice_list_is_corrected_in_the_review(app: App) -> None:
    amal = await linked(app)
    await amal.verify(
        [
            ("new poll", "language"),
            *SHORT,
            ("[Correct something]", ""),
            ("[Choices 1]", "What can people choose?"),
            ("Water; water", "is there twice"),
            ("Water; Roads; Light", "3) Light"),
            ("[Send]", "OZT-P1"),
        ]
    )
    brahim = await known(app, "brahim")
    await brahim.starts("OZT-P1")
    assert [label.split()[-1] for label in brahim.labels] == ["Water", "Roads", "Light"]


async def test_a_draft_is_seen_by_nobody(app: App) -> None:
    amal = await linked(app)
    await amal.verify([("new poll", "language"), *SHORT, ("[Keep as a draft]", "draft: OZT-P1")])
    assert await state_of(app, "OZT-P1") == "draft"
    brahim = await known(app, "brahim")
    assert "not open yet" in await brahim.starts("OZT-P1")
    assert ("amal", "draft", "OZT-P1") in await audit(app)


async def test_two_polls_get_two_codes(app: App) -> None:
    amal = await linked(app)
    for code in ("OZT-P1", "OZT-P2"):
        await amal.verify([("new poll", "language"), *SHORT, ("[Send]", code)])


async def test_only_women_who_agreed_to_that_use_are_invited(app: App) -> None:
    amal = await linked(app)
    amina, fatima = await known(app, "amina"), await known(app, "fatima")
    for citizen, use in ((amina, "yes"), (fatima, "no")):
        await citizen.says("my data")
        await citizen.says("[Change my profile]")
        for said in ("yes", "skip", "woman", "skip", use):
            await citizen.says(said)
    await amal.verify(
        [
            ("new poll", "language"),
            *SHORT[:-2],
            ("[Women]", "When does"),
            ("now", "would reach 1 person"),
            ("[Send]", "1 person is being invited"),
        ]
    )
    await pushed(app)
    assert "What first?" in await amina.hears()
    assert await fatima.hears() == ""


@pytest.mark.parametrize(("late", "state"), [(3599, "open"), (3600, "draft")])
async def test_an_invitation_goes_out_up_to_an_hour_after_its_time(
    app: App, clock: time_machine.Traveller, late: int, state: str
) -> None:
    """Its organizer was still writing at ten; at eleven it stays a draft."""
    amal = await linked(app)
    await amal.verify([("new poll", "language"), *SHORT[:-1], ("tomorrow", "22/11/2026 10:00")])
    clock.shift(timedelta(hours=22, seconds=late))
    await amal.taps("Send")
    assert await state_of(app, "OZT-P1") == state
