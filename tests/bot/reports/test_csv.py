"""CSV: opens right in a spreadsheet, and does nothing there."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from bot.reports.csv import defused, write_csv, written
from bot.reports.rendered import ReportFacts, checksum, rendered, sidecar
from flows.statistics.summary import SUPPRESSED, Summary
from tests.bot.reports.conftest import HOSTILE


def file_of(summary: Summary, facts: ReportFacts, language: str = "en") -> bytes:
    out = io.BytesIO()
    write_csv(summary, language, facts, out)
    assert not out.closed
    return out.getvalue()


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_excel_sees_that_it_is_utf8(summary: Summary, facts: ReportFacts):
    """The file begins with the byte order mark, and once only; lines end as RFC 4180 says."""
    content = file_of(summary, facts, "ar")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert content.endswith(b"\r\n")
    assert "الماء;40;63,5%\r\n".encode() in content


def test_it_says_what_it_is(summary: Summary, facts: ReportFacts):
    """Consultation, council, when it was made, filters, how many, and with what."""
    about = dict(rows_of(file_of(summary, facts))[1:8])
    assert about == {
        "Content": "Results of the consultation: \u2068=Priorités 2027\u2069",
        "Consultation code": "OZT-P1",
        "Council": "Conseil communal de Ouarzazate",
        "Made at (local time)": "2026-11-21 14:30",
        "Filters": "none",
        "Responses counted": "63",
        "Made with": "Tachawor 0.1.0",
    }


def test_tables_follow_one_another_with_their_titles(summary: Summary, facts: ReportFacts):
    """An empty line, the title, the note, the header, the rows; hidden cells say so."""
    rows = rows_of(file_of(summary, facts, "fr"))
    start = rows.index(["Quel projet ? [2027]: eau/routes"])
    assert rows[start - 1] == []
    header = rows.index(["Réponse", "Nombre", "Part"])
    assert all(len(row) == 1 and len(row[0]) <= 70 for row in rows[start + 1 : header])
    assert rows[header + 1 : header + 5] == [
        ["Eau", "40", "63,5%"],
        ["Routes", "masqué", "masqué"],
        ["Jardin", "masqué", "masqué"],
        [],
    ]


def test_no_cell_is_a_formula(summary: Summary, facts: ReportFacts):
    """Whatever people wrote, only numbers begin with a sign; line breaks and quotes are kept."""
    cells = [cell for row in rows_of(file_of(summary, facts)) for cell in row]
    begins = [c for c in cells if c.lstrip(" \u200f").startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert set(begins) == {"-19,5"}
    assert '\'=HYPERLINK("http://example.org","click")' in cells
    assert HOSTILE[13] in cells


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\n=1", " =1", "\u2068=1", "＝1"]
)
def test_a_text_like_a_formula_is_defused(text: str):
    """An apostrophe in front turns it into a text."""
    assert defused(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "2026/045-P", "ماء", "…", "65 +"])
def test_a_plain_text_stays_as_it_is(text: str):
    """What no spreadsheet takes for a formula is left alone."""
    assert defused(text) == text


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "text", ""),
        (-3, "count", "-3"),
        (Decimal("-19.50"), "number", "-19,5"),
        (Decimal("1E+3"), "number", "1000"),
        (0.25, "number", "0,25"),
        (Decimal("0.004"), "share", "0,4%"),
        (date(2026, 11, 2), "date", "2026-11-02"),
        (datetime(2026, 11, 2, 9, 5), "date", "2026-11-02 09:05"),  # noqa: DTZ001
    ],
)
def test_numbers_and_days_are_written_as_moroccan_spreadsheets_read_them(
    value: object, kind: str, text: str
):
    """A decimal comma, percent, days from the year down."""
    assert written(value, kind) == text  # type: ignore[arg-type]


def test_the_number_of_responses_is_hidden_where_the_summary_hides_it(
    summary: Summary, facts: ReportFacts
):
    """Three responses are not told by the head of the file either."""
    few = replace(
        summary,
        figures=(replace(summary.figures[0], value=SUPPRESSED),),
    )
    about = dict(rows_of(file_of(few, replace(facts, responses=3)))[1:8])
    assert about["Responses counted"] == "hidden"


def test_the_same_summary_makes_the_same_file(summary: Summary, facts: ReportFacts):
    """So that a checksum beside it means something."""
    content = file_of(summary, facts)
    assert content == file_of(summary, facts)
    assert sidecar("OZT-P1.csv", content) == f"{checksum(content)}  OZT-P1.csv\n"


@pytest.mark.parametrize("code", ["OZT-P1", ""])
def test_a_report_about_no_consultation_is_called_by_its_title_alone(
    summary: Summary, facts: ReportFacts, code: str
):
    """The figures of a quarter are no summary of something."""
    shown = rendered(summary, "en", replace(facts, code=code))
    about = {item.id: item.value for item in shown.about}
    assert ("consultation" in about) is bool(code)
    assert (about["what"] == shown.title) is not bool(code)
