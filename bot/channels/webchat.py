"""The chat on the council's own web page, and the terminal: channels whose citizen fetches.

Nothing is sent to a provider: a message is in the outbox, and the citizen's own page (or
terminal) reads it from there. A file arrives with the message itself, so it waits here until
its message is taken in.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Literal

from bot.channels.port import (
    Arrival,
    BadWebhook,
    Envelope,
    MediaRef,
    OutgoingMessage,
    Refused,
    Shown,
    Status,
    TooLarge,
    address_of,
)

#: Characters of text that are read at most; the rest would not fit any answer.
LONGEST = 20_000


class Pulled:
    """A channel read by the citizen's own program."""

    def __init__(self, name: str, account: str, public_url: str = "") -> None:
        self.name = name
        self.account = account
        self._public_url = public_url
        self._uploads: dict[str, bytes] = {}

    def read(self, body: Any, at: int) -> list[Arrival | Status]:
        """An arrival from what the page posted: a map with `key`, `id` and what was done."""
        key, external_id = body.get("key"), body.get("id")
        if not isinstance(key, str) or len(key) < 16:
            raise BadWebhook("the chat key is missing")
        if not isinstance(external_id, str) or not 1 <= len(external_id) <= 80:
            raise BadWebhook("the message has no id")
        address = address_of(key)
        return [
            Arrival(
                channel=self.name,
                account=self.account,
                external_id=address_of(f"{address}:{external_id}"),
                address=address,
                at=at,
                event=_event(body),
                text=str(body.get("text") or "")[:LONGEST],
                token=body.get("token") or None,
                start=body.get("start"),
                media=tuple(body.get("media") or ()),
                location=_location(body.get("location")),
                language_hint=body.get("language"),
                chosen_language=body.get("chosen"),
                opened=body.get("opened"),
                network=body.get("network"),
                quick=body.get("quick") or 0,
            )
        ]

    def upload(self, content: bytes, kind: str, seconds: int | None = None) -> MediaRef:
        """Keep a file until its message is taken in."""
        ref = secrets.token_hex(8)
        self._uploads[ref] = content
        kept = kind if kind in ("photo", "voice", "document", "video", "audio") else "document"
        return MediaRef(kept, ref, size=len(content), seconds=seconds)  # type: ignore[arg-type]

    async def send(self, envelope: Envelope) -> str:
        """Nothing to do: the outbox itself is read."""
        return str(envelope.id)

    async def fetch(self, media: MediaRef, limit: int) -> tuple[bytes, str]:
        """The file that came with the message."""
        content = self._uploads.pop(media.ref, None)
        if content is None:
            raise Refused("the file did not come with its message")
        if len(content) > limit:
            raise TooLarge(limit)
        return content, media.type

    async def forget(self, media: MediaRef) -> None:
        """Nothing is left here once it was fetched."""

    async def acknowledge(self, receipt: str) -> None:
        """Nobody waits for it."""

    def link(self, payload: str) -> str | None:
        """The address of the page that leads into `payload`."""
        return f"{self._public_url}/?c={payload}" if self.name == "web" else None

    def shows(self, message: OutgoingMessage) -> Shown:
        """The page shows everything as it is."""
        labels = tuple(button.full for button in message.buttons)
        return Shown(form="buttons" if labels else "text", messages=(message.text,), labels=labels)

    async def close(self) -> None:
        """Nothing is open."""


def _event(body: Mapping[str, Any]) -> Literal["language", "tap", "message"]:
    if body.get("switches"):
        return "language"
    return "tap" if body.get("token") else "message"


def _location(given: Any) -> tuple[float, float] | None:
    try:
        latitude, longitude = (float(part) for part in given)
    except (TypeError, ValueError):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return latitude, longitude
