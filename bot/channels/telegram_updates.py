"""What does one update of Telegram hold? Pure: from the provider's JSON to an Arrival.

The structs name only what is read; whatever else Telegram sends or will send is skipped by the
decoder. (python-telegram-bot's `Update.de_json` builds it all, for some 40 times the CPU.)
"""

import re
from typing import Any, Final, Literal

import msgspec

from bot.channels.port import Arrival, BadWebhook, MediaRef, place_name

#: What to ask Telegram for, at the webhook and in polling.
ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")

#: The largest file that a bot may download, in bytes (Bot API, getFile).
DOWNLOAD_LIMIT: Final = 20_000_000

#: A payload of a deep link (Bot API, "Deep Linking").
PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")

_START: Final = re.compile(r"/start(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


class _User(msgspec.Struct, frozen=True):
    id: int
    language_code: str | None = None


class _Chat(msgspec.Struct, frozen=True):
    id: int
    type: str


class _Location(msgspec.Struct, frozen=True):
    latitude: float
    longitude: float


class _Venue(msgspec.Struct, frozen=True):
    """What the map calls a location; the message has the location beside it."""

    title: str = ""
    address: str = ""


class _Contact(msgspec.Struct, frozen=True):
    phone_number: str
    user_id: int | None = None


class _File(msgspec.Struct, frozen=True):
    file_id: str
    file_size: int | None = None
    mime_type: str = ""
    file_name: str = ""
    duration: int | None = None
    width: int = 0
    height: int = 0


class _Quoted(msgspec.Struct, frozen=True):
    message_id: int


class _Rich(msgspec.Struct, frozen=True):
    blocks: tuple[Any, ...] = ()


class _Message(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    """What is read of a message. Of all its fields (Bot API 10.3) these are content; a message with none of
    them is a service message, whatever it is about, and those that are yet to be invented are too.
    """

    chat: _Chat
    message_thread_id: int | None = None
    is_topic_message: bool = False
    media_group_id: str | None = None
    reply_to_message: _Quoted | None = None
    sender: _User | None = None
    text: str = ""
    caption: str = ""
    contact: _Contact | None = None
    location: _Location | None = None
    venue: _Venue | None = None
    photo: tuple[_File, ...] = ()
    voice: _File | None = None
    audio: _File | None = None
    document: _File | None = None
    video: _File | None = None
    video_note: _File | None = None
    animation: _File | None = None
    rich_message: _Rich | None = None
    sticker: Any = None
    poll: Any = None
    dice: Any = None
    game: Any = None
    story: Any = None
    checklist: Any = None
    paid_media: Any = None
    invoice: Any = None
    giveaway: Any = None

    @property
    def topic(self) -> str | None:
        """The topic of the chat that it was written in."""
        return str(self.message_thread_id) if self.is_topic_message else None


#: Contents that no channel of ours understands, in the order in which they are looked for.
_UNSUPPORTED: Final = (
    "sticker", "poll", "dice", "game", "story", "checklist", "paid_media", "invoice", "giveaway",
)  # fmt: skip


class _Tapped(msgspec.Struct, frozen=True):
    """The message of the button; of an old one, Telegram gives little more than its chat."""

    chat: _Chat
    message_thread_id: int | None = None
    is_topic_message: bool = False


class _Query(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    id: str
    sender: _User
    message: _Tapped | None = None
    data: str | None = None


class _Member(msgspec.Struct, frozen=True):
    status: str


class _Membership(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    chat: _Chat
    sender: _User
    new_chat_member: _Member


class _Update(msgspec.Struct, frozen=True):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Query | None = None
    my_chat_member: _Membership | None = None


_decoder: Final = msgspec.json.Decoder(_Update)


def read_update(body: bytes | str | dict[str, Any], account: str, at: int) -> list[Arrival]:
    """The arrival that an update holds, none for groups, channels and notices of the app.

    `at` in milliseconds since 1970 UTC. Raises BadWebhook, which repeats nothing of the body.
    """
    try:
        update = msgspec.convert(body, _Update) if isinstance(body, dict) else _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        where = str(error).partition(" - at `")[2].rstrip("`")
        raise BadWebhook(f"not an update of Telegram{where and f' (at {where})'}") from None
    arrival = _arrival(update, _Post(account, str(update.update_id), at))
    if arrival is None:
        return []
    if isinstance(body, dict):
        try:
            msgspec.json.encode(arrival)
        except UnicodeEncodeError:
            # Half a character: JSON can spell it, nothing can keep it. (Of bytes the decoder says so.)
            raise BadWebhook("not an update of Telegram (half a character)") from None
    return [arrival]


class _Post(msgspec.Struct, frozen=True):
    """What all arrivals have."""

    account: str
    external_id: str
    at: int

    def of(self, chat: _Chat, user: _User, **content: Any) -> Arrival:
        return Arrival(
            channel="telegram",
            account=self.account,
            external_id=self.external_id,
            at=self.at,
            address=str(chat.id),
            language_hint=user.language_code,
            **content,
        )


def _arrival(update: _Update, post: _Post) -> Arrival | None:
    if update.message is not None:
        return _written(update.message, post)
    if update.edited_message is not None:
        return _edited(update.edited_message, post)
    if update.callback_query is not None:
        return _tapped(update.callback_query, post)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member, post)
    return None


def _written(message: _Message, post: _Post) -> Arrival | None:
    sender = message.sender
    if message.chat.type != "private" or sender is None:
        return None
    content = _command(message.text) if message.text else _content(message, sender)
    if content is None:
        return None
    quoted = message.reply_to_message
    return post.of(
        message.chat,
        sender,
        replied_to=str(quoted.message_id) if quoted is not None else None,
        thread=message.topic,
        album=message.media_group_id if content.get("media") else None,
        **content,
    )


def _edited(message: _Message, post: _Post) -> Arrival | None:
    """A changed text or caption. A location that "changes" is a live one, moving: no answer."""
    sender = message.sender
    if message.chat.type != "private" or sender is None or message.location is not None:
        return None
    if not message.text and _content(message, sender) is None:
        return None
    text = message.text or message.caption
    return post.of(message.chat, sender, event="edit", text=text, thread=message.topic)


def _tapped(query: _Query, post: _Post) -> Arrival | None:
    tapped = query.message
    if tapped is None or tapped.chat.type != "private" or query.data is None:
        return None
    thread = str(tapped.message_thread_id) if tapped.is_topic_message else None
    # What is in `data` was sent by the citizen's app, which anybody may have changed.
    return post.of(
        tapped.chat, query.sender, event="tap", token=query.data, receipt=query.id, thread=thread
    )


def _membership(membership: _Membership, post: _Post) -> Arrival | None:
    events: dict[str, Literal["blocked", "unblocked"]] = {
        "kicked": "blocked",
        "member": "unblocked",
    }
    event = events.get(membership.new_chat_member.status)
    if membership.chat.type != "private" or event is None:
        return None
    return post.of(membership.chat, membership.sender, event=event)


def _command(text: str) -> dict[str, Any]:
    start = _START.fullmatch(text)
    if start is None:
        return {"text": text}
    payload = (start[1] or "").strip()
    if PAYLOAD.fullmatch(payload):
        return {"start": payload}
    # Typed by hand, with words behind it: no link of ours, but still the citizen's words.
    return {"start": "", "text": payload}


def _content(message: _Message, sender: _User) -> dict[str, Any] | None:
    """What a message without a text says; None for a service message, which says nothing to us."""
    for name in _UNSUPPORTED:
        if getattr(message, name) is not None:
            return {"unsupported": name, "text": message.caption}
    if message.rich_message is not None:
        text = _words({"blocks": message.rich_message.blocks}).strip()
        return {"text": text, "unsupported": None if text else "rich_message"}
    if message.location is not None:
        latitude, longitude = message.location.latitude, message.location.longitude
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            return {"lost": "location"}
        venue = message.venue or _Venue()
        return {
            "location": (latitude, longitude),
            "place": place_name(venue.title, venue.address),
        }
    if message.contact is not None:
        # Anybody can pass on anybody's card; only one's own, shared by the button, proves a number.
        if message.contact.user_id != sender.id:
            return {"unsupported": "contact"}
        return {"phone": "+" + message.contact.phone_number.lstrip("+").replace(" ", "")}
    media = _media(message)
    if media is None:
        return {"text": message.caption} if message.caption else None
    return {"media": (media,), "text": message.caption}


def _words(rich: Any) -> str:
    """The words of a formatted message without their form; each block is a line of its own."""
    if isinstance(rich, str):
        return rich
    if isinstance(rich, list | tuple):
        return "".join(map(_words, rich))
    if not isinstance(rich, dict):
        return ""
    blocks = [block for name in ("blocks", "items") for block in rich.get(name) or ()]
    lines = (_words(rich.get("text")), *map(_words, blocks))
    return "\n".join(line for line in lines if line)


def _media(message: _Message) -> MediaRef | None:
    if message.photo:
        photo = _largest(message.photo)
        return MediaRef("photo", photo.file_id, "image/jpeg", photo.file_size)
    if message.voice is not None:
        return _reference("voice", message.voice, "audio/ogg")
    if message.audio is not None:
        return _reference("audio", message.audio)
    # Before documents: a GIF comes as a document too.
    if (video := message.video or message.video_note or message.animation) is not None:
        return _reference("video", video, "video/mp4")
    if message.document is not None:
        return _reference("document", message.document)
    return None


def _largest(sizes: tuple[_File, ...]) -> _File:
    """The largest of a photo's sizes that may be downloaded."""
    small_enough = [size for size in sizes if (size.file_size or 0) <= DOWNLOAD_LIMIT]
    return max(small_enough or sizes, key=lambda size: size.width * size.height)


def _reference(
    kind: Literal["voice", "document", "video", "audio"], file: _File, usual: str = ""
) -> MediaRef:
    return MediaRef(
        kind, file.file_id, file.mime_type or usual, file.file_size, file.duration, file.file_name
    )
