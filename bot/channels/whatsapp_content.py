"""Which of WhatsApp's forms fits these choices: quick replies, a list, or numbers? Pure.

Degrading, in this order: up to 3 short labels are quick replies; up to 10 choices are a list; what
is longer or more is written as numbers below the text. Nothing is ever cut off: where a label is
too long for a title, its whole words become the description.

Twilio sends both only as a "content" that was created before. The text and the tokens are
variables of it, so one content serves every question with the same labels.
"""

import hashlib
from typing import Any, Final

import msgspec

from bot.channels.parts import numbered, split, units
from bot.channels.port import Button, OutgoingMessage, OutMedia, Template

#: Twilio's limit of a body, in UTF-16 units (the stricter reading of "characters").
TEXT_LIMIT: Final = 1600

# Limits of Twilio's contents on WhatsApp.
BODY_LIMIT: Final = 1024
QUICK_REPLIES: Final = 3
QUICK_TITLE: Final = 20
LIST_ITEMS: Final = 10
LIST_TITLE: Final = 24
LIST_DESCRIPTION: Final = 72
LIST_BUTTON: Final = 20
TOKEN: Final = 200

#: What the names of our contents at Twilio begin with; their key follows.
NAMED: Final = "tachawor_"


class Content(msgspec.Struct, frozen=True):
    """A content to create, and the variables to send it with. `key` names its shape."""

    key: str
    types: dict[str, Any]
    variables: dict[str, str]
    language: str

    @property
    def request(self) -> dict[str, Any]:
        """What Twilio's Content API takes."""
        return {
            "friendly_name": NAMED + self.key,
            "language": self.language,
            "variables": dict.fromkeys(self.variables, "-"),
            "types": self.types,
        }


def content(message: OutgoingMessage, body: str) -> Content | None:
    """The content for these choices below `body`, None if they have to be written as numbers."""
    buttons = message.buttons
    if not buttons or not body or units(body) > BODY_LIMIT:
        return None
    if any(not 1 <= len(button.token) <= TOKEN for button in buttons):
        return None
    types = _quick_reply(buttons) or _list(buttons, message.choose)
    if types is None or not _distinct(types):
        return None
    shape = msgspec.json.encode((types, message.language), order="sorted")
    variables = {"1": body}
    variables |= {str(number): button.token for number, button in enumerate(buttons, start=2)}
    key = hashlib.sha256(shape).hexdigest()[:16]
    # Twilio has no code for Darija or Tamazight; a content's language says nothing to the citizen.
    language = message.language if message.language in ("ar", "fr", "en") else "ar"
    return Content(key, types, variables, language)


def _quick_reply(buttons: tuple[Button, ...]) -> dict[str, Any] | None:
    titles = [_title(button, QUICK_TITLE) for button in buttons]
    if len(buttons) > QUICK_REPLIES or None in titles:
        return None
    actions = [
        {"type": "QUICK_REPLY", "title": title, "id": f"{{{{{number}}}}}"}
        for number, title in enumerate(titles, start=2)
    ]
    return {"twilio/quick-reply": {"body": "{{1}}", "actions": actions}}


def _list(buttons: tuple[Button, ...], choose: str) -> dict[str, Any] | None:
    if len(buttons) > LIST_ITEMS or not 1 <= units(choose) <= LIST_BUTTON:
        return None
    items = []
    for number, button in enumerate(buttons, start=2):
        item = _item(button)
        if item is None:
            return None
        items.append({**item, "id": f"{{{{{number}}}}}"})
    return {"twilio/list-picker": {"body": "{{1}}", "button": choose, "items": items}}


def _item(button: Button) -> dict[str, str] | None:
    title, description = _title(button, LIST_TITLE), button.description
    if title is None:
        # The number (or emoji) and the beginning as a title, all of it below.
        if description or units(button.label) > LIST_DESCRIPTION:
            return None
        title, description = _beginning(button.full, LIST_TITLE), button.label
    if units(description) > LIST_DESCRIPTION:
        return None
    return {"item": title} | ({"description": description} if description else {})


def _distinct(types: dict[str, Any]) -> bool:
    """Whether no two titles are the same; WhatsApp refuses those."""
    (form,) = types.values()
    titles = [item.get("item") or item["title"] for item in form.get("items") or form["actions"]]
    return len(set(titles)) == len(titles)


def _title(button: Button, limit: int) -> str | None:
    """Number, emoji and label, or the label alone, whichever fits."""
    return next((words for words in (button.full, button.label) if units(words) <= limit), None)


def _beginning(words: str, limit: int) -> str:
    while units(words) > limit - 1:
        words = words[:-1]
    return words.rstrip() + "…"


def template_of(item: Any) -> Template:
    """A content of Twilio's with WhatsApp's decision on it."""
    approval = item.approval_requests or {}
    bodies = [form.get("body", "") for form in (item.types or {}).values()]
    return Template(
        name=str(approval.get("name") or item.friendly_name or ""),
        language=str(item.language or ""),
        sid=str(item.sid),
        state=str(approval.get("status") or "unsubmitted"),
        body=str(next((body for body in bodies if body), "")),
        variables=len(item.variables or {}),
    )


def captioned(media: OutMedia, text: dict[str, Any]) -> bool:
    """Whether the text may go with the file: WhatsApp drops the words of a recording."""
    return media.kind != "voice" and "body" in text and units(text["body"]) <= BODY_LIMIT


def plain(message: OutgoingMessage) -> list[dict[str, Any]]:
    """The words alone, with numbers for the choices, in as many messages as they need."""
    words = numbered(message.text.strip(), message.buttons)
    return [{"body": part} for part in split(words, TEXT_LIMIT)]


def plain_rest(message: OutgoingMessage) -> list[dict[str, Any]]:
    """The same of the last part of the words, to which the choices belong."""
    last = split(message.text.strip(), BODY_LIMIT)[-1]
    return [{"body": part} for part in split(numbered(last, message.buttons), TEXT_LIMIT)]
