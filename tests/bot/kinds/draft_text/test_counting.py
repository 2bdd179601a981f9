"""How often each article was answered: counted anew, but for what takes long."""

from typing import Any

import pytest

from bot.kinds.draft_text.counting import GOOD_FOR, SLOW, Counting
from bot.kinds.draft_text.rows import AnsweredArticles


class Clock:
    """A clock that a count moves."""

    def __init__(self, took: float) -> None:
        self.now = 1000.0
        self.took = took
        self.counted = 0

    def __call__(self) -> float:
        return self.now

    async def rows(self, record: type, **values: Any) -> list[AnsweredArticles]:
        """In the place of a transaction: a count that takes its time."""
        self.counted += 1
        self.now += self.took
        return [AnsweredArticles("a1", self.counted)]


@pytest.mark.parametrize(("took", "counted"), [(SLOW * 0.99, 2), (SLOW * 1.01, 1)])
async def test_only_what_takes_long_is_remembered(took: float, counted: int) -> None:
    clock = Clock(took)
    counting = Counting(clock)
    for _ in range(2):
        await counting.answered(clock, 1, "")  # type: ignore[arg-type]
    assert clock.counted == counted


async def test_a_slow_count_is_good_for_a_hundred_times_as_long_as_it_took() -> None:
    """And only for its own draft and round."""
    clock = Clock(0.5)
    counting = Counting(clock)
    began = clock.now
    assert await counting.answered(clock, 1, "") == {"a1": 1}  # type: ignore[arg-type]
    clock.now = began + GOOD_FOR * 0.5 - 0.01
    assert await counting.answered(clock, 1, "") == {"a1": 1}  # type: ignore[arg-type]
    assert await counting.answered(clock, 1, "r2") == {"a1": 2}  # type: ignore[arg-type]
    clock.now = began + GOOD_FOR * 0.5
    assert await counting.answered(clock, 1, "") == {"a1": 3}  # type: ignore[arg-type]
