"""One storage suite, run over SQLite and PostgreSQL."""

import asyncio
import re
import sqlite3
from pathlib import Path

import asyncpg
import pytest

from storage.database import Storage, StorageError, batch
from storage.ids import new_id
from storage.opening import open_storage
from storage.queries import load_queries, migrations
from storage.sqlite import SqliteStorage

AT = 1_790_000_000_000


async def add_person(storage: Storage, id: int = 1) -> None:
    async with storage.transaction() as tx:
        await tx.run(
            "save_people",
            rows=batch(
                [{"id": id, "language": "fr", "abroad": 0, "keeps_answers": 0, "created_at": AT}]
            ),
        )


async def add_consultation(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await tx.run("save_council", id=1, code="c", body="{}", at=AT)
        await tx.run(
            "add_consultation", id=7, council_id=1, code="C-1", kind="poll", state="open",
            definition="{}", opens_at=None, closes_at=AT + 10, opens_local=None, closes_local=None,
            at=AT,
        )  # fmt: skip


async def add_response(storage: Storage, id: int, reference: str, person_id: int = 1) -> None:
    async with storage.transaction() as tx:
        await tx.run(
            "add_response", id=id, consultation_id=7, person_id=person_id, reference=reference,
            body="{}", state="received", channel="web", language="fr", commune=None, age_band=None,
            gender=None, disability=None, assurance="A0", phase="", at=AT,
        )  # fmt: skip


def arrival(id: int, external_id: str) -> dict[str, object]:
    return {
        "id": id, "channel": "telegram", "account": "bot", "external_id": external_id,
        "payload": '{"text":"«ماء»"}', "at": AT,
    }  # fmt: skip


async def test_the_index_decides_what_is_a_duplicate(storage: Storage) -> None:
    async with storage.transaction() as tx:
        first = await tx.rows("take_arrivals", rows=batch([arrival(1, "a"), arrival(2, "b")]))
        again = await tx.rows("take_arrivals", rows=batch([arrival(3, "b"), arrival(4, "c")]))
    assert {row["id"] for row in first} == {1, 2}
    assert {row["id"] for row in again} == {4}


async def test_one_message_twice_in_one_batch_is_taken_once(storage: Storage) -> None:
    async with storage.transaction() as tx:
        taken = await tx.rows("take_arrivals", rows=batch([arrival(1, "a"), arrival(2, "a")]))
    assert len(taken) == 1


async def test_a_transaction_that_fails_leaves_nothing(storage: Storage) -> None:
    async def fail() -> None:
        async with storage.transaction() as tx:
            await tx.rows("take_arrivals", rows=batch([arrival(1, "a")]))
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        await fail()
    async with storage.transaction() as tx:
        assert await tx.rows("take_arrivals", rows=batch([arrival(2, "a")]))


async def test_people_are_found_by_address_with_what_they_are_in_the_middle_of(
    storage: Storage,
) -> None:
    await add_person(storage)
    conversation = {
        "id": 5, "person_id": 1, "flow": "poll", "consultation_id": None, "facts": "h",
        "own": "{}", "answers": '{"q":"a"}', "awaited": "r", "state": "open", "tries": 0,
        "opened_at": AT, "touched_at": AT,
    }  # fmt: skip
    async with storage.transaction() as tx:
        await tx.run("save_facts", hash="h", body="{}")
        address = {"id": 9, "person_id": 1, "channel": "web", "account": "w", "address": "x",
                   "state": "open", "last_in_at": AT}  # fmt: skip
        await tx.run("save_addresses", rows=batch([address]))
        await tx.run("save_conversations", rows=batch([conversation]))
        await tx.run("save_conversations", rows=batch([{**conversation, "awaited": "s"}]))
        wanted = batch([{"channel": "web", "account": "w", "address": "x"}])
        rows = await tx.rows("states_of", rows=wanted)
    assert [(r["person_id"], r["conversation_id"], r["awaited"]) for r in rows] == [(1, 5, "s")]


async def test_a_person_has_one_response_to_a_consultation_that_takes_one(storage: Storage) -> None:
    await add_person(storage)
    await add_consultation(storage)
    await add_response(storage, 11, "C-1-1")
    async with storage.transaction() as tx:
        values = {"consultation_id": 7, "person_id": 1, "response_id": 11}
        assert await tx.row("claim_single", phase="", **values) is not None
        assert await tx.row("claim_single", phase="", **values) is None


async def test_one_card_number_signs_a_petition_once(storage: Storage) -> None:
    await add_person(storage)
    await add_consultation(storage)
    async with storage.transaction() as tx:
        values = {"consultation_id": 7, "person_id": 1, "cin_digest": "d", "sealed": "s",
                  "mark": "m", "commune": None, "at": AT, "assurance": "A2"}  # fmt: skip
        assert await tx.row("add_signature", id=1, **values) is not None
        assert await tx.row("add_signature", id=2, **values) is None


async def test_references_are_counted_without_gaps_by_writers_at_once(storage: Storage) -> None:
    async def count() -> int:
        async with storage.transaction() as tx:
            row = await tx.row("next_number", name="OZT-2026")
            assert row is not None
            return int(row["value"])

    numbers = await asyncio.gather(*(count() for _ in range(20)))
    assert sorted(numbers) == list(range(1, 21))


async def test_reports_of_a_provider_only_move_a_message_up(storage: Storage) -> None:
    message = {"id": 3, "channel": "whatsapp", "account": "a", "address": "x", "reason": "reply",
               "intent": "{}", "state": "sending", "created_at": AT}  # fmt: skip
    async with storage.transaction() as tx:
        await tx.run("queue_messages", rows=batch([message]))
        for state, rank in (("delivered", 3), ("sent", 2), ("read", 4), ("delivered", 3)):
            await tx.run(
                "report_by_id", id=3, provider_id="SM1", state=state, rank=rank, error=None
            )
        rows = await tx.rows("unfinished_messages", owner=None)
    assert rows == []
    async with storage.transaction() as tx:
        await tx.run(
            "report_by_provider_id", channel="whatsapp", provider_id="SM1", state="sent", rank=2,
            error=None,
        )  # fmt: skip
        shown = await tx.rows("message_states", channel="whatsapp")
    assert [(row["state"], row["n"]) for row in shown] == [("read", 1)]


async def test_a_one_time_link_is_good_once_and_not_for_long(storage: Storage) -> None:
    await add_consultation(storage)
    async with storage.transaction() as tx:
        await tx.run("add_staff", id=1, council_id=1, name="Amina", role="admin", at=AT)
        await tx.run("add_sign_in", digest="d", staff_id=1, expires_at=AT + 5)
        await tx.run("add_sign_in", digest="late", staff_id=1, expires_at=AT - 1)
        assert await tx.row("use_sign_in", digest="d", at=AT) is not None
        assert await tx.row("use_sign_in", digest="d", at=AT) is None
        assert await tx.row("use_sign_in", digest="late", at=AT) is None


async def test_closing_belongs_no_more_to_the_time_in_which_one_can_answer(
    storage: Storage,
) -> None:
    await add_consultation(storage)
    async with storage.reading() as tx:
        assert await tx.rows("open_consultations", at=AT + 9)
        assert await tx.rows("open_consultations", at=AT + 10) == []


async def test_every_query_can_be_prepared_on_both_databases(storage: Storage, url: str) -> None:
    queries = load_queries(storage.dialect)
    assert len(queries) > 70
    if storage.dialect == "sqlite":
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        for query in queries.values():
            names = re.findall(r"(?<!:):(\w+)", query.sql)
            connection.execute("EXPLAIN " + query.sql, dict.fromkeys(names, 1))
        connection.close()
    else:
        server = await asyncpg.connect(url)
        for query in queries.values():
            await server.prepare(query.sql)
        await server.close()


async def test_migrating_again_does_nothing(storage: Storage) -> None:
    assert await storage.migrate() == []


@pytest.mark.unmigrated
async def test_the_two_databases_have_the_same_tables_and_columns(
    tmp_path: Path, fresh_postgresql: str
) -> None:
    sqlite = await open_storage(f"sqlite:///{tmp_path}/a.sqlite")
    server = await open_storage(fresh_postgresql)
    assert await sqlite.migrate() == await server.migrate() == [name for name, _ in migrations()]
    await sqlite.close()
    await server.close()
    file = sqlite3.connect(tmp_path / "a.sqlite")
    tables = [r[0] for r in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    embedded = {
        (table, row[1]) for table in tables for row in file.execute(f"PRAGMA table_info({table})")
    }
    file.close()
    connection = await asyncpg.connect(fresh_postgresql)
    found = await connection.fetch(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public'"
    )
    await connection.close()
    assert embedded == {(row[0], row[1]) for row in found}


async def test_acknowledged_rows_are_synchronous_on_sqlite(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite:///{tmp_path}/a.sqlite")
    assert isinstance(storage, SqliteStorage)
    writer = storage._writer
    rows = [list(await writer.execute_fetchall(f"PRAGMA {name}")) for name in
            ("synchronous", "journal_mode", "foreign_keys", "secure_delete")]  # fmt: skip
    await storage.close()
    assert [row[0][0] for row in rows] == [2, "wal", 1, 1]


async def test_an_address_of_no_database_of_ours_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(StorageError, match="sqlite:///PATH or postgresql://"):
        await open_storage("mysql://somewhere")


async def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot open the SQLite database"):
        await open_storage(f"sqlite:///{tmp_path}/file/below.sqlite")


def test_ids_grow_and_never_repeat() -> None:
    ids = [new_id() for _ in range(50_000)]
    assert ids == sorted(set(ids))
    assert ids[-1] < 2**63
