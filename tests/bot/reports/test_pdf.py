"""The report to print: its first page, its tables, which way it runs, and that nothing spills."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from bot.reports.pdf import MOST_BARS, MOST_ROWS, document_of, write_pdf
from bot.reports.rendered import ReportFacts
from flows.dialog.definition import Head
from flows.dialog.facts import Council
from flows.morocco import places
from flows.statistics.participation import PARTICIPANTS, participation
from flows.statistics.summary import SUPPRESSED, Cell, Column, Responses, Summary, Table
from flows.wording.text import LANGUAGES, Translated, Verbatim, msg
from tests.bot.reports.conftest import HOSTILE, overflows, pages_of
from tests.bot.reports.test_picture import NASTY

#: What stands in the margins of 18 mm: nothing. Letters may lean out by a point.
MARGIN = 49
FILLED = 64


def file_of(summary: Summary, facts: ReportFacts, language: str = "fr") -> bytes:
    out = io.BytesIO()
    write_pdf(summary, language, facts, out)
    return out.getvalue()


def with_rows(summary: Summary, *rows: tuple[Cell, Cell, Cell]) -> Summary:
    """`summary` with a chart of these labels, counts and shares as its only table."""
    made = tuple((str(n), *row) for n, row in enumerate(rows))
    return replace(summary, tables=(replace(summary.tables[0], rows=made),))


def listed(summary: Summary, texts: list[str]) -> Summary:
    """`summary` with a long list of words, places and codes, as calls for needs have it."""
    columns = (
        Column("reference", msg("summary.reference"), "code"),
        Column("day", msg("summary.day"), "date"),
        Column("theme", msg("need.label.theme")),
        Column("commune", msg("need.label.commune")),
        Column("place", msg("need.label.place")),
        Column("words", msg("need.label.words")),
        Column("voices", msg("summary.voices"), "count"),
    )
    rows = tuple(
        (f"OZT-2026-{n:06d}", date(2026, 11, 2), "الماء", None, texts[-1 - n], text, n)
        for n, text in enumerate(texts)
    )
    return replace(summary, tables=(Table("needs", msg("summary.needs"), columns, rows),))


def value_of(one: dict[str, Any]) -> Any:
    """What a figure or a cell says."""
    value = one.get("value", one)
    return value["words"]["lines"] if "words" in value else value.get("number", "hidden")


def said(part: Any) -> str:
    """All that a part of a document says."""
    if isinstance(part, dict):
        return " ".join(said(value) for value in part.values())
    if isinstance(part, list):
        return " ".join(map(said, part))
    return str(part)


def bars(page: Image.Image) -> list[tuple[int, int]]:
    """The first and last pixel of each bar of a page, from the top."""
    found: list[tuple[int, int]] = []
    above = False
    for y in range(page.height):
        row = page.crop((0, y, page.width, y + 1)).tobytes()
        filled = [x for x, shade in enumerate(row) if shade == FILLED]
        if len(filled) >= 8 and not above:
            found.append((min(filled), max(filled)))
        above = len(filled) >= 8
    return found


def test_the_first_page_says_what_how_many_when_and_what_was_left_out(
    summary: Summary, facts: ReportFacts
):
    """Council, title, code, time, filters, figures, chart, and the summary's notes."""
    document = document_of(summary, "fr", replace(facts, filters="Tiznit, femmes"))
    assert document["title"]["lines"] == ["=Priorités 2027"]
    assert document["council"]["lines"] == ["Conseil communal de Ouarzazate"]
    about = [value_of(item) for item in document["about"]]
    assert about == [
        "OZT-P1",
        "21/11/2026\xa014:30",
        ["Tiznit, femmes"],
        "63",
        ["Tachawor 0.1.0"],
    ]
    assert [value_of(figure) for figure in document["figures"]] == ["63", "hidden", "02/11/2026"]
    assert document["chart"]["title"]["lines"] == ["Quel projet ? [2027]: eau/routes"]
    assert document["chart"]["rows"][0]["share"] == "64\xa0%"
    assert "moins de 5 personnes" in said(document["notes"])


def test_the_file_says_its_title_its_council_and_its_language(summary: Summary, facts: ReportFacts):
    """So that readers aloud choose the right voice, and lists of files say what it is."""
    for language in LANGUAGES:
        content = file_of(summary, facts, language)
        assert content.startswith(b"%PDF-")
        known = b"ar" if language in ("ar", "ary") else language.encode()
        assert b"/Lang(" + known + b")" in content
        title = "أولويات 2027" if language in ("ar", "ary") else "=Priorités 2027"
        assert title.encode() in content
        assert b"2026-11-21" in content


def test_the_chart_is_about_the_matter_and_not_about_who_took_part(
    summary: Summary, facts: ReportFacts
):
    """A petition has no such table, and then no chart."""
    about_people = replace(summary.tables[0], id="age_band")
    assert document_of(replace(summary, tables=(about_people,)), "ar", facts)["chart"] is None
    both = replace(summary, tables=(about_people, summary.tables[0]))
    assert document_of(both, "ar", facts)["chart"] is not None


def test_the_tables_about_who_took_part_are_those_of_every_kind():
    """A new table of `flows.statistics.participation` must be named here too."""
    place = next(place.code for place in places.of_level("commune"))
    council = Council("X", "X", place, {"fr": "X"}, ())
    head = Head(kind="poll", code="X-P1", council="X", title={"fr": "X"})
    tables = participation(head, council, Responses([])).tables
    assert {table.id for table in tables} == PARTICIPANTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_bars_grow_from_where_the_language_begins(
    summary: Summary, facts: ReportFacts, language: str
):
    """From the right in Arabic and Darija; as long as the share; on both pages."""
    two = with_rows(
        summary,
        (Verbatim("a"), 30, Decimal("0.75")),
        (Verbatim("b"), 10, Decimal("0.25")),
    )
    first, second = pages_of("report.typ", document_of(two, language, facts))
    for page in (first, second):
        long, short = bars(page)
        side = 1 if language in ("ar", "ary") else 0
        assert long[side] == pytest.approx(short[side], abs=1)
        assert long[1] - long[0] == pytest.approx(3 * (short[1] - short[0]), abs=6)
        assert abs(long[1 - side] - short[1 - side]) > 50


def test_what_is_hidden_has_neither_number_nor_bar(summary: Summary, facts: ReportFacts):
    """On the first page and in the table."""
    document = document_of(summary, "en", facts)
    chart, table = document["chart"]["rows"], document["tables"][0]["rows"]
    for row in chart[1:]:
        assert (row["bar"], row["count"], row["share"]) == (None, None, "")
    for cells in table[1:]:
        assert cells[1:] == [{"hidden": True}, {"hidden": True}, {"bar": None}]
    assert [len(bars(page)) for page in pages_of("report.typ", document)][:2] == [1, 1]


def test_a_hidden_number_of_participants_stays_hidden(summary: Summary, facts: ReportFacts):
    """Even though the report's facts hold it."""
    few = replace(summary, figures=(replace(summary.figures[0], value=SUPPRESSED),), tables=())
    document = document_of(few, "fr", replace(facts, responses=3, version="", code=""))
    assert [value_of(figure) for figure in document["figures"]] == ["hidden"]
    assert "3" not in said([i for i in document["about"] if "14:30" not in said(i)])


def test_of_many_answers_the_largest_are_drawn_and_the_table_has_all(
    summary: Summary, facts: ReportFacts
):
    """How many bars are missing is said."""
    rows: list[tuple[Cell, Cell, Cell]] = [
        (Verbatim(f"n{n}"), n, Decimal(n) / 400) for n in range(5, 25)
    ]
    document = document_of(with_rows(summary, *rows), "en", facts)
    assert len(document["chart"]["rows"]) == MOST_BARS
    assert said(document["chart"]["rows"][0]["label"]["lines"]) == "n15"
    assert "10" in said(document["chart"]["more"])
    assert len(document["tables"][0]["rows"]) == 20


def test_of_a_very_long_list_a_part_is_printed_and_the_rest_told(
    summary: Summary, facts: ReportFacts
):
    """How many rows there are, how many of them are here, and where all are."""
    many = listed(summary, [f"word {n}" for n in range(MOST_ROWS + 234)])
    (table,) = document_of(many, "en", facts)["tables"]
    assert len(table["rows"]) == MOST_ROWS
    assert "1\xa0234" in said(table["rest"])
    assert "XLSX" in said(table["rest"])
    (short,) = document_of(listed(summary, ["one"]), "en", facts)["tables"]
    assert short["rest"] is None


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_no_words_break_a_long_list_or_run_out_of_it(
    summary: Summary, facts: ReportFacts, language: str
):
    """A thousand needs with long words, emoji, mixed scripts: margins stay white on every page."""
    long = ["x" * 300, "و" * 300, "👩🏽\u200d🌾🚧💧 " * 30, "ما كاينش الماء mn l'école 2026/045-P"]
    texts = [*HOSTILE, *NASTY, *long] * 40
    pages = pages_of("report.typ", document_of(listed(summary, texts), language, facts))
    assert len(pages) > 20
    assert not any(overflows(page, MARGIN) for page in pages)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_no_words_break_the_first_page(summary: Summary, facts: ReportFacts, language: str):
    """As title, council, label, note and figure."""
    for nasty in (*NASTY, *HOSTILE):
        hostile = replace(
            with_rows(summary, (Verbatim(nasty), 30, Decimal("0.5"))),
            title=Verbatim(nasty[:500]),
            notes=(Verbatim(nasty[:3000]),),
            figures=(*summary.figures, replace(summary.figures[0], value=Verbatim(nasty[:900]))),
        )
        document = document_of(hostile, language, replace(facts, council={"fr": nasty[:300]}))
        pages = pages_of("report.typ", document)
        assert not any(overflows(page, MARGIN) for page in pages)


def test_a_table_that_goes_on_repeats_its_headings(summary: Summary, facts: ReportFacts):
    """The line under them is on every page that has rows."""
    many = listed(summary, [f"word {n}" for n in range(100)])
    pages = pages_of("report.typ", document_of(many, "fr", facts))[1:]
    assert len(pages) > 2
    for page in pages:
        upper = page.crop((60, 30, page.width - 60, 130))
        lines = [
            y for y in range(upper.height)
            if max(upper.crop((0, y, upper.width, y + 1)).tobytes()) < 140
        ]  # fmt: skip
        assert lines


def test_a_table_of_many_columns_lies_on_its_side(summary: Summary, facts: ReportFacts):
    """And only that one."""
    many = listed(summary, ["one", "two"])
    both = replace(many, tables=(summary.tables[0], *many.tables))
    pages = pages_of("report.typ", document_of(both, "ar", facts))
    assert [page.width > page.height for page in pages] == [False, False, True]


def test_an_empty_table_says_so(summary: Summary, facts: ReportFacts):
    """With its headings."""
    document = document_of(replace(summary, tables=(summary.tables[2],)), "en", facts)
    assert "No rows." in said(document["tables"][0]["empty"])
    assert pages_of("report.typ", document)


def test_numbers_are_read_as_people_write_them(summary: Summary, facts: ReportFacts):
    """Decimal comma, no more places than anyone reads, days from the day on, thousands apart."""
    columns = (
        Column("v", msg("summary.value"), "number"),
        Column("s", msg("summary.share"), "share"),
    )
    rows = (
        (Decimal("-7.200"), Decimal("0.0004")),
        (Decimal("1E+3"), Decimal(1)),
        (Decimal("3.876"), None),
        (1234567, Decimal("0.635")),
    )
    table = Table("t", Translated({"fr": "t"}), columns, rows)
    (made,) = document_of(replace(summary, tables=(table,)), "fr", facts)["tables"]
    assert [[cell and cell["number"] for cell in row] for row in made["rows"]] == [
        ["-7,2", "0,0\xa0%"],
        ["1\xa0000", "100,0\xa0%"],
        ["3,88", None],
        ["1\xa0234\xa0567", "63,5\xa0%"],
    ]


def test_the_same_summary_makes_the_same_file(summary: Summary, facts: ReportFacts):
    """So that a checksum beside it means something."""
    assert file_of(summary, facts, "ary") == file_of(summary, facts, "ary")
