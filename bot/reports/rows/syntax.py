"""Row data for SPSS: a CSV in which every code is a number, and the syntax that reads and labels it.

What a cell lacks is the system-missing value. What somebody did not tell, and what is withheld of their
profile, are values of their own that are declared missing. SPSS reads the syntax as UTF-8 by the mark at its beginning.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from bot.reports.csv import defused
from bot.reports.rows.table import RowData, Value
from bot.reports.rows.text import table_csv
from bot.reports.rows.variables import Variable, Words, plain
from flows.statistics.coarsening import WITHHELD
from flows.statistics.disclosure import UNSAID

#: Bytes that SPSS takes in a label of a variable, in a label of a value, and in a text.
LABEL_BYTES: Final = 255
VALUE_BYTES: Final = 119
TEXT_BYTES: Final = 32_767

#: Values that are not counted.
_MISSING: Final = (UNSAID, WITHHELD)


def numbered_csv(data: RowData) -> bytes:
    """The rows with a number for each code; one text is one line."""
    rows = (
        [_numbered(v, c) for v, c in zip(row, data.variables, strict=True)] for row in data.rows
    )
    return table_csv([variable.name for variable in data.variables], rows)


def _numbered(value: Value, variable: Variable) -> Value:
    if variable.kind == "code" and isinstance(value, str):
        return variable.number(value)
    if isinstance(value, str):
        return _clipped(plain(value), TEXT_BYTES - 1)
    if isinstance(value, list):
        return " ".join(value)
    return value


def syntax(data: RowData, language: str, file: str) -> bytes:
    """The syntax for the CSV called `file`; labels are in `language`."""
    return BOM_UTF8 + ("\r\n".join(_lines(data, Words(language), file)) + "\r\n").encode()


def _lines(data: RowData, words: Words, file: str) -> Iterator[str]:
    yield f"* Reads {file}, which lies beside this file, and labels it."
    yield "* Open this file in SPSS, set the folder in the next line, and run it all."
    yield "CD '.'."
    yield "GET DATA"
    yield "  /TYPE=TXT"
    yield f"  /FILE={_quoted(file, TEXT_BYTES)}"
    yield "  /ENCODING='UTF8'"
    yield "  /ARRANGEMENT=DELIMITED"
    yield "  /DELCASE=LINE"
    yield '  /DELIMITERS=","'
    yield "  /QUALIFIER='\"'"
    yield "  /FIRSTCASE=2"
    yield "  /VARIABLES="
    for at, variable in enumerate(data.variables):
        yield f"    {variable.name} {_format(variable, [row[at] for row in data.rows])}"
    yield "  ."
    yield ""
    yield "VARIABLE LABELS"
    for variable in data.variables:
        yield f"  {variable.name} {_quoted(words.heading(variable), LABEL_BYTES)}"
    yield "  ."
    labelled = [variable for variable in data.variables if variable.values]
    for variable in labelled:
        if variable.kind == "codes":
            continue
        yield ""
        yield f"VALUE LABELS {variable.name}"
        for value, label in variable.values.items():
            number = value if variable.kind in ("flag", "number") else variable.number(value)
            yield f"  {number} {_quoted(words(label), VALUE_BYTES)}"
        yield "  ."
    for variable in data.variables:
        missing = [str(variable.number(v)) for v in _MISSING if v in variable.values]
        if missing:
            yield f"MISSING VALUES {variable.name} ({', '.join(missing)})."
    nominal = [v.name for v in data.variables if v.kind in ("code", "flag")]
    if nominal:
        yield f"VARIABLE LEVEL {' '.join(nominal)} (NOMINAL)."
    yield "EXECUTE."


def _format(variable: Variable, cells: Sequence[Value]) -> str:
    """How SPSS reads a column."""
    match variable.kind:
        case "text" | "codes":
            longest = max((len(_text(cell).encode()) for cell in cells), default=1)
            return f"A{min(max(longest, 1), TEXT_BYTES)}"
        case "date":
            return "SDATE10"
        case "number" if any(isinstance(cell, float) for cell in cells):
            return "F16.4"
        case _:
            return "F8.0"


def _text(cell: Value) -> str:
    """A text as it stands in the CSV."""
    match cell:
        case list():
            return " ".join(cell)
        case str():
            return defused(_clipped(plain(cell), TEXT_BYTES - 1))
        case None | date() | int() | float():
            return ""


def _quoted(text: str, most: int) -> str:
    """A text as SPSS writes it: an apostrophe in it is doubled. `most` is in bytes."""
    return "'" + _clipped(text, most).replace("'", "''") + "'"


def _clipped(text: str, most: int) -> str:
    """As much of a text as so many bytes hold, without half a letter."""
    return text.encode()[:most].decode("utf-8", "ignore")
