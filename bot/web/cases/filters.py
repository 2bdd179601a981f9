"""What the pages about needs share: the filters, how long there is to answer, a place in a line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec

from bot.cases import handling
from bot.cases.handling import CaseRow, states, told_in
from bot.core.localtime import local_day, now_ms
from bot.outreach.answers import DOCUMENT, detail_of
from bot.staff.accounts import Member
from bot.web.frame.forms import number_in
from bot.web.frame.roles import may
from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.kinds.kind import DANGER
from flows.morocco import information_law, workdays
from flows.understanding import moderation, scripts
from flows.understanding.moderation import HIDDEN
from flows.wording import render
from flows.wording.text import Text, Translated, msg
from storage.rows.cases import CaseByReference, CasesPage, EntriesOf
from storage.rows.today import WaitingLongest

#: What may be a part of a reference.
REFERENCE = re.compile(r"[A-Z0-9-]{3,20}")

#: Digits that may be a part of somebody's number.
LONG_DIGITS = re.compile(r"\d[\d .-]{2,}\d")

#: Stands in no text.
NOTHING = "\x01"

#: The greatest age in days, and number of voices, that make sense in a filter.
OLDEST = 36_500
MOST_SAID = 1_000_000

SORTS = ("oldest", "newest", "said", "due")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shows: the filters as they stand in the address."""

    state: str = "open"
    theme: str = ""
    place: str = ""
    nature: str = ""
    assignee: str = ""
    search: str = ""
    age: int = 0
    said: int = 0
    overdue: bool = False
    unread: bool = False
    sort: str = "oldest"

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """From an address; what makes no sense there is left out."""
        state = asked.get("state", "open")
        sort = asked.get("sort", "oldest")
        return cls(
            state if state in (*states(), "open", "all") else "open",
            asked.get("theme", "")[:60],
            asked.get("place", "").strip()[:80],
            asked.get("nature", "") if asked.get("nature") in handling.NATURES else "",
            asked.get("assignee", "")[:20],
            asked.get("search", "").strip()[:80],
            number_in(asked.get("age", ""), OLDEST),
            number_in(asked.get("said", ""), MOST_SAID),
            bool(asked.get("overdue")),
            bool(asked.get("unread")),
            sort if sort in SORTS else "oldest",
        )

    def values(self, member: Member) -> dict[str, Any]:
        """The parameters of the query."""
        assignee = {"": 0, "me": member.id, "none": -1}.get(self.assignee)
        at = now_ms()
        search = scripts.digits(self.search).upper()
        # Who reads without numbers must not find out by searching whose they are.
        secret = not may(member, "moderate") and LONG_DIGITS.search(search) is not None
        return {
            "council_id": member.council_id,
            "state": self.state,
            "theme": self.theme,
            "commune": _folded(self.place),
            "nature": self.nature,
            "assignee": assignee if assignee is not None else number_in(self.assignee),
            "sought": NOTHING if secret else _folded(self.search),
            # Nor is what was hidden found by its words.
            "unseen": int(not may(member, "moderate")),
            "reference": search if REFERENCE.fullmatch(search) else "",
            "before": at - self.age * 86_400_000 if self.age else 0,
            "said": self.said,
            "overdue": int(self.overdue),
            "unread": int(self.unread),
            "today": local_day(at).isoformat(),
        }

    def address(self, **changed: object) -> str:
        """The query part of an address with these filters."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        fields.update(changed)
        return urlencode({k: v for k, v in fields.items() if v not in ("", 0, False)})


def _folded(text: str) -> str:
    """Words as the desk keeps them. Of what leaves nothing (signs alone) nothing is found."""
    return handling.sought_in(text) or (NOTHING if text else "")


@dataclass(frozen=True, slots=True)
class DueIn:
    """The last day on which an answer is in time; `left` counts days, less than 0 once it is over.

    `working` says that they are working days.
    """

    day: date
    left: int
    working: bool


def due_of(
    row: CaseByReference | CasesPage | WaitingLongest, closed: tuple[date, ...]
) -> DueIn | None:
    """How long there is to answer; None where nothing is due (any more)."""
    if row.due_day is None or row.answered_at is not None:
        return None
    if not row.waiting:
        return None
    day = date.fromisoformat(row.due_day)
    today = local_day(now_ms())
    if row.nature == "information" and not row.urgent:
        return DueIn(day, workdays.left(today, day, closed), True)
    return DueIn(day, (day - today).days, False)


def shown_of(row: CaseRow, member: Member) -> str:
    """What of the author's words a member of staff sees: nothing of what is hidden, and no numbers
    or addresses where their role is to read without knowing who wrote.
    """
    if row.hidden is not None:
        return HIDDEN
    words = told_in(row).words
    return words if may(member, "moderate") else moderation.masked(words)


def place_of(row: CaseRow, member: Member, language: str) -> str:
    """A place in a line, as far as a member of staff may see it: the author's words for it as `shown_of`
    shows what they wrote, and nothing of them where the words are hidden.
    """
    told = told_in(row)
    parts = [render(place_name(told.commune), language)] if told.commune else []
    words = told.spot.text if told.spot is not None else ""
    if words and may(member, "moderate"):
        parts.append(words)
    elif words and row.hidden is None:
        parts.append(moderation.masked(words))
    return " · ".join(parts)


def pin_of(row: CaseRow, member: Member) -> str:
    """Where a pin stands: latitude and longitude, "" without one or where it is not to be seen."""
    spot = told_in(row).spot
    unseen = row.hidden is not None and not may(member, "moderate")
    if spot is None or spot.latitude is None or unseen:
        return ""
    return f"{spot.latitude:.5f}, {spot.longitude:.5f}"


def topics_of(council: Council) -> dict[str, Text]:
    """What cases of a council may be about, by id: its themes, and danger."""
    topics: dict[str, Text] = {theme.id: Translated(theme.text) for theme in council.themes}
    topics.setdefault(DANGER, msg("danger.topic"))
    return topics


def law_of(row: CaseByReference, closed: tuple[date, ...], language: str) -> str:
    """The rule of law behind the day, with its source."""
    if row.nature != "information":
        return ""
    due = information_law.due(
        local_day(row.created_at),
        urgent=bool(row.urgent),
        extended=bool(row.extended),
        closed=closed,
    )
    return due.rule.cite(language)


#: Entries that hold words of the need itself: what was added to it, what its voice notes say.
OF_THE_NEED = frozenset({"added", "transcript"})


def entry_of(entry: EntriesOf, member: Member, *, hidden: bool) -> dict[str, Any]:
    """One line of the thread. Where the need's words are `hidden`, so is what repeats them."""
    detail = detail_of(entry.detail or "")
    return {
        "what": entry.what,
        "text": _entry_text(entry, member, hidden=hidden),
        "by": entry.made_by,
        "at": entry.at,
        "before": detail.before,
        "after": detail.after,
        "phrase": detail.phrase,
        "until": detail.until,
        "same": bool(detail.same),
        "media": [i for i in msgspec.json.decode(entry.media) if i["kind"] != DOCUMENT],
        "sent": entry.sent_state,
        "why": entry.sent_error or "",
        "of": getattr(entry, "reference", ""),
    }


def _entry_text(entry: EntriesOf, member: Member, *, hidden: bool) -> str:
    text: str = entry.text
    if may(member, "moderate"):
        return text
    return HIDDEN if hidden and entry.what in OF_THE_NEED else moderation.masked(text)
