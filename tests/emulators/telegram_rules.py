"""The Bot API's rules that the emulator keeps: shapes of calls, limits, and how it says no."""

import json
from typing import Any

from aiohttp import web

_MESSAGE = {
    "reply_markup",
    "link_preview_options",
    "disable_notification",
    "reply_parameters",
    "message_thread_id",
}

#: Method -> (required, optional) parameters.
METHODS: dict[str, tuple[set[str], set[str]]] = {
    "getMe": (set(), set()),
    "sendMessage": ({"chat_id", "text"}, _MESSAGE | {"parse_mode"}),
    "sendPhoto": ({"chat_id", "photo"}, _MESSAGE | {"caption", "parse_mode"}),
    "sendVoice": ({"chat_id", "voice"}, _MESSAGE | {"caption", "parse_mode", "duration"}),
    "sendDocument": ({"chat_id", "document"}, _MESSAGE | {"caption", "parse_mode"}),
    "answerCallbackQuery": ({"callback_query_id"}, {"text", "show_alert", "url", "cache_time"}),
    "getFile": ({"file_id"}, set()),
    "getUpdates": (set(), {"offset", "limit", "timeout", "allowed_updates"}),
    "setWebhook": (
        {"url"},
        {"secret_token", "allowed_updates", "max_connections", "drop_pending_updates"},
    ),
    "deleteWebhook": (set(), {"drop_pending_updates"}),
    "getWebhookInfo": (set(), set()),
    "setMyCommands": ({"commands"}, {"scope", "language_code"}),
}


class No(Exception):
    """The Bot API refuses with this code and these words."""

    def __init__(self, code: int, words: str, **parameters: Any) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.parameters = parameters

    @property
    def body(self) -> dict[str, Any]:
        """The answer."""
        body = {"ok": False, "error_code": self.code, "description": self.words}
        return body | ({"parameters": self.parameters} if self.parameters else {})


async def parameters_of(request: web.Request) -> dict[str, Any]:
    """A call's parameters, from JSON or a form; a file is (name, bytes)."""
    if request.content_type == "application/json":
        return dict(await request.json())
    parameters: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            parameters[name] = (value.filename, value.file.read())
            value.file.close()
        elif name in ("text", "caption"):
            parameters[name] = value
        else:
            parameters[name] = json.loads(str(value))
    return parameters


def check_shape(method: str, parameters: dict[str, Any]) -> None:
    """Known method, all required parameters, no unknown one. Raises No."""
    if method not in METHODS:
        raise No(404, "Not Found: method not found")
    required, optional = METHODS[method]
    given = set(parameters)
    if missing := required - given:
        raise No(400, f"Bad Request: {', '.join(sorted(missing))} missing")
    if unknown := given - required - optional:
        raise No(400, f"Bad Request: unknown parameter {', '.join(sorted(unknown))}")
    if "chat_id" in required and not isinstance(parameters["chat_id"], int):
        raise No(400, "Bad Request: chat_id must be a number")


def check_text(method: str, text: str) -> None:
    """Lengths in UTF-16 units. Raises No."""
    length = len(text.encode("utf-16-le")) // 2
    if method == "sendMessage" and not text.strip():
        raise No(400, "Bad Request: message text is empty")
    if method == "sendMessage" and length > 4096:
        raise No(400, "Bad Request: message is too long")
    if method != "sendMessage" and length > 1024:
        raise No(400, "Bad Request: message caption is too long")


def check_markup(markup: dict[str, Any]) -> None:
    """One kind of keyboard, within its limits. Raises No."""
    kinds = set(markup) & {"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"}
    if markup and len(kinds) != 1:
        raise No(400, "Bad Request: object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if sum(map(len, rows)) > 100:
        raise No(400, "Bad Request: reply markup is too long")
    if any(len(row) > 8 for row in rows):
        raise No(400, "Bad Request: too many buttons in a row")
    for button in (button for row in rows for button in row):
        if not button.get("text"):
            raise No(400, "Bad Request: can't parse inline keyboard button: text is empty")
        if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
            raise No(400, "Bad Request: BUTTON_DATA_INVALID")
