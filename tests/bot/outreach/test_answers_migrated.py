"""A database in which answers of staff were broadcasts to one person goes on with this release."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
import time_machine

import storage.postgresql
import storage.sqlite
from bot.app.build import App
from bot.core.localtime import now_ms
from storage.ids import new_id
from storage.queries import migrations, read_queries
from storage.rows.broadcasts import BroadcastsOf
from storage.rows.cases import EntriesOf
from storage.rows.people import PapersOf
from tests.bot.cases.test_handling import case, tells
from tests.bot.cases.test_handling import clock as clock
from tests.bot.outreach.test_broadcasts import pushed
from tests.citizen import Citizen, running

pytestmark = pytest.mark.unmigrated


def before() -> list[tuple[str, str]]:
    """The migrations of the release before."""
    return [(name, text) for name, text in migrations() if name != "0004_answers"]


async def insert(url: str, table: str, **values: Any) -> None:
    """A row as the release before wrote it."""
    names = ", ".join(values)
    if url.startswith("sqlite"):
        marks = ", ".join("?" * len(values))
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as base, base:
            base.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", (*values.values(),))
        return
    marks = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    connection = await asyncpg.connect(url)
    await connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values())
    await connection.close()


QUEUED = """
-- name: queue_messages(rows)
-- As it was.
INSERT INTO outbox (id, person_id, channel, account, address, reason, intent, state, created_at)
SELECT CAST(r.value ->> 'id' AS BIGINT), CAST(r.value ->> 'person_id' AS BIGINT),
       r.value ->> 'channel', r.value ->> 'account', r.value ->> 'address', r.value ->> 'reason',
       r.value ->> 'intent', r.value ->> 'state', CAST(r.value ->> 'created_at' AS BIGINT)
FROM json_each(CAST(:rows AS TEXT)) AS r
WHERE true
RETURNING id, owner, CAST(NULL AS BIGINT) AS behind;
"""


class Before:
    """The database of the release before, with one citizen and the need that she told."""

    def __init__(self, url: str, amina: Citizen, need: dict[str, Any]) -> None:
        self.url = url
        self.amina = amina
        self.need = need

    async def wrote(
        self, what: str, text: str, state: str, row: str = "", *, entry: str = "reply", **body: str
    ) -> None:
        """Staff wrote something; `row` is the state of its message, if that was gathered."""
        id, at = new_id(), now_ms()
        note = {"note": text} if what == "status" else {"text": text}
        said = {"reference": self.need["reference"], **note, **body}
        await insert(
            self.url, "broadcasts", id=id, council_id=self.need["council_id"], what=what,
            consultation_id=self.need["consultation_id"], state=state, made_by="amal",
            audience=msgspec.json.encode({"person": self.need["person_id"]}).decode(),
            body=msgspec.json.encode(said).decode(), created_at=at, started_at=at,
            gathered_to=-1 if row else None,
        )  # fmt: skip
        if entry:
            detail = f"|{body.get('phrase', '')}"
            await insert(
                self.url, "entries", id=new_id(), response_id=self.need["id"], what=entry,
                text=text, detail=detail, made_by="amal", broadcast_id=id, at=at,
            )  # fmt: skip
        if row:
            await insert(
                self.url, "outbox", id=new_id(), person_id=self.need["person_id"],
                channel=self.amina.channel, account=self.amina.channel,
                address=self.amina.address, reason=what, intent="", state=row,
                created_at=at, broadcast_id=id,
            )  # fmt: skip


@pytest.fixture
async def old(
    tmp_path: Path,
    url: str,
    clock: Iterator[time_machine.Traveller],
    monkeypatch: pytest.MonkeyPatch,
) -> Before:
    for driver in (storage.sqlite, storage.postgresql):
        monkeypatch.setattr(driver, "migrations", before)
    async with running(tmp_path, url) as app:
        # What that release knew of a chat's other messages, was nothing.
        queries = app.storage._queries  # type: ignore[attr-defined]
        app.storage._queries = {**queries, **read_queries(app.storage.dialect, QUEUED)}  # type: ignore[attr-defined]
        amina, reference = await tells(app, "amina", "No water since Monday")
        row = await case(app, reference)
        keys = ("id", "reference", "person_id", "consultation_id", "council_id")
        need = {key: getattr(row, key) for key in keys}
    monkeypatch.undo()
    return Before(url, amina, need)


@asynccontextmanager
async def now(folder: Path, old: Before) -> AsyncIterator[App]:
    """This release on that database."""
    async with running(folder, old.url) as app:
        old.amina.app = app
        yield app


async def thread(app: App, old: Before) -> list[tuple[str, str, str | None, str | None]]:
    async with app.storage.reading() as tx:
        rows = await tx.rows(EntriesOf, response_id=old.need["id"])
    return [(r.what, r.text, r.sent_state, r.sent_error) for r in rows]


@pytest.mark.parametrize("row", ["queued", ""], ids=["gathered", "not yet gathered"])
async def test_a_reply_that_waited_arrives_once_and_is_answered(
    tmp_path: Path, old: Before, clock: time_machine.Traveller, row: str
) -> None:
    await old.wrote("reply", "Which street?", "running", row)
    clock.shift(timedelta(hours=1))
    async with now(tmp_path, old) as app:
        for _ in range(3):
            await pushed(app)
        assert (await old.amina.hears()).count("Which street?") == 1
        old.amina.at = now_ms()
        await old.amina.says("Near the mosque")
        await old.amina.taps("Send")
        assert [(what, text) for what, text, *_ in await thread(app, old)] == [
            ("reply", "Which street?"),
            ("answer", "Near the mosque"),
        ]
    async with now(tmp_path, old) as app:
        await pushed(app)
        assert await old.amina.hears() == ""


async def test_what_is_over_stays_readable_and_what_was_stopped_does_not_go(
    tmp_path: Path, old: Before, clock: time_machine.Traveller
) -> None:
    # From before there was a desk: it stood in no thread.
    await old.wrote("status", "In March", "done", "delivered", entry="", status="planned")
    await old.wrote("reply", "The pipe is mended.", "done", "read")
    await old.wrote("reply", "Never mind", "paused", "queued")
    await old.wrote("reply", "To nobody", "done")
    await old.wrote(
        "reply", "", "done", "sent", entry="receipt", phrase="receipt", document="x.pdf"
    )
    clock.shift(timedelta(hours=1))
    async with now(tmp_path, old) as app:
        await pushed(app)
        assert await old.amina.hears() == ""
        assert await thread(app, old) == [
            ("status", "In March", "delivered", None),
            ("reply", "The pipe is mended.", "read", None),
            ("reply", "Never mind", "dropped", "cancelled"),
            ("reply", "To nobody", None, None),
            ("receipt", "", "sent", None),
        ]
        async with app.storage.reading() as tx:
            (paper,) = await tx.rows(PapersOf, person_id=old.need["person_id"])
            council = old.need["council_id"]
            assert await tx.rows(BroadcastsOf, council_id=council, most=9) == []
        assert msgspec.json.decode(paper.media) == [{"kind": "document", "name": "x.pdf"}]


async def test_what_council_broadcast_is_still_there(tmp_path: Path, old: Before) -> None:
    await insert(
        old.url, "broadcasts", id=7, council_id=old.need["council_id"], what="notice",
        body='{"texts":{"en":"x"}}', audience="{}", state="done", made_by="amal", created_at=1,
    )  # fmt: skip
    async with now(tmp_path, old) as app, app.storage.reading() as tx:
        rows = await tx.rows(BroadcastsOf, council_id=old.need["council_id"], most=9)
    assert [row.id for row in rows] == [7]
