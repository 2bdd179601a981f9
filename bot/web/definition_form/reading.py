"""What was typed as a definition: fields -> raw, and what of it cannot be read.

tree -> read -> raw -> flows.kinds.check -> problems, each beside its field (`noting`)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.web.definition_form.filling import fill_new
from bot.web.definition_form.rows import is_kept
from bot.web.definition_form.tree import WAS, Node, tree_of
from flows.dialog.definition import Problem
from flows.dialog.fields import Field, Path, dotted
from flows.morocco import places
from flows.understanding import scripts
from flows.wording.text import LANGUAGES

#: Most digits of a whole number: what every program that reads our files takes.
MOST_DIGITS = 15

#: Most places that are looked up by their names, and the longest name.
MOST_PLACES, LONGEST_NAME = 100, 100

#: Nothing was written, and the definition goes without it.
NOTHING = object()

#: Characters between several places.
_BETWEEN = re.compile(r"[,;،؛\n]+")


@dataclass(slots=True)
class Reading:
    """A definition as it was read; `names` leads from a row's path in it to the row in the form.

    `lacks`: something that the definition needs could not be read, so that it is no definition yet.
    """

    raw: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    lacks: bool = False
    #: Whether what is not counted is read too: empty rows, parts that are not ticked. Paths are then
    #: those of the form.
    blanks: bool = False

    def wrong(self, one: Field, path: Path, text: str) -> object:
        """Note that a field cannot be read. Returns NOTHING."""
        self.problems.append(Problem(dotted(path), text))
        self.lacks = self.lacks or one.needed
        return NOTHING


def read(
    fields: Sequence[Field], tree: Node, ours: Mapping[str, Any] = {}, *, blanks: bool = False
) -> Reading:
    """The definition that a form describes, as it would stand in a file; `ours` is what we fill in.

    `blanks`: with the rows in which nothing is written, and parts that are not ticked.
    """
    reading = Reading(blanks=blanks)
    reading.raw = _read_all(reading, fields, tree, (), "")
    for one in fields:
        if one.hint.widget == "ours" and ours.get(one.name):
            reading.raw[one.name] = ours[one.name]
    return reading


def part_of(fields: Sequence[Field], typed: Mapping[str, str], where: str) -> dict[str, Any]:
    """The part of a definition that the fields under a name describe."""
    node = tree_of(typed).get(where)
    return _read_all(Reading(), fields, node, (), "")


def _read_all(
    reading: Reading, fields: Sequence[Field], node: Node, path: Path, where: str
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields:
        if one.hint.widget == "ours":
            continue
        inner = node.get(one.name)
        if one.hint.scope:
            inner = inner.below(node.get(one.hint.scope).value)
        value = _read(reading, one, inner, (*path, one.name), f"{where}{one.name}")
        if value is not NOTHING:
            found[one.name] = value
    return found


def _read(reading: Reading, one: Field, node: Node, path: Path, where: str) -> Any:
    """What a field holds, NOTHING if that is nothing."""
    match one.shape:
        case "texts":
            texts = {code: node.get(code).value.strip() for code in LANGUAGES}
            texts = {code: text for code, text in texts.items() if text}
            return texts if texts or one.needed else NOTHING
        case "tick":
            return bool(node.value)
        case "several":
            return _several(one, node)
        case "group":
            return _group(reading, one, node, path, where)
        case "rows":
            return _rows(reading, one, node, path, where)
        case "text":
            return _text(one, node.value)
    text = node.value.strip()
    if not text:
        # What has a choice of nothing ("no theme") says so; what has not is to be written.
        if one.needed:
            return reading.wrong(one, path, "is empty; write it")
        return NOTHING
    value = _value(one, text)
    if value is NOTHING:
        return reading.wrong(one, path, f"is {text[:40]!r}; {_EXPECTED[one.shape]}")
    return value


_EXPECTED = {
    "whole": f"write a whole number of at most {MOST_DIGITS} digits",
    "decimal": "write a number",
    "day": "write a day like 2026-12-01",
    "moment": "write a local day and time like 2026-12-01T18:00",
    "clock": "write a time like 18:00",
    "one": "choose one of those offered",
}


def _text(one: Field, typed: str) -> Any:
    """A string. Ids stay as they are: answers are stored under them."""
    text = typed if one.hint.widget in ("id", "hidden") else typed.strip()
    if one.hint.upper:
        text = text.upper()
    if one.hint.widget == "place" and text:
        text = _place(text)
    return text if text or one.needed else NOTHING


def _value(one: Field, text: str) -> Any:
    """One value from what was typed, NOTHING if it is none."""
    plain = scripts.digits(text)
    match one.shape:
        case "whole":
            return int(plain) if re.fullmatch(rf"[-+]?\d{{1,{MOST_DIGITS}}}", plain) else NOTHING
        case "decimal":
            return _decimal(plain.replace("٫", ".").replace(",", "."))
        case "day":
            return _iso(date, plain)
        case "moment":
            found = _iso(datetime, plain)
            return NOTHING if found is NOTHING or datetime.fromisoformat(found).tzinfo else found
        case "clock" if one.hint.widget != "clock":
            return _iso(time, plain)
        case "one" if one.values:
            return one.values.get(text, NOTHING)
        case _:
            return text if one.shape == "one" else plain


def _decimal(text: str) -> Any:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return NOTHING
    return str(number) if number.is_finite() and len(text) <= 40 else NOTHING


def _iso(kind: type[date] | type[time], text: str) -> Any:
    """A day or moment as a file has it: browsers leave the seconds out, and a day begins at midnight."""
    try:
        return kind.fromisoformat(text).isoformat()
    except ValueError:
        return NOTHING


def _several(one: Field, node: Node) -> Any:
    """Each tick is a name under the field; places may be typed as well."""
    chosen = [name for name, value in node.leaves() if value]
    if one.hint.widget == "places":
        typed = [part.strip() for part in _BETWEEN.split(node.value) if part.strip()]
        chosen += [_place(part) for part in typed] if len(typed) <= MOST_PLACES else typed
    values = [one.values.get(name, name) for name in dict.fromkeys(chosen)]
    return values if values or one.needed else NOTHING


def _place(text: str) -> str:
    """The census code of a place, by its code or its name; what is neither stays, for the check to name."""
    code = scripts.digits(text)
    try:
        return places.place(code).code
    except KeyError:
        certain = places.resolve(text).certain if len(text) <= LONGEST_NAME else None
        return certain.code if certain is not None else text


def _group(reading: Reading, one: Field, node: Node, path: Path, where: str) -> Any:
    if one.none and not node.value and not reading.blanks:
        inner = _read_all(Reading(), one.fields, node, path, f"{where}.")
        if not node.get(WAS).value and inner != _untouched(one):
            return reading.wrong(one, path, "is written but not ticked; tick it, or empty it")
        return NOTHING
    found = _read_all(reading, one.fields, node, path, f"{where}.")
    return found if found or one.needed or one.none else NOTHING


def _rows(reading: Reading, one: Field, node: Node, path: Path, where: str) -> Any:
    """What each row holds; a new one in which nothing was written is left out."""
    if one.item is None:
        return NOTHING
    found: list[Any] = []
    untouched = _untouched(one.item)
    for number, row in enumerate(node.rows()):
        name = f"{where}.{number}"
        if (
            not (reading.blanks or is_kept(row))
            and _without_ids(one.item, _apart(one.item, row)) == untouched
        ):
            continue
        here: Path = (*path, len(found))
        reading.names[dotted(here)] = name
        value = _read(reading, one.item, row, here, name)
        if value is NOTHING:
            # A row is there or not: nothing of it is needed less than the rest.
            reading.lacks = True
        else:
            found.append(value)
    return found if found or one.needed else NOTHING


def _apart(one: Field, node: Node) -> Any:
    """What a field holds, whatever is wrong with it."""
    apart = Reading()
    value = _read(apart, one, node, (), "")
    return "?" if any(not p.text.startswith("is empty") for p in apart.problems) else value


def is_untouched(one: Field, node: Node) -> bool:
    """Whether a field holds what it holds where nobody has written."""
    value = _read(Reading(), one, node, (), "")
    return value is NOTHING or value == one.default or not (value or one.default)


def _untouched(one: Field) -> Any:
    """What a field holds in which nobody has written."""
    fresh = Node()
    fill_new(one, fresh)
    if one.shape == "group":
        return _without_ids(one, _read_all(Reading(), one.fields, fresh, (), ""))
    return _read(Reading(), one, fresh, (), "")


def _without_ids(one: Field, value: Any) -> Any:
    if one.shape != "group" or not isinstance(value, dict):
        return value
    named = {inner.name for inner in one.fields if inner.hint.widget == "id"}
    return {name: inner for name, inner in value.items() if name not in named}
