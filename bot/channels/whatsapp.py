"""The WhatsApp channel, through Twilio.

    form -> read -> Arrival or Status           whatsapp_webhooks: pure
    Intent -> text, quick replies or a list     whatsapp_content: pure
    error code -> SendError                     whatsapp_errors: a table

How an outgoing message degrades. Choices: quick replies, then a list, then numbers in the text; always
numbers with `interactive` off, and whenever Twilio does not take the content. A text beyond
1,600 units is cut. Files need a public address to be fetched from: without one, the text goes
alone; a file without text is Refused. No button asks for a pin or a number; a pin can always be
sent. Within 24 hours of the person's last message anything may be said; later only an approved
template goes, and without one the message is Refused (63016) before it is sent.

What the table of errors decides on sending comes as often later, as a status with the same code.
"""

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

import aiohttp
import msgspec
from twilio.rest import Client  # type: ignore[import-untyped] # twilio ships no types

from bot.channels.media_types import media_type
from bot.channels.parts import numbered, split
from bot.channels.port import (
    NEAR_TEMPLATE,
    Arrival,
    BadWebhook,
    Envelope,
    Later,
    MediaRef,
    OutgoingMessage,
    OutMedia,
    OutsideWindow,
    Refused,
    SendError,
    Shown,
    Status,
    Template,
    TooLarge,
    Transient,
    Uncertain,
    Unfit,
)
from bot.channels.whatsapp_content import (
    BODY_LIMIT,
    TEXT_LIMIT,
    captioned,
    content,
    plain,
    plain_rest,
    template_of,
)
from bot.channels.whatsapp_errors import meaning
from bot.channels.whatsapp_resources import ContentResources
from bot.channels.whatsapp_webhooks import (
    PREFIX,
    Form,
    form_of,
    public_address,
    read_webhook,
    valid_signature,
    with_id,
)
from bot.channels.whatsapp_wire import TwilioHttp, answered, basic_auth

_log = logging.getLogger(__name__)

#: The free-form window after a person's last message, in milliseconds.
WINDOW: Final = 24 * 3600 * 1000
#: Seconds until a call counts as unanswered. Twilio answers in less than one.
TIMEOUT: Final = 20.0
#: Largest file that WhatsApp carries, in bytes.
DOWNLOAD_LIMIT: Final = 16_000_000
_API: Final = "https://api.twilio.com"
_HALF_SENT: Final = 10_000
_MEDIA: Final = re.compile(r".*/Messages/(\w+)/Media/(\w+)")


class WhatsApp:
    """One WhatsApp number (`account`, E.164) of a Twilio account.

    `auth_tokens`: the first is used for calls, all for checking signatures, so that one can be
    rotated; `shared_keys` are the secrets of the newer signatures. `public_url` is our address as
    Twilio knows it, `status_url` where statuses are posted, `media_url` what `OutMedia.path` is
    put behind. `templates` are those known so far (see `use`). `base_url` is put in the place of
    Twilio's API and Content API, for tests. `clock` gives milliseconds since 1970 UTC.
    """

    name = "whatsapp"

    def __init__(
        self,
        account_sid: str,
        auth_tokens: Sequence[str],
        account: str,
        *,
        public_url: str,
        status_url: str | None = None,
        media_url: str | None = None,
        shared_keys: Sequence[str] = (),
        templates: Sequence[Template] = (),
        interactive: bool = True,
        base_url: str | None = None,
        timeout: float = TIMEOUT,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        if isinstance(auth_tokens, str) or not auth_tokens:
            raise ValueError("auth_tokens must be a list of at least one token")
        self.account = account
        self._sid = account_sid
        self._auth_tokens = tuple(auth_tokens)
        self._shared_keys = tuple(shared_keys)
        self._public_url = public_url
        self._status_url = status_url
        self._media_url = media_url
        self._templates: Mapping[str, Mapping[str, Template]] = {}
        self.use(templates)
        self._interactive = interactive
        self._base_url = base_url
        self._timeout = timeout
        self._clock = clock
        self._opened: Any = None
        self._contents = ContentResources(account, self._client)
        #: What is left of half-sent messages.
        self._left: dict[int, list[dict[str, Any]]] = {}

    def valid_signature(
        self, url: str, params: Form | None, headers: Mapping[str, str], body: bytes = b""
    ) -> bool:
        """Whether Twilio signed these parameters for the path and query of `url`.

        The host and scheme are the configured ones, whatever `url` says. Without `params`, the
        form in `body` is taken.
        """
        return valid_signature(
            public_address(self._public_url, url),
            form_of(body) if params is None else params,
            headers,
            auth_tokens=self._auth_tokens,
            shared_keys=self._shared_keys,
        )

    def read(self, body: Form | bytes, at: int) -> list[Arrival | Status]:
        """What a form holds, the pairs of the query included (see `read_webhook`). Pure.

        Bytes are a form as it is posted. Raises BadWebhook.
        """
        return read_webhook(form_of(body) if isinstance(body, bytes) else body, at)

    async def send(self, envelope: Envelope) -> str:
        """Send all parts, and return the sid of the last message. Raises SendError.

        The status address with our id goes with the last part. If a later part fails, the next
        try with the same `Envelope.id` begins there, as long as we are not restarted.
        """
        messages = self._left.pop(envelope.id, None) or await self._messages(envelope)
        sid = ""
        for part, message in enumerate(messages):
            if part == len(messages) - 1 and self._status_url is not None:
                message["status_callback"] = with_id(self._status_url, envelope.id)
            try:
                sid = await self._create(envelope.address, message)
            except (Later, Transient, Uncertain):
                self._keep(envelope.id, messages[part:] if part else [])
                raise
            except Refused as refused:
                if isinstance(refused, OutsideWindow) or not self._has_plainer(envelope, message):
                    raise
                self._keep(envelope.id, plain_rest(envelope.message) if part else [])
                raise Unfit(refused.why) from None
        return sid

    async def fetch(self, media: MediaRef, limit: int) -> tuple[bytes, str]:
        """The bytes and media type of a file; `limit` in bytes, 16 MB at most.

        Raises TooLarge, Halted for wrong credentials, Refused if `media.ref` is no address of Twilio's,
        and Transient if Twilio does not have the file: it may come later than the message.
        """
        limit = min(limit, DOWNLOAD_LIMIT)
        if not self._is_ours(media.ref):
            # The credentials go to this address.
            raise Refused("the file's address is not Twilio's")
        kind, received = "", bytearray()
        try:
            async with self._client().http_client.session.get(
                media.ref,
                headers=basic_auth(self._sid, self._auth_tokens[0]),
                timeout=aiohttp.ClientTimeout(total=120, sock_read=self._timeout),
            ) as response:
                if response.status == 200:
                    kind = response.content_type
                    async for piece in response.content.iter_any():
                        received += piece
                        if len(received) > limit:
                            raise TooLarge(limit)
                    return bytes(received), media_type(bytes(received), "", kind)
                problem: SendError = meaning(response.status, None)
                if response.status == 404:
                    problem = Transient("404 not there (yet)")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            problem = Transient(type(error).__name__)
        # Nothing is done twice by asking again.
        raise Transient(str(problem)) if isinstance(problem, Uncertain) else problem

    async def forget(self, media: MediaRef) -> None:
        """Delete a file at Twilio once we have it. Best effort: a failure is logged only."""
        found = _MEDIA.fullmatch(media.ref)
        if found is None or not self._is_ours(media.ref):
            return
        try:
            await answered(self._client().messages(found[1]).media(found[2]).delete_async())
        except SendError as error:
            _log.warning("whatsapp %s: a file stays at Twilio: %s", self.account, error)

    async def missed(self, after: int) -> list[Arrival]:
        """What came in after `after` (ms since 1970 UTC), as Twilio's list of messages has it.

        For the time after an outage: a webhook is tried again for seconds only. Twilio lists whole
        days, and neither pins nor the tokens of buttons (their labels are the text). Duplicates
        are known by their external id. Raises SendError.
        """
        since = datetime.fromtimestamp(after / 1000, UTC)
        listed = await answered(
            self._client().messages.list_async(to=PREFIX + self.account, date_sent_after=since)
        )
        at = self._clock()
        arrivals: list[Arrival] = []
        for message in listed:
            if message.direction != "inbound":
                continue
            fields = {"MessageSid": message.sid, "From": message.from_, "To": message.to}
            fields |= {"Body": message.body or "", "NumMedia": message.num_media or "0"}
            if fields["NumMedia"] != "0":
                fields |= await self._listed_media(message.sid)
            try:
                arrivals += [a for a in read_webhook(fields, at) if isinstance(a, Arrival)]
            except BadWebhook as bad:
                _log.error("whatsapp %s: a missed message skipped: %s", self.account, bad)
        return arrivals

    async def templates(self) -> list[Template]:
        """The templates at Twilio and how WhatsApp has decided on each. Raises SendError."""
        listed = await answered(self._client().content.v1.content_and_approvals.list_async())
        self._contents.adopt(listed)
        return [template_of(item) for item in listed]

    def use(self, templates: Sequence[Template]) -> None:
        """From now on these are the templates there are; only approved ones are sent."""
        approved: dict[str, dict[str, Template]] = {}
        for template in templates:
            if template.state == "approved":
                approved.setdefault(template.name, {})[template.language] = template
        self._templates = approved

    async def acknowledge(self, receipt: str) -> None:
        """Nothing: WhatsApp's buttons do not wait."""

    def link(self, payload: str) -> str | None:
        """https://wa.me/<number>?text=<payload>: the app opens with the payload typed in."""
        return f"https://wa.me/{self.account.lstrip('+')}?text={quote(payload, safe='')}"

    def shows(self, message: OutgoingMessage) -> Shown:
        """How the citizen would see it within the 24 hours: quick replies, a list, or numbers."""
        text, notes = (
            message.text.strip(),
            ["no_files"] if message.media and not self._media_url else [],
        )
        parts = split(text, BODY_LIMIT)
        form = content(message, parts[-1]) if self._interactive and parts else None
        if form is not None:
            (kind, body), *_ = form.types.items()
            labels = [c.get("title") or c["item"] for c in body.get("actions") or body["items"]]
            return Shown(
                form="buttons" if kind == "twilio/quick-reply" else "list",
                messages=tuple(parts),
                labels=tuple(labels),
                notes=tuple(notes + (["split"] if len(parts) > 1 else [])),
            )
        parts = split(numbered(text, message.buttons), TEXT_LIMIT)
        return Shown(
            form="numbers" if message.buttons else "text",
            messages=tuple(parts),
            notes=tuple(notes + (["split"] if len(parts) > 1 else [])),
        )

    async def close(self) -> None:
        """Close connections. A later call opens new ones."""
        client, self._opened = self._opened, None
        if client is not None:
            await client.http_client.close()

    async def _messages(self, envelope: Envelope) -> list[dict[str, Any]]:
        """The parameters of each message to create, in order. Raises Refused."""
        message = envelope.message
        if self._outside(envelope):
            return [self._template(message)]
        if envelope.plain and message.text.strip():
            return plain(message)
        files = [self._file(media) for media in message.media] if self._media_url else []
        texts = await self._texts(message)
        if not files and not texts:
            raise Refused("no public address for files" if message.media else "nothing to send")
        if len(files) == 1 and len(texts) == 1 and captioned(message.media[0], texts[0]):
            return [files[0] | texts[0]]
        return files + texts

    def _outside(self, envelope: Envelope) -> bool:
        return self._clock() - envelope.last_in_at >= WINDOW

    def _has_plainer(self, envelope: Envelope, message: Mapping[str, Any]) -> bool:
        """Whether the words alone could be sent in the place of this."""
        rich = "media_url" in message or "content_sid" in message
        words = envelope.message.text.strip()
        return rich and bool(words) and not envelope.plain and not self._outside(envelope)

    async def _texts(self, message: OutgoingMessage) -> list[dict[str, Any]]:
        text = message.text.strip()
        parts = split(text, BODY_LIMIT)
        if self._interactive and parts:
            form = content(message, parts[-1])
            sid = await self._contents.sid(form) if form is not None else None
            if form is not None and sid is not None:
                variables = msgspec.json.encode(form.variables).decode()
                choices = {"content_sid": sid, "content_variables": variables}
                return [*({"body": part} for part in parts[:-1]), choices]
        return plain(message)

    def _template(self, message: OutgoingMessage) -> dict[str, Any]:
        """The template in the citizen's language, for Darija the Arabic one, else the first."""
        if message.template is None:
            raise Refused("63016 outside the 24-hour window, and no template")
        languages = self._templates.get(message.template)
        if not languages:
            raise Refused(f"63016 no approved template named {message.template!r}")
        near = NEAR_TEMPLATE.get(message.language, message.language)
        template = (
            languages.get(message.language) or languages.get(near) or next(iter(languages.values()))
        )
        # WhatsApp refuses more variables than the template has places.
        filled = dict(list(message.variables.items())[: template.variables])
        return {
            "content_sid": template.sid,
            "content_variables": msgspec.json.encode(filled).decode(),
        }

    def _file(self, media: OutMedia) -> dict[str, Any]:
        if media.type == "text/csv":
            raise Refused("WhatsApp does not take CSV: send XLSX, PDF or a link")
        return {"media_url": [f"{str(self._media_url).rstrip('/')}/{quote(media.path)}"]}

    async def _create(self, address: str, message: dict[str, Any]) -> str:
        created = await answered(
            self._client().messages.create_async(
                from_=PREFIX + self.account, to=PREFIX + address, **message
            )
        )
        if created.status in ("failed", "undelivered"):
            raise meaning(400, created.error_code)
        if not created.sid:
            raise Uncertain("not a message")
        return str(created.sid)

    async def _listed_media(self, sid: str) -> dict[str, str]:
        files = await answered(self._client().messages(sid).media.list_async())
        fields = {"NumMedia": str(len(files))}
        for index, file in enumerate(files):
            fields[f"MediaContentType{index}"] = file.content_type
            fields[f"MediaUrl{index}"] = f"{self._base_url or _API}{file.uri}".removesuffix(".json")
        return fields

    def _client(self) -> Any:
        """Twilio's client, made in the running loop at the first call."""
        if self._opened is None:
            http = TwilioHttp(self._timeout)
            client = Client(self._sid, self._auth_tokens[0], http_client=http)
            if self._base_url is not None:
                client.api.base_url = self._base_url
                client.content.base_url = self._base_url
            self._opened = client
        return self._opened

    def _is_ours(self, url: str) -> bool:
        try:
            ours, theirs = urlsplit(self._base_url or _API), urlsplit(url)
        except ValueError:
            return False
        return (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)

    def _keep(self, id: int, left: list[dict[str, Any]]) -> None:
        if len(self._left) >= _HALF_SENT:
            del self._left[next(iter(self._left))]
        if left:
            self._left[id] = left
