"""Which calls of the Bot API say what an Intent says? Pure.

Degrading, in this order: inline buttons; numbers in the text if there are more than 100 choices.
What Telegram refuses goes in the next simpler form (`simpler`): a voice note as a document, then its
words alone; buttons as numbers.
A text too long for one message is cut; the buttons hang on its last part. A single file carries
the text as its caption if that fits; else the files go first and the text follows.

Text is sent plain, without a parse mode: whatever a person wrote is then words, never markup, and
nothing has to be escaped. Previews of links are off: a citizen's words make nobody fetch a page.
`Button.description` is for lists such as WhatsApp's and is not shown.
"""

from typing import Any, Final, Literal

import msgspec

from bot.channels.parts import numbered, split, units
from bot.channels.port import Button, OutgoingMessage, OutMedia, Shown

# Limits of the Bot API, in UTF-16 units unless said otherwise.
TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
TOKEN_BYTES: Final = 64
BUTTONS: Final = 100

#: The longest label, in UTF-16 units, of which so many fit side by side on a small phone.
_SIDE_BY_SIDE: Final = ((9, 3), (16, 2))

#: What a small phone shows of a label on a button as wide as the screen.
LABEL_SEEN: Final = 36

#: What asks for a pin or a number. Signs, not words: a channel has no catalogue, and a sign is
#: understood in five languages and by those who do not read.
_REQUESTS: Final = {
    "location": {"text": "📍", "request_location": True},
    "phone": {"text": "📱", "request_contact": True},
}

#: A reply keyboard holds at most so many buttons beside the requests, each so long.
_REPLY_BUTTONS: Final = 4
_REPLY_LABEL: Final = 24

_METHODS: Final = {"photo": "sendPhoto", "voice": "sendVoice", "document": "sendDocument"}


class Call(msgspec.Struct, frozen=True):
    """One call of the Bot API; `upload` is the file to send under the name of its kind."""

    method: str
    parameters: dict[str, Any]
    upload: OutMedia | None = None


def render(message: OutgoingMessage, chat_id: int) -> list[Call]:
    """The calls, in order; none for an outgoing message without text and files.

    Raises ValueError for a button token that is empty or longer than 64 bytes: our own mistake.
    """
    text, markup = message.text.strip(), _markup(message)
    if len(message.buttons) > BUTTONS:
        text = numbered(text, message.buttons)
    files = [Call(_METHODS[file.kind], {"chat_id": chat_id}, file) for file in message.media]
    if len(files) == 1 and text and units(text) <= CAPTION_LIMIT:
        files[0].parameters["caption"] = text
        text = ""
    texts = [Call("sendMessage", _message(chat_id, part)) for part in split(text, TEXT_LIMIT)]
    calls = files + texts
    if calls:
        calls[-1].parameters["reply_markup"] = markup
    if message.thread is not None:
        for call in calls:
            call.parameters["message_thread_id"] = int(message.thread)
    return calls


def simpler(call: Call, message: OutgoingMessage) -> list[Call]:
    """The next simpler form of a call that was refused: a document, then words; numbers for buttons.

    Nothing if there is none: a file without words, or plain words.
    """
    parameters = call.parameters
    if call.upload is not None and call.upload.kind != "document":
        upload = msgspec.structs.replace(call.upload, kind="document")
        return [Call(_METHODS["document"], parameters, upload)]
    markup = parameters.get("reply_markup")
    if call.upload is not None:
        words = parameters.get("caption")
        return [_plain(parameters, words)] if words else []
    if markup is None:
        return []
    text = parameters["text"]
    if "inline_keyboard" in markup or "keyboard" in markup:
        text = numbered(text, message.buttons)
    parameters = {name: value for name, value in parameters.items() if name != "reply_markup"}
    return [_plain(parameters, part) for part in split(text, TEXT_LIMIT)]


def _plain(parameters: dict[str, Any], text: str) -> Call:
    """The same to the same chat and topic, in words; its buttons stay, if it has any."""
    kept = {
        name: parameters[name]
        for name in ("message_thread_id", "reply_markup")
        if parameters.get(name) is not None
    }
    return Call("sendMessage", _message(parameters["chat_id"], text) | kept)


def shows(message: OutgoingMessage) -> Shown:
    """How the citizen would see it."""
    calls = render(message, 0)
    texts = [call.parameters.get("text") or call.parameters.get("caption") or "" for call in calls]
    messages = tuple(text for text in texts if text)
    form: Literal["text", "buttons", "numbers"] = "text"
    if message.buttons:
        form = "buttons" if len(message.buttons) <= BUTTONS else "numbers"
    labels = tuple(button.full for button in message.buttons) if form == "buttons" else ()
    notes = ["cut"] if any(units(label) > LABEL_SEEN for label in labels) else []
    notes += ["split"] if len(messages) > 1 else []
    return Shown(form=form, messages=messages, labels=labels, notes=tuple(notes))


def _message(chat_id: int, text: str) -> dict[str, Any]:
    return {"chat_id": chat_id, "text": text, "link_preview_options": {"is_disabled": True}}


def _markup(message: OutgoingMessage) -> dict[str, Any]:
    """Inline buttons, else a reply keyboard that asks for a pin or a number, else none.

    Telegram shows one of the two kinds only. Inline buttons win as soon as there is a choice to
    make, because a reply keyboard's button types its label and loses its token; words that always
    work (back, skip) lose nothing by being typed.
    """
    requests = [_REQUESTS[want] for want in message.wants if want in _REQUESTS]
    if requests and _typed_as_well(message.buttons):
        rows = [[request] for request in requests]
        rows += [[{"text": button.label}] for button in message.buttons]
        return {"keyboard": rows, "one_time_keyboard": True, "resize_keyboard": True}
    if 0 < len(message.buttons) <= BUTTONS:
        return {"inline_keyboard": _rows(message.buttons)}
    # An earlier request for a pin would otherwise stay below the chat.
    return {"remove_keyboard": True}


def _typed_as_well(buttons: tuple[Button, ...]) -> bool:
    return len(buttons) <= _REPLY_BUTTONS and not any(
        button.number or units(button.label) > _REPLY_LABEL for button in buttons
    )


def _rows(buttons: tuple[Button, ...]) -> list[list[dict[str, Any]]]:
    longest = max(units(button.full) for button in buttons)
    width = next((width for limit, width in _SIDE_BY_SIDE if longest <= limit), 1)
    keys = [{"text": button.full, "callback_data": _token(button)} for button in buttons]
    return [keys[first : first + width] for first in range(0, len(keys), width)]


def _token(button: Button) -> str:
    size = len(button.token.encode())
    if not 1 <= size <= TOKEN_BYTES:
        raise ValueError(
            f"a button's token must have 1 to {TOKEN_BYTES} bytes, not {size}: {button.label!r}"
        )
    return button.token
