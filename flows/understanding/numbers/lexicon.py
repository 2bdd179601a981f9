"""The word lists that a native speaker may extend: `flows/understanding/words`, read once.

A list is a line of words with spaces between; "_" joins the words of a phrase. They are compared as
`scripts.fold` has them, so case, accents and vowel signs never matter.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from flows.understanding.scripts import fold


@cache
def word_lists(name: str) -> Mapping[str, Any]:
    """The data file `name` ("numbers"), as it is written. Raises FileNotFoundError."""
    source = resources.files("flows.understanding").joinpath("words", f"{name}.toml")
    return tomllib.loads(source.read_text("utf-8"))


def phrases(line: str) -> Iterator[str]:
    """The words and phrases of a list, folded."""
    for word in line.split():
        folded = fold(word.replace("_", " "))
        if folded:
            yield folded


def phrase_set(*lists: str) -> frozenset[str]:
    """The words and phrases of some lists, folded."""
    return frozenset(one for line in lists for one in phrases(line))


def valued(section: Mapping[str, str]) -> dict[str, int]:
    """A section whose lines stand under a number: folded word or phrase -> that number."""
    return {
        one: int(value)
        for value, line in section.items()
        if value.lstrip("-").isdecimal()
        for one in phrases(line)
    }
