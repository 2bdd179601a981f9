"""Word lists that a native speaker may extend, as they stand in `flows/understanding/words`.

A list is a line of words with spaces between; "_" joins the words of a phrase. They are compared as
`scripts.fold` has them, so case, accents and vowel signs never matter.
"""

from collections.abc import Iterator, Mapping

from flows.understanding.scripts import fold


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
