"""Broadcasts through real client libraries, and by two processes at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.app.build import App, open_app
from bot.channels.port import Status
from bot.core.config import Config, TelegramSettings, Web, WhatsAppSettings
from bot.core.links import staff_payload
from bot.core.localtime import now_ms
from bot.outreach import broadcasts, lists, templates
from flows.dialog.outreach import Audience
from storage.rows.consultations import ConsultationByCode
from storage.rows.people import DeclinesOf, Person
from tests.bot.outreach.test_audiences import file_of
from tests.checks import Pushed
from tests.citizen import Citizen, config_in, running
from tests.emulators.telegram_api import TelegramApi, says
from tests.emulators.twilio_api import TwilioApi

COUNCIL = """
code = "tarmigt"
prefix = "TRM"
place = "08.401.07.09"
language = "fr"
name = { ar = "جماعة تارميكت", fr = "Commune de Tarmigt" }
themes = []
sending = { quiet_from = "00:00", quiet_to = "00:00" }
"""
POLL = {
    "kind": "poll",
    "code": "TRM-SOUK",
    "council": "tarmigt",
    "title": {"fr": "Le souk", "ar": "السوق"},
    "questions": [{"key": "q", "type": "yes_no", "text": {"fr": "Le samedi ?", "ar": "السبت؟"}}],
}


def deployment(folder: Path, **more: Any) -> Config:
    """One council that may write at any hour."""
    councils = folder / "councils"
    councils.mkdir(exist_ok=True)
    (councils / "tarmigt.toml").write_text(COUNCIL)
    config = config_in(folder, more.pop("url", None), str(councils))
    web = Web(port=0, public_url="http://localhost:1")
    return msgspec.structs.replace(config, web=web, **more)


async def open_poll(app: App) -> int:
    """Add the poll and open it. Returns the council's id."""
    from bot.consultations import definitions
    from flows.kinds import check

    council_id = app.register.default_id
    head, problems = check(POLL, app.register.council(council_id))
    assert problems == []
    assert head is not None
    async with app.storage.transaction() as tx:
        await definitions.add(tx, app.register, msgspec.to_builtins(head), head)
        row = await app.register.by_code(tx, "TRM-SOUK")
        assert row is not None
        await definitions.open_consultation(tx, row)
    return council_id


async def invite(app: App, **chosen: Any) -> int:
    async with app.storage.transaction() as tx:
        row = await app.register.by_code(tx, "TRM-SOUK")
        assert row is not None
        id = await broadcasts.draft(
            tx,
            row.council_id,
            "invitation",
            Audience(**chosen),
            made_by="amal",
            consultation_id=row.id,
        )
        await broadcasts.start(tx, id)
    return id


async def gone(app: App, rounds: int = 3) -> None:
    """Let what is due go out, and have it written down."""
    for _ in range(rounds):
        for limit in app.delivery._limits.values():
            limit._room = 50
        await app.sender.round()
        await app.delivery.idle()


async def progress(app: App, id: int) -> broadcasts.Progress:
    async with app.storage.reading() as tx:
        found = await broadcasts.progress(tx, id)
    assert found is not None
    return found


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioApi]:
    async with TwilioApi() as api:
        yield api


@pytest.fixture
async def whatsapp(tmp_path: Path, twilio: TwilioApi) -> AsyncIterator[App]:
    settings = WhatsAppSettings(
        account_sid=twilio.account_sid,
        auth_token=twilio.auth_token,
        sender=twilio.number,
        base_url=twilio.base_url,
    )
    app = await open_app(deployment(tmp_path, whatsapp=settings))
    yield app
    await app.close()


async def imported(app: App, council_id: int) -> str:
    async with app.storage.transaction() as tx:
        code, _ = await lists.fill(
            tx,
            app.vault,
            app.config.whatsapp.sender,
            council_id,
            "Réunion",
            "imported",
            file_of("phone,langue\n0612345678,fr\n0612345679,darija\n"),
            "formulaires",
            "amal",
        )
    return code


async def test_imported_numbers_get_the_template_and_its_buttons_are_understood(
    whatsapp: App, twilio: TwilioApi
) -> None:
    council_id = await open_poll(whatsapp)
    code = await imported(whatsapp, council_id)
    for language in ("fr", "ar"):
        twilio.approve(
            f"{language}: {{{{1}}}} · {{{{2}}}}", name="tachawor_invitation", language=language
        )
    await templates.refresh(whatsapp.storage, whatsapp.whatsapp)
    id = await invite(whatsapp, lists=(code,))
    await gone(whatsapp)
    assert sorted(sent.text for sent in twilio.sent) == [
        "ar: جماعة تارميكت · السوق",
        "fr: Commune de Tarmigt · Le souk",
    ]
    assert (await progress(whatsapp, id)).states == {"sent": 2}
    form = twilio.message(
        "+212612345678", "Répondre", ButtonPayload="answer", ButtonText="Répondre"
    )
    channel = whatsapp.whatsapp
    assert channel is not None
    arrivals = channel.read(list(form.items()), now_ms())
    await whatsapp.conversations.receive(arrivals)  # type: ignore[arg-type]
    await whatsapp.delivery.idle()
    assert "Le samedi ?" in twilio.sent[-1].text


async def test_a_templates_button_belongs_to_its_own_message(
    whatsapp: App, twilio: TwilioApi
) -> None:
    council_id = await open_poll(whatsapp)
    code = await imported(whatsapp, council_id)
    twilio.approve("{{1}}", name="tachawor_invitation", language="fr")
    twilio.approve("{{1}}", name="tachawor_notice", language="fr")
    await templates.refresh(whatsapp.storage, whatsapp.whatsapp)
    id = await invite(whatsapp, lists=(code,))
    await gone(whatsapp)
    async with whatsapp.storage.reading() as tx:
        rows = {row.address: row for row in await tx.rows(Pushed, broadcast_id=id)}
    mine = rows[whatsapp.vault.cover("+212612345678")]
    channel = whatsapp.whatsapp
    assert channel is not None

    async def does(text: str, **fields: str) -> str:
        form = twilio.message("+212612345678", text, **fields)
        arrivals = channel.read(list(form.items()), now_ms())
        await whatsapp.conversations.receive(arrivals)  # type: ignore[arg-type]
        await whatsapp.delivery.idle()
        return twilio.sent[-1].text

    await does("menu")
    tapped = {"ButtonText": "x", "OriginalRepliedMessageSid": mine.provider_id}
    assert "Le souk" in await does("x", ButtonPayload="not_this", **tapped)
    async with whatsapp.storage.reading() as tx:
        assert len(await tx.rows(DeclinesOf, person_id=mine.person_id)) == 1
    await does("menu")
    await does("x", ButtonPayload="stop", ButtonText="x")
    async with whatsapp.storage.reading() as tx:
        person = await tx.row(Person, person_id=mine.person_id)
    assert person is not None
    assert person.stopped_at is not None


async def test_without_a_template_the_message_is_recorded_as_unsendable(
    whatsapp: App, twilio: TwilioApi
) -> None:
    council_id = await open_poll(whatsapp)
    id = await invite(whatsapp, lists=(await imported(whatsapp, council_id),))
    await gone(whatsapp)
    assert twilio.sent == []
    found = await progress(whatsapp, id)
    assert found.states == {"failed": 2}
    assert all(why.startswith("63016") for why in found.reasons["failed"])


async def test_who_is_reported_as_gone_is_not_written_to_again(
    whatsapp: App, twilio: TwilioApi
) -> None:
    council_id = await open_poll(whatsapp)
    code = await imported(whatsapp, council_id)
    twilio.approve("{{1}}", name="tachawor_invitation", language="fr")
    await templates.refresh(whatsapp.storage, whatsapp.whatsapp)
    id = await invite(whatsapp, lists=(code,))
    await gone(whatsapp)
    channel = whatsapp.whatsapp
    assert channel is not None
    async with whatsapp.storage.reading() as tx:
        rows = await tx.rows(Pushed, broadcast_id=id)
    form = {
        "MessageSid": rows[0].provider_id,
        "MessageStatus": "undelivered",
        "ErrorCode": "63024",
        "id": str(rows[0].id),
    }
    statuses = [one for one in channel.read(list(form.items()), 0) if isinstance(one, Status)]
    await whatsapp.delivery.report(statuses)
    found = await progress(whatsapp, id)
    assert found.states == {"sent": 1, "failed": 1}
    again = await invite(whatsapp, lists=(code,))
    await gone(whatsapp)
    assert (await progress(whatsapp, again)).people == 1


async def test_telegram_asks_to_wait_and_a_restart_remembers(tmp_path: Path) -> None:
    async with TelegramApi() as api:
        settings = TelegramSettings(token=api.token, base_url=api.address)
        config = deployment(tmp_path, telegram=settings)
        app = await open_app(config)
        try:
            await open_poll(app)
            await _meets(app, 7)
            await _meets(app, 8)
            before = len(api.sent)
            # A second chat that is refused tells that it is not about the first.
            api.fail_next(429, retry_after=30)
            api.fail_next(429, retry_after=30)
            id = await invite(app)
            await gone(app, 1)
            assert (await progress(app, id)).states == {"queued": 2}
        finally:
            await app.close()
        app = await open_app(config)
        try:
            await app.delivery.resume()
            await gone(app)
            assert len(api.sent) == before
            assert app.delivery.paused("telegram")
        finally:
            await app.close()


async def _meets(app: App, chat: int) -> None:
    """Somebody on Telegram who has agreed."""
    channel = app.telegram
    assert channel is not None
    for number, text in enumerate(("/start", "français", "1", "annuler")):
        update = {"update_id": chat * 100 + number, **says(chat, text)}
        await app.conversations.receive(channel.read(update, now_ms()))  # type: ignore[arg-type]
        await app.delivery.idle()


async def test_the_organizer_hears_how_it_ended(tmp_path: Path) -> None:
    app = await open_app(deployment(tmp_path))
    try:
        council_id = await open_poll(app)
        from bot.staff import accounts

        async with app.storage.transaction() as tx:
            member = await accounts.known(tx, council_id, "amal")
            payload = staff_payload(app.vault, member.id, now_ms() + 60_000)
        amal, amina = Citizen(app, "amal", at=now_ms()), Citizen(app, "amina", at=now_ms())
        await amal.arrives("Français")
        assert "sondage" in await amal.starts(payload)
        assert "Ce lien" in await amina.starts(payload)
        await amina.arrives("Français")
        for citizen in (amal, amina):
            await citizen.says("annuler")
        app.sender.ended.append(app.staff_chats.tell_end)
        await invite(app)
        await gone(app)
        heard = await amal.hears()
        assert "TRM-SOUK" in heard
        assert "2" in heard
    finally:
        await app.close()


async def test_two_processes_send_each_message_once(tmp_path: Path, fresh_postgresql: str) -> None:
    config = deployment(tmp_path, url=fresh_postgresql)
    first, second = await open_app(config), await open_app(config)
    try:
        await open_poll(first)
        people = [Citizen(first, f"citizen {n}", at=now_ms()) for n in range(60)]
        for citizen in people:
            await citizen.arrives("Français")
            await citizen.says("annuler")
        id = await invite(first)
        await asyncio.gather(*(gone(app, 6) for app in (first, second)))
        await gone(first, 3)
        assert (await progress(first, id)).states == {"sent": 60}
        for citizen in people:
            assert (await citizen.hears()).count("Le souk") == 1
    finally:
        await first.close()
        await second.close()


async def test_two_processes_keep_one_cap(tmp_path: Path, fresh_postgresql: str) -> None:
    config = deployment(tmp_path, url=fresh_postgresql)
    first, second = await open_app(config), await open_app(config)
    try:
        await open_poll(first)
        people = [Citizen(first, f"citizen {n}", at=now_ms()) for n in range(12)]
        for citizen in people:
            await citizen.arrives("Français")
            await citizen.says("annuler")
        ids = [await invite(first) for _ in range(6)]
        await asyncio.gather(*(gone(app, 6) for app in (first, second)))
        sent = [(await progress(first, id)).states.get("sent", 0) for id in ids]
        assert sum(sent) == 3 * len(people)
        for citizen in people:
            assert (await citizen.hears()).count("Le souk") == 3
    finally:
        await first.close()
        await second.close()


async def test_a_claim_whose_process_ended_is_uncertain_and_not_sent_again(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        async with app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
            assert row is not None
        amina = Citizen(app, "amina", at=now_ms())
        await amina.arrives()
        await amina.says("cancel")
        async with app.storage.transaction() as tx:
            id = await broadcasts.draft(
                tx,
                row.council_id,
                "notice",
                Audience(),
                made_by="amal",
                body={"texts": {"en": "Hello"}},
            )
            await broadcasts.start(tx, id)
        await app.sender.round()
        async with app.storage.transaction() as tx:
            (one,) = await tx.rows(Pushed, broadcast_id=id)
            await tx.run("claim_for_test", id=one.id, at=now_ms() - 1000)
        assert await app.sender.recover(everything=True) == 1
        assert await app.sender.recover(everything=True) == 0
        assert (await progress(app, id)).states == {"uncertain": 1}
