"""Which articles all rounds accept, and which cannot be told of."""

from typing import Any

import pytest

from flows.kinds.draft_text.agreement import standing
from flows.statistics.summary import SUPPRESSED, Responses
from tests.flows.kinds.draft_text.drafts import answer, article, draft_of
from tests.flows.kinds.draft_text.test_results import ROUNDS


def verdict(first: dict[str, int], second: dict[str, int]) -> str:
    """What is said of one article after two rounds with so many of each choice."""
    draft = draft_of(article("a1"), rounds=ROUNDS)
    given = [
        answer(phase, a1=stance)
        for phase, counts in (("r1", first), ("r2", second))
        for stance, n in counts.items()
        for _ in range(n)
    ]
    (one,) = standing(draft, Responses(given))
    return one.verdict


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"agree": 5}, {"agree": 10, "against": 5}, "all"),
        ({"agree": 5, "change": 5}, {"agree": 10}, "some"),
        ({"agree": 6, "change": 5}, {"agree": 10}, "all"),
        ({"agree": 4}, {"agree": 10}, "open"),
        ({}, {"agree": 10}, "open"),
        ({"agree": 5, "change": 1}, {"agree": 10}, "open"),
        ({"against": 8}, {"agree": 10}, "some"),
    ],
)
def test_accepted_is_what_more_than_half_of_every_round_agree_with(
    first: dict[str, int], second: dict[str, int], said: str
) -> None:
    """Just half is not more than half; of few, or of nobody, nothing is said."""
    assert verdict(first, second) == said


def test_what_is_kept_back_in_the_results_is_kept_back_here() -> None:
    given: list[Any] = [answer(a1="agree")] * 9 + [answer(a1="change")] * 2
    (one,) = standing(draft_of(article("a1")), Responses(given))
    assert list(one.rounds[0].cells) == [SUPPRESSED, SUPPRESSED, SUPPRESSED]
    assert one.rounds[0].answered == 11
    assert one.rounds[0].accepts is None
