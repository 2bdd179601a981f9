"""A stand-in for the Bot API that does next to nothing, so that only the bot's work is measured.

`tests.emulators.telegram_api` is exact and checks everything; this one answers in a few
microseconds, after `delay` seconds if that is set.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs

import msgspec

from bench.wire import Answering

#: A token of the form that Telegram gives out; it opens nothing.
TOKEN = "110201543:token-of_the-bench"  # noqa: S105  # made up

_ME = b'{"ok":true,"result":{"id":110201543,"is_bot":true,"first_name":"T","username":"bench_bot"}}'
_TRUE = b'{"ok":true,"result":true}'


class _Message(msgspec.Struct):
    chat_id: int
    text: str = ""


_json = msgspec.json.Decoder(_Message)
_encode = msgspec.json.Encoder().encode


class Provider:
    """Takes messages; whoever waits for one in a chat is handed its text when it arrives."""

    def __init__(self) -> None:
        self.port = 0
        #: Seconds before every answer.
        self.delay = 0.0
        #: Chat -> who waits for the next message in it.
        self.awaited: dict[int, asyncio.Future[str]] = {}
        #: How often each method was called.
        self.calls: Counter[str] = Counter()
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """http://host:port, known once it runs."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen on a free port of the loopback."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Answering(self._answer), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    def _answer(self, path: str, body: bytes, send: Callable[[bytes], None]) -> None:
        method = path.rpartition("/")[2]
        self.calls[method] += 1
        answer = self._of(method, body)
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, send, answer)
        else:
            send(answer)

    def _of(self, method: str, body: bytes) -> bytes:
        if method == "getMe":
            return _ME
        if method != "sendMessage":
            return _TRUE
        message = _json.decode(body) if body.startswith(b"{") else _form(body)
        waiting = self.awaited.pop(message.chat_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(message.text)
        return (
            b'{"ok":true,"result":{"message_id":%d,"from":{"id":110201543,"is_bot":true,'
            b'"first_name":"T","username":"bench_bot"},"chat":{"id":%d,"first_name":"Fatima",'
            b'"type":"private"},"date":1795000000,"text":%b}}'
            % (self.calls["sendMessage"], message.chat_id, _encode(message.text))
        )


def _form(body: bytes) -> _Message:
    """python-telegram-bot's own transport sends forms."""
    form = parse_qs(body.decode())
    return _Message(int(form["chat_id"][0]), form["text"][0])
