"""Twilio's API for WhatsApp as far as Tachawor uses it: messages, contents, files, webhooks.

    async with TwilioApi() as api:
        channel = WhatsApp(api.account_sid, [api.auth_token], api.number, base_url=api.base_url, ...)
        form = api.message("+212600000001", "salam")     what the webhook would get; opens the window
        await api.post(url, form)                          signed, to a webhook
        api.sent[-1].text, .labels                         what a citizen would see
        await api.report(sid, "delivered")                 a signed status, to its StatusCallback
        api.fail_next(429, 20429)

Messages outside a person's 24 hours are taken and fail later with 63016, as at Twilio. `clock`
gives milliseconds. In a process of its own: `python -m tests.emulators.twilio_api --port 8082`,
then POST /control/say {"sender", "text", "url"}, /control/fail, GET /control/sent?after=N.
"""

import base64
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.emulators.loopback import Loopback, answer, run

_DATE = "Sat, 21 Nov 2026 10:00:00 +0000"
_DAY = 24 * 3600 * 1000

#: Parameters of a message that Twilio knows and Tachawor uses.
_KNOWN = {"To", "From", "Body", "MediaUrl", "ContentSid", "ContentVariables", "StatusCallback"}


@dataclass
class Sent:
    """A message that was taken. `state` is "failed" with an `error` if no citizen saw it."""

    sid: str
    to: str
    text: str
    media: list[str] = field(default_factory=list)
    form: dict[str, Any] = field(default_factory=dict)
    template: str | None = None
    status_callback: str | None = None
    state: str = "queued"
    error: int | None = None

    @property
    def labels(self) -> list[str]:
        """What is written on the buttons, or in the list."""
        return [choice.get("title") or choice["item"] for choice in self._choices]

    @property
    def tokens(self) -> list[str]:
        """What a tap on the buttons would send."""
        return [choice["id"] for choice in self._choices]

    @property
    def _choices(self) -> list[dict[str, str]]:
        return list(self.form.get("actions") or self.form.get("items") or [])


class _No(Exception):
    def __init__(self, status: int, code: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.body = {"status": status, "code": code, "message": words, "more_info": ""}


class TwilioApi(Loopback):
    """One Twilio account with one WhatsApp number."""

    def __init__(
        self,
        *,
        account_sid: str = "AC00000000000000000000000000000001",
        number: str = "+14155238886",
        port: int = 0,
        latency_ms: float = 0,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        super().__init__(port=port, latency_ms=latency_ms)
        self.account_sid = account_sid
        self.auth_token = "auth-token-of-the-emulator"
        self.number = number
        self.clock = clock
        self.sent: list[Sent] = []
        self.received: list[dict[str, str]] = []
        #: ContentSid -> content; those in `approved` may go outside the window.
        self.contents: dict[str, dict[str, Any]] = {}
        self.approved: set[str] = set()
        #: File address (its path) -> (type, bytes); `moved`: where a file is redirected to.
        self.files: dict[str, tuple[str, bytes]] = {}
        self.moved: dict[str, str] = {}
        #: File address -> how often it is 404 before it is there.
        self.late: dict[str, int] = {}
        #: Authorization headers seen at /elsewhere/..., another server's address.
        self.seen_elsewhere: list[str | None] = []
        self._last_in: dict[str, int] = {}
        self._count_sids = 0
        self._session: aiohttp.ClientSession | None = None

    @property
    def base_url(self) -> str:
        """For `base_url`, in the place of https://api.twilio.com."""
        return self.address

    def routes(self) -> list[web.RouteDef]:
        account = f"/2010-04-01/Accounts/{self.account_sid}"
        return [
            web.post("/control/say", self._control_say),
            web.post("/control/fail", self._control_fail),
            web.get("/control/sent", self._control_sent),
            web.get("/elsewhere/{name}", self._elsewhere),
            self._route("POST", f"{account}/Messages.json", "create", self._create),
            self._route("GET", f"{account}/Messages.json", "list", self._list),
            self._route("GET", account + "/Messages/{mm}/Media.json", "media", self._media_list),
            self._route("GET", account + "/Messages/{mm}/Media/{me}", "file", self._file),
            self._route("DELETE", account + "/Messages/{mm}/Media/{me}", "delete", self._delete),
            self._route("POST", "/v1/Content", "content", self._content),
            self._route("DELETE", "/v1/Content/{sid}", "remove", self._remove_content),
            self._route("GET", "/v1/ContentAndApprovals", "approvals", self._approvals),
        ]

    async def __aexit__(self, *error: object) -> None:
        if self._session is not None:
            await self._session.close()
        await super().__aexit__(*error)

    def message(self, sender: str, text: str = "", **fields: str) -> dict[str, str]:
        """The form of a message that comes in from this number or id; it opens the window.

        With WaId or ExternalUserId it says the sender's other address, and opens the window there too.
        """
        for one in (sender, "+" + fields.get("WaId", ""), fields.get("ExternalUserId", "")):
            self._last_in[one] = self.clock()
        form = {
            "SmsMessageSid": (sid := self._sid("SM")),
            "MessageSid": sid,
            "SmsSid": sid,
            "AccountSid": self.account_sid,
            "From": f"whatsapp:{sender}",
            "To": f"whatsapp:{self.number}",
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "MessageType": "text",
            "ProfileName": "Fatima",
            "ApiVersion": "2010-04-01",
        }
        form |= fields
        self.received.append(form)
        return form

    def add_file(self, content: bytes, kind: str, late: int = 0) -> dict[str, str]:
        """The fields of a message that carries this file, which is 404 `late` times first."""
        path = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{self._sid('MM')}/Media/{self._sid('ME')}"
        self.files[path] = (kind, content)
        self.late[path] = late
        url = self.address + path
        sort = kind.partition("/")[0]
        sort = sort if sort in ("image", "audio", "video") else "document"
        fields = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": kind}
        return fields | {"MessageType": "sticker" if kind == "image/webp" else sort}

    def sign(self, url: str, form: dict[str, str]) -> str:
        """The X-Twilio-Signature of a form."""
        return str(RequestValidator(self.auth_token).compute_signature(urldefrag(url).url, form))

    async def post(self, url: str, form: dict[str, str]) -> int:
        """Post a signed form to a webhook; the HTTP status it answers."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        headers = {"X-Twilio-Signature": self.sign(url, form)}
        async with self._session.post(urldefrag(url).url, data=form, headers=headers) as response:
            return response.status

    def status(self, sid: str, state: str, error: int | None = None) -> dict[str, str]:
        """The form of a status report."""
        form = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": state, "SmsStatus": state}
        form |= {"AccountSid": self.account_sid, "From": f"whatsapp:{self.number}"}
        return form | ({"ErrorCode": str(error)} if error else {})

    async def report(self, sid: str, state: str, error: int | None = None) -> int:
        """Post a status to the message's StatusCallback; the HTTP status it answers."""
        sent = next(sent for sent in self.sent if sent.sid == sid)
        sent.state = state
        if sent.status_callback is None:
            raise ValueError(f"{sid} has no StatusCallback")
        return await self.post(sent.status_callback, self.status(sid, state, error or sent.error))

    def fail_next(
        self, status: int, code: int = 0, method: str | None = None, *, skip: int = 0
    ) -> None:
        """Refuse the next call ("create", "content", "file", ...), after `skip` that go well."""
        body = json.dumps(_No(status, code, "on demand").body)
        self.answer_next(status, body, method, skip=skip)

    def approve(
        self, body: str, *, name: str = "", language: str = "fr", status: str = "approved"
    ) -> str:
        """A template with {{1}} and the like in its body; returns its ContentSid.

        `status` is what WhatsApp has decided: only an approved one reaches people.
        """
        sid = self._sid("HX")
        places = sorted(set(re.findall(r"\{\{(\d+)\}\}", body)))
        self.contents[sid] = {
            "friendly_name": name or sid,
            "language": language,
            "variables": dict.fromkeys(places, "-"),
            "types": {"twilio/text": {"body": body}},
            "approval": status,
        }
        if status == "approved":
            self.approved.add(sid)
        return sid

    def _route(
        self, verb: str, path: str, method: str, work: Callable[[web.Request], Any]
    ) -> web.RouteDef:
        async def checked(request: web.Request) -> web.Response:
            try:
                self._check_credentials(request)
                response: web.Response = await work(request)
            except _No as no:
                return answer(no.status, no.body)
            return response

        async def handler(request: web.Request) -> web.Response:
            return await self.serve(request, method, lambda: checked(request))

        return web.route(verb, path, handler)

    def _check_credentials(self, request: web.Request) -> None:
        right = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {right}":
            raise _No(401, 20003, "Authenticate")

    async def _create(self, request: web.Request) -> web.Response:
        form = await request.post()
        if unknown := set(form) - _KNOWN:
            raise _No(400, 20001, f"unknown parameter {', '.join(sorted(unknown))}")
        to, text = str(form.get("To", "")), str(form.get("Body", ""))
        if not to.startswith("whatsapp:") or len(to) < 12:
            raise _No(400, 21211, "Invalid 'To' Phone Number")
        if form.get("From") != f"whatsapp:{self.number}":
            raise _No(400, 63007, "no Channel with the specified From address")
        if len(text) > 1600:
            raise _No(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        if "ContentSid" not in form and not text and "MediaUrl" not in form:
            raise _No(400, 21619, "A text message body or media urls must be specified")
        sent = Sent(self._sid("SM"), to.removeprefix("whatsapp:"), text)
        sent.media = [str(url) for url in form.getall("MediaUrl", [])]
        sent.status_callback = str(form["StatusCallback"]) if "StatusCallback" in form else None
        if "ContentSid" in form:
            self._fill_in(sent, str(form["ContentSid"]), str(form.get("ContentVariables", "{}")))
        inside = self.clock() - self._last_in.get(sent.to, 0) < _DAY
        if not inside and sent.template not in self.approved:
            sent.state, sent.error = "failed", 63016
        self.sent.append(sent)
        return answer(201, self._shown(sent.sid, f"whatsapp:{self.number}", to, "outbound-api"))

    def _fill_in(self, sent: Sent, sid: str, variables: str) -> None:
        if sid not in self.contents:
            raise _No(404, 20404, "The requested resource was not found")
        ((_, form),) = self.contents[sid]["types"].items()
        text = json.dumps(form)
        for name, value in json.loads(variables).items():
            text = text.replace(f"{{{{{name}}}}}", json.dumps(value)[1:-1])
        sent.form, sent.template = json.loads(text), sid
        sent.text = sent.form["body"]
        if len(sent.text) > 1024:
            raise _No(400, 21617, "The content body exceeds the 1024 character limit")
        if any(not 1 <= len(token) <= 200 for token in sent.tokens):
            raise _No(400, 63013, "id of a choice has more than 200 characters")

    def _shown(self, sid: str, sender: str, to: str, direction: str, **more: Any) -> dict[str, Any]:
        shown: dict[str, Any] = {"sid": sid, "from": sender, "to": to, "status": "queued"}
        shown["direction"] = direction
        shown |= {"date_created": _DATE, "date_updated": _DATE, "date_sent": None, "body": ""}
        return (
            shown | {"error_code": None, "num_media": "0", "account_sid": self.account_sid} | more
        )

    async def _list(self, request: web.Request) -> web.Response:
        messages = [
            self._shown(
                form["MessageSid"],
                form["From"],
                form["To"],
                "inbound",
                body=form["Body"],
                num_media=form["NumMedia"],
            )
            for form in self.received
            if form["To"] == request.query.get("To", form["To"])
        ]
        return answer(200, {"messages": messages, "next_page_uri": None, "page": 0})

    async def _media_list(self, request: web.Request) -> web.Response:
        form = next(f for f in self.received if f["MessageSid"] == request.match_info["mm"])
        path = form["MediaUrl0"].removeprefix(self.address)
        file = {"sid": path.rpartition("/")[2], "content_type": form["MediaContentType0"]}
        file |= {"date_created": _DATE, "date_updated": _DATE, "uri": f"{path}.json"}
        return answer(200, {"media_list": [file], "next_page_uri": None, "page": 0})

    async def _file(self, request: web.Request) -> web.Response:
        if request.path in self.moved:
            return web.Response(status=307, headers={"Location": self.moved[request.path]})
        if request.path not in self.files or self.late.get(request.path, 0):
            self.late[request.path] = max(0, self.late.get(request.path, 0) - 1)
            raise _No(404, 20404, "The requested resource was not found")
        kind, content = self.files[request.path]
        return web.Response(body=content, content_type=kind)

    async def _elsewhere(self, request: web.Request) -> web.Response:
        self.seen_elsewhere.append(request.headers.get("Authorization"))
        return web.Response(body=b"moved")

    async def _delete(self, request: web.Request) -> web.Response:
        if self.files.pop(request.path.removesuffix(".json"), None) is None:
            raise _No(404, 20404, "The requested resource was not found")
        return web.Response(status=204)

    async def _content(self, request: web.Request) -> web.Response:
        content = await request.json()
        ((kind, form),) = content["types"].items()
        _check_content(kind, form)
        sid = self._sid("HX")
        self.contents[sid] = content
        shown = {"sid": sid, "date_created": "2026-11-21T10:00:00Z"}
        return answer(201, shown | content)

    async def _remove_content(self, request: web.Request) -> web.Response:
        if self.contents.pop(request.match_info["sid"], None) is None:
            raise _No(404, 20404, "The requested resource was not found")
        return web.Response(status=204)

    async def _approvals(self, request: web.Request) -> web.Response:
        """Every content with WhatsApp's decision, the newest first, two on a page."""
        number, size = int(request.query.get("Page", 0)), 2
        every = list(reversed(self.contents.items()))
        shown = [
            {
                "sid": sid,
                "account_sid": self.account_sid,
                "friendly_name": content.get("friendly_name"),
                "language": content.get("language"),
                "variables": content.get("variables") or {},
                "types": content["types"],
                "approval_requests": (
                    {"name": content["friendly_name"], "status": content["approval"]}
                    if "approval" in content
                    else {}
                ),
                "date_created": "2026-11-21T10:00:00Z",
                "date_updated": "2026-11-21T10:00:00Z",
            }
            for sid, content in every[number * size : (number + 1) * size]
        ]
        address = f"{self.address}/v1/ContentAndApprovals"
        further = (number + 1) * size < len(every)
        meta = {
            "key": "contents",
            "page": number,
            "page_size": size,
            "url": f"{address}?Page={number}",
            "first_page_url": f"{address}?Page=0",
            "next_page_url": f"{address}?Page={number + 1}" if further else None,
            "previous_page_url": None,
        }
        return answer(200, {"meta": meta, "contents": shown})

    def _sid(self, kind: str) -> str:
        self._count_sids += 1
        return f"{kind}{self._count_sids:032x}"

    async def _control_say(self, request: web.Request) -> web.Response:
        asked = await request.json()
        form = self.message(asked["sender"], asked.get("text", ""), **asked.get("fields", {}))
        return answer(200, {"status": await self.post(asked["url"], form)})

    async def _control_fail(self, request: web.Request) -> web.Response:
        self.fail_next(**await request.json())
        return answer(200, {})

    async def _control_sent(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "0"))
        listed = [[sent.to, sent.text, sent.tokens] for sent in self.sent[after:]]
        return answer(200, {"count": len(self.sent), "sent": listed})


def _check_content(kind: str, form: dict[str, Any]) -> None:
    titles: list[str]
    if kind == "twilio/quick-reply":
        titles, most, longest = [action["title"] for action in form["actions"]], 3, 20
    elif kind == "twilio/list-picker":
        titles, most, longest = [item["item"] for item in form["items"]], 10, 24
        if not 1 <= len(form["button"]) <= 20:
            raise _No(400, 20001, "the list's button has more than 20 characters")
        if any(len(item.get("description") or "") > 72 for item in form["items"]):
            raise _No(400, 20001, "a description has more than 72 characters")
    else:
        raise _No(400, 20001, f"unknown type {kind}")
    if not 1 <= len(titles) <= most or any(not 1 <= len(title) <= longest for title in titles):
        raise _No(400, 20001, "too many choices, or a title too long")
    if len(set(titles)) != len(titles):
        raise _No(400, 20001, "two choices have the same title")


if __name__ == "__main__":
    run("An emulator of Twilio's WhatsApp API", lambda p, ms: TwilioApi(port=p, latency_ms=ms))
