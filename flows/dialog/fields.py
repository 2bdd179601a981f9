"""The fields of a definition's struct as a tree: what a form, a checker or a file reader walks over.

    struct -> Field ("title", texts), Field ("questions", rows of Field ("choices", rows of ...)) ...

A kind of consultation is read here from its types and hints (`flows.dialog.hints`), never by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

import msgspec
from msgspec import inspect

from flows.dialog.hints import KEY, Hint

#: What a field holds. `texts`: one text a language; `moment`: a local day and time; `clock`: a time
#: of day; `one` and `several` of known values; `group`: a struct; `rows`: any number of one thing.
Shape = Literal[
    "texts", "text", "whole", "decimal", "tick", "day", "moment", "clock", "one", "several",
    "group", "rows",
]  # fmt: skip

#: Texts that are names of files.
FILES = ("voice", "picture")

#: Fields of a row that name it for ever: answers are stored under them.
_PERMANENT = ("id", "key")

#: Nothing is said beyond name and type.
_PLAINLY = Hint()

_PLAIN: Mapping[type[inspect.Type], Shape] = {
    inspect.StrType: "text",
    inspect.IntType: "whole",
    inspect.FloatType: "decimal",
    inspect.DecimalType: "decimal",
    inspect.BoolType: "tick",
    inspect.DateType: "day",
    inspect.DateTimeType: "moment",
    inspect.TimeType: "clock",
}

_MANY = (
    inspect.VarTupleType, inspect.ListType, inspect.SetType, inspect.FrozenSetType,
)  # fmt: skip


class Unshowable(TypeError):
    """A struct has a field whose type no form can show."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, what it holds, and how it is shown.

    `needed`: the definition does not go without it. `none`: it may be nothing at all. `default` is
    what it is where nobody wrote it. `values`: as written -> value, of `one` and `several`.
    """

    name: str
    shape: Shape
    hint: Hint = _PLAINLY
    needed: bool = False
    none: bool = False
    default: Any = None
    values: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple["Field", ...] = ()
    item: "Field | None" = None

    @property
    def widget(self) -> str:
        """How it is shown: by its hint, else by what it holds."""
        return self.hint.widget or self.shape

    @property
    def is_file(self) -> bool:
        """Whether it holds names of files."""
        return self.hint.widget in FILES

    @property
    def chooses(self) -> bool:
        """Whether it holds what citizens choose from: rows with a permanent `id` and texts."""
        inner = self.item.fields if self.item is not None else ()
        named = {one.name for one in inner if one.hint.widget == "id"}
        return "id" in named and any(one.shape == "texts" for one in inner)


def fields_of(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields of a struct, in its order. Raises Unshowable with the path of what has no form."""
    return _fields_of(struct)


@cache
def _fields_of(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    info = inspect.type_info(struct)
    if not isinstance(info, inspect.StructType):
        raise Unshowable(f"{struct!r} is no msgspec struct")
    return _fields(info, struct.__name__, (), in_row=False)


def _fields(
    info: inspect.StructType, where: str, above: tuple[type, ...], *, in_row: bool
) -> tuple[Field, ...]:
    if info.cls in above:
        raise Unshowable(f"{where}: {info.cls.__name__} holds itself; a form would have no end")
    inside = (*above, info.cls)
    return tuple(
        _field(one.encode_name, one.type, f"{where}.{one.name}", inside, one, in_row=in_row)
        for one in info.fields
    )


def _field(
    name: str,
    type_: inspect.Type,
    where: str,
    above: tuple[type, ...],
    told: inspect.Field | None = None,
    *,
    in_row: bool = False,
) -> Field:
    hint = _PLAINLY
    while isinstance(type_, inspect.Metadata):
        hint = (type_.extra or {}).get(KEY, hint)
        type_ = type_.type
    none = False
    if isinstance(type_, inspect.UnionType):
        others = [one for one in type_.types if not isinstance(one, inspect.NoneType)]
        none = len(others) < len(type_.types)
        if len(others) != 1:
            raise Unshowable(f"{where} may be of {len(others)} types; a form shows one")
        (type_,) = others
        while isinstance(type_, inspect.Metadata):
            hint = (type_.extra or {}).get(KEY, hint)
            type_ = type_.type
    if in_row and name in _PERMANENT and isinstance(type_, inspect.StrType) and not hint.widget:
        hint = replace(hint, widget="id")
    needed = told.required if told is not None else True
    default = _default(told)
    plain = {"name": name, "hint": hint, "needed": needed, "none": none, "default": default}
    shape = _PLAIN.get(type(type_))
    if shape == "tick" and none:
        return Field(shape="one", values={"yes": True, "no": False}, **plain)
    if shape == "text" and hint.widget == "clock":
        return Field(shape="clock", **plain)
    if shape == "text" and hint.options is not None:
        return Field(shape="one", **plain)
    if shape is not None:
        return Field(shape=shape, **plain)
    if isinstance(type_, inspect.LiteralType):
        return Field(shape="one", values={str(v): v for v in type_.values}, **plain)
    if isinstance(type_, inspect.EnumType):
        return Field(shape="one", values={str(v.value): v.value for v in type_.cls}, **plain)
    if isinstance(type_, inspect.DictType) and _texts(type_):
        return Field(shape="texts", **plain)
    if isinstance(type_, inspect.StructType):
        return Field(
            shape="group", fields=_fields(type_, where, above, in_row=told is None), **plain
        )
    if isinstance(type_, _MANY):
        item = _field("", type_.item_type, f"{where}[]", above, in_row=True)
        if hint.widget in ("ticks", "places") or hint.options is not None:
            return Field(shape="several", **plain)
        if item.shape == "one" and item.values:
            return Field(shape="several", values=item.values, **plain)
        return Field(shape="rows", item=item, **plain)
    raise Unshowable(f"{where} is of the type {type(type_).__name__}; no form shows that")


def _texts(found: inspect.DictType) -> bool:
    return isinstance(found.key_type, inspect.StrType) and isinstance(
        found.value_type, inspect.StrType
    )


def _default(told: inspect.Field | None) -> Any:
    """The default as it would stand in a file."""
    if told is None or told.required:
        return None
    if told.default is not msgspec.NODEFAULT:
        return msgspec.to_builtins(told.default)
    return msgspec.to_builtins(told.default_factory())


# --------------------------------------------------------------------------- walking a definition


#: A step into a definition: a key, or the number of a row.
Path = tuple[str | int, ...]


def walk(
    fields: Sequence[Field], raw: Mapping[str, Any], path: Path = ()
) -> Iterator[tuple[Path, Field, Any]]:
    """Every value of a definition with its path and field, outer ones first."""
    for one in fields:
        value = raw.get(one.name)
        if value is not None:
            yield from _inside(one, value, (*path, one.name))


def _inside(one: Field, value: Any, path: Path) -> Iterator[tuple[Path, Field, Any]]:
    yield path, one, value
    if one.shape == "group" and isinstance(value, Mapping):
        yield from walk(one.fields, value, path)
    elif one.item is not None and isinstance(value, list | tuple):
        for number, row in enumerate(value):
            yield from _inside(one.item, row, (*path, number))


def dotted(path: Sequence[str | int]) -> str:
    """A path as problems say it: "questions[0].choices[1].text"."""
    said = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return said.removeprefix(".")


def spoken(texts: Any) -> frozenset[str]:
    """The languages in which texts say something."""
    return frozenset(code for code, text in dict(texts or {}).items() if str(text).strip())


def incomplete_choices(
    fields: Sequence[Field], raw: Mapping[str, Any]
) -> Iterator[tuple[Path, Mapping[str, str], frozenset[str]]]:
    """Choices that lack a language which the title or another choice beside them has: who reads that
    language would choose by a text in another. Path, text, and the languages that are missing.
    """
    title = spoken(raw.get("title"))
    for path, one, rows in walk(fields, raw):
        if not one.chooses or one.item is None:
            continue
        texts = [inner for inner in one.item.fields if inner.shape == "texts"]
        for inner in texts:
            name = inner.name
            wanted = title.union(*(spoken(row.get(name)) for row in rows))
            for number, row in enumerate(rows):
                said = spoken(row.get(name))
                # What may be left out may be left out in every language, not in some.
                if wanted - said and (said or inner.needed):
                    missing = wanted - said
                    yield (*path, number, name), row.get(name) or {}, missing


def plain(fields: Sequence[Field], raw: Mapping[str, Any]) -> dict[str, Any]:
    """A definition without what it would be anyway: two that mean the same are equal."""
    found = {}
    for one in fields:
        value = raw.get(one.name)
        if value is not None:
            value = _plain(one, value)
            if one.needed or one.none or value != _plain(one, one.default):
                found[one.name] = value
    return found


def _plain(one: Field, value: Any) -> Any:
    if one.shape == "group" and isinstance(value, Mapping):
        return plain(one.fields, value)
    if one.item is not None and isinstance(value, list | tuple):
        return [_plain(one.item, row) for row in value]
    if one.shape == "several":
        return sorted(value, key=str)
    if one.shape == "moment":
        # A file has it as a moment, a database as text.
        return str(value).replace(" ", "T")
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        return {name: str(text).strip() for name, text in value.items()}
    return list(value) if isinstance(value, tuple) else value
