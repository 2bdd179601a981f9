"""Parquet, read by a library that did not write it."""

from io import BytesIO

import pytest
from pyarrow import parquet

from bot.reports.rows.parquet import answers_parquet
from bot.reports.rows.text import answers_csv
from tests.bot.reports.rows.population import data_of, people, read_csv


@pytest.mark.parametrize("values", ["labels", "codes"])
def test_it_holds_what_the_csv_holds_with_types_and_labels(values: str) -> None:
    """Numbers are numbers, days are days, what is empty is null."""
    data = data_of(people(60))
    table = parquet.read_table(BytesIO(answers_parquet(data, "ar", values)))
    rows = read_csv(answers_csv(data, "ar", values))
    assert table.column_names == list(rows[0])
    for found, told in zip(table.to_pylist(), rows, strict=True):
        assert ["" if cell is None else str(cell) for cell in found.values()] == [
            cell.removeprefix("'") for cell in told.values()
        ]
    named = {field.metadata[b"name"].decode(): field for field in table.schema}
    assert str(named["ticks_a"].type) == "int64"
    assert str(named["since"].type) == "date32[day]"
    assert str(named["project"].type) == "string"
    assert named["project"].metadata[b"label"].decode() == "أي مشروع؟"


def test_decimals_and_columns_without_an_answer_have_a_type() -> None:
    """So that files of two consultations can be put together."""
    data = data_of(people(12, people="3.5", since=None, why=None))
    table = parquet.read_table(BytesIO(answers_parquet(data, "fr", "codes")))
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["people"], types["since"], types["why"]) == ("double", "date32[day]", "string")
    assert set(table["since"].to_pylist()) == {None}
