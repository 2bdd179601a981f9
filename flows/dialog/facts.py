"""What a conversation is told when it starts, frozen for as long as it lasts.

`Shared` is the same for everyone who starts the same conversation on the same day, so it is
stored once under its hash; `Own` is about one citizen.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from flows.dialog.dialog import Media
from flows.dialog.hints import shown as hint
from flows.dialog.outreach import Sending
from flows.morocco.emergency import NUMBERS, EmergencyNumber
from flows.morocco.quarters import Quarter
from flows.wording.text import DARIJA_IN_LATIN, Translated

#: A text in some of `flows.wording.text.LANGUAGES`, as it stands in a TOML file.
Texts = dict[str, str]


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One theme of a council's needs ("water"), with the emoji that who does not read goes by.

    `also` are other words for it, in any language, that citizens type.
    """

    id: str
    text: Texts
    emoji: str = ""
    also: Annotated[tuple[str, ...], hint(part="more", opened="free")] = ()


class NetworkLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What may come from one network (IPv4 /24, IPv6 /56) over the open page; `flows.statistics.limits` reads it.

    Thousands may stand behind one address of an operator: new people, messages and files are only slowed, a
    minute at most, and what is contributed is looked at only where it is most of what comes.
    """

    people: str = "600 + 6000/h"
    messages: str = "6000 + 36000/h"
    uploads: str = "600 + 3000/h"
    contributions: str = "120 + 60/h"
    signatures: str = "120 + 60/h"


class ChatLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What may come from one chat; `signers` are the cards for which it may sign one petition."""

    messages: str = "120 + 3600/h"
    uploads: str = "40 + 240/h"
    contributions: str = "20 + 6/h"
    signers: int = 6


class ManyLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What may come to one consultation, over the open page; signatures, from anywhere."""

    contributions: str = "10000 + 5000/h"
    signatures: str = "3000 + 3000/h"


class CouncilLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The same to one council, all its consultations together; and how many people who never wrote before."""

    people: str = "3000 + 20000/h"
    contributions: str = "20000 + 10000/h"
    signatures: str = "6000 + 6000/h"


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How much may come before it is slowed, or set aside for a person to look at. Nobody is refused.

    Those of networks, consultations and councils are so many times wider (`invited`) while people were
    invited within the last three days.
    """

    network: NetworkLimits = NetworkLimits()
    chat: ChatLimits = ChatLimits()
    consultation: ManyLimits = ManyLimits()
    council: CouncilLimits = CouncilLimits()
    invited: int = 50


class Council(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A council as its file describes it.

    `place` is the census code of its commune, province or region; `prefix` begins its references;
    `answer_days` is by when a need is answered, as citizens are told; 0 where the council tells nothing.
    `second_person_from` is how many people a message may reach before a second member of staff has
    to agree (None: never). `closed_days` are days, besides weekends and public holidays, on which
    the council does not work. `embed_on` are the web origins that may show its public page in a
    frame ("https://www.example.ma").
    """

    code: str
    prefix: str
    place: str
    name: Texts
    themes: tuple[Theme, ...]
    language: str = "ar"
    #: The days that decree 2-17-265 gives administrations for a complaint.
    answer_days: int | None = 60
    #: Who answers for the data, shown with the consent: name and way to reach them.
    contact: Texts = {}
    example: bool = False
    sending: Sending = Sending()
    second_person_from: int | None = 500
    #: The roles on the staff that sign in with a second factor; none: whoever wants one has one.
    second_factor: tuple[str, ...] = ("admin", "data")
    closed_days: tuple[date, ...] = ()
    embed_on: tuple[str, ...] = ()
    #: Whom to call in danger; `flows.morocco.emergency.NUMBERS` unless the council names its own.
    emergency: tuple[EmergencyNumber, ...] = NUMBERS
    #: Names of members of staff whose chats are told of danger; none: all who may answer citizens.
    told_of_danger: tuple[str, ...] = ()
    #: Quarters and douars, as the council calls them: what citizens write of a place is known by these.
    quarters: tuple[Quarter, ...] = ()
    #: When the council's office is open, and how it is reached, as citizens are told who ask.
    hours: Texts = {}
    telephone: str = ""
    address: Texts = {}
    #: Whether who wants to speak to a person may leave a message for one.
    person: bool = True
    limits: Limits = Limits()

    @property
    def called(self) -> Translated:
        """Its name; who reads Darija in Latin letters reads the French one."""
        return Translated({**self.name, DARIJA_IN_LATIN: self.name.get("fr", "")})


class Consultation(msgspec.Struct, frozen=True):
    """A consultation as it was when the conversation started; `definition` is the kind's own."""

    id: int
    code: str
    kind: str
    definition: Mapping[str, Any]
    #: The last moment in local words ("2026-12-15 00:00"), None if it has no end.
    closes: str | None = None
    #: The phase that is on (its name), "" for what opens once.
    phase: str = ""


class Shared(msgspec.Struct, frozen=True):
    """Facts that are the same for everyone who starts this conversation today."""

    today: date
    council: Council
    consultation: Consultation | None = None


class Previous(msgspec.Struct, frozen=True):
    """What this person has answered here before."""

    reference: str
    body: Mapping[str, Any]


class Own(msgspec.Struct, frozen=True, omit_defaults=True):
    """Facts about one citizen and why this conversation began."""

    #: What to begin when this conversation (a welcome) is over: a consultation's code.
    goal: str | None = None
    goal_title: Texts = {}
    goal_minutes: int = 0
    #: The language that the first message seems to be in.
    proposed: str = "ar"
    commune: str | None = None
    previous: Previous | None = None
    #: The reference of a response that was asked about.
    reference: str | None = None
    #: The payload of a link that was opened, or the digest of a code that joins this chat to another.
    link: str = ""
    #: Whether to ask for the commune first: the bot speaks for several councils.
    ask_commune: bool = False
    #: Whether this person has agreed to answer (the purpose "consultation").
    agreed: bool = False
    #: Why an invitation comes: the first time, as a reminder, or as the last one there will be.
    reminder: Literal["", "reminder", "last"] = ""
    #: Whether an invitation was already sent again because its reader said "later".
    postponed: bool = False
    #: What was written and may be an answer, or a word that works, or a wish to get no more messages.
    doubted: str = ""
    #: The danger that was told of (`flows.understanding.danger`), "" for none.
    danger: str = ""
    #: What was told already, before the consultation that takes it has begun, what came with it, and
    #: where (latitude, longitude; degrees).
    words: str = ""
    media: tuple[Media, ...] = ()
    pin: tuple[float, float] | None = None
    pin_name: str = ""
    #: Whether it was told while another need was looked at for the last time.
    besides: bool = False
    #: Whether that was told of the citizen's own accord, and not asked for.
    unasked: bool = False
    #: Whether the language of the first message is certain, so that it need not be asked for.
    sure: bool = False
    #: The word that works which that may be, by its name.
    command: str = ""
    #: Whether messages are held only until that is settled.
    held: bool = False
    #: Whether the bot speaks for one council, so that no other is spoken of.
    alone: bool = False
    #: Whether what was written names one council.
    one_council: bool = False
    #: Whether this person has stopped all messages.
    stopped: bool = False
    #: Until when a chat that was joined to another signs nothing: local day and time, "" if it may.
    held_until: str = ""
    #: What staff say about the need `reference`: "text", "phrase", "status", "excerpt"; or the channel of
    #: the chat that shows a code.
    told: Mapping[str, str] = {}

    @property
    def tells(self) -> bool:
        """Whether something was told already: words, files, a place on the map."""
        return bool(self.words or self.media or self.pin is not None)


class Facts(msgspec.Struct, frozen=True):
    """Everything a flow may know."""

    shared: Shared
    own: Own

    @property
    def council(self) -> Council:
        """The council that speaks."""
        return self.shared.council

    @property
    def today(self) -> date:
        """The day on which the conversation started, in the council's local time."""
        return self.shared.today

    @property
    def consultation(self) -> Consultation:
        """The consultation this conversation is about. Only for a kind's conversations."""
        if self.shared.consultation is None:
            raise LookupError("this conversation is not about a consultation")
        return self.shared.consultation

    @property
    def council_name(self) -> Translated:
        """The council's name."""
        return self.council.called
