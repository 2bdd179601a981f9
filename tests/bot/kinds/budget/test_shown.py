"""What stands on a vote's results page, and what no longer changes once it is open."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import time_machine

from bot.consultations import amending, definitions
from bot.core.refusals import NotAllowed
from flows.wording.text import LANGUAGES
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


async def test_a_vote_without_projects_is_kept_and_does_not_open(tmp_path: Path) -> None:
    """Its organizer may begin it before the ideas are in."""
    with time_machine.travel(AT, tick=False) as clock:
        async with world("budget", tmp_path, clock) as w:
            raw = msgspec.json.decode((await w.row()).definition)
            for projects in ([], raw["projects"][:1]):
                draft = {**raw, "code": "OZT-EMPTY", "projects": projects}
                head, problems = definitions.check(
                    draft, w.app.register.council((await w.row()).council_id)
                )
                assert problems == []
                assert head is not None
                async with w.app.storage.transaction() as tx:
                    await definitions.add(tx, w.app.register, draft, head)
                    row = await w.app.register.by_code(tx, "OZT-EMPTY")
                    assert row is not None
                    with pytest.raises(NotAllowed, match="A vote needs 2 projects or more"):
                        await definitions.open_consultation(tx, row)
            async with w.browser() as client:
                page = await client.get("/staff/c/OZT-EMPTY?lang=en")
                assert page.status_code == 200
                assert (await client.get("/staff/c/OZT-EMPTY/edit?lang=en")).status_code == 200


async def test_of_many_projects_seven_are_shown_at_a_time_and_all_can_be_chosen(
    tmp_path: Path,
) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        async with world("budget", tmp_path, clock) as w:
            many = [
                {
                    "id": f"p{n}",
                    "cost": 10_000 + n,
                    "text": dict.fromkeys(LANGUAGES, f"Project {chr(64 + n)}"),
                }
                for n in range(1, 25)
            ]
            await w.changed(projects=many, amount=1_000_000)
            citizen = await w.known("amina")
            await citizen.starts(w.code)
            pages = 0
            while pages < 10:
                shown = [one for one in citizen.labels if "Project " in one]
                assert len(shown) <= 7
                pages += 1
                if any("Project X" in one for one in shown):
                    break
                await citizen.says(
                    next(one for one in citizen.labels if "More" in one or "more" in one)
                )
            assert pages == 4
            said = await citizen.says("1, 24")
            assert "Project A" in said
            assert "Project X" in said
            assert "has been counted" in await citizen.says("[Send]")
