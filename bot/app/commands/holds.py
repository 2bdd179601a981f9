"""Commands about a legal hold: while one stands, nothing goes by itself that citizens said or were told."""

import argparse
from typing import Any

from bot.app.build import App
from bot.app.commands.audience import row_id
from bot.core.console import Refusal, operator, say
from bot.core.localtime import local, now_ms
from storage.ids import new_id
from storage.rows.inbox import Holds, LiftHold

#: Characters that the reason has: who reads the list years later has to know what it was about, and to find the others.
SHORTEST_REASON, LONGEST_REASON = 10, 500


def add_parsers(commands: Any) -> None:
    """The commands and their options."""
    hold = commands.add_parser("hold", help="keep what would go by itself, for a court or an audit")
    actions = hold.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="the holds that stand and stood")
    one = actions.add_parser("add", help="from now on nothing goes by itself")
    one.add_argument("--reason", required=True, help="who asked for it and why")
    one = actions.add_parser("lift", help="what is older than its time goes again")
    one.add_argument("id", type=row_id, metavar="NUMBER", help="as `hold list` shows it")


async def execute(app: App, arguments: argparse.Namespace) -> int:
    """Show, add or lift. Raises Refusal."""
    match arguments.action:
        case "add":
            await _add(app, arguments.reason.strip())
        case "lift":
            await _lift(app, arguments.id)
        case _:
            await _list(app)
    return 0


async def _add(app: App, reason: str) -> None:
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Refusal(
            f"the reason has {len(reason)} characters; say in {SHORTEST_REASON} to {LONGEST_REASON} who asked for it and why"
        )
    id = new_id()
    async with app.storage.transaction() as tx:
        await tx.run("add_hold", id=id, reason=reason, made_by=operator(), at=now_ms())
    say(
        f"Hold {id} stands. Nothing that citizens said or were told goes by itself until it is lifted."
    )
    say("Who asks for it is still erased: whether a hold may refuse that is for a lawyer to say.")


async def _lift(app: App, id: int) -> None:
    async with app.storage.transaction() as tx:
        lifted = await tx.row(LiftHold, id=id, made_by=operator(), at=now_ms())
    if lifted is None:
        raise Refusal(f"no hold {id} stands; see `tachawor hold list`")
    say(f"Hold {id} is lifted.")


async def _list(app: App) -> None:
    async with app.storage.reading() as tx:
        rows = await tx.rows(Holds)
    if not rows:
        say("There is no hold, and there was none.")
    for row in rows:
        until = (
            "stands"
            if row.lifted_at is None
            else f"lifted {local(row.lifted_at):%d/%m/%Y %H:%M} by {row.lifted_by}"
        )
        say(
            f"{row.id}  since {local(row.made_at):%d/%m/%Y %H:%M} by {row.made_by}, {until}: {row.reason}"
        )
