"""What staff write to one person: held, sent where and how they read now, told in the thread."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import time_machine

from bot.app.build import App, open_app
from bot.cases import replies
from bot.channels.port import Status
from bot.core.config import WhatsAppSettings
from bot.core.localtime import now_ms
from bot.outreach import broadcasts, templates
from flows.dialog.outreach import Audience
from storage.rows.broadcasts import BroadcastsOf, RunningBroadcasts
from storage.rows.cases import EntriesOf, LikeCases
from storage.rows.consultations import ConsultationByCode
from storage.rows.people import PushesOf
from storage.rows.today import TroublesOf
from tests.bot.cases.test_handling import answers, case, council_of, tells
from tests.bot.cases.test_handling import clock as clock
from tests.bot.conversation.test_joining import code_of
from tests.bot.outreach.test_broadcasts import known, pushed
from tests.citizen import config_in, running
from tests.emulators.twilio_api import TwilioApi


@pytest.fixture
async def app(
    tmp_path: Path, url: str, clock: Iterator[time_machine.Traveller]
) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def fate(app: App, reference: str) -> tuple[str | None, str | None]:
    """How far the last entry of the thread has come, and why no further."""
    entry = (await thread(app, reference))[-1]
    return entry.sent_state, entry.sent_error


async def thread(app: App, reference: str) -> list[EntriesOf]:
    row = await case(app, reference)
    async with app.storage.reading() as tx:
        return await tx.rows(EntriesOf, response_id=row.id)


async def test_an_answer_waits_for_the_morning_and_is_no_broadcast(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=9, minutes=1))  # 21:01
    await answers(app, reference, text="Which street?")
    assert await fate(app, reference) == ("queued", "quiet hours")
    clock.shift(timedelta(hours=11, minutes=58))  # 8:59
    await pushed(app)
    assert await amina.hears() == ""
    clock.shift(timedelta(minutes=1))
    await pushed(app)
    assert "Which street?" in await amina.hears()
    assert await fate(app, reference) == ("sent", None)
    await pushed(app)
    assert await amina.hears() == ""
    async with app.storage.reading() as tx:
        listed = await tx.rows(BroadcastsOf, council_id=app.register.default_id, most=9)
    assert listed == []


async def test_an_answer_goes_in_the_language_that_the_citizen_reads_by_then(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=10))
    await answers(app, reference, phrase="seen")
    amina.at = now_ms()
    await amina.says("language")
    await amina.taps("Français")
    await amina.says("annuler")
    clock.shift(timedelta(hours=13))
    await pushed(app)
    assert "Nous avons lu" in await amina.hears()


async def test_who_says_stop_meanwhile_gets_nothing_and_the_clerk_sees_why(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=10))
    await answers(app, reference, text="Which street?")
    amina.at = now_ms()
    await amina.says("stop")
    clock.shift(timedelta(hours=13))
    await pushed(app)
    assert await amina.hears() == ""
    assert await fate(app, reference) == ("dropped", "stopped")


@pytest.mark.parametrize(("word", "comes"), [("[Yes, only that]", True), ("[No, nothing]", False)])
async def test_who_stopped_all_else_gets_the_answer_to_their_own_message_if_they_keep_it(
    app: App, clock: time_machine.Traveller, word: str, comes: bool
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    await amina.says("stop")
    await amina.says(word)
    await answers(app, reference, text="Which street?")
    clock.shift(timedelta(hours=22))
    await pushed(app)
    assert ("Which street?" in await amina.hears()) is comes


async def test_who_blocked_the_chat_cannot_be_reached_and_the_clerk_sees_it(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    await amina.does(event="blocked")
    await answers(app, reference, text="Which street?")
    assert await fate(app, reference) == ("dropped", "unreachable")


async def test_who_is_in_the_middle_of_something_is_told_a_little_later(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    amina.at = now_ms()
    await amina.starts("OZT-NEEDS")
    await answers(app, reference, text="Which street?")
    assert await fate(app, reference) == ("queued", "in a conversation")
    clock.shift(timedelta(minutes=11))
    await pushed(app)
    assert "Which street?" in await amina.hears()


async def test_who_is_erased_meanwhile_leaves_nothing_that_goes(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    id = (await case(app, reference)).id
    clock.shift(timedelta(hours=10))
    await answers(app, reference, text="Dear Amina")
    amina.at = now_ms()
    await amina.says("my data")
    await amina.taps("Erase")
    await amina.taps("Erase")
    clock.shift(timedelta(hours=13))
    await pushed(app)
    assert "Dear Amina" not in await amina.hears()
    async with app.storage.reading() as tx:
        (entry,) = await tx.rows(EntriesOf, response_id=id)
    assert (entry.text, entry.sent_state, entry.sent_error) == ("", "dropped", "erased")


async def test_an_answer_that_waits_moves_with_a_chat_that_joins_another(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    other = await known(app, "amina elsewhere")
    clock.shift(timedelta(hours=10))
    await answers(app, reference, text="Which street?")
    other.at = now_ms()
    code = await code_of(other)
    amina.at = other.at
    await amina.says(code)
    assert "Done." in await amina.says("yes")
    # The chat that was used last is the one that is written to.
    other.at = amina.at + 60_000
    await other.says("menu")
    await other.hears()
    clock.shift(timedelta(hours=13))
    await pushed(app)
    assert "Which street?" in await other.hears()
    assert "Which street?" not in await amina.hears()
    other.at = now_ms()
    await other.says("Near the mosque")
    await other.taps("Send")
    assert [entry.what for entry in await thread(app, reference)] == ["reply", "answer"]


async def test_an_answer_does_not_count_towards_the_cap_a_week(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    for number in range(4):
        await answers(app, reference, text=f"Answer {number}")
        assert f"Answer {number}" in await amina.hears()
    clock.shift(timedelta(milliseconds=3 * 3_600_000))
    async with app.storage.transaction() as tx:
        poll = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert poll is not None
        await broadcasts.begin(
            tx, poll.council_id, "invitation", Audience(), made_by="amal",
            consultation_id=poll.id,
        )  # fmt: skip
    await pushed(app)
    assert "Street lighting" in await amina.hears()


async def test_an_invitation_does_not_bury_what_staff_wrote_just_before(
    app: App, clock: time_machine.Traveller
) -> None:
    """For three hours the citizen's next words answer the clerk; then the invitation comes."""
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    await answers(app, reference, text="Where exactly?")
    assert "Where exactly?" in await amina.hears()
    async with app.storage.transaction() as tx:
        poll = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert poll is not None
        await broadcasts.begin(
            tx, poll.council_id, "invitation", Audience(), made_by="amal",
            consultation_id=poll.id,
        )  # fmt: skip
    await pushed(app)
    assert await amina.hears() == ""
    clock.shift(timedelta(milliseconds=3 * 3_600_000 - 1))
    await pushed(app)
    assert await amina.hears() == ""
    clock.shift(timedelta(minutes=2))
    await pushed(app)
    assert "Street lighting" in await amina.hears()


async def test_five_hundred_waiting_answers_hold_up_no_invitation(
    app: App, clock: time_machine.Traveller
) -> None:
    """They were 500 broadcasts to be gathered, before; now each is a row when it is written."""
    _, reference = await tells(app, "amina", "No water since Monday")
    brahim = await known(app, "brahim")
    clock.shift(timedelta(hours=10))
    row = await case(app, reference)
    async with app.storage.transaction() as tx:
        for number in range(500):
            await replies.answer(tx, council_of(app), row, "amal", text=f"Answer {number}")
    assert not await app.sender.round()
    async with app.storage.reading() as tx:
        assert await tx.rows(RunningBroadcasts) == []
    clock.shift(timedelta(hours=13))
    await pushed(app, rounds=1)
    assert await brahim.hears() == ""


async def test_the_receipt_comes_as_a_file_and_goes_with_its_author(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    name = "a-name-nobody-guesses.pdf"
    app.media.publish(name, b"%PDF-")
    async with app.storage.transaction() as tx:
        row = await case(app, reference)
        await replies.send_receipt(tx, council_of(app), row, "amal", name)
    await pushed(app)
    await amina.hears()
    (file,) = amina.heard[-1].media
    assert (file.kind, file.path) == ("document", name)
    assert await fate(app, reference) == ("sent", None)
    amina.at = now_ms()
    await amina.says("my data")
    await amina.taps("Erase")
    await amina.taps("Erase")
    assert not list(app.media.folder.rglob(name))


# --------------------------------------------------------------------------- WhatsApp


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioApi]:
    async with TwilioApi() as api:
        yield api


@pytest.fixture
async def whatsapp(
    tmp_path: Path, twilio: TwilioApi, clock: Iterator[time_machine.Traveller]
) -> AsyncIterator[App]:
    config = msgspec.structs.replace(
        config_in(tmp_path),
        whatsapp=WhatsAppSettings(
            account_sid=twilio.account_sid,
            auth_token=twilio.auth_token,
            sender=twilio.number,
            base_url=twilio.base_url,
        ),
    )
    app = await open_app(config)
    yield app
    await app.close()


async def told_by_whatsapp(app: App, twilio: TwilioApi) -> str:
    """A need told on WhatsApp; its reference."""
    channel = app.whatsapp
    assert channel is not None
    for said in ("OZT-NEEDS", "3", "1", "1", "Tabounte", "No water since Monday", "1", "not now"):
        form = twilio.message("+212612345678", said)
        arrivals = channel.read(list(form.items()), now_ms())
        await app.conversations.receive(arrivals)  # type: ignore[arg-type]
        await app.delivery.idle()
    async with app.storage.reading() as tx:
        (row,) = await tx.rows(
            LikeCases,
            council_id=app.register.default_id,
            kind="need",
            theme="water",
            not_id=0,
            most=2,
        )
    reference: str = row.reference
    return reference


async def answered(app: App, reference: str, **what: str) -> None:
    row = await case(app, reference)
    async with app.storage.transaction() as tx:
        await replies.answer(tx, council_of(app), row, "amal", **what)
    await pushed(app)
    await app.delivery.idle()
    async with app.delivery.settlement.along() as write, app.storage.transaction() as tx:
        await write(tx)


async def test_outside_of_the_window_the_approved_template_goes_and_its_fate_comes_back(
    whatsapp: App, twilio: TwilioApi, clock: time_machine.Traveller
) -> None:
    reference = await told_by_whatsapp(whatsapp, twilio)
    twilio.approve("R {{1}} {{2}}: {{3}}", name="tachawor_reply", language="en")
    twilio.approve("S {{1}} {{2}}: {{3}}", name="tachawor_status", language="en")
    await templates.refresh(whatsapp.storage, whatsapp.whatsapp)  # type: ignore[arg-type]
    clock.shift(timedelta(hours=1))
    await answered(whatsapp, reference, text="Within the window")
    assert "Within the window" in twilio.sent[-1].text
    assert not twilio.sent[-1].text.startswith("R ")
    clock.shift(timedelta(hours=25))
    await answered(whatsapp, reference, text="Which street?")
    assert twilio.sent[-1].text.startswith("R ")
    assert "Which street?" in twilio.sent[-1].text
    await answered(whatsapp, reference, state="planned")
    assert twilio.sent[-1].text.startswith("S ")
    assert await fate(whatsapp, reference) == ("sent", None)
    async with whatsapp.storage.reading() as tx:
        pushes = await tx.rows(PushesOf, person_id=(await case(whatsapp, reference)).person_id)
    assert [push.reason for push in pushes] == ["answer"] * 3
    channel = whatsapp.whatsapp
    assert channel is not None
    form = {"MessageSid": twilio.sent[-1].sid, "MessageStatus": "read"}
    await whatsapp.delivery.report(
        [one for one in channel.read(list(form.items()), 0) if isinstance(one, Status)]
    )
    assert await fate(whatsapp, reference) == ("read", None)


async def test_what_did_not_arrive_is_in_the_thread_and_on_today(
    whatsapp: App, twilio: TwilioApi, clock: time_machine.Traveller
) -> None:
    reference = await told_by_whatsapp(whatsapp, twilio)
    clock.shift(timedelta(hours=25))
    await answered(whatsapp, reference, text="Which street?")
    state, why = await fate(whatsapp, reference)
    assert state == "failed"
    assert why is not None
    assert why.startswith("63016")
    async with whatsapp.storage.reading() as tx:
        (trouble,) = await tx.rows(TroublesOf, council_id=whatsapp.register.default_id, since=0)
    assert (trouble.channel, trouble.state, trouble.n) == ("whatsapp", "failed", 1)


async def test_what_a_process_left_in_mid_call_is_uncertain_and_not_sent_again(
    tmp_path: Path, whatsapp: App, twilio: TwilioApi, clock: time_machine.Traveller
) -> None:
    reference = await told_by_whatsapp(whatsapp, twilio)
    clock.shift(timedelta(hours=1))
    await answered(whatsapp, reference, text="Which street?")
    count = len(twilio.sent)
    with closing(sqlite3.connect(tmp_path / "test.sqlite")) as base, base:
        base.execute("UPDATE outbox SET state = 'sending' WHERE entry_id IS NOT NULL")
    assert await whatsapp.delivery.resume() == 0
    assert await whatsapp.sender.recover(everything=True) == 1
    await pushed(whatsapp)
    await whatsapp.delivery.idle()
    assert len(twilio.sent) == count
    assert (await fate(whatsapp, reference))[0] == "uncertain"
