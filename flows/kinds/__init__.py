"""Kinds of consultation, one file each; what a kind is, `flows.kinds.kind` says.

A file or package in this folder that has a `KIND` is a kind; nothing else names it.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from flows.dialog.definition import Head, Problem, head_problems
from flows.dialog.facts import Council, Facts
from flows.dialog.outreach import outreach_problems
from flows.kinds.kind import Kind, Phase
from flows.kinds.outline import Outline

D = TypeVar("D", bound=Head)


@cache
def kinds() -> Mapping[str, Kind[Any]]:
    """Every kind by name."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        kind = getattr(importlib.import_module(f"{__name__}.{module.name}"), "KIND", None)
        if kind is not None:
            found[kind.name] = kind
    return found


#: id of a stored form -> that form and what was read from it. Every conversation about one
#: consultation shares its facts, and a flow runs again for each message.
_read: dict[int, tuple[Mapping[str, Any], Head]] = {}

#: How many definitions are remembered.
_REMEMBERED = 256


def definition_of(facts: Facts, definition: type[D]) -> D:
    """The definition of the consultation in the facts."""
    raw = facts.consultation.definition
    known = _read.get(id(raw))
    if known is not None and known[0] is raw and isinstance(known[1], definition):
        return known[1]
    if len(_read) >= _REMEMBERED:
        _read.clear()
    typed = read_raw(raw, definition)
    _read[id(raw)] = (raw, typed)
    return typed


def read_raw(raw: Mapping[str, Any], definition: type[D]) -> D:
    """A definition from its stored form."""
    return msgspec.convert(raw, definition, strict=False)


def check(raw: Mapping[str, Any], council: Council | None) -> tuple[Head | None, list[Problem]]:
    """The typed definition and everything that is wrong with it, as far as can be told."""
    name = raw.get("kind")
    if not isinstance(name, str) or name not in kinds():
        known = ", ".join(sorted(kinds()))
        return None, [Problem("kind", f"is {name!r}; it must be one of: {known}")]
    kind = kinds()[str(name)]
    try:
        definition = msgspec.convert(raw, kind.definition)
    except msgspec.ValidationError as error:
        return None, [_problem_of(error, kind.definition)]
    found = list(head_problems(definition))
    if council is None:
        found.append(Problem("council", f"no council has the code {definition.council!r}"))
        return definition, found
    phases = kind.phases(definition) if kind.phases is not None else ()
    found.extend(_theme_problems(definition, council))
    found.extend(_level_problems(definition, kind.assures))
    found.extend(
        Problem(key, text)
        for key, text in outreach_problems(
            definition.outreach,
            [theme.id for theme in council.themes],
            opens=definition.opens is not None or bool(phases),
            closes=definition.closes is not None or bool(phases),
            dates=kind.dates(definition) if kind.dates is not None else (),
        )
    )
    found.extend(_phase_problems(definition, phases))
    found.extend(kind.problems(definition, council))
    return definition, found


def begun(
    purpose: str, outline: Outline, council: Council
) -> tuple[dict[str, Any], Head | None, list[Problem]]:
    """What the kind for a purpose makes of an outline, raw and typed, and what is wrong with it.

    Raises LookupError where no kind does that.
    """
    for kind in kinds().values():
        if purpose in kind.begun:
            head = {"kind": kind.name, "council": council.code, **outline.head()}
            raw = {**head, **kind.begun[purpose](outline)}
            return raw, *check(raw, council)
    raise LookupError(f"no kind is for {purpose!r}")


def _problem_of(error: msgspec.ValidationError, definition: type[Head]) -> Problem:
    """msgspec says "Expected `str`, got `int` - at `$.title.fr`"; we add what is allowed there."""
    said, _, where = str(error).partition(" - at ")
    path = where.strip("`").removeprefix("$").removeprefix(".")
    found = _type_at(definition, path)
    allowed: Sequence[str] = ()
    if isinstance(found, inspect.LiteralType):
        allowed = [str(value) for value in found.values]
    elif isinstance(found, inspect.StructType) and "unknown field" in said:
        allowed = [field.encode_name for field in found.fields]
    hint = f"; allowed are: {', '.join(allowed)}" if allowed else ""
    return Problem(path or "(top)", said + hint)


def _type_at(definition: type[Head], path: str) -> inspect.Type:
    """The type that belongs at a path such as "questions[0].type"."""
    found = inspect.type_info(definition)
    for part in path.replace("[", ".[").split(".") if path else ():
        found = _bare(found)
        if isinstance(found, inspect.UnionType):
            found = next((t for t in found.types if isinstance(t, inspect.StructType)), found)
        if isinstance(found, inspect.StructType):
            fields = {field.encode_name: field.type for field in found.fields}
            found = fields.get(part, found)
        elif isinstance(found, inspect.VarTupleType):
            found = found.item_type
    return _bare(found)


def _bare(found: inspect.Type) -> inspect.Type:
    """A type without what is said of it besides."""
    while isinstance(found, inspect.Metadata):
        found = found.type
    return found


def _phase_problems(head: Head, phases: Sequence[Phase]) -> Iterator[Problem]:
    """What is wrong with the stretches of a consultation that opens more than once."""
    names = [phase.name for phase in phases]
    if len(set(names)) != len(names):
        yield Problem("phases", f"have names that are used twice: {', '.join(names)}")
    aware = [phase for phase in phases if phase.opens.tzinfo or phase.closes.tzinfo]
    for phase in aware:
        said = "write the council's local times, without an offset"
        where = phase.at or f"phases.{phase.name}"
        yield Problem(f"{where}.opens", f"is from {phase.opens} to {phase.closes}; {said}")
    if aware:
        return
    before = head.opens
    for phase in phases:
        where = phase.at or f"phases.{phase.name}"
        if phase.closes <= phase.opens:
            said = f"is {phase.closes}, not after it opens at {phase.opens}"
            yield Problem(f"{where}.closes", said)
        if before is not None and phase.opens < before:
            said = f"is {phase.opens}, before {before}: one comes after another"
            yield Problem(f"{where}.opens", said)
        before = phase.closes
    if before is not None and phases and head.closes is not None and head.closes < before:
        yield Problem("closes", f"is {head.closes}, before the last phase ends at {before}")


def _level_problems(head: Head, assures: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with the assurance that is asked for."""
    if head.take_part > "A1":
        said = (
            "nobody has shown a card before they take part; use A0 or A1, and ask for more to count"
        )
        yield Problem("take_part", f"is {head.take_part!r}; {said}")
    if head.counted not in assures:
        said = f"nobody can reach that here; use one of: {', '.join(assures)}"
        yield Problem("counted", f"is {head.counted!r}; {said}")


def _theme_problems(head: Head, council: Council) -> Iterator[Problem]:
    known = [theme.id for theme in council.themes]
    if head.theme and head.theme not in known:
        allowed = f"use one of: {', '.join(known)}" if known else "the council has no themes"
        yield Problem("theme", f"{head.theme!r} is no theme of the council; {allowed}")
