"""Row data as Parquet: typed columns, each with its label; several choices in one cell as in CSV.

What writes it is an extra (`pip install "tachawor[parquet]"`): 34 MB that only some councils want.
"""

from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from io import BytesIO
from typing import Any, Final

from bot.reports.rows.table import RowData, Value, written
from bot.reports.rows.variables import Variable, Words, headings

_EPOCH: Final = date(1970, 1, 1)


def can_write() -> bool:
    """Whether the extra is there."""
    return find_spec("arro3") is not None and find_spec("arro3.io") is not None


def answers_parquet(data: RowData, language: str, values: str) -> bytes:
    """The rows. `values` is "labels" in the language, or "codes" under names for machines.

    Raises ImportError where `can_write` says no.
    """
    from arro3.core import Field, Schema, Table
    from arro3.io import write_parquet

    words = Words(language)
    labels = values == "labels"
    heads = headings(data.variables, words)
    names = heads if labels else [variable.name for variable in data.variables]
    rows = [written(row, data.variables, words if labels else None) for row in data.rows]
    columns = [
        _column(variable, [row[at] for row in rows]) for at, variable in enumerate(data.variables)
    ]
    fields = [
        Field(name, column.type, metadata={"name": variable.name, "label": head})
        for name, column, variable, head in zip(names, columns, data.variables, heads, strict=True)
    ]
    out = BytesIO()
    write_parquet(Table.from_arrays(columns, schema=Schema(fields)), out)
    return out.getvalue()


def _column(variable: Variable, cells: Sequence[Value]) -> Any:
    from arro3.core import Array, DataType

    match variable.kind:
        case "flag" | "rank":
            return Array(cells, DataType.int64())
        case "number":
            whole = not any(isinstance(cell, float) for cell in cells)
            return Array(cells, DataType.int64() if whole else DataType.float64())
        case "date":
            days = [(c - _EPOCH).days if isinstance(c, date) else None for c in cells]
            return Array(days, DataType.int32()).cast(DataType.date32())
        case _:
            return Array(cells, DataType.string())
