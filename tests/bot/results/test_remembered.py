"""A summary that took long is shown again while nothing has changed, and nothing that is gone is shown with it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app.build import App
from bot.results import summaries
from bot.results.shown import releases, remembered
from bot.results.shown.remembered import Made, Mark, Remembered, first_rows
from bot.staff import open_answers
from flows.statistics.summary import Column, Summary, Table
from flows.wording.text import Verbatim
from storage.rows import StoredConsultation
from tests.citizen import NOON, Citizen, running
from tests.system.town import close, need, vote


@pytest.fixture
async def app(tmp_path: Path, url: str) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every summary counts as slow; and the consultations whose were made."""
    monkeypatch.setattr(remembered, "SLOW", 0)
    monkeypatch.setattr(remembered, "PATIENCE", 1e9)
    made: list[str] = []
    whole = summaries.summary_of

    async def counted(register: Any, tx: Any, row: StoredConsultation, *more: Any) -> Any:
        made.append(row.code)
        return await whole(register, tx, row, *more)

    monkeypatch.setattr(summaries, "summary_of", counted)
    return made


async def row_of(app: App, code: str) -> StoredConsultation:
    async with app.storage.reading() as tx:
        row = await app.register.by_code(tx, code)
    assert row is not None
    return row


async def look(memory: Remembered, app: App, code: str = "OZT-NEEDS") -> Made:
    row = await row_of(app, code)
    return await memory.summary(app.storage, app.register, row, briefed=False)


async def test_a_quick_one_is_made_anew_every_time(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On however slow a machine.
    monkeypatch.setattr(remembered, "SLOW", 1e9)
    memory = Remembered()
    await need(app, "amina")
    assert (await look(memory, app)).standing == 1
    await need(app, "brahim")
    assert (await look(memory, app)).standing == 2


async def test_a_slow_one_is_shown_again_while_answers_come_in(app: App, slow: list[str]) -> None:
    memory = Remembered()
    await need(app, "amina")
    first = await look(memory, app)
    await need(app, "brahim")
    assert await look(memory, app) is first
    assert slow == ["OZT-NEEDS"]
    # A file says what stands.
    shown = await releases.shown(app.storage, app.register, await row_of(app, "OZT-NEEDS"))
    assert shown.count == 2


async def test_it_is_made_anew_once_it_has_been_shown_long_enough(
    app: App, slow: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Remembered()
    await need(app, "amina")
    await look(memory, app)
    await need(app, "brahim")
    monkeypatch.setattr(remembered, "LONGEST", 0)
    assert (await look(memory, app)).standing == 2


@pytest.mark.parametrize(
    ("took", "age", "changed", "serves"),
    [
        (0.24, 0, False, False),
        (0.25, 0, False, True),
        (1, 59, True, True),
        (1, 61, True, False),
        (100, 599, True, True),
        (100, 601, True, False),
        (1, 3599, False, True),
        (1, 3601, False, False),
    ],
)
def test_how_long_it_is_shown_follows_how_long_it_took(
    took: float, age: float, changed: bool, serves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.results.shown.remembered.time.monotonic", lambda: 10_000 + age)
    council: Any = "a council"
    made = Made(Summary(Verbatim(""), (), ()), 0, Mark((1,), council, (1, 1)), 0, 10_000, took)
    assert made.serves(Mark((1,), council, (2, 1) if changed else (1, 1))) is serves
    # What may not be shown any more, or a council with other settings.
    assert not made.serves(Mark((2,), council, (1, 1)))
    assert not made.serves(Mark((1,), "another", (1, 1)))  # type: ignore[arg-type]


async def test_what_is_hidden_is_gone_at_once(app: App, slow: list[str]) -> None:
    memory = Remembered()
    await vote(app, [f"person {n}" for n in range(6)])
    await close(app)
    row = await row_of(app, "OZT-LIGHT")
    await look(memory, app, "OZT-LIGHT")
    async with app.storage.transaction() as tx:
        questions = await open_answers.questions_of(tx, app.vault, row)
        token = questions[0].answers[0].token
        await open_answers.hide(tx, questions, token, "other", "Samira")
    words = [one for one in (await look(memory, app, "OZT-LIGHT")).summary.tables if one.words]
    assert sum("•••" in str(line[0]) for line in words[0].rows) == 1
    again = await look(memory, app, "OZT-LIGHT")
    assert await look(memory, app, "OZT-LIGHT") is again


async def test_the_words_of_who_is_erased_are_gone_at_once(app: App, slow: list[str]) -> None:
    memory = Remembered()
    amina = Citizen(app, "amina", at=NOON)
    await amina.arrives("English", "OZT-NEEDS")
    for said in ("💧", "Tabounte", "Qzwxyt has no water"):
        await amina.says(said)
    await amina.taps("Send")
    assert "Qzwxyt" in str((await look(memory, app)).summary)
    for said in ("my data", "[Erase my data]", "[Erase my data]"):
        await amina.says(said)
    assert "Qzwxyt" not in str((await look(memory, app)).summary)


async def test_of_two_who_look_at_once_one_waits_for_the_other(app: App, slow: list[str]) -> None:
    memory = Remembered()
    await need(app, "amina")
    one, other = await asyncio.gather(look(memory, app), look(memory, app))
    assert one is other
    assert slow == ["OZT-NEEDS"]


async def test_the_oldest_are_forgotten(
    app: App, slow: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "MOST_KEPT", 1)
    memory = Remembered()
    await need(app, "amina")
    for code in ("OZT-NEEDS", "OZT-LIGHT", "OZT-NEEDS"):
        await look(memory, app, code)
    assert slow == ["OZT-NEEDS", "OZT-LIGHT", "OZT-NEEDS"]


@pytest.mark.parametrize(("rows", "more"), [(100, 0), (101, 1), (250, 150)])
def test_a_long_list_keeps_its_first_rows_and_a_table_that_is_drawn_all(
    rows: int, more: int
) -> None:
    columns = (Column("reference", Verbatim("Reference"), "code"),)
    lines = tuple((f"R-{n}",) for n in range(rows))
    listed, drawn = first_rows(
        Summary(
            Verbatim(""),
            (),
            (
                Table("needs", Verbatim("Needs"), columns, lines),
                Table("places", Verbatim("Places"), columns, lines, chart="bar"),
            ),
        )
    ).tables
    assert (listed.rows, listed.more) == (lines[:100], more)
    assert (drawn.rows, drawn.more) == (lines, 0)
