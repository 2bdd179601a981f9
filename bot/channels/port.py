"""What a channel is: it reads what came in, and sends what should go out.

    provider -> Channel.read (pure) -> Arrival -> conversation -> OutgoingMessage -> Channel.send -> provider

The rest of the bot sees only this page. A channel renders an outgoing message as well as it can: buttons,
then a list, then numbers; nobody else asks which channel it is.

Errors of sending answer one question: what now?

    SendError
    ├── Later          the provider asks to slow down: nothing was sent, try again after `seconds`
    ├── Transient      nothing was sent, try again soon
    ├── Uncertain      it may or may not have been sent (a timeout after the request went out)
    ├── Unreachable    this person cannot be reached here any more (blocked, gone, opted out)
    ├── Refused        this message will never be accepted; others may
    │   ├── Unfit          not in this form; in a plainer one it may be
    │   └── OutsideWindow  the person wrote too long ago: only an approved template goes
    └── Halted         the account itself does not work (token, signature): stop and alert
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec


def address_of(key: str) -> str:
    """The address of who holds `key` (a cookie of the web chat): the key itself is never stored."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class MediaRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that a citizen sent, still at the provider.

    `ref` is what the channel needs to fetch it (a file id, an address); `size` in bytes and
    `seconds` as the provider states them, before anything is checked.
    """

    kind: Literal["photo", "voice", "document", "video", "audio"]
    ref: str
    type: str = ""
    size: int | None = None
    seconds: int | None = None
    file_name: str = ""


class Arrival(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing that came in from a citizen, the same for every channel.

    `account` is the bot, number or site it came through; (channel, account, external_id) is
    unique and decides what is a duplicate. `address` is where to answer. `at` is when we received
    it, in milliseconds since 1970 UTC.
    """

    channel: str
    account: str
    external_id: str
    address: str
    at: int
    #: Other addresses that are this same person's, as the provider says with this message.
    aliases: tuple[str, ...] = ()
    #: "message", "edit" (a message the citizen changed later), "tap", "language" (chosen where the chat is
    #: shown, `chosen_language`), "blocked", "unblocked".
    event: Literal["message", "edit", "tap", "language", "blocked", "unblocked"] = "message"
    text: str = ""
    #: The opaque token of the button that was tapped.
    token: str | None = None
    #: What `Channel.acknowledge` needs to tell the provider that this tap has arrived.
    receipt: str | None = None
    #: The provider's id of the message that a button was tapped under, or that this one quotes, where it
    #: says so.
    replied_to: str | None = None
    #: The topic of the chat that it was written in, where the channel has topics.
    thread: str | None = None
    #: Messages with the same album came as one: photos that were chosen together.
    album: str | None = None
    #: The payload of a deep link ("/start PAYLOAD").
    start: str | None = None
    media: tuple[MediaRef, ...] = ()
    #: (latitude, longitude) in degrees.
    location: tuple[float, float] | None = None
    #: What the sender's map calls that location: a name, an address.
    place: str = ""
    #: A phone number that the channel vouches for (shared by its own button, or the sender's).
    phone: str | None = None
    #: The language of the citizen's app, a hint only (BCP 47).
    language_hint: str | None = None
    #: The language that they chose where the chat is shown, before they said anything.
    chosen_language: str | None = None
    #: What came that no channel of ours understands: "sticker", "poll", "contacts", ...
    unsupported: str | None = None
    #: Of the open page: whether this browser has opened it before; and a digest of its network, today's, which
    #: is not kept with the message once that is handled.
    opened: bool | None = None
    network: str | None = None
    #: How many of its messages so far came faster after the one before than a person reads.
    quick: int = 0
    #: A part of the message that its provider announced and that cannot be read: "file", "location".
    lost: str = ""


def place_name(name: str, address: str) -> str:
    """What a map calls a place, of its name and its address; one is often part of the other."""
    name, address = name.strip(), address.strip()
    if name in address or address in name:
        return max(name, address, key=len)
    return f"{name}, {address}"


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """A choice as it is offered: an opaque token, and what is written on it."""

    token: str
    label: str
    #: The number that may be typed instead, 0 for a button without a number.
    number: int = 0
    emoji: str = ""
    description: str = ""

    @property
    def full(self) -> str:
        """Number, emoji and label: "2 😐 weak"."""
        return " ".join(part for part in (str(self.number or ""), self.emoji, self.label) if part)


class OutMedia(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file to send: stored under `path` in our media folder."""

    kind: Literal["photo", "voice", "document"]
    path: str
    type: str
    file_name: str = ""


class OutgoingMessage(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A message to a citizen, already in their language, not yet in a channel's form."""

    text: str
    language: str
    buttons: tuple[Button, ...] = ()
    #: What the citizen may send besides text: "location", "photo", "voice", "document", "phone".
    wants: tuple[str, ...] = ()
    media: tuple[OutMedia, ...] = ()
    #: The token of the button that this message answers, so that the channel may acknowledge it.
    acknowledges: str | None = None
    #: The topic of the chat in which it is said.
    thread: str | None = None
    #: Words for "choose" on a list's opening button, in the citizen's language.
    choose: str = ""
    #: Name of an approved template to use outside WhatsApp's window, with its variables.
    template: str | None = None
    variables: Mapping[str, str] = {}
    #: "latin" where the language is not in its own letters.
    letters: str = ""

    @property
    def right_to_left(self) -> bool:
        """Whether it is read from right to left."""
        return self.language in ("ar", "ary") and self.letters != "latin"

    @property
    def tag(self) -> str:
        """The language as a page is told it (BCP 47)."""
        return f"{self.language}-Latn" if self.letters == "latin" else self.language


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """An outgoing message on its way to an address. `id` is our own reference; the provider is told it where it can be."""

    id: int
    account: str
    address: str
    message: OutgoingMessage
    #: When the person last wrote, ms since 1970 UTC (WhatsApp's 24-hour window).
    last_in_at: int = 0
    #: Words only, and numbers for the choices: a richer form was refused.
    plain: bool = False


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider reports later about a message it took."""

    channel: str
    provider_id: str
    #: Our own id, where the provider gives it back.
    id: int | None = None
    state: Literal["sent", "delivered", "read", "failed"]
    error: str | None = None
    #: What the error would have meant as an answer.
    problem: "SendError | None" = None


#: Whose approved template is taken where a language has none: there is none in Darija.
NEAR_TEMPLATE: Mapping[str, str] = {"ary": "ar"}


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A message that the provider approves beforehand, for who has not written lately.

    `state` is the provider's: "approved", "pending", "received", "rejected", "paused", "disabled",
    "unsubmitted". `variables` is how many places there are to fill in.
    """

    name: str
    language: str
    sid: str
    state: str
    body: str = ""
    variables: int = 0


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """How a channel would show an outgoing message: for previews.

    `form`: the choices are "buttons", a "list", "numbers" to type, or there are none ("text").
    `notes` say what was given up for it: "cut" labels, "split" text, "no_files".
    """

    form: Literal["text", "buttons", "list", "numbers"]
    messages: tuple[str, ...]
    labels: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class SendError(Exception):
    """A message was not (surely) sent; the subclass says what to do now."""


class Later(SendError):
    """Slow down: nothing was sent; `seconds` until the provider wants to hear again.

    `everyone` is true if the whole account must wait, not this chat only.
    """

    def __init__(self, seconds: float, *, everyone: bool = True) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = seconds
        self.everyone = everyone


class Transient(SendError):
    """Nothing was sent; try again soon."""


class Uncertain(SendError):
    """The request went out and no answer came back."""


class Unreachable(SendError):
    """This person cannot be reached at this address any more; `why` is a short code.

    `gone` is what the address is from now on: "closed", or "opted_out" where the person said so.
    """

    def __init__(self, why: str, gone: str = "closed") -> None:
        super().__init__(why)
        self.why = why
        self.gone = gone


class Refused(SendError):
    """The provider will never accept this message; `why` is its code or words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unfit(Refused):
    """The provider does not accept the form of this message; a plainer one may do."""


class OutsideWindow(Refused):
    """The person wrote too long ago for anything but an approved template."""


class Halted(SendError):
    """The account does not work at all (wrong token, closed account)."""


class BadWebhook(Exception):
    """A webhook body that is not what the provider sends; nothing personal in the message."""


class TooLarge(Exception):
    """A file beyond the limit; `limit` in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"larger than {limit} bytes")
        self.limit = limit


#: Channels whose outbox is read by the citizen's own page: nothing is sent to a provider.
PULLED = frozenset({"web", "terminal"})


class Channel(Protocol):
    """One way to a citizen."""

    #: "telegram", "whatsapp", "web", "terminal".
    name: str
    #: The bot, number or site that it is.
    account: str

    def read(self, body: Any, at: int) -> list[Arrival | Status]:
        """What a provider's decoded message holds. Pure. Raises BadWebhook."""

    async def send(self, envelope: Envelope) -> str:
        """Send, and return the provider's id of the (last) message. Raises SendError."""

    async def fetch(self, media: MediaRef, limit: int) -> tuple[bytes, str]:
        """The bytes and the media type of a file. Raises TooLarge, Transient."""

    async def forget(self, media: MediaRef) -> None:
        """Delete a file at the provider, now that we keep it. Best effort."""

    async def acknowledge(self, receipt: str) -> None:
        """Tell the provider at once that the tap with this `Arrival.receipt` has arrived.

        Nothing is done by channels whose provider does not ask for it. Raises SendError, which
        may be ignored: at worst the citizen's button keeps turning for a while.
        """

    def link(self, payload: str) -> str | None:
        """The deep link that leads into `payload`, None if the channel has none."""

    def shows(self, message: OutgoingMessage) -> Shown:
        """How the citizen would see it. Pure."""

    async def close(self) -> None:
        """Close connections."""


class Signed(Channel, Protocol):
    """A channel whose provider signs its webhooks."""

    def valid_signature(
        self,
        url: str,
        params: Sequence[tuple[str, str]] | None,
        headers: Mapping[str, str],
        body: bytes = b"",
    ) -> bool:
        """Whether the provider signed these parameters for the path and query of `url`."""


class Templated(Channel, Protocol):
    """A channel that may begin a conversation with approved templates only."""

    async def templates(self) -> list[Template]:
        """The templates at the provider and how each was decided on. Raises SendError."""

    def use(self, templates: Sequence[Template]) -> None:
        """From now on these are the templates there are; only approved ones are sent."""


class Uploading(Channel, Protocol):
    """A channel on which a file comes with the message itself."""

    def upload(self, content: bytes, kind: str, seconds: int | None = None) -> MediaRef:
        """Keep a file until its message is taken in."""
