"""The Bot API as far as Tachawor uses it, with its limits, refusals and tempers.

    async with TelegramApi() as api:
        bot = Telegram(api.token, "main", base_url=api.base_url, base_file_url=api.base_file_url)
        api.push(says(7, "salam"))      waits for getUpdates, or goes to the webhook
        api.sent[-1].text, .labels      what citizens would see
        api.blocked.add(7)              403 from now on
        api.fail_next(429, retry_after=3)

Refuses unknown methods and parameters, so that a call's shape is tested with it. In a process of
its own: `python -m tests.emulators.telegram_api --port 8081 --latency 20`, then POST
/control/push (an update), /control/fail (as fail_next), GET /control/sent?after=N.
"""

import asyncio
import json
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.emulators.loopback import Loopback, answer, run
from tests.emulators.telegram_rules import No, check_markup, check_shape, check_text, parameters_of

TOKEN = "110201543:token-of_the-emulator"

_FILES = {"sendPhoto": "photo", "sendVoice": "voice", "sendDocument": "document"}


@dataclass
class Sent:
    """A message that a citizen would see; `file` has its bytes and `file_name` its name."""

    method: str
    chat_id: int
    message_id: int
    text: str
    markup: dict[str, Any]
    file: bytes | None = None
    file_name: str = ""
    thread: int | None = None

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """The rows of buttons, of either keyboard."""
        rows: list[list[dict[str, Any]]] = (
            self.markup.get("inline_keyboard") or self.markup.get("keyboard") or []
        )
        return rows

    @property
    def labels(self) -> list[str]:
        """What is written on the buttons."""
        return [button["text"] for row in self.buttons for button in row]

    @property
    def tokens(self) -> list[str]:
        """What a tap on the buttons would send."""
        return [
            button["callback_data"]
            for row in self.buttons
            for button in row
            if "callback_data" in button
        ]


@dataclass
class Call:
    """Any call, answered well or not."""

    method: str
    parameters: dict[str, Any] = field(default_factory=dict)


class TelegramApi(Loopback):
    """One bot's Bot API. `retry_seconds`: pauses between tries at a webhook that failed."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "tachawor_bot",
        retry_seconds: tuple[float, ...] = (0, 2, 4, 8, 16, 32, 64),
        port: int = 0,
        latency_ms: float = 0,
    ) -> None:
        super().__init__(port=port, latency_ms=latency_ms)
        self.token = token
        self.username = username
        self.calls: list[Call] = []
        self.sent: list[Sent] = []
        #: Chats whose people have blocked the bot, and people who are gone.
        self.blocked: set[int] = set()
        self.deactivated: set[int] = set()
        #: Chats whose people want no voice notes, or no files.
        self.no_voice: set[int] = set()
        self.no_files: set[int] = set()
        #: Topics that people have deleted.
        self.deleted_topics: set[int] = set()
        #: Chats that exist; None for all.
        self.known: set[int] | None = None
        #: Callback queries that still want an answer, and those that got one.
        self.open_queries: set[str] = set()
        self.answered_queries: list[str] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.webhook: dict[str, Any] = {}
        self.last_error: str | None = None
        self.pending: deque[dict[str, Any]] = deque()
        self._retry_seconds = retry_seconds
        self._update_id = 1000
        self._message_id = 0
        self._arrived = asyncio.Event()
        #: Set once somebody polls.
        self.polled = asyncio.Event()
        self._poll = 0
        self._queues: dict[int, deque[dict[str, Any]]] = {}
        self._posts: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    @property
    def base_url(self) -> str:
        """For `base_url`; the token follows."""
        return f"{self.address}/bot"

    @property
    def base_file_url(self) -> str:
        """For `base_file_url`; the token follows."""
        return f"{self.address}/file/bot"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/push", self._control_push),
            web.post("/control/fail", self._control_fail),
            web.get("/control/sent", self._control_sent),
            web.get("/file/bot{token}/{path:.+}", self._download),
            web.route("*", "/bot{token}/{method}", self._called),
        ]

    async def __aexit__(self, *error: object) -> None:
        for post in self._posts:
            post.cancel()
        await asyncio.gather(*self._posts, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
        self._arrived.set()
        await super().__aexit__(*error)

    def push(self, update: dict[str, Any]) -> int:
        """Let an update come in, and return its id: to the webhook if one is set, else it waits."""
        if "update_id" not in update:
            self._update_id += 1
            update = {"update_id": self._update_id, **update}
        query = update.get("callback_query")
        if query is not None:
            self.open_queries.add(query["id"])
        if self.webhook.get("url"):
            self._enqueue(update)
        else:
            self.pending.append(update)
            self._arrived.set()
        return int(update["update_id"])

    def fail_next(
        self,
        code: int,
        words: str = "",
        *,
        retry_after: int | None = None,
        migrate_to: int | None = None,
        method: str | None = None,
        skip: int = 0,
    ) -> None:
        """Refuse the next call with this code, in the Bot API's form, after `skip` that go well."""
        parameters = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to}
        given = {name: value for name, value in parameters.items() if value is not None}
        words = words or f"Too Many Requests: retry after {retry_after}"
        self.answer_next(code, json.dumps(No(code, words, **given).body), method, skip=skip)

    def add_file(self, content: bytes, path: str) -> str:
        """A file that a citizen sent; returns its file_id."""
        file_id = f"file-{len(self.files) + 1}"
        self.files[file_id] = (path, content)
        return file_id

    async def _called(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        return await self.serve(request, method, lambda: self._work(request, method))

    async def _work(self, request: web.Request, method: str) -> web.Response:
        try:
            self._check_token(request.match_info["token"])
            parameters = await parameters_of(request)
            self.calls.append(Call(method, parameters))
            check_shape(method, parameters)
            result = await self._do(method, parameters)
        except No as no:
            return answer(no.code, no.body)
        return answer(200, {"ok": True, "result": result})

    def _check_token(self, token: str) -> None:
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise No(404, "Not Found")
        if token != self.token:
            raise No(401, "Unauthorized")

    async def _do(self, method: str, parameters: dict[str, Any]) -> Any:
        if method.startswith("send"):
            return self._send(method, parameters)
        match method:
            case "getMe":
                return {
                    "id": 110201543,
                    "is_bot": True,
                    "first_name": "T",
                    "username": self.username,
                }
            case "answerCallbackQuery":
                return self._answer_query(parameters["callback_query_id"])
            case "getFile":
                return self._get_file(parameters["file_id"])
            case "getUpdates":
                return await self._get_updates(parameters)
            case "setWebhook":
                self.webhook = parameters
            case "deleteWebhook":
                self.webhook = {}
            case "getWebhookInfo":
                waiting = len(self.pending) + sum(map(len, self._queues.values()))
                info = {"url": self.webhook.get("url", ""), "pending_update_count": waiting}
                error = {"last_error_message": self.last_error, "last_error_date": 1795000000}
                return info | (error if self.last_error else {})
            case "setMyCommands":
                self.commands[parameters.get("language_code", "")] = parameters["commands"]
        return True

    def _send(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        chat = parameters["chat_id"]
        if chat in self.blocked:
            raise No(403, "Forbidden: bot was blocked by the user")
        if chat in self.deactivated:
            raise No(403, "Forbidden: user is deactivated")
        if self.known is not None and chat not in self.known:
            raise No(400, "Bad Request: chat not found")
        if method == "sendVoice" and chat in self.no_voice:
            raise No(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN")
        if method in _FILES and chat in self.no_files:
            raise No(400, "Bad Request: CHAT_SEND_MEDIA_FORBIDDEN")
        thread = parameters.get("message_thread_id")
        if thread in self.deleted_topics:
            raise No(400, "Bad Request: message thread not found")
        text = str(parameters.get("text", parameters.get("caption", "")))
        check_text(method, text)
        markup = parameters.get("reply_markup", {})
        check_markup(markup)
        self._message_id += 1
        sent = Sent(method, chat, self._message_id, text, markup, thread=thread)
        if method in _FILES:
            sent.file_name, sent.file = parameters[_FILES[method]]
        self.sent.append(sent)
        private = {"id": chat, "type": "private", "first_name": "C"}
        return {"message_id": self._message_id, "date": 1795000000, "chat": private, "text": text}

    def _answer_query(self, query: str) -> bool:
        if query not in self.open_queries:
            words = "query is too old and response timeout expired or query ID is invalid"
            raise No(400, f"Bad Request: {words}")
        self.open_queries.remove(query)
        self.answered_queries.append(query)
        return True

    def _get_file(self, file_id: str) -> dict[str, Any]:
        if file_id not in self.files:
            raise No(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        path, content = self.files[file_id]
        if len(content) > 20_000_000:
            raise No(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": file_id, "file_path": path}

    async def _download(self, request: web.Request) -> web.Response:
        async def work() -> web.Response:
            for path, content in self.files.values():
                if path == request.match_info["path"]:
                    return web.Response(body=content)
            return answer(404, No(404, "Not Found").body)

        return await self.serve(request, "download", work)

    async def _get_updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise No(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll += 1
        self.polled.set()
        mine = self._poll
        self._arrived.set()  # another poll that waits is ended by this one
        await asyncio.sleep(0)
        offset = parameters.get("offset") or 0
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()
        if not self.pending:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), parameters.get("timeout", 0))
            except TimeoutError:
                return []
        if mine != self._poll:
            raise No(409, "Conflict: terminated by other getUpdates request")
        allowed = parameters.get("allowed_updates")
        return [update for update in self.pending if not allowed or set(update) & set(allowed)][
            :100
        ]

    def _enqueue(self, update: dict[str, Any]) -> None:
        """One queue per chat, as Telegram has: what fails holds up its own chat only."""
        chat = _chat(update)
        queue = self._queues.setdefault(chat, deque())
        queue.append(update)
        if len(queue) == 1:
            post = asyncio.create_task(self._post(queue))
            self._posts.add(post)
            post.add_done_callback(self._posts.discard)

    async def _post(self, queue: deque[dict[str, Any]]) -> None:
        tries = 0
        while queue:
            if await self._posted(queue[0]) or tries >= len(self._retry_seconds):
                queue.popleft()
                tries = 0
            else:
                await asyncio.sleep(self._retry_seconds[tries])
                tries += 1

    async def _posted(self, update: dict[str, Any]) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=40))
        secret = self.webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with self._session.post(
                self.webhook["url"], json=update, headers=headers
            ) as response:
                if response.status // 100 == 2:
                    return True
                self.last_error = f"Wrong response from the webhook: {response.status}"
        except aiohttp.ClientError:
            self.last_error = "Connection failed"
        return False

    async def _control_push(self, request: web.Request) -> web.Response:
        return answer(200, {"update_id": self.push(await request.json())})

    async def _control_fail(self, request: web.Request) -> web.Response:
        self.fail_next(**await request.json())
        return answer(200, {})

    async def _control_sent(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "0"))
        listed = [[sent.chat_id, sent.text, sent.tokens] for sent in self.sent[after:]]
        return answer(200, {"count": len(self.sent), "sent": listed})


def _chat(update: dict[str, Any]) -> int:
    content = next(value for name, value in update.items() if name != "update_id")
    return int(
        (content.get("chat") or content.get("message", {}).get("chat") or content["from"])["id"]
    )


def person(number: int, language: str | None = "ar") -> dict[str, Any]:
    """A user, as `from` shows it."""
    user = {"id": number, "is_bot": False, "first_name": "Fatima"}
    return user | ({"language_code": language} if language else {})


def private(number: int) -> dict[str, Any]:
    """The private chat with this user."""
    return {"id": number, "type": "private", "first_name": "Fatima"}


def says(
    number: int, text: str = "", *, language: str | None = "ar", **content: Any
) -> dict[str, Any]:
    """An update: this person writes a text, or sends `content` (photo=..., location=...)."""
    message = {"message_id": 5, "date": 1795000000, "chat": private(number)}
    message |= {"from": person(number, language)} | ({"text": text} if text else {}) | content
    return {"message": message}


def taps(number: int, data: str, query: str = "q1") -> dict[str, Any]:
    """An update: this person taps a button that carries `data`."""
    message = {"message_id": 4, "date": 1795000000, "chat": private(number)}
    query_ = {"id": query, "from": person(number), "message": message, "chat_instance": "1"}
    return {"callback_query": query_ | {"data": data}}


if __name__ == "__main__":
    run("An emulator of Telegram's Bot API", lambda p, ms: TelegramApi(port=p, latency_ms=ms))
