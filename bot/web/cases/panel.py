"""What Today shows of cases: those that wait longest, and how many want something."""

from collections.abc import Mapping
from typing import Any

from bot.cases import reading
from bot.core.localtime import local_day, now_ms
from bot.staff.accounts import Member
from bot.web.cases.filters import due_of, place_of, shown_of, topics_of
from flows.dialog.facts import Council
from flows.wording.text import Verbatim
from storage.database import Transaction
from storage.rows.today import WaitingLongest

#: Needs shown as waiting longest.
LONGEST = 5


async def cases_today(
    tx: Transaction, council: Council, member: Member, language: str
) -> Mapping[str, Any]:
    """The panel for a member of the council's staff."""
    today = local_day(now_ms()).isoformat()
    waiting = await reading.waiting_longest(tx, member.council_id, LONGEST)
    standing = await reading.standing(tx, member.council_id, today)
    return {
        "waiting": [_waiting(row, council, member, language) for row in waiting],
        "unanswered": standing.by_state.get("received", 0),
        "overdue": standing.overdue,
        "unread": standing.unread,
    }


def _waiting(
    row: WaitingLongest, council: Council, member: Member, language: str
) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "text": shown_of(row, member),
        "place": place_of(row, member, language),
        "theme": topics_of(council).get(row.theme, Verbatim(row.theme)),
        "days": (local_day(now_ms()) - local_day(row.created_at)).days,
        "due": due_of(row, council.closed_days),
    }
