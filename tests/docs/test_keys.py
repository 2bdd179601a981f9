"""Every key of a definition, of a council's file and of the settings is told once, and none that is not.

A page tells keys in tables whose first column is "key" (or "setting"), under a heading that names the
TOML table: `[[questions]]`, `kind = "poll"`. Type and default stand beside the key and are compared too.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from bot.app.build import councils_of, example_folder
from bot.consultations.definitions import BrokenDefinition, read_definition
from bot.core.config import Config
from flows.dialog.definition import Head
from flows.dialog.facts import Council
from flows.kinds import kinds
from tests.docs.page import Page, page, spans_in

#: The heading of what every definition begins with, and that of a council's file.
HEAD, COUNCIL = "Keys of every consultation", "The council's file"

#: Keys that only broadcasts and schedules use; a definition with one of them is refused (see below).
NOT_WRITTEN = {
    ("[outreach.audience]", "person", "1"),
    ("[outreach.audience]", "joined_on", "2026-12-01"),
    ("[outreach.audience]", "topics", '["OZT-LAMPS"]'),
    ("[[outreach.reminders]]", "every", '"day"'),
    ("[[outreach.reminders]]", "days", '"mon"'),
    ("[[outreach.reminders]]", "until", "2026-12-01"),
    ("[[outreach.reminders]]", "after_joining", "2"),
}

#: Type and default of a key, in the words of the pages.
Told = tuple[str, str]
Keys = Mapping[tuple[str, str], Told]


# --------------------------------------------------------------------------- what there is


def keys_of(struct: type[msgspec.Struct], under: str, at: str = "") -> Iterator[tuple[Any, Told]]:
    """((heading, key), (type, default)) of a struct and all within it; `at` is its TOML path."""
    for field in msgspec.structs.fields(struct):
        kind = _plain(inspect.type_info(field.type))
        yield (under, field.encode_name), (word_of(kind), default_of(field))
        path = f"{at}.{field.encode_name}".removeprefix(".")
        if isinstance(kind, inspect.StructType):
            yield from keys_of(kind.cls, f"[{path}]", path)
        elif isinstance(kind, inspect.VarTupleType):
            item = kind.item_type
            if isinstance(item, inspect.StructType):
                yield from keys_of(item.cls, f"[[{path}]]", path)


def _plain(kind: inspect.Type) -> inspect.Type:
    """A type without "or nothing", and without what is said of its field in a form."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        return _plain(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
    return kind


WORDS: Mapping[type[inspect.Type], str] = {
    inspect.StrType: "text",
    inspect.LiteralType: "text",
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.BoolType: "true/false",
    inspect.DictType: "texts",
    inspect.DateTimeType: "time",
    inspect.DateType: "day",
    inspect.StructType: "table",
}


def word_of(kind: inspect.Type) -> str:
    """What the pages call a type."""
    if not isinstance(kind, inspect.VarTupleType):
        return WORDS[type(kind)]
    if isinstance(kind.item_type, inspect.StructType):
        return "tables"
    return "list of days" if isinstance(kind.item_type, inspect.DateType) else "list"


def default_of(field: msgspec.structs.FieldInfo) -> str:
    """A default as TOML writes it; "–" for what may be left out and is then not there."""
    if field.required:
        return "required"
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"`{value:g}`"
        case str() if value:
            return f'`"{value}"`'
        case _:
            return "–"


def defined() -> dict[tuple[str, str], Told]:
    """Every key that an organizer can write into a definition."""
    head = {field.name for field in msgspec.structs.fields(Head)}
    found = dict(keys_of(Head, HEAD))
    for name, kind in kinds().items():
        own = f'kind = "{name}"'
        keys = keys_of(kind.definition, own)
        found |= {key: told for key, told in keys if key[0] != own or key[1] not in head}
    unwritten = {(under, key) for under, key, _ in NOT_WRITTEN}
    return {key: told for key, told in found.items() if key not in unwritten}


def in_council_files() -> dict[tuple[str, str], Told]:
    """Every key of a council's file; themes are told where definitions are."""
    return {k: told for k, told in keys_of(Council, COUNCIL) if k[0] != "[[themes]]"}


def settings() -> dict[tuple[str, str], Told]:
    """Every setting; the pages do not tell its type."""
    found = keys_of(Config, "")
    return {key: ("", default) for key, (_, default) in found if key[0]}


# --------------------------------------------------------------------------- what is told


def told_in(page: Page, column: str) -> list[tuple[tuple[str, str], Told]]:
    """((heading, key), (type, default)) of each row of the tables of keys."""
    found = []
    for table in page.tables:
        if table.columns[0] != column:
            continue
        named = re.search(r"`(.+?)`", table.under)
        under = named[1] if named else table.under
        for row in table.rows:
            cells = dict(zip(table.columns, row, strict=True))
            defaults = cells["default"].split(", ")
            for index, key in enumerate(spans_in(row[0])):
                default = defaults[min(index, len(defaults) - 1)]
                found.append(((under, key), (cells.get("type", ""), default)))
    return found


def differences(page: Page, there: Keys, column: str = "key") -> list[str]:
    """What a page tells of keys and is not so."""
    told = told_in(page, column)
    times = Counter(key for key, _ in told)
    return [
        *(f"{' '.join(key)} is not told" for key in there if key not in times),
        *(f"{' '.join(key)} is told {n} times" for key, n in times.items() if n > 1),
        *(f"{' '.join(key)} does not exist" for key in times if key not in there),
        *(
            f"{' '.join(key)} is told as {said}, but is {there[key]}"
            for key, said in told
            if key in there and said != there[key]
        ),
    ]


# --------------------------------------------------------------------------- the pages


def test_organizers_read_every_key_of_a_definition_once_with_its_type_and_default() -> None:
    assert differences(page("docs/organizers.md"), defined()) == []


def test_operators_read_every_key_of_a_councils_file_once_with_its_type_and_default() -> None:
    assert differences(page("docs/operators.md"), in_council_files()) == []


def test_operators_read_every_setting_once_with_its_default() -> None:
    assert differences(page("docs/operators.md"), settings(), "setting") == []


@pytest.mark.parametrize(("under", "key", "value"), sorted(NOT_WRITTEN))
def test_a_key_that_is_not_told_is_refused_in_a_definition(
    tmp_path: Path, under: str, key: str, value: str
) -> None:
    poll = (example_folder() / "poll.toml").read_text("utf-8")
    need = "" if key == "every" else "before_closing = 1\n" if "reminders" in under else ""
    file = tmp_path / "poll.toml"
    file.write_text(
        f"closes = 2026-12-20T00:00:00\n{poll}\n{under}\n{need}{key} = {value}\n", "utf-8"
    )
    with pytest.raises(BrokenDefinition) as refused:
        read_definition(file, {council.code: council for council in councils_of(Config())})
    assert {problem.key.split("[")[0] for problem in refused.value.problems} <= {
        "outreach.audience",
        "outreach.reminders",
    }


# --------------------------------------------------------------------------- the checks themselves


class Light(msgspec.Struct):
    """A lamp."""

    watts: int
    colour: str = "white"


class House(msgspec.Struct):
    """Where lamps are."""

    name: str
    lights: tuple[Light, ...] = ()
    storeys: int | None = None


PAGE = """
## Houses

| key | type | default | meaning |
| --- | --- | --- | --- |
| `name` | text | required | |
| `lights` | tables | – | |
| `storeys` | number | – | |

### `[[lights]]` of a house

| key | type | default | meaning |
| --- | --- | --- | --- |
| `watts` | number | required | |
| `colour` | text | `"white"` | |
"""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("| `storeys` | number | – | |\n", ""), ["Houses storeys is not told"]),
        (("`storeys`", "`storeys`, `name`"), ["Houses name is told 2 times"]),
        (("`storeys`", "`storeys`, `doors`"), ["Houses doors does not exist"]),
        (("`[[lights]]`", "`[[lamps]]`"), ["[[lights]] watts is not told"]),
        (("required | |\n| `li", "– | |\n| `li"), ["Houses name is told as ('text', '–'), but is"]),
        (('"white"', '"red"'), ["[[lights]] colour is told as"]),
    ],
)
def test_a_key_that_is_told_wrongly_is_found(change: tuple[str, str], said: list[str]) -> None:
    there = dict(keys_of(House, "Houses"))
    assert differences(Page("made-up.md", PAGE), there) == []
    assert change[0] in PAGE
    found = differences(Page("made-up.md", PAGE.replace(*change)), there)
    for words in said:
        assert any(one.startswith(words) for one in found), found
