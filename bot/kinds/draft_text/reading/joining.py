"""What was read from a file as a definition: a new draft, or one more language of a draft that is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.kinds.draft_text.reading.articles import Understood


class Row(msgspec.Struct, frozen=True):
    """An article of the file: number, title, text."""

    number: str
    title: str
    text: str


class Kept(msgspec.Struct, frozen=True):
    """What was shown and is to be kept: of which language, into which draft ("" for a new one)."""

    language: str
    into: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """The articles of a draft with those of a file.

    `pairs` are (article of the draft, row of the file). `left` are rows that no article of the draft has,
    `without` articles that the file does not have; both stay as they are. `replaced` counts texts that were
    there in that language.
    """

    articles: Sequence[Mapping[str, Any]]
    pairs: Sequence[tuple[Mapping[str, Any], Row]]
    left: Sequence[Row]
    without: Sequence[Mapping[str, Any]]
    replaced: int


def kept(understood: Understood, language: str, into: str) -> Kept:
    """What is to be kept of a file once somebody has looked at it."""
    rows = tuple(Row(one.number, one.title, one.text) for one in understood.articles)
    return Kept(language, into, understood.title, rows)


def fresh(found: Kept) -> list[dict[str, Any]]:
    """The articles of a new draft; their keys are for ever."""
    return [
        {
            "key": f"a{place}",
            "number": row.number,
            "title": {found.language: row.title},
            "text": {found.language: row.text},
        }
        for place, row in enumerate(found.rows, 1)
    ]


def joined(articles: Sequence[Mapping[str, Any]], found: Kept) -> Joined:
    """A draft's articles with one more language: matched by number, else one after the other."""
    by_number = {one.number: one for one in found.rows if one.number}
    numbers = [str(one.get("number", "")) for one in articles]
    if any(number in by_number for number in numbers):
        matches = [by_number.get(number) for number in numbers]
    elif len(articles) == len(found.rows):
        matches = list(found.rows)
    else:
        matches = [None] * len(articles)
    made: list[Mapping[str, Any]] = []
    pairs, without = [], []
    replaced = 0
    for one, row in zip(articles, matches, strict=True):
        if row is None:
            without.append(one)
            made.append(one)
            continue
        pairs.append((one, row))
        replaced += found.language in one.get("text", {})
        title = {**one.get("title", {}), found.language: row.title}
        made.append(
            {**one, "title": title, "text": {**one.get("text", {}), found.language: row.text}}
        )
    taken = {id(row) for _, row in pairs}
    left = [row for row in found.rows if id(row) not in taken]
    return Joined(made, pairs, left, without, replaced)
