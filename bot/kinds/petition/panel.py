"""What Today shows of petitions: those that were deposited and wait for the council's answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from bot.core.localtime import local_day, now_ms
from bot.kinds.petition import reading
from bot.kinds.petition.rows import DepositsWaiting
from bot.staff.accounts import Member
from bot.web.staff.today import Panel
from flows.dialog.facts import Council
from flows.wording.text import Translated
from storage.database import Transaction


async def petitions_today(
    tx: Transaction, council: Council, member: Member, language: str
) -> Mapping[str, Any]:
    """The panel for a member of the council's staff."""
    today = local_day(now_ms())
    waiting = await reading.awaiting_answer(tx, member.council_id)
    return {"petitions": [_line(row, today) for row in waiting]}


def _line(row: DepositsWaiting, today: date) -> dict[str, Any]:
    due = date.fromisoformat(row.due_day) if row.due_day else None
    return {
        "code": row.code,
        "title": Translated(msgspec.json.decode(row.definition)["title"]),
        "due": due,
        "left": (due - today).days if due is not None else None,
    }


PANEL = Panel("petitions_today.html", petitions_today)
