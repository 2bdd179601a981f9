"""The sheet that is signed at the door, as PDF: by group, with empty lines for who comes without having signed up."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.reports.papers import Words, paper
from flows.kinds.meeting import shown
from flows.kinds.meeting.definition import Meeting
from flows.wording.text import RIGHT_TO_LEFT

#: The languages of the headings: who signs reads one or the other.
BOTH = ("ar", "fr")

COLUMNS = ("code", "name", "body", "signature")


def sheet(
    council: Mapping[str, str],
    meeting: Meeting,
    codes: Sequence[str],
    groups: Mapping[int, Sequence[str]],
    empty: int,
    language: str,
) -> bytes:
    """A line for each number, under its group where there are some, then `empty` ones."""
    words = Words(language)
    order = BOTH if language in RIGHT_TO_LEFT else tuple(reversed(BOTH))
    parts: list[dict[str, Any]] = [
        {"title": words.message("meeting_desk.group_number", number=number), "rows": list(there)}
        for number, there in groups.items()
    ]
    placed = {code for there in groups.values() for code in there}
    rest = [code for code in codes if code not in placed]
    if rest:
        parts.append({"title": None, "rows": rest})
    parts.append({"title": words.message("meeting_desk.without"), "rows": ["–"] * empty})
    document = {
        **words.head("meeting_desk.sheet", council, meeting.code),
        "lines": [],
        "about": words.written(shown.when_and_where(meeting)),
        "columns": [[Words(one).message(f"meeting_desk.{id}") for one in order] for id in COLUMNS],
        "parts": parts,
    }
    return paper("attendance.typ", document)
