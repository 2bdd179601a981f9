"""The emulators refuse what the providers refuse, so that a green test means something."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.emulators.telegram_api import TelegramApi, says, taps
from tests.emulators.twilio_api import TwilioApi

ROOT = Path(__file__).parents[3]


async def call(api: TelegramApi, method: str, token: str | None = None, **parameters: Any) -> Any:
    """A bare call of the Bot API: (status, description or result)."""
    url = f"{api.base_url}{token or api.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=parameters) as response:
        body = await response.json()
        return response.status, body.get("description") or body["result"]


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("sendMessage", {"chat_id": 7}, "text missing"),
        ("sendMessage", {"chat_id": 7, "text": "a", "colour": 1}, "unknown parameter colour"),
        ("sendMessage", {"chat_id": "x", "text": "a"}, "chat_id"),
        ("sendMessage", {"chat_id": 7, "text": " "}, "text is empty"),
        ("sendMessage", {"chat_id": 7, "text": "😀" * 2048 + "a"}, "too long"),
        ("sendMessage", {"chat_id": 7, "text": "a", "reply_markup": {"x": 1}}, "reply markup"),
        ("answerCallbackQuery", {"callback_query_id": "old"}, "query is too old"),
        ("getFile", {"file_id": "none"}, "wrong file_id"),
    ],
)
async def test_telegram_refuses(method: str, parameters: dict[str, Any], words: str) -> None:
    """Shapes and lengths are checked as the Bot API does, in UTF-16 units."""
    async with TelegramApi() as api:
        status, description = await call(api, method, **parameters)
        assert (status, words in description) == (400, True)
        assert api.sent == []


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[{"text": "a", "callback_data": "x" * 65}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "a", "callback_data": "x"}] * 9], "in a row"),
        ([[{"text": "a", "callback_data": "x"}]] * 101, "too long"),
        ([[{"text": "", "callback_data": "x"}]], "text is empty"),
    ],
)
async def test_telegram_refuses_buttons(rows: list[Any], words: str) -> None:
    """Data of 64 bytes, 8 buttons in a row, 100 in all."""
    async with TelegramApi() as api:
        markup = {"inline_keyboard": rows}
        status, said = await call(api, "sendMessage", chat_id=7, text="a", reply_markup=markup)
        assert (status, words in said) == (400, True)


async def test_telegram_knows_its_token_and_methods() -> None:
    """An unknown token is 401, a malformed one and an unknown method 404."""
    async with TelegramApi() as api:
        assert (await call(api, "getMe", "1:stranger"))[0] == 401
        assert (await call(api, "getMe", "stranger"))[0] == 404
        assert (await call(api, "sendEverything"))[0] == 404


async def test_telegram_has_one_way_in() -> None:
    """A webhook and polling exclude each other, and of two polls the older ends."""
    async with TelegramApi() as api:
        first = asyncio.create_task(call(api, "getUpdates", timeout=50))
        await api.polled.wait()
        second = asyncio.create_task(call(api, "getUpdates", timeout=50))
        assert (await first)[0] == 409
        api.push(taps(7, "t1"))
        status, (update,) = await second
        assert (status, update["callback_query"]["data"]) == (200, "t1")
        await call(api, "setWebhook", url="http://127.0.0.1:9/")
        assert (await call(api, "getUpdates"))[0] == 409


async def test_twilio_refuses() -> None:
    """Credentials, sender, length and content are checked as Twilio does."""
    async with TwilioApi() as api:
        url = f"{api.base_url}/2010-04-01/Accounts/{api.account_sid}/Messages.json"
        right = {"Authorization": aiohttp.encode_basic_auth(api.account_sid, api.auth_token)}
        good = {"To": "whatsapp:+212600000001", "From": f"whatsapp:{api.number}", "Body": "a"}
        answers = []
        async with aiohttp.ClientSession() as session:
            for headers, form in (
                ({}, good),
                (right, {**good, "From": "whatsapp:+1"}),
                (right, {**good, "Body": "a" * 1601}),
                (right, {**good, "Body": ""}),
                (right, {**good, "ContentSid": "HX1"}),
                (right, {**good, "Colour": "1"}),
                (right, good),
            ):
                async with session.post(url, data=form, headers=headers) as response:
                    answers.append((response.status, (await response.json()).get("code")))
        assert answers == [
            (401, 20003),
            (400, 63007),
            (400, 21617),
            (400, 21619),
            (404, 20404),
            (400, 20001),
            (201, None),
        ]
        assert api.sent[0].error == 63016


@pytest.mark.parametrize("module", ["telegram_api", "twilio_api"])
async def test_an_emulator_in_its_own_process(module: str) -> None:
    """Started by itself, an emulator prints its address first, and is driven over it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.emulators.{module}", "--port", "0", "--latency", "1"),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    address = (await process.stdout.readline()).decode().strip()
    try:
        async with aiohttp.ClientSession() as session:
            if module == "telegram_api":
                async with session.post(f"{address}/control/push", json=says(7, "a")) as response:
                    assert (await response.json())["update_id"] > 0
            async with session.get(f"{address}/control/sent") as response:
                assert await response.json() == {"count": 0, "sent": []}
    finally:
        process.terminate()
        await process.wait()
