"""Faults put in on purpose: a check that never was red proves nothing."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import msgspec

from bot.app.build import App
from bot.channels.port import Arrival, Envelope, Transient, Uncertain
from bot.conversation import inbound
from bot.conversation.context import Context
from bot.inbox import outlasting
from bot.outreach import quiet_hours
from bot.outreach.claims import Fate
from storage.database import Unavailable
from storage.rows import StoredBroadcast, StoredConsultation
from storage.rows.broadcasts import DuePushes, RunningBroadcasts
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


def locks_nobody(app: App) -> None:
    """Two messages of one chat are handled by two processes at the same time."""

    async def nothing(*_: object) -> None:
        pass

    inbound.lock_chats = nothing  # type: ignore[assignment]


def refuses_nothing(app: App) -> None:
    """Whoever brings a message while the database is away is told 200, and nobody waits for it."""
    receive = app.conversations.receive
    outlasting.PATIENCE = 0  # type: ignore[misc]

    async def kindly(arrivals: Sequence[Arrival]) -> None:
        with contextlib.suppress(Unavailable):
            await receive(arrivals)

    app.conversations.receive = kindly  # type: ignore[method-assign]


def loses_its_place(app: App) -> None:
    """Replies go out a little late, and those that a crash left behind are not taken up again."""
    send = app.delivery.send

    async def nothing() -> int:
        return 0

    def late(channel: str, envelope: Envelope, **_: bool) -> None:
        asyncio.get_running_loop().call_later(_LATE, send, channel, envelope)

    app.delivery.resume = nothing  # type: ignore[method-assign]
    app.delivery.send = late  # type: ignore[method-assign,assignment]


def _on_menu(app: App, hang: Callable[[], None]) -> None:
    """Have the handler of one word hang."""
    look_ups = cast(dict[str, Any], app.conversations.parts.look_ups)
    look_up = look_ups["open_consultations"]

    async def hanging(context: Context, *given: Any) -> Any:
        if context.arrival.text == "menu":
            hang()
        return await look_up(context, *given)

    look_ups["open_consultations"] = hanging


def spins(app: App) -> None:
    """A handler never comes to an end, and lets nobody else have a turn."""

    def hang() -> None:
        while True:
            pass

    _on_menu(app, hang)


def spins_on(app: App) -> None:
    """The same, and it will not be interrupted."""

    def hang() -> None:
        while True:
            with contextlib.suppress(Exception):
                spins_here = 0
                while True:
                    spins_here += 1

    _on_menu(app, hang)


# ---------------------------------------------------------------------- broadcasts


def _rewrite(app: App, query: str, before: str, after: str) -> None:
    """Change the words of a query."""
    assert isinstance(app.storage, SqliteStorage)
    found = app.storage._queries[query]
    assert before in found.sql
    app.storage._queries[query] = found._replace(sql=found.sql.replace(before, after))


def _seen_as(app: App, **what: Any) -> None:
    """What decides whether a message goes is seen differently."""
    fate = app.sender._fate

    def blind(
        row: StoredBroadcast, consultation: StoredConsultation | None, one: DuePushes, at: int
    ) -> Fate:
        return fate(row, consultation, msgspec.structs.replace(one, **what), at)

    app.sender._fate = blind  # type: ignore[method-assign,assignment]


def sends_again(app: App) -> None:
    """What a process that was killed had claimed is queued once more."""
    _rewrite(app, "expire_claims", "SET state = 'uncertain'", "SET state = 'queued'")


def keeps_claims(app: App) -> None:
    """What a process that was killed had claimed stays claimed."""

    async def nothing(*, everything: bool = False) -> int:
        return 0

    app.sender.recover = nothing  # type: ignore[method-assign]


def takes_silence_for_no(app: App) -> None:
    """A message that may have gone out is tried again."""
    telegram = app.telegram
    assert telegram is not None
    send = telegram.send

    async def sure(envelope: Envelope) -> str:
        try:
            return await send(envelope)
        except Uncertain as error:
            raise Transient(str(error)) from None

    telegram.send = sure  # type: ignore[method-assign]


def forgets_pauses(app: App) -> None:
    """What a provider asked for is known to this process only."""
    _rewrite(app, "pauses", "WHERE until", "WHERE 1 = 0 AND until")


def deaf_to_stop(app: App) -> None:
    """STOP is answered and written down, and no broadcast asks about it."""

    def nothing(channel: str, address: str) -> None:
        pass

    _seen_as(app, stopped_at=None)
    app.delivery.hush = nothing  # type: ignore[method-assign]


def writes_at_night(app: App) -> None:
    """Any hour will do."""
    quiet_hours.allowed_from = lambda at, sending, part_of_day="any": at


def counts_no_week(app: App) -> None:
    """However often somebody was written to this week, once more does not matter."""
    _seen_as(app, this_week=0)


def gathers_twice(app: App) -> None:
    """Two gather the same page, and nothing says that a recipient is there before."""
    assert isinstance(app.storage, SqliteStorage)
    with sqlite3.connect(app.storage.path) as database:
        database.execute("DROP INDEX IF EXISTS outbox_once")
    database.close()
    _rewrite(app, "gather", "COALESCE(gathered_to, 0) = :from_id", ":from_id = :from_id")
    gather = app.sender._gather

    async def twice(row: RunningBroadcasts) -> None:
        await gather(row)
        await gather(row)

    app.sender._gather = twice  # type: ignore[method-assign]


def believes_the_last_word(app: App) -> None:
    """The report that comes last is right, whatever came before."""
    ranks = app.storage._queries["report_by_id"].sql.partition("WHERE id = :id")[2]  # type: ignore[attr-defined]
    _rewrite(app, "report_by_id", ranks, "")


#: Name on the server's command line -> what puts the fault in.
FAULTS: Mapping[str, Callable[[App], None]] = {
    "answers-before-commit": answers_before_commit,
    "forgets-what-came": forgets_what_came,
    "refuses-nothing": refuses_nothing,
    "locks-nobody": locks_nobody,
    "loses-its-place": loses_its_place,
    "spins": spins,
    "spins-on": spins_on,
    "sends-again": sends_again,
    "keeps-claims": keeps_claims,
    "takes-silence-for-no": takes_silence_for_no,
    "forgets-pauses": forgets_pauses,
    "deaf-to-stop": deaf_to_stop,
    "writes-at-night": writes_at_night,
    "counts-no-week": counts_no_week,
    "gathers-twice": gathers_twice,
    "believes-the-last-word": believes_the_last_word,
}
