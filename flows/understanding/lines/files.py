"""What a data file of `flows/understanding/words` says, and a message as its lines are compared with it."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any

from flows.understanding import scripts
from flows.understanding.lines.sounds import placed, sounds

#: What stands before a word to say how it is compared.
SIGNS = "~@+-"

#: A word by its sound asks for at least so many letters where words may stand anywhere.
FEWEST_LETTERS = 3


@cache
def words_of(name: str) -> Mapping[str, Any]:
    """The data file `name` ("opt_out") as it is written. Raises FileNotFoundError."""
    source = resources.files("flows.understanding").joinpath("words", f"{name}.toml")
    return tomllib.loads(source.read_text("utf-8"))


class Heard:
    """A message in the two forms that lines are compared with, each made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.folded = tuple(scripts.fold(text).split())

    @cached_property
    def placed(self) -> tuple[tuple[int, str], ...]:
        """How each word sounds, and which of the words it is."""
        return placed(self.folded)

    @cached_property
    def sounds(self) -> tuple[str, ...]:
        """How each word sounds."""
        return tuple(heard for _, heard in self.placed)


@lru_cache(maxsize=64)
def heard(text: str) -> Heard:
    """`text` as lines are compared with it; the last messages are kept, because several ask."""
    return Heard(text)


def spelled_out(part: str, words: Mapping[str, str]) -> Iterator[str]:
    """The words of one place of a line, those of lists among them."""
    for one in part.split("|"):
        if one.startswith("<"):
            for word in words[one[1:-1]].split():
                yield from spelled_out(word, words) if word.startswith("<") else (word,)
        elif one != "$":
            yield one


def key(word: str, *, by_sound: bool) -> str:
    """What a word of a line is compared as: folded, or by its sound."""
    return " ".join(sounds(word)) if by_sound else scripts.fold(word)


def denied(word: str) -> str:
    """The sound of the verb that "-tsift" says is denied. Raises ValueError if it would be found everywhere."""
    stem = key(word.removeprefix("-"), by_sound=True)
    if len(stem) < FEWEST_LETTERS or " " in stem:
        raise ValueError(f"no verb that can be told from others: {word!r}")
    return stem
