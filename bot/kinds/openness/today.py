"""What Today says of programmes: steps that end within days, steps in which nobody was asked."""

from collections.abc import Mapping
from typing import Any

from bot.core.localtime import local_day, now_ms
from bot.kinds.openness import keeping
from bot.staff.accounts import Member
from bot.web.staff.today import Panel
from flows.dialog.facts import Council
from flows.kinds.openness.sequence import ending, missed
from storage.database import Transaction


async def _due(
    tx: Transaction, council: Council, member: Member, language: str
) -> Mapping[str, Any]:
    """Each programme of which somebody should think now."""
    today = local_day(now_ms())
    found = []
    for kept in await keeping.programmes_of(tx, member.council_id):
        steps = kept.programme.steps
        gone = missed(steps, await keeping.parts(tx, kept), today)
        soon = ending(steps, today)
        if gone or soon:
            found.append({"kept": kept, "missed": gone, "ending": soon})
    return {"programmes": found}


PANEL = Panel("openness_today.html", _due)
