"""What may be written of a commitment, and when it is late."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flows.dialog.facts import Council, Theme
from flows.kinds.commitment import KIND
from flows.kinds.commitment.definition import LONGEST_NAME, Commitment
from flows.kinds.commitment.states import state_on
from flows.morocco.quarters import Quarter

EXAMPLE = Path(__file__).parents[4] / "bot/example/commitment.toml"
COUNCIL = Council(
    "example",
    "OZT",
    "401.01.03",
    {"en": "Town"},
    (Theme("water", {"en": "Water"}),),
    quarters=(Quarter("hay-salam", {"en": "Hay Salam"}),),
)


def problems_with(**more: Any) -> list[str]:
    raw = {**msgspec.toml.decode(EXAMPLE.read_bytes()), **more}
    return [p.key for p in KIND.problems(msgspec.convert(raw, Commitment), COUNCIL)]


def test_the_longest_name_is_taken_and_a_longer_one_is_not() -> None:
    assert problems_with(owner="x" * LONGEST_NAME, reference="x" * LONGEST_NAME) == []
    assert problems_with(owner="x" * (LONGEST_NAME + 1)) == ["owner"]
    assert problems_with(reference="x" * (LONGEST_NAME + 1)) == ["reference"]
    assert problems_with(owner=" ") == ["owner"]


def test_what_is_seen_once_it_is_done_must_be_said() -> None:
    assert problems_with(indicator={}) == ["indicator"]
    assert problems_with(place={}) == []


def test_a_quarter_is_one_of_the_councils() -> None:
    assert problems_with(quarter="nowhere") == ["quarter"]
    assert problems_with(quarter="hay-salam") == []


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        ("planned", "planned", "late"),
        ("started", "started", "late"),
        ("done", "done", "done"),
        ("given_up", "given_up", "given_up"),
    ],
)
def test_only_what_is_owed_is_late_from_the_day_after(said: str, before: str, after: str) -> None:
    due = date(2027, 3, 31)
    assert state_on(said, due, due) == before
    assert state_on(said, due, date(2027, 4, 1)) == after
