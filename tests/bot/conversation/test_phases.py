"""What opens more than once: each person answers once in each phase, and nothing slips into another."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from bot.consultations import definitions
from bot.core.councils import is_open, phase_of
from bot.core.localtime import now_ms
from tests.bot.conversation.test_joining import code_of
from tests.bot.kinds.worlds import WORDS, World, world
from tests.checks import AllResponses
from tests.citizen import NOON

#: The second round, and the moment at which it begins and ends.
OPENS = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 20, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("idea", tmp_path, clock) as found:
        yield found


async def stored(w: World) -> list[AllResponses]:
    async with w.app.storage.reading() as tx:
        return await tx.rows(AllResponses, consultation_id=(await w.row()).id)


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        (OPENS - timedelta(milliseconds=1), ""),
        (OPENS, "round2"),
        (CLOSES - timedelta(milliseconds=1), "round2"),
        (CLOSES, ""),
    ],
)
async def test_the_opening_belongs_to_a_phase_and_the_end_does_not(
    w: World, moment: datetime, phase: str
) -> None:
    row = await w.row()
    at = int(moment.timestamp() * 1000)
    assert phase_of(row, at) == phase
    assert is_open(row, at) == bool(phase)


async def test_what_was_begun_in_one_phase_is_not_filed_in_the_next(w: World) -> None:
    """The citizen is told, and has the questions of the next at once."""
    amina = await w.known("amina")
    await amina.starts(w.code)
    await amina.says("[Yes]")
    w.clock.move_to(OPENS)
    amina.at = now_ms()
    said = await amina.says(WORDS)
    assert "not counted" in said
    assert "A square?" in said
    assert await stored(w) == []
    await amina.says("[Yes]")
    assert "Reference" in await amina.says(WORDS)
    assert [row.phase for row in await stored(w)] == ["round2"]


async def test_who_was_in_the_middle_and_comes_back_in_the_next_phase_begins_it(w: World) -> None:
    """The first start is enough, also after "cancel"."""
    amina = await w.known("amina")
    await amina.starts(w.code)
    await amina.says("[Yes]")
    w.clock.move_to(OPENS)
    amina.at = now_ms()
    assert "A square?" in await amina.starts(w.code)
    await amina.says("[Yes]")
    assert "Reference" in await amina.says(WORDS)
    assert [row.phase for row in await stored(w)] == ["round2"]


async def test_between_two_phases_the_next_opening_is_named(w: World) -> None:
    """What was begun is not filed then either."""
    amina = await w.known("amina")
    await amina.starts(w.code)
    await amina.says("[Yes]")
    w.clock.move_to(OPENS - timedelta(days=2))
    amina.at = now_ms()
    assert "10/12/2026" in await amina.says(WORDS)
    assert await stored(w) == []


async def test_what_was_said_in_a_phase_that_is_over_stays(w: World) -> None:
    """Taking it back would change a result that is known; what is said now can be taken back."""
    amina = await w.known("amina")
    await w.answered(amina)
    w.clock.move_to(OPENS)
    await w.answered(amina)
    for row, offered in zip(await stored(w), (False, True), strict=True):
        await amina.says(row.reference)
        assert any("Take it back" in label for label in amina.labels) == offered, amina.labels
        await amina.says("cancel")


async def test_both_phases_are_the_others_once_two_chats_are_joined(w: World) -> None:
    """One answered in the first, the other in the second: both count."""
    one, other = await w.known("amina"), await w.known("amina", "terminal")
    await w.answered(one)
    w.clock.move_to(OPENS)
    await w.answered(other)
    one.at = now_ms()
    code = await code_of(one)
    other.at = max(other.at, one.at)
    await other.says(code)
    await other.says("yes")
    rows = await stored(w)
    assert len({row.person_id for row in rows}) == 1
    assert [row.state for row in rows] == ["received", "received"]


@pytest.mark.parametrize(
    ("rounds", "said"),
    [
        ([("2026-11-01T09:00:00", "2026-11-01T09:00:00")], "not after it opens"),
        (
            [
                ("2026-11-01T09:00:00", "2026-11-10T00:00:00"),
                ("2026-11-09T00:00:00", "2026-11-20T00:00:00"),
            ],
            "one comes after another",
        ),
    ],
)
async def test_phases_that_cannot_be_are_refused(
    w: World, rounds: list[tuple[str, str]], said: str
) -> None:
    raw = {
        "kind": "idea",
        "code": "OZT-TWO",
        "council": "example",
        "title": {"fr": "x"},
        "question": {"fr": "x"},
        "rounds": [{"opens": opens, "closes": closes} for opens, closes in rounds],
    }
    _, problems = definitions.check(raw, w.app.register.default)
    assert any(said in str(problem) for problem in problems)
    good = {**raw, "rounds": [{"opens": "2026-11-01T09:00:00", "closes": "2026-11-02T00:00:00"}]}
    assert definitions.check(good, w.app.register.default)[1] == []
