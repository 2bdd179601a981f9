"""The code book: every column, what it means, and what may stand in it."""

import csv
import io
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from bot.reports.codebook import KINDS, KNOWN, codebook, write_codebook
from bot.reports.rendered import Heading, ReportFacts, sheet_of
from bot.reports.xlsx import write_xlsx
from flows.dialog.definition import Head
from flows.kinds import kinds
from flows.statistics.summary import Responses, Summary
from flows.wording import catalogue
from tests.bot.reports.consultations import COUNCIL, NEEDS, PETITION, POLL, answers


def summary_of(definition: Head) -> Summary:
    stored = answers(30) if definition is POLL else []
    made: Summary = kinds()[definition.kind].summary(definition, COUNCIL, Responses(stored))
    return made


def lines_of(described: Any, definition: Head, language: str = "en") -> dict[str, dict[str, str]]:
    """The rows by the column that they describe."""
    sheet = sheet_of(
        codebook(described, kinds()[definition.kind].asked(definition, COUNCIL), language), language
    )
    names = [column.id for column in sheet.columns]
    rows = [dict(zip(names, map(str, row), strict=True)) for row in sheet.rows]
    return {row["column"]: row for row in rows}


@pytest.mark.parametrize("definition", [POLL, NEEDS, PETITION])
def test_every_column_of_a_summary_is_described(definition: Head):
    """With its table, heading, kind and meaning, in every language of the staff."""
    summary = summary_of(definition)
    for language in ("ar", "fr", "en"):
        found = lines_of(summary, definition, language)
        columns = {
            f"{table.id}.{column.id}" for table in summary.tables for column in table.columns
        }
        assert set(found) == columns
        for row in found.values():
            assert all(
                row[name] not in ("", "None") for name in ("table", "heading", "kind", "meaning")
            )


def test_every_column_of_every_kind_has_a_sentence_of_its_own():
    """A new column of a summary needs one in the catalogues and in `KNOWN`."""
    for definition in (POLL, NEEDS, PETITION):
        for table in summary_of(definition).tables:
            assert {column.id for column in table.columns} <= KNOWN
            assert {column.kind for column in table.columns} <= KINDS
    said = catalogue("fr").entries
    assert {
        id.removeprefix("codebook.column.") for id in said if id.startswith("codebook.column.")
    } == KNOWN
    assert {
        id.removeprefix("codebook.kind.") for id in said if id.startswith("codebook.kind.")
    } == KINDS


def test_the_rows_of_a_table_are_its_values():
    """Ids as JSON has them, with the names that people read."""
    found = lines_of(summary_of(POLL), POLL, "fr")
    assert found["q.project.name"]["values"] == "water: Eau\nroads: Routes"
    assert "18-24" in found["age_band.name"]["values"]


def test_what_is_hidden_is_told_where_persons_are_counted():
    """Not where single responses stand."""
    found = lines_of(summary_of(POLL), POLL)
    assert "fewer than 5" in found["q.project.count"]["hidden"]
    assert "fewer than 5" in found["census.difference"]["hidden"]
    assert found["q.project.name"]["hidden"] == "None"
    assert found["q.why.media"]["hidden"] == "None"
    needs = lines_of(summary_of(NEEDS), NEEDS)
    assert needs["needs.voices"]["hidden"] == "None"
    assert needs["needs.theme"]["values"].startswith("water: ")


def test_columns_of_a_long_file_are_known_by_their_ids():
    """Questions of the definition, and what is known of each response."""
    columns = [
        Heading("reference", "Référence", "code"),
        Heading("gender", "Sexe", "text"),
        Heading("q.project", "Quel projet ?", "text"),
        Heading("people", "Combien ?", "numeric"),
    ]
    found = lines_of(columns, POLL)
    assert list(found) == ["reference", "gender", "q.project", "people"]
    assert "woman: " in found["gender"]["values"]
    assert "water: " in found["q.project"]["values"]
    assert found["q.project"]["meaning"] == "The answer to this question of the consultation."
    assert (found["people"]["kind"], found["people"]["values"]) == ("numeric", "from 0 to 20")
    assert all("Not asked" in row["missing"] for row in found.values())


def test_a_question_may_be_called_like_a_column_of_ours():
    """The organizer's question counts."""
    named = replace_key(POLL, "place")
    found = lines_of([Heading("place", "Où ?", "text")], named)
    assert found["place"]["meaning"] == "The answer to this question of the consultation."


def replace_key(poll: Head, key: str) -> Head:
    raw = msgspec.to_builtins(poll)
    raw["questions"] = [{**raw["questions"][0], "key": key}]
    return msgspec.convert(raw, type(poll))


def test_a_code_book_is_a_csv_or_one_more_sheet(facts: ReportFacts):
    """The same lines in both."""
    summary = summary_of(POLL)
    book = codebook(summary, kinds()["poll"].asked(POLL, COUNCIL), "fr")
    out = io.BytesIO()
    write_codebook(book, "fr", out)
    text = io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")
    header, *lines = list(csv.reader(text, delimiter=";"))
    assert header[:2] == ["Tableau", "Nom de la colonne"]
    assert len(lines) == len(book.rows)
    workbook = io.BytesIO()
    write_xlsx(replace(summary, tables=(*summary.tables, book)), "ar", facts, workbook)
    assert workbook.getvalue()
