"""Cross tables as a workbook: of every kind, for every reader, and never a count of few."""

import io
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine

from bot.results.shown import releases
from tests.bot.kinds.test_surfaces import asked_for, every_kind
from tests.bot.kinds.worlds import World, world
from tests.citizen import NOON


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def kind() -> str:
    return "poll"


@pytest.fixture
async def w(kind: str, tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world(kind, tmp_path, clock) as found:
        yield found


async def book(w: World) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(await asked_for(w, "consultation", "cross")))


def text_of(sheet: Any) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)


async def told(w: World, women: int, men: int) -> None:
    async with w.app.storage.transaction() as tx:
        await tx.run("tell_gender", gender="woman", most=women)
        await tx.run("tell_gender", gender="man", most=men)


@pytest.mark.parametrize("kind", every_kind())
async def test_every_kind_has_cross_tables(w: World) -> None:
    """Also where there are none to make: then it is said, as while people answer."""
    await w.crowd(6)
    sheets = (await book(w)).worksheets
    assert releases.frozen(await w.row()) is ("once it has closed" in text_of(sheets[0]))
    await w.closed()
    sheets = (await book(w)).worksheets
    assert len(sheets) >= 1
    await told(w, 3, 3)
    for sheet in (await book(w)).worksheets[1:]:
        counts = [
            cell.value
            for row in sheet.iter_rows(min_row=4)
            for cell in row
            if isinstance(cell.value, int) and not isinstance(cell.value, bool)
        ]
        assert not [count for count in counts if 0 < count < 5]


async def test_an_answer_is_counted_in_each_group(w: World) -> None:
    """A sheet for each question and grouping; twelve women and eight men all said the same."""
    await w.crowd(20)
    await told(w, 12, 8)
    await w.closed()
    sheets = {str(sheet["A1"].value): sheet for sheet in (await book(w)).worksheets[1:]}
    title = next(title for title in sheets if title.endswith("Gender"))
    sheet = sheets[title]
    heads = [cell.value for cell in sheet[3]]
    assert heads[:3] == ["Answer", "Everybody", "Women: people"]
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in sheet.iter_rows(min_row=4)}
    first = next(iter(rows))
    assert rows[first] == [20, 12, None, 8, None]
    assert rows["Answered the question"][:2] == [20, 12]
    assert sheet.page_setup.paperSize == 9


async def test_every_reader_may_have_them_without_a_second_person(w: World) -> None:
    """They are totals."""
    await w.crowd(6)
    asked = {"what": "consultation", "object": w.code, "format": "cross", "language": "fr"}
    async with w.browser("reader") as client:
        answer = await client.post("/staff/downloads", data=asked)
        assert answer.status_code == 303
        assert await w.app.maker.make_next()
        page = (await client.get(answer.headers["location"])).text
        assert "codebook.csv" not in page
        file = await client.get(answer.headers["location"] + "/file")
    assert file.headers["content-disposition"].endswith('.xlsx"')
    assert "-cross-" in file.headers["content-disposition"]
