"""To what staff agreed when they planned a message: kept with the plan, and looked at when it runs."""

import hashlib

import msgspec

from storage.rows import StoredConsultation


class Agreed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The definition that its words come from (a digest), how many it goes to, the day it was counted on.

    `alone` says that no second person was asked.
    """

    definition: str = ""
    people: int = 0
    day: str = ""
    alone: bool = False


def digest_of_text(text: str) -> str:
    """What stands for a long text, such as a consultation's definition."""
    return hashlib.sha256(text.encode()).hexdigest()


def changed(text: str, consultation: StoredConsultation | None) -> bool:
    """Whether the words have changed since staff planned this. What a definition plans is its own."""
    if not text or consultation is None:
        return False
    agreed = read(text)
    return bool(agreed.definition) and agreed.definition != digest_of_text(consultation.definition)


def stored(agreed: Agreed) -> str:
    """As the database keeps it."""
    return msgspec.json.encode(agreed).decode()


def read(text: str) -> Agreed:
    """The same again."""
    return msgspec.json.decode(text, type=Agreed)
