"""What a provider says later about messages that it took: sent on, delivered, read, or failed after all.

An error that comes later means what it would have meant as an answer: slow down and send again,
send in a plainer form, send the template, nobody is reached there any more, or never.
"""

from collections.abc import Sequence

import msgspec

from bot.channels.port import (
    Halted,
    Later,
    OutsideWindow,
    SendError,
    Status,
    Transient,
    Unfit,
    Unreachable,
)
from bot.core.localtime import now_ms
from bot.outbox import retries
from bot.outbox.outgoing import Form
from bot.outbox.pauses import HALT
from storage.database import Transaction, batch
from storage.rows.outbox import MessageReported

RANK = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "read": 4, "failed": 5}


async def write(
    tx: Transaction, statuses: Sequence[Status], owner: int | None
) -> list[tuple[Status, MessageReported]]:
    """Write down what was reported. Returns the messages that go once more, as they go now.

    `owner` sends those then, whoever sent them before.
    """
    again = []
    for status in statuses:
        row = await _once_more(tx, status, owner) if status.problem is not None else None
        if row is not None:
            again.append((status, row))
            continue
        await _move(tx, status)
    return again


async def _move(tx: Transaction, status: Status) -> None:
    values = {
        "provider_id": status.provider_id,
        "state": status.state,
        "rank": RANK[status.state],
        "error": status.error,
    }
    if status.id is not None:
        await tx.run("report_by_id", id=status.id, **values)
    else:
        await tx.run("report_by_provider_id", channel=status.channel, **values)
    if isinstance(status.problem, Unreachable):
        await tx.run(
            "close_address_of",
            channel=status.channel,
            id=status.id or 0,
            provider_id=status.provider_id,
            state=status.problem.gone,
        )


async def _once_more(tx: Transaction, status: Status, owner: int | None) -> MessageReported | None:
    """The message, if it is known, on its way still, and the error says that it may go again."""
    row = await tx.row(
        MessageReported,
        channel=status.channel,
        id=status.id or 0,
        provider_id=status.provider_id,
    )
    if row is None:
        return None
    wait = _wait(row, status.problem)
    if wait is None or retries.too_old(row.created_at, now_ms()):
        if not row.pushed and not isinstance(status.problem, Unreachable):
            missed = {"channel": row.channel, "account": row.account, "address": row.address}
            await tx.run("count_missed", rows=batch([{**missed, "n": 1}]))
        return None
    changed = {
        "form": _form(status.problem, row.form),
        "not_before": now_ms() + int(wait * 1000),
        "error": status.error,
    }
    await tx.run("send_again", id=row.id, owner=owner, **changed)
    return msgspec.structs.replace(row, **changed)


def _form(problem: SendError | None, form: int) -> int:
    """The next form after a refusal of this one; the same if it was not about the form."""
    if isinstance(problem, OutsideWindow):
        return Form.TEMPLATE
    return Form.PLAIN if isinstance(problem, Unfit) else form


def _wait(row: MessageReported, problem: SendError | None) -> float | None:
    """Seconds until the message may go again; None if it does not."""
    if isinstance(problem, Later):
        return problem.seconds
    if isinstance(problem, Halted):
        return HALT
    if isinstance(problem, Transient):
        return retries.pause_after(max(row.tries, 1))
    # Without a template, the channel refuses the next try with the reason.
    refused = isinstance(problem, Unfit | OutsideWindow)
    return 0 if refused and _form(problem, row.form) > row.form else None
