"""The Telegram channel: what citizens write to a bot, and what the bot answers.

    update -> read -> Arrival          telegram_updates: pure
    OutgoingMessage -> render -> Call -> send   telegram_rendering: pure; telegram_wire: the network

Only private chats are read; in groups the bot is deaf. A chat id that "migrates" belongs to a
group, so a 400 with `migrate_to_chat_id` is Refused like any other.
"""

import asyncio
import json
import logging
import re
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from telegram import InputFile
from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.channels.media_types import media_type
from bot.channels.port import (
    Arrival,
    BadWebhook,
    Envelope,
    Later,
    MediaRef,
    OutgoingMessage,
    OutMedia,
    Refused,
    Shown,
    Status,
    TooLarge,
    Transient,
    Uncertain,
)
from bot.channels.telegram_errors import Conflict, fetch_error, send_error
from bot.channels.telegram_rendering import Call, render, shows, simpler
from bot.channels.telegram_updates import ALLOWED_UPDATES, DOWNLOAD_LIMIT, PAYLOAD, read_update
from bot.channels.telegram_wire import (
    BASE_URL,
    READ_TIMEOUT,
    FileTooLarge,
    PlainBot,
    Wire,
)

_log = logging.getLogger(__name__)

#: Largest uploads in bytes (Bot API, "Sending files").
UPLOAD_LIMITS: Final = {"photo": 10_000_000, "voice": 50_000_000, "document": 50_000_000}

#: Ports at which the public Bot API calls a webhook.
WEBHOOK_PORTS: Final = (443, 80, 88, 8443)

#: Our languages that Telegram knows a two-letter code for (ISO 639-1). Darija and Tamazight have
#: none: whoever uses them gets the default commands, which are the Arabic ones.
COMMAND_LANGUAGES: Final = ("ar", "fr", "en")

#: The most commands in one language (Bot API, setMyCommands).
COMMANDS: Final = 100

#: How many half-sent messages are remembered, so that their retry begins where it broke off.
_HALF_SENT: Final = 10_000


_NO_TOPIC: Final = "message thread not found"

_TOO_LATE: Final = ("query is too old", "query ID is invalid", "QUERY_ID_INVALID")


class Health(msgspec.Struct, frozen=True):
    """How Telegram sees our webhook: updates waiting, its last complaint and when (Unix, s)."""

    pending: int
    last_error: str | None
    last_error_at: int | None


class Telegram:
    """One bot account. `account` is our name for it; `username` its name for links.

    `media_folder` is where `OutMedia.path` leads from. `base_url` and `base_file_url` as in
    python-telegram-bot, the token follows; for a Bot API server of one's own, and for tests.
    `clock` gives milliseconds since 1970 UTC.
    """

    name = "telegram"

    def __init__(
        self,
        token: str,
        account: str,
        *,
        username: str | None = None,
        media_folder: Path | None = None,
        base_url: str | None = None,
        base_file_url: str | None = None,
        read_timeout: float = READ_TIMEOUT,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
            raise ValueError("a Telegram token looks like 123456:ABC-def; this one does not")
        self.account = account
        self.username = username
        self._media_folder = media_folder
        self._public = base_url in (None, BASE_URL)
        self._wire = Wire(
            token, base_url=base_url, base_file_url=base_file_url, read_timeout=read_timeout
        )
        self._bot = PlainBot(self._wire)
        self._clock = clock
        self._half_sent: dict[int, int] = {}

    async def start(self) -> str:
        """Check the token and learn the username, which is returned. Raises SendError."""
        me = await self._call("getMe")
        self.username = str(me["username"])
        return self.username

    def read(self, body: bytes | str | dict[str, Any], at: int) -> list[Arrival | Status]:
        """What an update holds: one arrival or none. Pure. Raises BadWebhook."""
        return list(read_update(body, self.account, at))

    async def send(self, envelope: Envelope) -> str:
        """Send all parts, and return the id of the last message. Raises SendError.

        If a later part fails, the next try with the same `Envelope.id` begins at that part; this
        is forgotten at a restart, when the first parts may come twice.
        """
        calls = render(envelope.message, int(envelope.address))
        if not calls:
            raise Refused("nothing to send: neither text nor file")
        done = self._half_sent.pop(envelope.id, 0)
        message: dict[str, Any] = {}
        for part, call in enumerate(calls[done:], start=done):
            try:
                message = await self._send_somehow(call, envelope.message)
            except (Later, Transient, Uncertain):
                self._remember(envelope.id, part)
                raise
            except Refused as refused:
                if call.upload is None or part == len(calls) - 1:
                    raise
                # The words that follow are worth more than the file.
                _log.warning("telegram %s: a file is left out: %s", self.account, refused)
        return str(message["message_id"])

    async def fetch(self, media: MediaRef, limit: int) -> tuple[bytes, str]:
        """The bytes and media type of a file; `limit` in bytes, 20 MB at most.

        Raises TooLarge, Transient, and Refused if Telegram does not give the file (any more).
        """
        limit = min(limit, DOWNLOAD_LIMIT)
        if (media.size or 0) > limit:
            raise TooLarge(limit)
        try:
            file = await self._call("getFile", {"file_id": media.ref})
            path = str(file["file_path"])
            content = await self._wire.download(path, limit)
        except Refused as refused:
            problem: Exception = TooLarge(limit) if "too big" in refused.why else refused
        except FileTooLarge:
            problem = TooLarge(limit)
        except Uncertain as uncertain:
            problem = Transient(str(uncertain))  # nothing is done twice by asking again
        except TelegramError as error:
            problem = fetch_error(error)
        else:
            return content, media_type(content, media.file_name or path, media.type)
        raise problem

    async def forget(self, media: MediaRef) -> None:
        """Nothing: Telegram deletes no file for a bot."""

    async def acknowledge(self, receipt: str) -> None:
        """End the waiting sign on a tapped button; too late is no error. Raises SendError."""
        try:
            await self._call("answerCallbackQuery", {"callback_query_id": receipt})
        except Refused as refused:
            if not any(words in refused.why for words in _TOO_LATE):
                raise

    def link(self, payload: str) -> str | None:
        """https://t.me/<username>?start=payload; None before the username is known.

        Raises ValueError unless the payload has 1 to 64 of A-Z a-z 0-9 _ -.
        """
        if not PAYLOAD.fullmatch(payload):
            raise ValueError(f"a Telegram link takes 1 to 64 of A-Za-z0-9_-, not {payload!r}")
        return None if self.username is None else f"https://t.me/{self.username}?start={payload}"

    async def poll(
        self,
        handle: Callable[[list[Arrival | Status]], Awaitable[None]],
        put_aside: Callable[[bytes, str], Awaitable[None]],
        *,
        wait: int = 50,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Ask for updates for ever, `wait` seconds at a time, instead of a webhook.

        What came is handed to `handle`, and what cannot be read to `put_aside`, as JSON and with the
        reason; only when they have returned (that is, committed) is it confirmed to Telegram, so what
        was lost on the way comes again. After a failure the pause
        doubles from 1 to 30 s. Ends by being cancelled, or with Halted if the token is wrong.
        """
        offset: int | None = None
        pause = 1.0
        webhook_is_off = False
        while True:
            try:
                if not webhook_is_off:
                    await self._call("deleteWebhook")
                    webhook_is_off = True
                updates = await self._updates(offset, wait)
                await self._hand_on(updates, handle, put_aside)
            except _Unhandled as unhandled:
                _log.error("telegram %s: what came was not kept: %s", self.account, unhandled)
            except Conflict:
                _log.error("telegram %s: another instance polls with this token", self.account)
            except (Later, Transient, Uncertain, Refused) as error:
                _log.warning("telegram %s: polling failed: %s", self.account, error)
                pause = max(pause, error.seconds if isinstance(error, Later) else 0)
            else:
                pause = 1.0
                offset = max((update["update_id"] + 1 for update in updates), default=offset)
                continue
            await sleep(pause)
            pause = min(pause * 2, 30.0)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates sent to `url`, each with `secret` in its header. Raises SendError.

        Raises ValueError for an address or a secret that Telegram does not take.
        """
        parts = urlsplit(url)
        if self._public and (parts.scheme != "https" or (parts.port or 443) not in WEBHOOK_PORTS):
            raise ValueError(f"a webhook needs https and a port of {WEBHOOK_PORTS}, not {url!r}")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise ValueError("a webhook's secret has 1 to 256 of A-Za-z0-9_-; this one does not")
        parameters = {"url": url, "secret_token": secret, "allowed_updates": ALLOWED_UPDATES}
        await self._call("setWebhook", parameters)

    async def set_commands(self, commands: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Show (command, description) pairs in the app's menu, per language. Raises SendError.

        `commands` has the key "ar", whose commands are everybody's default; of the others, only
        `COMMAND_LANGUAGES` can be told to Telegram. Raises ValueError for more than 100.
        """
        if any(len(pairs) > COMMANDS for pairs in commands.values()):
            raise ValueError(f"Telegram shows at most {COMMANDS} commands in a language")
        for language in ("", *COMMAND_LANGUAGES):
            pairs = commands.get(language or "ar")
            if pairs is None:
                continue
            listed = [{"command": name, "description": words} for name, words in pairs]
            scope = {"language_code": language} if language else {}
            await self._call("setMyCommands", {"commands": listed, **scope})

    async def health(self) -> Health:
        """How Telegram sees our webhook. Raises SendError."""
        info = await self._call("getWebhookInfo")
        return Health(
            pending=info["pending_update_count"],
            last_error=info.get("last_error_message"),
            last_error_at=info.get("last_error_date"),
        )

    def shows(self, message: OutgoingMessage) -> Shown:
        """How the citizen would see it: inline buttons, numbers beyond a hundred."""
        return shows(message)

    async def close(self) -> None:
        """Close connections."""
        await self._wire.shutdown()

    async def _updates(self, offset: int | None, wait: int) -> list[dict[str, Any]]:
        parameters = {"offset": offset, "timeout": wait, "allowed_updates": ALLOWED_UPDATES}
        updates: list[dict[str, Any]] = await self._call(
            "getUpdates", parameters, read_timeout=wait + 10.0
        )
        return updates

    async def _hand_on(
        self,
        updates: list[dict[str, Any]],
        handle: Callable[[list[Arrival | Status]], Awaitable[None]],
        put_aside: Callable[[bytes, str], Awaitable[None]],
    ) -> None:
        arrivals: list[Arrival | Status] = []
        unreadable: list[tuple[bytes, str]] = []
        for update in updates:
            try:
                arrivals += self.read(update, self._clock())
            except BadWebhook as bad:
                # Half a character is spelled out, so that the bytes are JSON again.
                unreadable.append((json.dumps(update).encode(), str(bad)))
        try:
            for body, why in unreadable:
                await put_aside(body, why)
            if arrivals:
                await handle(arrivals)
        except Exception as error:
            # A database's message may repeat what a citizen wrote: only its kind and place.
            trace = "".join(traceback.format_tb(error.__traceback__))
            problem = _Unhandled(f"{type(error).__name__}\n{trace}")
        else:
            return
        raise problem

    async def _send_somehow(self, call: Call, message: OutgoingMessage) -> dict[str, Any]:
        """Send in the simplest form that is needed; the last message of it. Raises SendError."""
        try:
            return await self._send(call)
        except Refused as refused:
            plainer = simpler(call, message)
            if not plainer:
                raise
            _log.info("telegram %s: in a simpler form, for %s", self.account, refused)
        sent: dict[str, Any] = {}
        for part in plainer:
            sent = await self._send_somehow(part, message)
        return sent

    async def _send(self, call: Call) -> dict[str, Any]:
        """The message that was sent. Raises SendError: Uncertain for an answer that is no message."""
        parameters = call.parameters
        if call.upload is not None:
            file = await asyncio.to_thread(self._file, call.upload)
            parameters = {**parameters, call.upload.kind: file}
        message = await self._call(call.method, parameters)
        if not isinstance(message, dict) or "message_id" not in message:
            raise Uncertain("not a message")
        return message

    def _file(self, media: OutMedia) -> InputFile:
        """The file to upload. Raises Refused if it is missing or too large."""
        if self._media_folder is None:
            raise ValueError("a file is to be sent, but no media folder is set")
        path = (self._media_folder / media.path).resolve()
        if not path.is_relative_to(self._media_folder.resolve()):
            raise ValueError(f"{media.path!r} leads out of the media folder")
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            raise Refused(f"no file {media.path}") from None
        if size > UPLOAD_LIMITS[media.kind]:
            raise Refused(f"a {media.kind} may have {UPLOAD_LIMITS[media.kind]} bytes, not {size}")
        return InputFile(path.read_bytes(), filename=media.file_name or path.name)

    async def _call(
        self,
        method: str,
        parameters: dict[str, Any] | None = None,
        *,
        read_timeout: float | None = None,
    ) -> Any:
        """The plain result of a method. Raises SendError, without python-telegram-bot's error."""
        try:
            return await self._bot.do_api_request(
                method, parameters, read_timeout=read_timeout or BaseRequest.DEFAULT_NONE
            )
        except TelegramError as error:
            problem = send_error(error)
        if isinstance(problem, Refused) and _NO_TOPIC in problem.why and parameters:
            # The citizen has deleted the topic: what it was about is said in the chat itself.
            anywhere = {
                name: parameters[name] for name in parameters if name != "message_thread_id"
            }
            return await self._call(method, anywhere, read_timeout=read_timeout)
        raise problem

    def _remember(self, id: int, part: int) -> None:
        if part == 0:
            return
        if len(self._half_sent) >= _HALF_SENT:
            del self._half_sent[next(iter(self._half_sent))]
        self._half_sent[id] = part


class _Unhandled(Exception):
    """Arrivals were handed on and not kept; the message has the kind and place of the error."""
