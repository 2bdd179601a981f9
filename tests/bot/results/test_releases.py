"""While people answer, results are told once a day and in fives: nobody reads a ballot from what changes."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine

from bot.app.build import App
from bot.core.localtime import now_ms
from bot.results.shown import releases
from bot.staff import crowds, open_answers
from flows.kinds import kinds
from flows.statistics.release import in_steps, packed, rounded, unpacked
from flows.statistics.summary import Brief, Responses, Suppressed
from flows.wording.text import Message, msg
from storage.database import batch
from storage.rows import StoredConsultation
from tests.bot.reports import consultations
from tests.checks import AllResponses
from tests.citizen import NOON, running
from tests.system.town import close, need, vote


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def row_of(app: App, code: str = "OZT-LIGHT") -> StoredConsultation:
    async with app.storage.reading() as tx:
        row = await app.register.by_code(tx, code)
    assert row is not None
    return row


async def told(app: App, code: str = "OZT-LIGHT") -> dict[str, Any]:
    """What a download says: tables without people's words, findings, notes."""
    content = await releases.file_of(
        app.storage, app.register, await row_of(app, code), "json", "en"
    )
    payload: dict[str, Any] = json.loads(content)["payload"]
    tables = [one for one in payload["tables"] if one["id"] not in ("q.idea", "code_book")]
    said = {name: payload["findings"][name] for name in ("said", "unsaid")}
    return {"tables": tables, "findings": said, "notes": payload["notes"]}


def counts(told: dict[str, Any], id: str = "q.light") -> list[int | None]:
    (table,) = [one for one in told["tables"] if one["id"] == id]
    return [row[1].get("value") for row in table["rows"]]


def names(prefix: str, number: int) -> list[str]:
    return [f"{prefix}{n}" for n in range(number)]


async def test_one_more_answer_changes_nothing_that_is_told_that_day(
    app: App, clock: time_machine.Traveller
) -> None:
    """Exact and live, whoever looked before and after saw how the next one answered."""
    await vote(app, names("good", 12))
    await vote(app, names("weak", 7), "Weak")
    before = await told(app)
    assert counts(before)[:2] == [10, 5]
    assert "steps of 5" in before["notes"][-1]
    await vote(app, ["next"], "Weak")
    assert await told(app) == before
    clock.shift(timedelta(days=1))
    after = await told(app)
    assert counts(after)[:2] == [10, 10]


async def test_the_exact_counts_come_with_the_end(app: App) -> None:
    await vote(app, names("good", 12))
    await vote(app, names("weak", 7), "Weak")
    await told(app)
    await close(app, "OZT-LIGHT")
    over = await told(app)
    assert counts(over)[:2] == [12, 7]
    assert not any("steps of" in note for note in over["notes"])


@pytest.mark.parametrize(("people", "kept"), [(4, False), (5, True)])
async def test_the_first_of_the_day_waits_for_five(app: App, people: int, kept: bool) -> None:
    """Before, nothing is shown; else the first answer would fix "nothing" for the day."""
    await vote(app, names("good", people))
    await told(app)
    await vote(app, names("more", 10))
    assert (counts(await told(app))[0] == 5) is kept


async def test_of_two_who_look_at_once_one_makes_it(app: App) -> None:
    await vote(app, names("good", 6))
    row = await row_of(app)
    first, second = await asyncio.gather(
        releases.shown(app.storage, app.register, row),
        releases.shown(app.storage, app.register, row),
    )
    assert first.summary.tables == second.summary.tables
    assert first.made_at == second.made_at == now_ms()


async def test_needs_are_told_as_they_come(app: App) -> None:
    """How many there are is no secret of theirs."""
    await need(app, "amina")
    shown = await releases.shown(app.storage, app.register, await row_of(app, "OZT-NEEDS"))
    assert shown.made_at is None
    assert shown.count == 1


async def test_words_that_are_hidden_are_gone_at_once(app: App) -> None:
    """The counts of the day hold no words."""
    await vote(app, names("good", 6))
    row = await row_of(app)
    shown = await releases.shown(app.storage, app.register, row, briefed=True)
    assert shown.summary.brief is not None
    assert shown.summary.brief.heard
    async with app.storage.transaction() as tx:
        questions = await open_answers.questions_of(tx, app.vault, row)
        for answer in questions[0].answers[:2]:
            await open_answers.hide(tx, questions, answer.token, "other", "Samira")
    again = await releases.shown(app.storage, app.register, row, briefed=True)
    assert again.summary.brief is not None
    assert again.summary.brief.heard == ()
    words = [table for table in again.summary.tables if table.words]
    assert sum("•••" in str(line[0]) for line in words[0].rows) == 2


async def test_what_a_clerk_decides_on_a_group_is_in_the_results_of_the_next_day(
    app: App, clock: time_machine.Traveller
) -> None:
    """Else who decides to and fro has the numbers made anew, and reads who answered meanwhile."""
    await vote(app, names("good", 19))
    row = await row_of(app)
    async with app.storage.transaction() as tx:
        ids = [one.id for one in await tx.rows(AllResponses, consultation_id=row.id)][:7]
        await tx.run("add_crowd", id=77, consultation_id=row.id, reason="hurried", at=NOON)
        await tx.run("set_aside", crowd_id=77, rows=batch([{"x": id} for id in ids]))
    before = await told(app)
    assert counts(before)[0] == 10
    for let in (True, False, True):
        async with app.storage.transaction() as tx:
            decided = {"counts": let, "made_by": "nadia", "at": NOON}
            assert await crowds.decide(tx, row.id, 77, **decided)
        assert await told(app) == before
    clock.shift(timedelta(days=1))
    assert counts(await told(app))[0] == 20


async def test_what_is_told_stays_for_the_day_also_when_few_are_left(app: App) -> None:
    await vote(app, names("good", 6))
    before = await told(app)
    async with app.storage.transaction() as tx:
        row = await row_of(app)
        ids = [one.id for one in await tx.rows(AllResponses, consultation_id=row.id)][:3]
        await tx.run("add_crowd", id=77, consultation_id=row.id, reason="hurried", at=NOON)
        await tx.run("set_aside", crowd_id=77, rows=batch([{"x": id} for id in ids]))
    assert await told(app) == before


async def test_how_many_wrote_something_is_not_told_by_the_minute(app: App) -> None:
    await vote(app, names("good", 9))
    shown = await releases.shown(app.storage, app.register, await row_of(app))
    assert [table.note for table in shown.summary.tables if table.words] == [None]


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, 5), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)]
)
def test_counts_are_told_in_fives_and_some_are_never_none(count: int, shown: int) -> None:
    assert in_steps(count) == shown


def answers_of(chance: random.Random) -> dict[str, Any]:
    return {
        "agree": chance.random() < 0.6,
        "project": chance.choice(["water", "roads"]),
        "order": chance.sample("abc", 3),
        "ticks": chance.sample("abc", 2),
        "stars": chance.choice("12345"),
        "people": str(chance.randrange(1, 9)),
    }


def test_what_is_kept_for_the_day_comes_back_as_it_was_and_in_fives() -> None:
    """A summary with every type of question."""
    standing = [
        consultations.response(number, {"answers": answers_of(random.Random(number))})
        for number in range(137)
    ]
    live = kinds()["poll"].summary(consultations.POLL, consultations.COUNCIL, Responses(standing))
    made = rounded(live)
    again = unpacked(msgspec.json.decode(msgspec.json.encode(packed(made))), live, msg("x"))
    frozen = [table for table in again.tables if not table.words]
    assert [table.rows for table in frozen] == [table.rows for table in made.tables]
    for table in frozen:
        kind = {n: column.kind for n, column in enumerate(table.columns)}
        for line in table.rows:
            for place, cell in enumerate(line):
                if kind[place] == "count" and not isinstance(cell, Suppressed | None):
                    assert int(str(cell)) % 5 == 0
                if kind[place] == "share" and table.id != "census":
                    assert isinstance(cell, Suppressed | None)


def test_findings_are_told_in_fives_with_shares_of_the_told_counts() -> None:
    about = {"question": "q", "answer": "a", "count": 43, "answered": 101, "share": 43}
    said = Message("findings.most", about)
    live = kinds()["poll"].summary(consultations.POLL, consultations.COUNCIL, Responses([]))
    brief = rounded(replace(live, brief=Brief((said,)))).brief
    assert brief is not None
    (told_,) = brief.said
    assert {name: told_.values[name] for name in ("count", "answered", "share")} == {  # type: ignore[union-attr]
        "count": 45,
        "answered": 100,
        "share": 45,
    }
