"""How does a call reach the Bot API, and what does a failure mean?

python-telegram-bot calls, aiohttp carries. Its own httpx transport takes several times the CPU for
the same message.

    TelegramError (python-telegram-bot)
    ├── Answered    the Bot API said no: code, words, parameters
    ├── NotSent     nothing reached the Bot API: refused, no such host, no connection in time
    └── NoAnswer    the request went out; whether it was done is not known

The token is known here only. python-telegram-bot is given a placeholder instead, so neither its
log lines nor its errors can hold it; aiohttp's errors are never chained, as they may name the
address, and the address holds the token.
"""

import json
import logging
import re
from functools import lru_cache
from io import BytesIO
from typing import Any, Final, NoReturn

import aiohttp
import msgspec
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

#: The address of the public Bot API; the token follows.
BASE_URL: Final = "https://api.telegram.org/bot"
#: The address of files at the public Bot API; the token follows.
BASE_FILE_URL: Final = "https://api.telegram.org/file/bot"

#: Seconds to get a connection, from the pool or a new one.
CONNECT_TIMEOUT: Final = 5.0
#: Seconds between two reads, for everything but a long poll.
READ_TIMEOUT: Final = 15.0
#: Seconds for a whole call, an upload of 50 MB over a poor line included.
TOTAL_TIMEOUT: Final = 120.0

_BEFORE_SENDING: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)

_JSON: Final = {"Content-Type": "application/json"}

# At DEBUG, python-telegram-bot logs whole messages; what a citizen wrote is never in a log.
logging.getLogger("telegram.Bot").setLevel(logging.INFO)


#: Connections to the Bot API at once: as many calls as delivery has under way.
CONNECTIONS = 256


class Answered(TelegramError):
    """The Bot API refused: HTTP `code`, its `words`, `retry_after` (s) or `moved_to` (a chat id)."""

    def __init__(
        self, code: int, words: str, retry_after: float | None = None, moved_to: int | None = None
    ) -> None:
        super().__init__(f"{code} {words}")
        self.code = code
        self.words = words
        self.retry_after = retry_after
        self.moved_to = moved_to


class NotSent(NetworkError):
    """Nothing reached the Bot API."""


class NoAnswer(NetworkError):
    """The request went out and no answer came back."""


class FileTooLarge(Exception):
    """A download passed its limit and was cut off."""


class _Parameters(msgspec.Struct, frozen=True):
    retry_after: float | None = None
    migrate_to_chat_id: int | None = None


class _Refusal(msgspec.Struct, frozen=True):
    description: str = ""
    parameters: _Parameters = _Parameters()


_refusal = msgspec.json.Decoder(_Refusal)


class PlainBot(Bot):
    """python-telegram-bot's Bot without its advice to prefer methods that build objects.

    A `Message` object costs 300 us and nothing here reads it, so plain JSON is asked for.
    """

    def __init__(self, wire: "Wire") -> None:
        # The placeholder: see the module's text.
        super().__init__(
            "0:hidden", base_url=lambda _: "telegram:", request=wire, get_updates_request=wire
        )

    @classmethod
    def _warn(cls, *_: Any, **__: Any) -> None:
        """Say nothing; `do_api_request("sendMessage")` is meant."""


class Wire(BaseRequest):
    """Carries python-telegram-bot's requests over one aiohttp session, made when first needed.

    `base_url` and `base_file_url` as in python-telegram-bot: the token follows them directly.
    """

    __slots__ = ("_api", "_files", "_read_timeout", "_session")

    def __init__(
        self,
        token: str,
        *,
        base_url: str | None = None,
        base_file_url: str | None = None,
        read_timeout: float = READ_TIMEOUT,
    ) -> None:
        self._api = f"{base_url or BASE_URL}{token}/"
        self._files = f"{base_file_url or BASE_FILE_URL}{token}/"
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return "<Wire to the Bot API>"

    @property
    def read_timeout(self) -> float | None:
        """Seconds between two reads, where a call does not say otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing: the session is made by the first call, in its own loop."""

    async def shutdown(self) -> None:
        """Close the connections. A later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Call the API method that `url` ends with. Raises Answered, NotSent, NoAnswer.

        Only `read_timeout` is heard: a long poll reads for longer; the others are fixed here.
        """
        endpoint = url.rpartition("/")[2]
        usual = read_timeout is BaseRequest.DEFAULT_NONE
        timeout = _timeout(CONNECT_TIMEOUT, self._read_timeout if usual else read_timeout)
        body, headers = _body(request_data)
        try:
            async with self._opened().request(
                method,
                self._api + endpoint,
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                code, payload = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            problem = _problem(error)
        else:
            if code == 200:
                return code, payload
            _refuse(code, payload)
        # Raised out here, so that aiohttp's error is not even its context.
        raise problem

    async def download(self, path: str, limit: int) -> bytes:
        """The file at `path` (of `getFile`), at most `limit` bytes.

        Raises FileTooLarge, Answered, NotSent, NoAnswer.
        """
        timeout = _timeout(CONNECT_TIMEOUT, self._read_timeout)
        content = bytearray()
        try:
            async with self._opened().get(
                self._files + path, timeout=timeout, allow_redirects=False
            ) as response:
                code = response.status
                async for piece in response.content.iter_any():
                    content += piece
                    if len(content) > limit:
                        raise FileTooLarge
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            problem = _problem(error)
        else:
            if code == 200:
                return bytes(content)
            # Without the body: an error page may repeat the address, which holds the token.
            _refuse(code, b"")
        raise problem

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """The decoded answer. Raises NoAnswer if it is none of the Bot API; it is not logged."""
        try:
            answer = msgspec.json.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError):
            answer = _forgiving(payload)
        if not isinstance(answer, dict) or "result" not in answer:
            raise NoAnswer("not an answer of the Bot API")
        return answer

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # The server may end an idle connection just when we write to it. We end it first:
                # an uncertain message costs more than a handshake.
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=15),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": BaseRequest.USER_AGENT},
            )
        return self._session


def _forgiving(payload: bytes) -> Any:
    """An answer with half a character in it: one citizen's message must not hide the others'."""
    try:
        return json.loads(payload.decode("utf-8", "replace"))
    except ValueError:
        return None


@lru_cache(8)
def _timeout(connect: float, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=TOTAL_TIMEOUT, connect=connect, sock_read=read)


def _body(
    request_data: RequestData | None,
) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None]:
    if request_data is None:
        return None, None
    if not request_data.contains_files:
        return msgspec.json.encode(request_data.parameters), _JSON
    # Telegram shows a file's name as it is written, so it is not percent-encoded.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, kind) in request_data.multipart_data.items():
        safe_name = re.sub(r'[\x00-\x1f"\\]', "_", file_name)
        # As a stream: large bytes in one piece would hold up the loop.
        stream = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=safe_name, content_type=kind)
    return form, None


def _problem(error: Exception) -> NotSent | NoAnswer:
    """What a failure of aiohttp means: did the request go out?

    Only what fails while connecting has surely not been sent. A reset or a broken pipe may come
    after the whole request was written.
    """
    if isinstance(error, _BEFORE_SENDING):
        return NotSent(type(error).__name__)
    return NoAnswer(type(error).__name__)


def _refuse(code: int, payload: bytes) -> NoReturn:
    """Raise what an answer other than 200 means.

    502 and 504 come from a server in front of the Bot API, 500 also from one that is being
    restarted with calls in flight: the message may be on its way. 503 is refused at the door. The Bot
    API itself always says why it refuses.
    """
    if code == 503:
        raise NotSent("503 service unavailable")
    if code >= 500:
        raise NoAnswer(f"server error {code}")
    try:
        refusal = _refusal.decode(payload)
    except msgspec.MsgspecError:
        refusal = _Refusal()
    if not refusal.description and code not in (401, 404, 409, 429):
        # Somebody in front of the Bot API said no: a proxy, a captive portal.
        raise NoAnswer(f"{code}, not from the Bot API")
    raise Answered(
        code,
        refusal.description,
        refusal.parameters.retry_after,
        refusal.parameters.migrate_to_chat_id,
    )
