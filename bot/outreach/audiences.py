"""Who a broadcast reaches: an `Audience` as the queries take it, and how many that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from msgspec.structs import replace

from bot.core.councils import Register, phase_at, phase_of
from bot.core.localtime import moment, now_ms
from flows.dialog.outreach import Audience
from flows.morocco import places
from storage.database import Transaction, batch
from storage.rows import StoredConsultation
from storage.rows.broadcasts import AudienceCount
from storage.rows.consultations import ConsultationByCode
from storage.rows.lists import ListsOf

#: WhatsApp's free-form window after a person's last message, ms.
WINDOW_MS = 24 * 3600 * 1000

#: What asks a question of the citizen, and goes only to who has not answered it.
ASKING = frozenset({"invitation", "reminder", "last"})
#: What goes to who took part.
TELLING = frozenset({"result", "decision", "change"})

#: What goes to who asked to be told of a topic.
NEWS = "news"

#: What counts towards a citizen's cap a week.
CAPPED = ASKING | {NEWS}


class WrongAudience(Exception):
    """An audience that names what the council does not have; the message says what."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people an audience is.

    `channels` and `languages` count them; `outside` are those on WhatsApp whose 24-hour window is
    closed: each costs a template.
    """

    people: int
    channels: Mapping[str, int]
    languages: Mapping[str, int]
    outside: int

    def cost(self, price: float) -> float:
        """What the templates cost, at `price` a message."""
        return self.outside * price


async def values_of(
    tx: Transaction,
    register: Register,
    council_id: int,
    what: str,
    audience: Audience,
    consultation: StoredConsultation | None,
    theme: str = "",
) -> dict[str, Any]:
    """The parameters of the audience's queries. Raises WrongAudience."""
    own = consultation.id if consultation is not None else 0
    answered = await _code(tx, council_id, audience.answered)
    not_answered = await _code(tx, council_id, audience.not_answered)
    follows = await _code(tx, council_id, audience.follows)
    answered = answered or follows
    if what in TELLING and not answered:
        answered = own
    await _check_lists(tx, council_id, audience.lists)
    if what in ASKING and consultation is not None:
        audience = _who_may_answer(audience, consultation)
    first = audience.joined_on
    return {
        "council_id": council_id,
        "channels": _among(_ways(register, audience)),
        "places": _among(_places(register, council_id, what, audience)),
        "languages": _among(audience.languages),
        "age_bands": _among(audience.age_bands),
        "genders": _among(audience.genders),
        "profile_use": int(bool(audience.age_bands or audience.genders or audience.disability)),
        "disability": int(audience.disability),
        "themes": _among(audience.themes),
        "theme": theme if what in ASKING else "",
        "answered": answered,
        "with_voices": int(what in TELLING or bool(follows)),
        "not_answered": not_answered,
        "asked": own if what in ASKING else 0,
        "phase": phase_of(consultation, now_ms()) if consultation is not None else "",
        "invited_to": own if what in ("reminder", "last") else 0,
        "lists": _among(audience.lists),
        "topics": _among(audience.topics),
        "joined_from": moment(datetime.combine(first, time())) if first else 0,
        "joined_to": moment(datetime.combine(first + timedelta(days=1), time())) if first else 0,
    }


def _who_may_answer(audience: Audience, row: StoredConsultation) -> Audience:
    """The part of an audience that may answer now: a phase may be for who is on a list only."""
    phase = phase_at(row, now_ms())
    if phase is None or not phase.lists:
        return audience
    both = tuple(code for code in audience.lists or phase.lists if code in phase.lists)
    # No list is called "-": then nobody is both asked and allowed.
    return replace(audience, lists=both or ("-",))


def _ways(register: Register, audience: Audience) -> Sequence[str]:
    """The channels asked for, as far as they are connected; one that does not exist if none is."""
    return [way for way in register.ways if way in (audience.channels or register.ways)] or ["-"]


def _among(values: Sequence[str]) -> str:
    return batch([{"x": value} for value in values])


def _places(register: Register, council_id: int, what: str, audience: Audience) -> list[str]:
    """Every census code that counts: the places asked for, and all that is below them."""
    named = audience.lists or audience.topics or what in TELLING
    if named and not audience.places:
        # Something else says who; those people may live anywhere.
        return []
    codes: dict[str, None] = {}
    for code in audience.places or (register.council(council_id).place,):
        codes[code] = None
        for child in places.children(code):
            codes[child.code] = None
        for commune in places.communes_of(code):
            codes[commune.code] = None
    return list(codes)


async def _code(tx: Transaction, council_id: int, code: str) -> int:
    if not code:
        return 0
    row = await tx.row(ConsultationByCode, code=code.upper())
    if row is None or row.council_id != council_id:
        raise WrongAudience(f"the council has no consultation {code!r}")
    found: int = row.id
    return found


async def _check_lists(tx: Transaction, council_id: int, codes: Sequence[str]) -> None:
    known = {row.code for row in await tx.rows(ListsOf, council_id=council_id)}
    for code in codes:
        if code not in known:
            there = ", ".join(sorted(known)) or "none yet"
            raise WrongAudience(f"the council has no list {code!r}; there are: {there}")


async def reach_of(tx: Transaction, values: Mapping[str, Any], at: int) -> Reach:
    """How many people that is now."""
    rows = await tx.rows(AudienceCount, after=0, window_from=at - WINDOW_MS, **values)
    channels: dict[str, int] = {}
    languages: dict[str, int] = {}
    outside = 0
    for row in rows:
        channels[row.channel] = channels.get(row.channel, 0) + row.n
        languages[row.language] = languages.get(row.language, 0) + row.n
        if row.channel == "whatsapp":
            outside += row.n - (row.fresh or 0)
    return Reach(sum(channels.values()), channels, languages, outside)
