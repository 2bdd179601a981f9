"""What stands on a vote's results page, and what no longer changes once it is open."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import time_machine

from bot.consultations import amending
from bot.core.refusals import NotAllowed
from tests.bot.kinds.worlds import world
from tests.citizen import NOON

AT = datetime.fromtimestamp(NOON / 1000, UTC)


async def test_the_results_page_says_what_is_chosen_and_why_once_it_is_closed(
    tmp_path: Path,
) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        async with world("budget", tmp_path, clock) as w:
            await w.crowd(6)
            async with w.browser("reader") as client:
                assert (
                    "What is chosen, and why"
                    not in (await client.get(f"/staff/c/{w.code}/results?lang=en")).text
                )
            await w.closed()
            async with w.browser("reader") as client:
                page = (await client.get(f"/results/{w.code}?lang=en")).text
    assert "What is chosen, and why" in page
    assert "6 votes. Paid together from their shares." in page
    assert "Equal shares: each voter has a share" in page


async def test_sum_costs_and_rule_are_fixed_once_it_is_open(tmp_path: Path) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        async with world("budget", tmp_path, clock) as w:
            raw = msgspec.json.decode((await w.row()).definition)
            dearer = [{**one, "cost": one["cost"] + 1} for one in raw["projects"]]
            for changed in ({"amount": 500_000}, {"rule": "one"}, {"projects": dearer}):
                async with w.app.storage.transaction() as tx:
                    with pytest.raises(NotAllowed, match="can no longer change"):
                        await amending.amend(
                            tx, w.app.register, await w.row(), {**raw, **changed}, "amal"
                        )
