"""What should happen, as data: a flow returns these, `bot.conversation.effects` carries them out.

Effects are checked again inside their transaction ("still open?"); what a person is told then
comes back as a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.dialog.facts import Own
from flows.wording.text import Message

#: The version of the consent texts; a change of their meaning gets a new one.
CONSENT_VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Speak this language with the person from now on."""

    language: str


@dataclass(frozen=True, slots=True)
class SetHome:
    """The commune the person belongs to (None: not said), and whether they live abroad."""

    commune: str | None
    abroad: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """Follow a place (its census code), or no longer."""

    place: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Consent:
    """The person's word on one purpose, and which catalogue entry was shown."""

    purpose: str
    given: bool
    version: str
    shown: str


@dataclass(frozen=True, slots=True)
class SetProfile:
    """Age band, gender and disability as the person told them; None = not said."""

    age_band: str | None = None
    gender: str | None = None
    disability: str | None = None


@dataclass(frozen=True, slots=True)
class Respond:
    """File a response to the consultation of this conversation.

    With `single` a person has one response, and filing again changes it. `thanks` is told with the
    values `reference` and, where the council promised, `days`.
    """

    body: Mapping[str, Any]
    thanks: Message
    single: bool
    changed: Message | None = None


@dataclass(frozen=True, slots=True)
class AddVoice:
    """ "I say that too": support another's response."""

    reference: str
    thanks: Message
    already: Message


@dataclass(frozen=True, slots=True)
class AnswerBack:
    """What a citizen answers to staff about their own need: words, voice, photos (`Said`)."""

    reference: str
    said: Mapping[str, Any]
    done: Message


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back one's own response, with the signatures made from the same phone."""

    reference: str
    done: Message


@dataclass(frozen=True, slots=True)
class AddTo:
    """Add words or media to one's own response."""

    reference: str
    said: Mapping[str, Any]
    done: Message


@dataclass(frozen=True, slots=True)
class Sign:
    """Complete the official signature of a petition."""

    name: str
    cin: str
    address: str
    commune: str | None
    thanks: Message
    already: Message


@dataclass(frozen=True, slots=True)
class Begin:
    """Start another conversation: a flow by name, or a consultation by code."""

    flow: str = ""
    code: str = ""
    own: Own = field(default_factory=Own)


@dataclass(frozen=True, slots=True)
class Export:
    """Give the person a copy of everything kept about them."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase the person."""

    done: Message


@dataclass(frozen=True, slots=True)
class JoinChats:
    """Hand everything of this chat's person over to who asked for the link in `payload`."""

    payload: str
    done: Message
    expired: Message


@dataclass(frozen=True, slots=True)
class LinkChannel:
    """Give the person a link with which another channel becomes theirs too."""

    told: Message


@dataclass(frozen=True, slots=True)
class Postpone:
    """Send this invitation again later, once.

    `told` is said if that is still today, else `tomorrow`; both with the value `time` ("18:00").
    """

    told: Message
    tomorrow: Message


@dataclass(frozen=True, slots=True)
class Decline:
    """No more invitations or reminders to the consultation of this conversation."""

    done: Message


@dataclass(frozen=True, slots=True)
class Mute:
    """No more messages that this council begins, or (`on` is False) such messages again."""

    on: bool
    done: Message


@dataclass(frozen=True, slots=True)
class SetNotices:
    """How many invitations a week at most, and in which part of the day.

    `per_week` None leaves it to the council's rule; 0 means no invitations, only answers and results
    of what one took part in. `part_of_day` is "any", "morning", "afternoon" or "evening".
    """

    per_week: int | None
    part_of_day: str


@dataclass(frozen=True, slots=True)
class FollowThemes:
    """Only invitations about these themes of the council (their ids); none means all."""

    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JoinBody:
    """Become a member of a list that the council keeps (a consultative body)."""

    payload: str
    done: Message
    expired: Message


@dataclass(frozen=True, slots=True)
class PublishPoll:
    """Store a poll that an organizer wrote in the chat; with `publish`, open it and invite people.

    `definition` lacks only its code and council; `at` is the local wall time of the invitation, None
    for now. `sent` is told with `code` and a count of people, `planned` with `moment` too, `drafted`
    and `late` (the time has passed meanwhile; it stays a draft) with `code`.
    """

    council: str
    definition: Mapping[str, Any]
    audience: Mapping[str, Any]
    at: str | None
    publish: bool
    sent: Message
    planned: Message
    drafted: Message
    late: Message
    refused: Message


@dataclass(frozen=True, slots=True)
class SendSummary:
    """Send a consultation's totals as a file to this chat, if it is a member of staff's own."""

    code: str
    format: str
    told: Message
    refused: Message


Effect = (
    SetLanguage
    | SetHome
    | Follow
    | Consent
    | SetProfile
    | Respond
    | AddVoice
    | AnswerBack
    | SendSummary
    | Withdraw
    | AddTo
    | Sign
    | Begin
    | Export
    | Forget
    | JoinChats
    | LinkChannel
    | Postpone
    | Decline
    | Mute
    | SetNotices
    | FollowThemes
    | JoinBody
    | PublishPoll
)
