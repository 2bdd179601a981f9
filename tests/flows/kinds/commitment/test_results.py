"""What citizens see of a commitment, counted."""

import msgspec
import pytest
from msgspec.structs import replace

from flows.kinds import kinds
from flows.kinds.commitment.definition import Commitment
from flows.statistics.summary import SUPPRESSED, Responses
from tests.flows.kinds.commitment.test_definition import EXAMPLE
from tests.flows.statistics.test_participation import COUNCIL, ONE

PROMISE = msgspec.convert(msgspec.toml.decode(EXAMPLE.read_bytes()), Commitment)
NOTHING = {"said": {"words": None}}


@pytest.mark.parametrize(("before", "shown"), [(0, True), (4, False), (5, True)])
def test_who_answered_one_question_only_is_not_told_by_the_other(before: int, shown: bool) -> None:
    """Of nineteen people seventeen rated it: two said before what they saw."""
    see = [replace(ONE, body={"seen": "done", **NOTHING})] * before
    rate = [replace(ONE, body={"rated": "well", **NOTHING})] * 17
    made = kinds()["commitment"].summary(PROMISE, COUNCIL, Responses([*see, *rate]))
    tables = {table.id: table for table in made.tables}
    counts = [row[2] for row in tables["rated"].rows]
    assert (SUPPRESSED not in counts) is shown
