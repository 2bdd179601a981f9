"""Stand-ins for Telegram and Twilio that take a hundred thousand messages, and misbehave by seed.

    provider = TelegramStandIn(Weather(random.Random(7), TELEGRAM, often=1.0))
    await provider.start()
    provider.calls         what was asked, when, how it was answered, and whether a citizen saw it

They check nothing and answer in microseconds; `tests.emulators` are exact. Only messages of
broadcasts are treated badly in earnest. Replies are held up, and now and then delivered without an
answer, but never twice in a row: what becomes of them is another trial's question.
"""

import asyncio
import json
import random
import socket
import struct
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.emulators.telegram_api import TOKEN as TELEGRAM_TOKEN

HOST = "127.0.0.1"

#: Words by which a message of a broadcast is known (the French invitation).
PUSH = "Nous vous invitons à participer"

ACCOUNT = "AC00000000000000000000000000000001"
AUTH_TOKEN = "auth-token-of-the-stand-in"
NUMBER = "+14155238886"

#: What may go wrong with a message of a broadcast at Telegram, and how often.
TELEGRAM: Mapping[str, float] = {
    "503": 0.003,
    "500 before": 0.002,
    "502 after": 0.003,
    "reset before": 0.002,
    "reset after": 0.003,
    "hang before": 0.0015,
    "hang after": 0.0015,
    "slow": 0.01,
    "garbled": 0.001,
    "blocked": 0.004,
    "deactivated": 0.002,
    "400": 0.002,
}

#: The same at Twilio.
TWILIO: Mapping[str, float] = {
    "503": 0.003,
    "500 before": 0.002,
    "502 after": 0.003,
    "reset before": 0.002,
    "reset after": 0.003,
    "hang before": 0.0015,
    "hang after": 0.0015,
    "slow": 0.01,
    "garbled": 0.001,
    "21211": 0.003,
    "21610": 0.002,
    "63032": 0.002,
}

#: What may go wrong with a reply.
REPLIES: Mapping[str, float] = {"503": 0.01, "502 after": 0.005, "slow": 0.03}

#: Answers that say whether the message is on its way; nothing else does.
CLEAR = frozenset(
    {"ok", "slow", "429", "503", "blocked", "deactivated", "400", "21211", "21610", "63032"}
)

#: Reports of what became of a message, in the order in which they are posted. "early" ones come
#: before the answer to the call.
REPORTS: tuple[tuple[float, tuple[str, ...], bool], ...] = (
    (0.30, ("sent", "delivered", "read"), False),
    (0.12, ("delivered", "sent"), False),
    (0.10, ("read", "delivered", "sent"), False),
    (0.10, ("sent", "sent", "delivered", "delivered"), False),
    (0.10, ("delivered",), False),
    (0.08, ("sent",), True),
    (0.06, ("delivered", "read"), True),
    (0.03, ("sent", "failed 63016"), False),
    (0.02, ("failed 63024", "sent"), False),
    (0.03, ("failed 63049",), True),
    (0.06, (), False),
)

#: Seconds of a pause that Twilio asks for without saying so.
TWILIO_PAUSE = 1.0


@dataclass(slots=True)
class Call:
    """A message that a provider was asked to carry; times are the loop's."""

    address: str
    push: bool
    title: str
    began: float
    outcome: str = ""
    delivered: bool = False
    #: When the answer had been written, None if there was none.
    answered: float | None = None


@dataclass(slots=True)
class Flood:
    """From when to when a provider refused everything, and when it said so."""

    begins: float
    ends: float
    #: When a 429 had been written, and until when it asked to wait.
    said: list[tuple[float, float]] = field(default_factory=list)


@dataclass(slots=True)
class Weather:
    """What goes wrong, by chance; nothing while `fair`."""

    chance: random.Random
    kinds: Mapping[str, float]
    often: float = 1.0
    #: Share of pushes that are answered slowly, besides.
    slow: float = 0.0
    fair: bool = True

    def trouble(self, *, push: bool) -> str:
        """What goes wrong with the next call; "" for nothing."""
        if self.fair:
            return ""
        if push and self.slow and self.chance.random() < self.slow:
            return "slow"
        left = self.chance.random() / ((self.often or 1e-9) if push else 1.0)
        for kind, share in (self.kinds if push else REPLIES).items():
            left -= share
            if left < 0:
                return kind
        return ""


class Line(asyncio.Protocol):
    """One connection of a client: one request at a time, with Content-Length."""

    def __init__(self, called: Callable[["Line", str, str, bytes], None]) -> None:
        self._called = called
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Hand on every request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].decode("latin-1")
            verb, path, _ = head.split(" ", 2)
            length = 0
            for line in head.split("\r\n")[1:]:
                name, _, value = line.partition(":")
                if name.lower() == "content-length":
                    length = int(value)
            whole = end + 4 + length
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            self._called(self, verb, path, body)

    def answer(self, status: int, content: bytes) -> None:
        """Answer the request."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(
                b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (status, len(content), content)
            )

    def reset(self) -> None:
        """Break the connection off."""
        if self._transport is None:
            return
        raw = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


class StandIn:
    """What both have in common: calls are noted, and treated as the weather is."""

    def __init__(self, weather: Weather) -> None:
        self.weather = weather
        self.calls: list[Call] = []
        #: Calls for messages of broadcasts so far.
        self.pushes = 0
        self.floods: list[Flood] = []
        #: Calls of other kinds within a flood, by name.
        self.besides: Counter[str] = Counter()
        #: Called with (address, text, data of the first button) of what a citizen sees.
        self.seen: list[Callable[[str, str, str], None]] = []
        #: Push calls at which a flood begins, the next one last: (number, seconds).
        self.floods_at: list[tuple[int, float]] = []
        self.port = 0
        self._server: asyncio.Server | None = None
        self._badly: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """http://host:port, known once it runs."""
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """Listen on a free port of the loopback."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Line(self._called), HOST, 0, backlog=1000)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def flood(self, seconds: float) -> None:
        """Refuse everything for so long."""
        now = _now()
        self.floods.append(Flood(now, now + seconds))

    def _called(self, line: Line, verb: str, path: str, body: bytes) -> None:
        raise NotImplementedError

    def _ok(self, call: Call, text: str) -> bytes:
        raise NotImplementedError

    def _refused(self, call: Call) -> tuple[int, bytes] | None:
        """The answer that an outcome of this provider's own has."""
        raise NotImplementedError

    def _too_many(self, seconds: float) -> bytes:
        raise NotImplementedError

    def _wait(self, flood: Flood) -> float:
        """How long a 429 asks to wait: whole seconds are all that Telegram can say."""
        return max(1.0, -(-(flood.ends - _now()) // 1))

    def _carry(self, line: Line, call: Call, text: str, data: str) -> None:
        """Deliver or not, answer or not."""
        self.calls.append(call)
        if call.push:
            self.pushes += 1
            if self.floods_at and self.pushes >= self.floods_at[-1][0] and not self.weather.fair:
                self.flood(self.floods_at.pop()[1])
        if self.floods and call.began < self.floods[-1].ends:
            call.outcome = "429"
            seconds = self._wait(self.floods[-1])
            self._answer(line, call, 429, self._too_many(seconds))
            now = _now()
            self.floods[-1].said.append((now, now + seconds))
            return
        call.outcome = self._outcome(call)
        if not call.outcome.endswith("before") and (
            call.outcome in ("ok", "slow", "garbled") or call.outcome.endswith("after")
        ):
            call.delivered = True
            self._deliver(line, call, text, data)
            return
        self._end(line, call, text)

    def _outcome(self, call: Call) -> str:
        kind = self.weather.trouble(push=call.push)
        if not call.push:
            if kind and call.address in self._badly:
                kind = ""
            (self._badly.add if kind else self._badly.discard)(call.address)
        return kind or "ok"

    def _deliver(self, line: Line, call: Call, text: str, data: str) -> None:
        for listener in self.seen:
            listener(call.address, text, data)
        self._end(line, call, text)

    def _end(self, line: Line, call: Call, text: str) -> None:
        """Answer as the outcome is."""
        refused = self._refused(call)
        if refused is not None:
            self._answer(line, call, *refused)
            return
        match call.outcome.split(" ")[0]:
            case "ok":
                self._answer(line, call, self.good, self._ok(call, text))
            case "slow":
                wait = self.weather.chance.uniform(0.1, 0.8)
                _loop().call_later(wait, self._answer, line, call, self.good, self._ok(call, text))
            case "garbled":
                self._answer(line, call, self.good, b"<html>welcome</html>")
            case "reset":
                line.reset()
            case "hang":
                pass
            case code:
                self._answer(line, call, int(code), b"<html>" + code.encode() + b"</html>")

    #: The status of an answer that says yes.
    good = 200

    def _answer(self, line: Line, call: Call, status: int, content: bytes) -> None:
        line.answer(status, content)
        call.answered = _now()

    def _later(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class TelegramStandIn(StandIn):
    """The Bot API as far as a broadcast needs it."""

    def __init__(self, weather: Weather) -> None:
        super().__init__(weather)
        #: Chats that will never be reached, and why.
        self.gone: dict[str, str] = {}
        #: Whether a flood refuses calls that carry no message, too.
        self.strict = True

    def _called(self, line: Line, verb: str, path: str, body: bytes) -> None:
        token, _, method = path.removeprefix("/bot").partition("/")
        assert token == TELEGRAM_TOKEN
        if not method.startswith("send"):
            if self.floods and _now() < self.floods[-1].ends:
                self.besides[method] += 1
                if self.strict:
                    seconds = self._wait(self.floods[-1])
                    line.answer(429, self._too_many(seconds))
                    return
            line.answer(200, _ME if method == "getMe" else b'{"ok":true,"result":true}')
            return
        sent = json.loads(body)
        text = sent.get("text", "")
        rows = sent.get("reply_markup", {}).get("inline_keyboard")
        push = PUSH in text
        call = Call(str(sent["chat_id"]), push, _title(text) if push else "", _now())
        self._carry(line, call, text, rows[0][0]["callback_data"] if rows else "")

    def _outcome(self, call: Call) -> str:
        if call.address in self.gone:
            return self.gone[call.address]
        outcome = super()._outcome(call)
        if outcome in ("blocked", "deactivated"):
            self.gone[call.address] = outcome
        return outcome

    def _ok(self, call: Call, text: str) -> bytes:
        return (
            b'{"ok":true,"result":{"message_id":%d,"date":1795000000,"chat":{"id":%b,'
            b'"type":"private","first_name":"F"},"text":"..."}}'
            % (len(self.calls), call.address.encode())
        )

    def _refused(self, call: Call) -> tuple[int, bytes] | None:
        words = {
            "blocked": (403, "Forbidden: bot was blocked by the user"),
            "deactivated": (403, "Forbidden: user is deactivated"),
            "400": (400, "Bad Request: message text is no good"),
        }
        if call.outcome not in words:
            return None
        code, said = words[call.outcome]
        return code, _no(code, said)

    def _too_many(self, seconds: float) -> bytes:
        words = f"Too Many Requests: retry after {int(seconds)}"
        return _no(429, words, retry_after=int(seconds))


class TwilioStandIn(StandIn):
    """Twilio's API for WhatsApp as far as a broadcast needs it, with its status reports."""

    good = 201

    def __init__(self, weather: Weather) -> None:
        super().__init__(weather)
        #: Address -> (state, code) of the reports that were answered with 200, in their order.
        self.reported: dict[str, list[tuple[str, str]]] = {}
        #: Addresses of which a failure was reported, whether or not that was heard.
        self.failed: set[str] = set()
        self._session: aiohttp.ClientSession | None = None
        self._signs = RequestValidator(AUTH_TOKEN)
        #: Reports that nobody heard.
        self.unheard = 0

    async def start(self) -> None:
        """Listen, and be ready to report."""
        await super().start()
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=32))

    async def stop(self) -> None:
        """Listen and report no more."""
        await super().stop()
        if self._session is not None:
            await self._session.close()

    @property
    def reporting(self) -> bool:
        """Whether reports are still to be posted."""
        return bool(self._tasks)

    def _called(self, line: Line, verb: str, path: str, body: bytes) -> None:
        if verb == "GET":
            line.answer(200, b'{"messages":[],"next_page_uri":null,"page":0}')
            return
        form = dict(parse_qsl(body.decode()))
        text = form.get("Body", "")
        push = PUSH in text
        to = form["To"].removeprefix("whatsapp:")
        call = Call(to, push, _title(text) if push else "", _now())
        self._carry(line, call, text, form.get("StatusCallback", ""))

    def _deliver(self, line: Line, call: Call, text: str, data: str) -> None:
        for listener in self.seen:
            listener(call.address, text, "")
        states, early = self._reports() if call.push and data else ((), False)
        if early:
            self._later(self._report_first(line, call, text, data, states))
            return
        self._end(line, call, text)
        if states:
            self._later(self._report(call, data, states))

    def _reports(self) -> tuple[tuple[str, ...], bool]:
        if self.weather.fair:
            return ("sent", "delivered"), False
        left = self.weather.chance.random()
        for share, states, early in REPORTS:
            left -= share
            if left < 0:
                return states, early
        return (), False

    async def _report_first(
        self, line: Line, call: Call, text: str, url: str, states: tuple[str, ...]
    ) -> None:
        await self._post(call, url, states[0])
        self._end(line, call, text)
        await self._report(call, url, states[1:])

    async def _report(self, call: Call, url: str, states: tuple[str, ...]) -> None:
        for state in states:
            await asyncio.sleep(self.weather.chance.uniform(0.0, 0.3))
            await self._post(call, url, state)

    async def _post(self, call: Call, url: str, report: str) -> None:
        """Post a report, and once more if nobody listens, as Twilio does."""
        assert self._session is not None
        state, _, code = report.partition(" ")
        if state == "failed":
            self.failed.add(call.address)
        sid = f"SM{id(call):032x}"
        form = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": state, "SmsStatus": state}
        form |= {"AccountSid": ACCOUNT, "From": f"whatsapp:{NUMBER}"}
        form |= {"To": f"whatsapp:{call.address}"} | ({"ErrorCode": code} if code else {})
        headers = {"X-Twilio-Signature": self._signs.compute_signature(url, form)}
        for _ in range(2):
            with suppress(aiohttp.ClientError, TimeoutError):
                async with self._session.post(
                    url, data=form, headers=headers, timeout=aiohttp.ClientTimeout(15)
                ) as response:
                    if response.status == 200:
                        self.reported.setdefault(call.address, []).append((state, code))
                        return
            await asyncio.sleep(0.5)
        self.unheard += 1

    def _ok(self, call: Call, text: str) -> bytes:
        return json.dumps(
            {
                "sid": f"SM{id(call):032x}",
                "account_sid": ACCOUNT,
                "from": f"whatsapp:{NUMBER}",
                "to": f"whatsapp:{call.address}",
                "status": "queued",
                "direction": "outbound-api",
                "error_code": None,
                "num_media": "0",
                "body": "",
            }
        ).encode()

    def _refused(self, call: Call) -> tuple[int, bytes] | None:
        if call.outcome not in ("21211", "21610", "63032"):
            return None
        said = {"status": 400, "code": int(call.outcome), "message": "no", "more_info": ""}
        return 400, json.dumps(said).encode()

    def _wait(self, flood: Flood) -> float:
        """Twilio does not say; our own table does."""
        return TWILIO_PAUSE

    def _too_many(self, seconds: float) -> bytes:
        said = {"status": 429, "code": 20429, "message": "Too Many Requests", "more_info": ""}
        return json.dumps(said).encode()


def _title(text: str) -> str:
    """The lines of an invitation that name the consultation: in French a sentence stands before it."""
    return "\n".join(text.split("\n")[1:3])


_ME = b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"T","username":"flood_bot"}}'


def _no(code: int, words: str, **parameters: int) -> bytes:
    said = {"ok": False, "error_code": code, "description": words}
    return json.dumps(said | ({"parameters": parameters} if parameters else {})).encode()


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _now() -> float:
    return asyncio.get_running_loop().time()
