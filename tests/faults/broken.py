"""Faults put in on purpose: a check that never was red proves nothing."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence

from bot.app import App
from bot.channels.port import Arrival, Outgoing
from storage.sqlite import SqliteStorage

#: Seconds between a premature 200 and the work, a commit and its reply: a kill finds some undone.
_LATE = 0.02


def answers_before_commit(app: App) -> None:
    """The provider is told 200 first, and the message is handled afterwards."""
    receive = app.conversations.receive
    under_way: set[asyncio.Task[None]] = set()

    async def later(arrivals: Sequence[Arrival]) -> None:
        await asyncio.sleep(_LATE)
        await receive(arrivals)

    async def at_once(arrivals: Sequence[Arrival]) -> None:
        task = asyncio.create_task(later(arrivals))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    app.conversations.receive = at_once  # type: ignore[method-assign]


def forgets_what_came(app: App) -> None:
    """Nothing in the inbox says that an update was there before."""
    assert isinstance(app.storage, SqliteStorage)
    with sqlite3.connect(app.storage.path) as database:
        database.executescript(
            "CREATE TABLE loose AS SELECT * FROM inbox; DROP TABLE inbox;"
            "ALTER TABLE loose RENAME TO inbox;"
        )
    database.close()
    take = app.storage._queries["take_arrivals"]
    clause = "ON CONFLICT (channel, account, external_id) DO NOTHING"
    assert clause in take.sql
    app.storage._queries["take_arrivals"] = take._replace(sql=take.sql.replace(clause, ""))


def loses_its_place(app: App) -> None:
    """Replies go out a little late, and those that a crash left behind are not taken up again."""
    send = app.delivery.send

    async def nothing() -> int:
        return 0

    def late(channel: str, outgoing: Outgoing) -> None:
        asyncio.get_running_loop().call_later(_LATE, send, channel, outgoing)

    app.delivery.resume = nothing  # type: ignore[method-assign]
    app.delivery.send = late  # type: ignore[method-assign,assignment]


#: Name on the server's command line -> what puts the fault in.
FAULTS: Mapping[str, Callable[[App], None]] = {
    "answers-before-commit": answers_before_commit,
    "forgets-what-came": forgets_what_came,
    "loses-its-place": loses_its_place,
}
