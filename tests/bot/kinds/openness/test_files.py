"""The cards as files: opened again, they hold what stands on the cards, in both directions, and no formula."""

import csv
import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import time_machine
from docx import Document
from docx.oxml.ns import qn

from tests.bot.kinds.openness.begun import CODE, WHERE, begin, council, does, stopped
from tests.bot.kinds.openness.test_projects import CARD, DO
from tests.bot.kinds.worlds import World
from tests.citizen import audit_of


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with council(tmp_path, clock) as found:
        async with found.browser() as client:
            await begin(client)
            titles = {"title__fr": "Eau", "title__ar": "الماء"}
            await does(client, found, "/axes/do", action="axis", **titles)
            more = {"title__fr": "Coupures", "title__ar": "انقطاع الماء"}
            await does(client, found, "/axes/do", action="problem", axis="a1", **more)
            await does(client, found, DO, **{**CARD, "partners": '=HYPERLINK("http://x")'})
        yield found


async def test_a_sheet_has_a_line_for_each_card_and_no_formula(w: World) -> None:
    async with w.browser() as client:
        answer = await client.get(f"{WHERE}/projects.csv?lang=fr")
        assert f'filename="{CODE}.csv"' in answer.headers["content-disposition"]
    text = answer.content.decode("utf-8-sig")
    names, card = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    found = dict(zip(names, card, strict=True))
    assert found["Projet"] == "Citernes"
    assert found["Coût en dirhams"] == "500000"
    assert found["Participation citoyenne"] == "oui"
    assert found["Numérisation"] == "non"
    assert found["Dernier jour"] == "2028-12-31"
    assert found["Approuvé"] == ""
    assert found["Partenaires"] == '\'=HYPERLINK("http://x")'
    async with w.app.storage.reading() as tx:
        noted = await audit_of(tx, w.app.register.default_id)
    assert ("download", f"{CODE}.csv") in [(row.action, row.object) for row in noted]


async def test_a_document_has_a_chapter_for_each_axis_and_a_table_for_each_card(w: World) -> None:
    async with w.browser() as client:
        content = (await client.get(f"{WHERE}/projects.docx?lang=fr")).content
    document = Document(io.BytesIO(content))
    headings = [
        p.text for p in document.paragraphs if p.style.name.startswith(("Title", "Heading"))
    ]
    assert headings == ["Programme d’ouverture", "Eau", "Citernes"]
    assert "Coupures" in [p.text for p in document.paragraphs]
    (table,) = document.tables
    pairs = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert pairs["Coût en dirhams"] == "500\u00a0000"
    assert pairs["Premier jour"] == "01/06/2027"
    assert pairs["Partenaires"] == '=HYPERLINK("http://x")'
    assert "Approuvé" not in pairs
    assert document.core_properties.author.startswith("Commune")
    assert table._tbl.tblPr.find(qn("w:bidiVisual")) is None


async def test_an_arabic_document_reads_from_right_to_left(w: World) -> None:
    async with w.browser() as client:
        content = (await client.get(f"{WHERE}/projects.docx?lang=ar")).content
    document = Document(io.BytesIO(content))
    (table,) = document.tables
    assert table._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    inside = [p for row in table.rows for cell in row.cells for p in cell.paragraphs]
    for paragraph in [*document.paragraphs, *inside]:
        assert paragraph._p.pPr.find(qn("w:bidi")) is not None
        assert all(run._r.rPr.find(qn("w:rtl")) is not None for run in paragraph.runs)
    assert "خزانات الماء" in [p.text for p in document.paragraphs]


async def test_there_is_no_other_format(w: World) -> None:
    async with w.browser() as client:
        assert (await client.get(f"{WHERE}/projects.exe")).status_code == 404
