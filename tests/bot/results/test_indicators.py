"""The programme's indicators, of a council and of all in its region."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from bot.consultations import definitions
from bot.core.localtime import local_day, now_ms
from bot.reports.rendered import ReportFacts, rendered
from bot.results import indicators
from flows.morocco import places
from flows.statistics.quarters import quarter_of
from tests.citizen import NOON, Citizen, running

COMMUNE = """
code = "tarmigt"
prefix = "TRM"
place = "08.401.07.09"
language = "fr"
name = { fr = "Commune de Tarmigt", ar = "جماعة تارميكت" }
themes = [{ id = "water", text = { fr = "Eau" } }, { id = "roads", text = { fr = "Routes" } }]
"""


POLL = """
kind = "poll"
code = "TRM-WATER"
council = "tarmigt"
title = { fr = "L’eau" }
[[questions]]
key = "enough"
type = "yes_no"
text = { fr = "Y a-t-il assez d’eau ?" }
"""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


async def test_a_region_sees_totals_of_its_communes_and_no_small_number(
    tmp_path: Path, clock: time_machine.Traveller
) -> None:
    folder = tmp_path / "councils"
    folder.mkdir()
    region = next(p for p in places.ancestors("08.401.07.09") if p.level == "region")
    (folder / "tarmigt.toml").write_text(COMMUNE)
    (folder / "region.toml").write_text(
        COMMUNE.replace("tarmigt", "draa")
        .replace("TRM", "DRA")
        .replace("08.401.07.09", region.code)
    )
    (folder / "far.toml").write_text(
        COMMUNE.replace("tarmigt", "far")
        .replace("TRM", "FAR")
        .replace("08.401.07.09", "01.151.01.01")
    )
    poll = tmp_path / "poll.toml"
    poll.write_text(POLL)
    async with running(tmp_path, councils=str(folder)) as app:
        codes = {council.code: id for id, council in app.register.all().items()}
        councils = {council.code: council for council in app.register.all().values()}
        raw, head = definitions.read_definition(poll, councils)
        async with app.storage.transaction() as tx:
            await definitions.add(tx, app.register, raw, head)
            row = await app.register.by_code(tx, "TRM-WATER")
            assert row is not None
            await definitions.open_consultation(tx, row, "amal")
        for number in range(3):
            citizen = Citizen(app, f"citizen {number}", at=now_ms())
            await citizen.arrives("Français", "TRM-WATER")
            await citizen.says("1")
        quarter = quarter_of(local_day(now_ms()))
        async with app.storage.reading() as tx:
            found = [council.code for _, council in indicators.below(app.register, codes["draa"])]
            assert sorted(found) == ["draa", "tarmigt"]
            assert indicators.below(app.register, codes["tarmigt"]) == []
            whole, people = await indicators.of_region(app.register, tx, codes["draa"], quarter)
            own, three = await indicators.of_council(app.register, tx, codes["tarmigt"], quarter)
        # One council with three participants: neither its own page nor the region's tells the three.
        assert three == 3
        facts = ReportFacts("R", {"fr": "R"}, datetime.now(UTC), people, "1")
        for summary in (whole, own):
            shown = rendered(summary, "fr", facts)
            cells = [cell for sheet in shown.sheets for row in sheet.rows for cell in row]
            assert 3 not in [c for c in cells if isinstance(c, int)]
            assert 3 not in [f.value for f in shown.figures if isinstance(f.value, int)]
