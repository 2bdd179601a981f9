"""The audit log is held by the ledger: who has it as a file finds what was changed in it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.app.build import App
from bot.core import audit, ledger
from bot.core.localtime import now_ms
from bot.staff import audit_chain
from storage import ids
from storage.rows.staff import LedgerOf
from tests.bot.core.test_ledger import chained, verified, written
from tests.citizen import running


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    # Numbers only grow within a process: those of a test that travelled further would be of its time.
    monkeypatch.setattr(ids, "_last", 0)
    with time_machine.travel(datetime(2026, 11, 26, 12, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    """An application on each database."""
    async with running(tmp_path, url) as running_app:
        yield running_app


async def does(app: App, *actions: str) -> None:
    async with app.storage.transaction() as tx:
        for action in actions:
            await audit.note(tx, app.register.default_id, "Samira لحسن", action, "OZT-PARK", "🌳")


async def entries(app: App) -> list[dict[str, Any]]:
    async with app.storage.reading() as tx:
        rows = await tx.rows(LedgerOf, council_id=app.register.default_id)
    return [json.loads(row.entry) for row in rows]


async def saved(app: App, folder: Path) -> Path:
    path = folder / "audit.jsonl"
    path.write_bytes(
        b"".join([one async for one in audit_chain.lines(app.storage, app.register.default_id)])
    )
    return path


async def test_what_is_changed_left_out_or_put_into_the_log_is_found(
    app: App, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    """With the file of the log, the ledger and Python; what is of today stands in the ledger tomorrow."""
    await does(app, "open", "see signatures")
    clock.shift(timedelta(days=1))
    await audit_chain.enter_due(app)
    await does(app, "download")
    clock.shift(timedelta(days=1))
    await audit_chain.enter_due(app)
    await does(app, "close")
    path, log = await written(app, tmp_path), await saved(app, tmp_path)
    good = verified(path, f"audit={log}")
    assert "The audit log is in order up to the beginning of 2026-11-28; 1 rows are newer" in good
    assert "In order: 2 entries" in good
    rows = log.read_bytes().splitlines(keepends=True)
    assert len(rows) == 4
    for number in range(3):
        changed = rows[number].replace(b"Samira", b"Nadia")
        for harmed in (
            [*rows[:number], changed, *rows[number + 1 :]],
            [*rows[:number], *rows[number + 1 :]],
            [*rows[: number + 1], rows[number], *rows[number + 1 :]],
            [*rows[:number], rows[number].replace(b'"id":', b'"id":1'), *rows[number:]],
        ):
            log.write_bytes(b"".join(harmed))
            assert "NOT IN ORDER" in verified(path, f"audit={log}"), (number, harmed)


async def test_a_log_of_many_pages_is_read_row_by_row_none_twice(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the last page is full."""
    monkeypatch.setattr(audit_chain, "PAGE", 2)
    made = [f"do {number}" for number in range(6)]
    await does(app, *made)
    council_id = app.register.default_id
    lines = [json.loads(one) async for one in audit_chain.lines(app.storage, council_id)]
    assert [line["action"] for line in lines] == made


async def test_an_insider_who_makes_the_entries_anew_is_found_with_a_head_of_before(
    app: App, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    await does(app, "download")
    clock.shift(timedelta(days=1))
    await audit_chain.enter_due(app)
    clock.shift(timedelta(days=1))
    async with app.storage.reading() as tx:
        council = app.register.default
        told = await ledger.signed_head(
            tx, app.vault, app.register.default_id, council.code, now_ms()
        )
    assert told is not None
    path = await written(app, tmp_path)
    assert "In order" in verified(path, told.head)
    (entry,) = await entries(app)
    forged = {**entry, "sha256": "0" * 64}
    path.write_text("".join(f"{json.dumps(one)}\n" for one in chained([json.dumps(forged)])))
    assert "In order" in verified(path)
    assert "NOT IN ORDER" in verified(path, told.head)


async def test_the_head_is_another_one_each_morning_whether_somebody_signed_or_not(
    app: App, clock: time_machine.Traveller
) -> None:
    """Else who tries a stranger's card sees by the head whether that was the first signature with it."""
    heads = set()
    for _ in range(4):
        clock.shift(timedelta(days=1))
        await audit_chain.enter_due(app)
        async with app.storage.reading() as tx:
            told = await ledger.signed_head(
                tx, app.vault, app.register.default_id, "x", now_ms() + 86_400_000
            )
        assert told is not None
        heads.add(told.head)
    assert len(heads) == 4
    days = [entry["day"] for entry in await entries(app)]
    assert days == ["2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"]


async def test_a_day_is_entered_once_some_minutes_after_its_end(
    app: App, clock: time_machine.Traveller
) -> None:
    """What was begun before midnight is written by then; days without a server are one entry."""
    await audit_chain.enter_due(app)
    assert len(await entries(app)) == 1
    clock.move_to(datetime(2026, 11, 27, 0, 9, 59, tzinfo=UTC))
    await audit_chain.enter_due(app)
    assert len(await entries(app)) == 1
    clock.move_to(datetime(2026, 11, 27, 0, 10, 0, tzinfo=UTC))
    await asyncio.gather(audit_chain.enter_due(app), audit_chain.enter_due(app))
    await audit_chain.enter_due(app)
    assert len(await entries(app)) == 2
    clock.shift(timedelta(days=5))
    await audit_chain.enter_due(app)
    before, after = (await entries(app))[-2:]
    assert (after["day"], after["after"]) == ("2026-12-02", before["before"])
