"""The transport under python-telegram-bot: connections, failures, and a token that stays inside."""

import logging
import socket
import traceback
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram.error import TelegramError

from bot.channels.telegram_wire import Answered, FileTooLarge, NoAnswer, NotSent, PlainBot, Wire
from tests.emulators.telegram_api import TelegramApi

MESSAGE: dict[str, Any] = {"chat_id": 7, "text": "سلام"}


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    """A Bot API of this test's own."""
    async with TelegramApi() as running:
        yield running


@pytest.fixture
async def wire(api: TelegramApi) -> AsyncIterator[Wire]:
    """The wire to it."""
    made = Wire(api.token, base_url=api.base_url, base_file_url=api.base_file_url)
    yield made
    await made.shutdown()


@pytest.fixture
async def impatient(api: TelegramApi) -> AsyncIterator[Wire]:
    """A wire that hardly waits, for calls that hang."""
    made = Wire(api.token, base_url=api.base_url, read_timeout=0.3)
    yield made
    await made.shutdown()


def nobody_listens() -> str:
    """An address where connections are refused."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{closed.getsockname()[1]}/bot"


async def test_a_call_gives_plain_json(api: TelegramApi, wire: Wire) -> None:
    """A message goes out through python-telegram-bot, and its answer is a dict, without warnings."""
    message = await PlainBot(wire).do_api_request("sendMessage", MESSAGE)
    assert message["message_id"] == 1
    assert api.sent[0].text == "سلام"


async def test_connections_are_used_again(api: TelegramApi, wire: Wire) -> None:
    """Ten messages in turn go over one connection."""
    for _ in range(10):
        await PlainBot(wire).do_api_request("sendMessage", MESSAGE)
    assert (len(api.sent), api.connections) == (10, 1)


async def test_after_shutdown_a_call_connects_anew(api: TelegramApi, wire: Wire) -> None:
    """Closing is final for the connections only."""
    await PlainBot(wire).do_api_request("sendMessage", MESSAGE)
    await wire.shutdown()
    await PlainBot(wire).do_api_request("sendMessage", MESSAGE)
    assert (len(api.sent), api.connections) == (2, 2)


async def test_refused_connection_was_not_sent() -> None:
    """Where nobody listens, nothing was sent."""
    wire = Wire("1:x", base_url=nobody_listens())
    with pytest.raises(NotSent):
        await PlainBot(wire).do_api_request("sendMessage", MESSAGE)
    await wire.shutdown()


async def test_unknown_host_was_not_sent() -> None:
    """Where a name leads nowhere, nothing was sent."""
    wire = Wire("1:x", base_url="http://nowhere.invalid/bot")
    with pytest.raises(NotSent):
        await PlainBot(wire).do_api_request("sendMessage", MESSAGE)
    await wire.shutdown()


async def test_no_connection_in_time_was_not_sent(
    api: TelegramApi, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that does not come in time has carried nothing."""
    monkeypatch.setattr("bot.channels.telegram_wire.CONNECT_TIMEOUT", 1e-6)
    with pytest.raises(NotSent):
        await PlainBot(wire).do_api_request("sendMessage", MESSAGE)
    assert api.calls == []


@pytest.mark.parametrize("after", [False, True])
async def test_hanging_answer_is_uncertain(api: TelegramApi, impatient: Wire, after: bool) -> None:
    """A time-out after the request went out tells nothing: both outcomes look the same."""
    api.hang_next("sendMessage", after=after)
    with pytest.raises(NoAnswer):
        await PlainBot(impatient).do_api_request("sendMessage", MESSAGE)
    assert len(api.sent) == after


@pytest.mark.parametrize("after", [False, True])
async def test_broken_line_is_uncertain(api: TelegramApi, wire: Wire, after: bool) -> None:
    """A reset after the request went out tells nothing either."""
    api.reset_next("sendMessage", after=after)
    with pytest.raises(NoAnswer):
        await PlainBot(wire).do_api_request("sendMessage", MESSAGE)
    assert len(api.sent) == after


@pytest.mark.parametrize(
    ("status", "expected"), [(500, NoAnswer), (502, NoAnswer), (503, NotSent), (504, NoAnswer)]
)
async def test_server_errors(
    api: TelegramApi, wire: Wire, status: int, expected: type[TelegramError]
) -> None:
    """A gateway's error may hide a delivered message; 503 is refused at the door."""
    api.answer_next(status, "<html>error</html>")
    with pytest.raises(expected):
        await PlainBot(wire).do_api_request("sendMessage", MESSAGE)


@pytest.mark.parametrize("body", ["<html>login</html>", "[]", '{"ok": true}', ""])
async def test_a_200_that_is_no_answer_is_uncertain(
    api: TelegramApi, wire: Wire, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What is not the Bot API's JSON is no answer, and is not logged."""
    api.answer_next(200, body)
    with pytest.raises(NoAnswer):
        await PlainBot(wire).do_api_request("sendMessage", MESSAGE)
    assert caplog.text == ""


async def test_a_refusal_keeps_code_words_and_pause(api: TelegramApi, wire: Wire) -> None:
    """A 429 tells how long to wait, without python-telegram-bot's own reading of it."""
    api.fail_next(429, retry_after=17)
    with pytest.raises(Answered) as caught:
        await PlainBot(wire).do_api_request("sendMessage", MESSAGE)
    assert (caught.value.code, caught.value.retry_after) == (429, 17)


async def test_download_stops_at_the_limit(api: TelegramApi, wire: Wire) -> None:
    """A file larger than promised is cut off while it streams."""
    api.add_file(b"x" * 100_000, "voice/file_1.oga")
    assert len(await wire.download("voice/file_1.oga", 100_000)) == 100_000
    with pytest.raises(FileTooLarge):
        await wire.download("voice/file_1.oga", 99_999)


async def test_the_token_appears_nowhere(
    api: TelegramApi, wire: Wire, impatient: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    """No error, no error behind an error and no log line at DEBUG holds the token or a text."""
    caplog.set_level(logging.DEBUG)
    bot = PlainBot(wire)
    seen: list[str] = [repr(bot), repr(wire), bot.token, bot.base_url, bot.base_file_url]

    async def attempt(wire: Wire, method: str = "sendMessage") -> None:
        try:
            if method == "download":
                await wire.download("photos/file_1.jpg", 10)
            else:
                await PlainBot(wire).do_api_request(method, MESSAGE)
        except Exception as error:
            seen.append("".join(traceback.format_exception(error)))
            behind: BaseException | None = error
            while behind is not None:
                seen.append(repr(behind))
                behind = behind.__cause__ or behind.__context__

    await attempt(wire)
    api.hang_next()
    await attempt(impatient)
    api.reset_next()
    await attempt(wire)
    for code in (400, 401, 403, 404, 409, 429, 500):
        api.answer_next(code, f"sorry, {api.base_url}{api.token}/sendMessage failed", "sendMessage")
        await attempt(wire)
        api.answer_next(code, f"no file at {api.base_file_url}{api.token}/x", "download")
        await attempt(wire, "download")
    api.reset_next("download")
    await attempt(wire, "download")
    for address in (nobody_listens(), "http://[broken/bot"):
        lost = Wire(api.token, base_url=address)
        await attempt(lost)
        await lost.shutdown()
    assert len(seen) > 20
    everything = "\n".join(seen) + caplog.text
    assert api.token not in everything
    assert api.token.partition(":")[2] not in everything
    assert MESSAGE["text"] not in caplog.text
