"""What does a webhook of Twilio hold, and is it Twilio's? Pure.

Twilio posts a form: for each message that came in, and for each change of a message that went out.
New fields appear without notice; those not named here are passed over, but signed like the others.
"""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urldefrag, urlsplit, urlunsplit

import msgspec
from twilio.request_validator import (  # type: ignore[import-untyped] # twilio ships no types
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    add_port,
    get_signature_algorithm,
    remove_port,
)

from bot.channels.port import Arrival, BadWebhook, MediaRef, SendError, Status, place_name
from bot.channels.whatsapp_errors import meaning

Form = Mapping[str, str] | Iterable[tuple[str, str]]

PREFIX: Final = "whatsapp:"

#: Put behind the address of a webhook at Twilio: three more tries on a 5xx, a failed connection or
#: a slow answer, instead of one on a failed connection. Not part of what is signed.
RETRY_FRAGMENT: Final = "#rc=3&rp=5xx,ct,rt"

#: Twilio brings at most so many files with a message.
MOST_FILES: Final = 10

#: An id of a message. What is signed is keys and values in one row, without anything between them: a value
#: that swallows the key behind it is signed as well, and only its shape tells.
_SID: Final = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")

_NUMBER: Final = re.compile(r"\+[1-9]\d{6,14}")

#: An id that WhatsApp gives a person for one business: who hides the number is known by it.
_SCOPED_ID: Final = re.compile(r"[A-Z]{2}\.[A-Za-z0-9_-]{1,190}")

_STATES: Final[dict[str, Literal["sent", "delivered", "read", "failed"]]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}

#: On their way: nothing that we do not know already.
_ON_THE_WAY: Final = ("accepted", "scheduled", "queued", "sending")


def valid_signature(
    url: str,
    form: Form,
    headers: Mapping[str, str],
    *,
    auth_tokens: Sequence[str],
    shared_keys: Sequence[str] = (),
) -> bool:
    """Whether Twilio signed this form for this URL.

    The older scheme signs with an auth token and SHA-1, the newer, named in its own header, with a
    shared key and SHA-256. Any of the tokens (or keys) will do, so that they can be rotated. Every
    field counts, blank ones and unknown ones too. Compares in constant time.
    """
    names = {name.lower(): value for name, value in headers.items()}
    signature = names.get(SIGNATURE_HEADER.lower(), "")
    algorithm = get_signature_algorithm(names.get(SIGNATURE_SETTINGS_HEADER.lower()))
    secrets = {HMAC_SHA1: auth_tokens, HMAC_SHA256: shared_keys}.get(algorithm.upper(), ())
    fields = _Fields(form)
    parts = urlsplit(urldefrag(url).url)
    # Twilio signs sometimes with, sometimes without the port.
    addresses = (remove_port(parts), add_port(parts))
    matches = [
        hmac.compare_digest(
            RequestValidator(secret).compute_signature(address, fields, algorithm).encode(),
            signature.encode("utf-8", "surrogateescape"),
        )
        for secret in secrets
        for address in addresses
    ]
    return any(matches)


def form_of(body: bytes) -> list[tuple[str, str]]:
    """The pairs of a form as it is posted."""
    text = body.decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True, max_num_fields=1000)


def public_address(public_url: str, url: str) -> str:
    """Where Twilio called: the path and query of `url` at our configured address.

    The host and scheme that a request states about itself are its sender's words.
    """
    parts = urlsplit(url)
    return public_url.rstrip("/") + urlunsplit(("", "", parts.path, parts.query, ""))


def with_id(status_url: str, id: int) -> str:
    """Where Twilio posts the statuses of our message `id`."""
    address, fragment = urldefrag(status_url)
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}id={id}" + (f"#{fragment}" if fragment else "")


def read_webhook(form: Form, at: int) -> list[Arrival | Status]:
    """The message or the status that a form holds; nothing for states on the way.

    `at` in milliseconds since 1970 UTC. The id that we put into the status address's query is read
    from a field "id", so the query's pairs have to be among the form's. Raises BadWebhook.
    """
    fields = dict(form.items() if isinstance(form, Mapping) else form)
    if "MessageStatus" in fields:
        status = _status(fields)
        return [] if status is None else [status]
    # A reaction is a sign under a message, a notice is WhatsApp's: nobody's words.
    return [] if _kind(fields) in ("reaction", "system") else [_message(fields, at)]


class _Fields:
    """A form as twilio's RequestValidator reads one: a field may come more than once."""

    def __init__(self, form: Form) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in form.items() if isinstance(form, Mapping) else form:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        return self._values[name]


def _status(fields: Mapping[str, str]) -> Status | None:
    state = fields["MessageStatus"]
    if state in _ON_THE_WAY:
        return None
    if state not in _STATES:
        raise BadWebhook("MessageStatus of no known kind")
    own = fields.get("id", "")
    return Status(
        channel="whatsapp",
        provider_id=_sid(fields),
        id=int(own) if own.isascii() and own.isdigit() and len(own) < 19 else None,
        state=_STATES[state],
        error=fields.get("ErrorCode") or None,
        problem=_problem(fields.get("ErrorCode", "")) if _STATES[state] == "failed" else None,
    )


def _problem(code: str) -> SendError:
    """What the error would have meant as an answer."""
    known = code.isascii() and code.isdigit() and len(code) < 10
    return meaning(400, int(code) if known else None)


def _message(fields: Mapping[str, str], at: int) -> Arrival:
    sender = _address(fields, "From")
    aliases = _aliases(fields, sender)
    text = fields.get("Body", "")
    replied = fields.get("OriginalRepliedMessageSid", "")
    token = _token(fields)
    media, other, missing = _media(fields)
    location = _location(fields)
    sent_pin = bool(fields.get("Latitude") or fields.get("Longitude"))
    lost = "file" if missing else "location" if sent_pin and location is None else ""
    content = text or token or media or location or lost
    return Arrival(
        channel="whatsapp",
        account=_address(fields, "To"),
        external_id=_sid(fields),
        replied_to=replied if _SID.fullmatch(replied) else None,
        address=sender,
        aliases=aliases,
        at=at,
        event="message" if token is None else "tap",
        # Of a tap, the body is the button's label.
        text=text,
        token=token,
        media=media,
        location=location,
        place=place_name(fields.get("Label", ""), fields.get("Address", "")) if location else "",
        # Who hides the number writes as a business-scoped id, "MA.1a2b", and mostly without a number.
        phone=next((one for one in (sender, *aliases) if _NUMBER.fullmatch(one)), None),
        unsupported=other or (None if content else _kind(fields)),
        lost=lost,
    )


def _required(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "")
    if not value:
        raise BadWebhook(f"no {name}")
    return value


def _sid(fields: Mapping[str, str]) -> str:
    """The id of the message. Raises BadWebhook."""
    value = _required(fields, "MessageSid")
    if not _SID.fullmatch(value):
        raise BadWebhook("MessageSid is no id of Twilio's")
    return value


def _address(fields: Mapping[str, str], name: str) -> str:
    """A number or a business-scoped id, without Twilio's "whatsapp:"."""
    value = _required(fields, name)
    address = value.removeprefix(PREFIX)
    if address == value or not (_NUMBER.fullmatch(address) or _SCOPED_ID.fullmatch(address)):
        raise BadWebhook(f"{name} is no WhatsApp address")
    return address


def _aliases(fields: Mapping[str, str], sender: str) -> tuple[str, ...]:
    """The sender's other address: the id of who writes from a number, the number of who writes as an id."""
    if _NUMBER.fullmatch(sender):
        other = fields.get("ExternalUserId", "").removeprefix(PREFIX)
        return (other,) if _SCOPED_ID.fullmatch(other) else ()
    other = "+" + fields.get("WaId", "").lstrip("+")
    return (other,) if _NUMBER.fullmatch(other) else ()


def _token(fields: Mapping[str, str]) -> str | None:
    """The token of the tapped button. Where Twilio gives only its title, the text has it."""
    for name in ("ListId", "ButtonPayload"):
        if fields.get(name):
            return fields[name]
    if not fields.get("InteractiveData"):
        return None
    try:
        interactive = msgspec.json.decode(fields["InteractiveData"])
        return _first_id(interactive)
    except (msgspec.DecodeError, RecursionError):
        return None


def _first_id(interactive: Any) -> str | None:
    """The first "id" of {"list_reply": {"id": ...}} and its like; Twilio documents no one shape."""
    if not isinstance(interactive, dict):
        return None
    if isinstance(interactive.get("id"), str):
        return str(interactive["id"])
    found = (_first_id(value) for value in interactive.values())
    return next((token for token in found if token), None)


def _location(fields: Mapping[str, str]) -> tuple[float, float] | None:
    """Degrees, None where there are none that can be."""
    try:
        latitude, longitude = float(fields["Latitude"]), float(fields["Longitude"])
    except (KeyError, ValueError):
        return None
    # (What is no number is not within any limits either.)
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _media(fields: Mapping[str, str]) -> tuple[tuple[MediaRef, ...], str | None, bool]:
    """The files; what was among them that is none to us; whether one is announced and not there.

    What is there counts, whatever NumMedia says.
    """
    media: list[MediaRef] = []
    other = None
    there = [index for index in range(MOST_FILES) if fields.get(f"MediaUrl{index}")]
    for index in there:
        kind = fields.get(f"MediaContentType{index}", "").lower()
        if "vcard" in kind:
            other = "contacts"
        elif _is_sticker(kind, fields.get("MessageType", "")):
            other = "sticker"
        else:
            media.append(MediaRef(_media_kind(kind), fields[f"MediaUrl{index}"], kind))
    count = fields.get("NumMedia", "")
    announced = int(count) if count.isascii() and count.isdigit() and len(count) <= 2 else 0
    typed = any(
        fields.get(f"MediaContentType{index}") for index in set(range(MOST_FILES)) - {*there}
    )
    return tuple(media), other, announced > len(there) or typed


def _is_sticker(kind: str, message: str) -> bool:
    """Whether a picture is a sticker: WhatsApp makes them, and no photo, in WebP."""
    return message == "sticker" or (
        kind.startswith("image/webp") and message not in ("image", "document")
    )


def _media_kind(kind: str) -> Literal["photo", "voice", "document", "video", "audio"]:
    if kind.startswith("image/"):
        return "photo"
    if kind.startswith("audio/ogg"):
        # WhatsApp records in ogg; other audio is a file that was passed on.
        return "voice"
    if kind.startswith("audio/"):
        return "audio"
    return "video" if kind.startswith("video/") else "document"


def _kind(fields: Mapping[str, str]) -> str:
    kind = fields.get("MessageType", "")
    return kind if re.fullmatch(r"[a-z_]{1,30}", kind) else "unknown"
