"""A choice answered by a voice note on Telegram and on WhatsApp, through their emulators."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.app.build import App
from bot.core.config import Config
from storage.rows.consultations import ConsultationByCode
from storage.rows.responses import NotesHeard
from tests.bot.conversation.test_spoken import SAID, opened, stored
from tests.citizen import plain
from tests.emulators.telegram_api import TelegramApi
from tests.emulators.twilio_api import TwilioApi
from tests.system.conftest import served, until
from tests.system.test_telegram import Phone, with_telegram
from tests.system.test_whatsapp import CITIZEN, post, with_whatsapp
from tests.visitor import visitor

VOICE = b"OggS" + bytes(range(100))

#: What was answered: by voice, by a tap, by voice, by a number.
ANSWERS = {
    "move": {"text": "", "media": ["voice"]},
    "day": "sun",
    "needs": {"text": "", "media": ["voice"]},
    "clean": "4",
}


async def kept(app: App) -> tuple[list[Any], list[bytes]]:
    """The answers, and the files of the voice notes that wait."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-SPOKEN")
        assert row is not None
        waiting = await tx.rows(NotesHeard, consultation_id=row.id)
    return await stored(app), [(app.media.folder / one.media).read_bytes() for one in waiting]


async def test_on_telegram_by_voice_by_a_tap_and_by_a_number(
    config: Config, tmp_path: Path
) -> None:
    """The buttons stand under the sentence that says so."""
    async with TelegramApi() as api, served(with_telegram(config, api, "polling")) as (app, _):
        await opened(app, tmp_path)
        phone = Phone(api)

        def speaks() -> dict[str, Any]:
            said = phone.message("")
            del said["message"]["text"]
            file = {"file_id": api.add_file(VOICE, "voice/file_1.oga"), "file_unique_id": "u"}
            said["message"]["voice"] = {**file, "duration": 3, "mime_type": "audio/ogg"}
            return said

        steps: list[tuple[Callable[[], dict[str, Any]], str]] = [
            (lambda: phone.message("/start OZT-SPOKEN"), "Which language"),
            (lambda: phone.tap("English"), "Your answers go to"),
            (lambda: phone.tap("I agree"), f"{SAID}\nShould the market move?"),
            (speaks, f"{SAID}\nWhich day?"),
            (lambda: phone.tap("Sunday"), "What is missing?"),
            (speaks, "How clean is it?"),
            (lambda: phone.message("4"), "🎤 voice note, 3 s"),
            (lambda: phone.tap("Send"), "Staff will listen to your voice note"),
        ]
        for update, expected in steps:
            before = len(api.sent)
            api.push(update())
            await until(lambda before=before: len(api.sent) > before)
            assert expected in plain(api.sent[-1].text)
        assert await kept(app) == ([ANSWERS], [VOICE] * 2)


async def test_on_whatsapp_by_voice_by_a_tap_and_by_a_number(
    config: Config, tmp_path: Path
) -> None:
    """The file is deleted at the provider once it is kept here."""
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api)) as (app, address),
        visitor() as client,
    ):
        await opened(app, tmp_path)
        for said, expected in (
            ("OZT-SPOKEN", ""),
            ("English", "Your answers go to"),
            ("I agree", f"{SAID}\nShould the market move?"),
            ("", f"{SAID}\nWhich day?"),
            ("Sunday", "What is missing?"),
            ("", "How clean is it?"),
            ("4", "🎤 voice note, 0 s"),
            ("Send", "Staff will listen to your voice note"),
        ):
            before = len(api.sent)
            shown = zip(api.sent[-1].labels, api.sent[-1].tokens, strict=True) if api.sent else ()
            token = next((token for one, token in shown if said and said in one), "")
            more = {"ButtonPayload": token} if token else {}
            more |= {} if said else api.add_file(VOICE, "audio/ogg")
            assert await post(api, client, address, api.message(CITIZEN, said, **more)) == 200
            await until(lambda before=before: len(api.sent) > before)
            assert expected in plain(api.sent[-1].text)
        assert await kept(app) == ([ANSWERS], [VOICE] * 2)
        await until(lambda: not api.files)
