"""When a consultation opens and closes, by what it says itself and by its rounds."""

from datetime import datetime

import msgspec
import pytest

from bot.core.councils import head_of, times
from bot.core.localtime import moment, wall_text
from tests.bot.conversation.test_phases import clock, w  # noqa: F401  # fixtures
from tests.bot.kinds.toy.idea import Round
from tests.bot.kinds.worlds import World

wall = datetime.fromisoformat

FIRST, LAST = wall("2026-01-02 09:00"), wall("2026-03-04 09:00")


@pytest.mark.parametrize(
    ("own", "rounds", "expected"),
    [
        ({}, [(FIRST, LAST)], (FIRST, LAST)),
        ({}, [(FIRST, wall("2026-02-01")), (wall("2026-02-02"), LAST)], (FIRST, LAST)),
        ({"opens": wall("2025-01-01")}, [(FIRST, LAST)], (wall("2025-01-01"), LAST)),
        ({"closes": wall("2027-01-01")}, [(FIRST, LAST)], (FIRST, wall("2027-01-01"))),
        ({}, [], (None, None)),
        ({"opens": FIRST}, [], (FIRST, None)),
        ({"closes": LAST}, [], (None, LAST)),
    ],
)
async def test_what_has_rounds_opens_with_the_first_and_closes_with_the_last_unless_it_says_else(
    w: World,  # noqa: F811
    own: dict[str, datetime],
    rounds: list[tuple[datetime, datetime]],
    expected: tuple[datetime | None, datetime | None],
) -> None:
    """The moment is kept, and the wall time beside it."""
    plain = msgspec.structs.replace(head_of(await w.row()), opens=None, closes=None)
    head = msgspec.structs.replace(plain, rounds=tuple(Round(*one) for one in rounds), **own)
    found = times(head)
    for name, at in zip(("opens", "closes"), expected, strict=True):
        assert found[f"{name}_at"] == (moment(at) if at else None)
        assert found[f"{name}_local"] == (wall_text(at) if at else None)
