"""Whom staff chats are told of danger: at once; of a crowd on the open page, once in a while and with a count.

    from an account or a number     each
    from the open page              the first three of a sort within ten minutes, each
                                    then the tenth, thirtieth, hundredth ..., with how many there are
                                    and one at least in ten minutes

Every one of them is on the desk at once, before all else.
"""

from typing import Final

from bot.conversation.context import Alert, Context
from bot.staff.accounts import ANSWERING
from flows.dialog.facts import Council
from flows.wording import render
from flows.wording.text import Code, Text, msg
from storage.database import batch
from storage.rows.cases import DangersTold, Rest
from storage.rows.staff import ChatsToldOfDanger

#: What counts together; ms.
TOGETHER_MS: Final = 10 * 60 * 1000

#: So many are told of one by one.
ONE_BY_ONE: Final = 3

#: And then at these.
TOLD_AT: Final = frozenset({10, 30, 100, 300, 1000, 3000, 10_000})


async def tell_staff(
    context: Context,
    council_id: int,
    council: Council,
    reference: str,
    danger: str,
    *,
    open_page: bool,
) -> None:
    """Tell the chats that the council names, else of all who may answer: reference, sort and how many."""
    text: Text = msg("danger.alert", reference=Code(reference), danger=msg(f"danger.{danger}"))
    if open_page:
        number = await _together(context, council_id, danger)
        if number is None:
            return
        if number > ONE_BY_ONE:
            text = msg(
                "danger.alert_many",
                n=number,
                reference=Code(reference),
                danger=msg(f"danger.{danger}"),
            )
    named = [{"x": name} for name in council.told_of_danger]
    roles = [{"x": role} for role in sorted(ANSWERING)]
    chats = await context.tx.rows(
        ChatsToldOfDanger, council_id=council_id, roles=batch(roles), names=batch(named)
    )
    for chat in chats:
        language = chat.language or council.language
        context.alerts.append(Alert(chat, render(text, language), language))


async def _together(context: Context, council_id: int, danger: str) -> int | None:
    """How many told of this on the open page lately; None if it is not told again yet."""
    at = context.at
    (told,) = await context.tx.rows(
        DangersTold, council_id=council_id, danger=danger, since=at - TOGETHER_MS
    )
    due = await context.tx.row(
        Rest, name=f"danger:{council_id}:{danger}", at=at, until=at + TOGETHER_MS
    )
    if due is None and told.n > ONE_BY_ONE and told.n not in TOLD_AT:
        return None
    return told.n
