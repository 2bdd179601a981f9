"""What should happen, as data: a flow returns these, `bot.conversation.effects` carries them out.

Effects are checked again inside their transaction ("still open?"); what a person is told then
comes back as a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.dialog.facts import Own
from flows.wording.text import Message

#: The version of the consent texts; a change of their meaning gets a new one. Since "2026-12" they say
#: that the council may write again, and how to stop it; since "2026-12.2" that others may read the answers
#: one by one, without a name, and who can take out a list with numbers.
CONSENT_VERSION = "2026-12.2"

#: Since which version a row for one person's answers may be passed on.
ROWS_SINCE = "2026-12.2"


class Effect:
    """Something that should happen. Kinds of consultation have effects of their own beside these."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SetLanguage(Effect):
    """Speak this language with the person from now on; `letters` is "latin" where not in its own script."""

    language: str
    letters: str = ""


@dataclass(frozen=True, slots=True)
class SetHome(Effect):
    """The commune the person belongs to (None: not said), and whether they live abroad."""

    commune: str | None
    abroad: bool = False


@dataclass(frozen=True, slots=True)
class Follow(Effect):
    """Follow a place (its census code), or no longer."""

    place: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Consent(Effect):
    """The person's word on one purpose, and which catalogue entry was shown."""

    purpose: str
    given: bool
    version: str
    shown: str


@dataclass(frozen=True, slots=True)
class SetProfile(Effect):
    """Age band, gender and disability as the person told them; None = not said."""

    age_band: str | None = None
    gender: str | None = None
    disability: str | None = None


@dataclass(frozen=True, slots=True)
class Respond(Effect):
    """File a response to the consultation of this conversation.

    With `single` a person has one response, and filing again changes it. `thanks` is told with the
    values `reference` and, where the council promised, `days`.
    """

    body: Mapping[str, Any]
    thanks: Message
    single: bool
    changed: Message | None = None


@dataclass(frozen=True, slots=True)
class AddVoice(Effect):
    """ "I say that too": support another's response."""

    reference: str
    thanks: Message
    already: Message


@dataclass(frozen=True, slots=True)
class AnswerBack(Effect):
    """What a citizen answers to staff about their own need: words, voice, photos (`Said`)."""

    reference: str
    said: Mapping[str, Any]
    done: Message


@dataclass(frozen=True, slots=True)
class IsDone(Effect):
    """What an author says of their own response that staff call done: it is, or (`yes` is False) it is not."""

    reference: str
    yes: bool
    done: Message


@dataclass(frozen=True, slots=True)
class Withdraw(Effect):
    """Take back one's own response, with the signatures made from the same phone."""

    reference: str
    done: Message


@dataclass(frozen=True, slots=True)
class AddTo(Effect):
    """Add words or media to one's own response."""

    reference: str
    said: Mapping[str, Any]
    done: Message


@dataclass(frozen=True, slots=True)
class Begin(Effect):
    """Start another conversation: a flow by name, or a consultation by code.

    What was told already (the `words`, `media` and `pin` of `own`, the danger that they tell of) is not asked
    again. With neither name nor code: the consultation of the person's council that takes such things.
    """

    flow: str = ""
    code: str = ""
    own: Own = field(default_factory=Own)


@dataclass(frozen=True, slots=True)
class AddTold(Effect):
    """Add what was told (`words` and `media` of `own`) to what the interrupted conversation is about."""

    own: Own


@dataclass(frozen=True, slots=True)
class Export(Effect):
    """Give the person a copy of everything kept about them."""


@dataclass(frozen=True, slots=True)
class Forget(Effect):
    """Erase the person."""

    done: Message


@dataclass(frozen=True, slots=True)
class JoinChats(Effect):
    """Hand everything of this chat's person over to whoever is shown the code (here its digest)."""

    code: str


@dataclass(frozen=True, slots=True)
class PartChats(Effect):
    """Take chats apart that were joined within a day."""


@dataclass(frozen=True, slots=True)
class LinkChannel(Effect):
    """Show the person the code with which another channel becomes theirs too."""


@dataclass(frozen=True, slots=True)
class ShowNumber(Effect):
    """Take part with a number that the council gave out."""

    number: str


@dataclass(frozen=True, slots=True)
class Postpone(Effect):
    """Send this invitation again later, once.

    `told` is said if that is still today, else `tomorrow`; both with the value `time` ("18:00").
    """

    told: Message
    tomorrow: Message


@dataclass(frozen=True, slots=True)
class Decline(Effect):
    """No more invitations or reminders to the consultation of this conversation."""

    done: Message


@dataclass(frozen=True, slots=True)
class Mute(Effect):
    """No more messages that this council begins, or (`on` is False) such messages again."""

    on: bool
    done: Message


@dataclass(frozen=True, slots=True)
class StopMessages(Effect):
    """No more messages that any council begins; what was interrupted is left, not gone on with."""


@dataclass(frozen=True, slots=True)
class AllowMessages(Effect):
    """Councils may write again."""


@dataclass(frozen=True, slots=True)
class KeepAnswers(Effect):
    """Whether the answer to one's own open message may still come, although messages are stopped."""

    on: bool


@dataclass(frozen=True, slots=True)
class SayInstead(Effect):
    """What was taken for something else was an answer: the question that it was written at gets it."""

    text: str


@dataclass(frozen=True, slots=True)
class Obey(Effect):
    """What was written was meant as a word that works (its name), at the question before."""

    command: str


@dataclass(frozen=True, slots=True)
class SetNotices(Effect):
    """How many invitations a week at most, and in which part of the day.

    `per_week` None leaves it to the council's rule; 0 means no invitations, only answers and results
    of what one took part in. `part_of_day` is "any", "morning", "afternoon" or "evening".
    """

    per_week: int | None
    part_of_day: str


@dataclass(frozen=True, slots=True)
class FollowThemes(Effect):
    """Only invitations about these themes of the council (their ids); none means all."""

    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowTopics(Effect):
    """Be told of these topics of the council when something new is said of them; or (`on` is False) no longer.

    A topic is a consultation's code, or what its kind calls a group of them ("theme:water").
    """

    topics: tuple[str, ...]
    on: bool
    done: Message


@dataclass(frozen=True, slots=True)
class JoinBody(Effect):
    """Become a member of a list that the council keeps (a consultative body)."""

    payload: str
    done: Message
    expired: Message


@dataclass(frozen=True, slots=True)
class SendSummary(Effect):
    """Send a consultation's totals as a file to this chat, if it is a member of staff's own."""

    code: str
    format: str
    told: Message
    refused: Message
