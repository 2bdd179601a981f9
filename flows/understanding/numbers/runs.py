"""Choices beside each other, named together: "the first three", "1 à 5", "من 1 إلى 5".

The words stand in `words/runs.toml`. Two numbers with a dash may be both or all between them; so may two
with a word that some say for "and". Of more than two numbers none is a run: "1-3-4" are three.
"""

import re
from functools import cache

from flows.understanding.lines.files import words_of
from flows.understanding.numbers import NOTHING, Reading, certain, doubtful
from flows.understanding.numbers.spelled import spelled
from flows.understanding.numerals import number
from flows.understanding.scripts import digits, fold

#: Longer messages name no run.
LONGEST = 60

#: The numbers of a run, from the first.
Run = tuple[int, ...]

_DASH = re.compile(r"\s*(\d{1,3})\s*[-–—−‑]\s*(\d{1,3})\s*")


def run(text: str, options: int, most: int) -> Reading[Run]:
    """Which of so many `options` the whole of `text` names as a run; no number is beyond them. Never raises.

    Where it may be the two ends alone, both readings are given, unless there may not be so many (`most`).
    """
    if len(text) > LONGEST or options < 2:
        return NOTHING
    dashed = _DASH.fullmatch(digits(text))
    if dashed:
        return _span(int(dashed[1]), int(dashed[2]), options, most, sure=False)
    words = [word for word in fold(text).split() if word not in _words("beside")]
    return _ends(words, options, most) or _counted(words, options) or NOTHING


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(filter(None, map(fold, words_of("runs")[name].split())))


def _ends(words: list[str], options: int, most: int) -> Reading[Run] | None:
    """ "1 à 5", "from 1 to 5": a number, a word, a number."""
    begun = bool(words) and words[0] in _words("from")
    words = words[begun:]
    for at, word in enumerate(words[:-1]):
        if at and word in _words("to") | _words("and_or_to"):
            rest = words[at + 1 :]
            # "1 7ta l 5"
            rest = rest[1:] if len(rest) > 1 and rest[0] in _words("to") else rest
            first, last = _place(words[:at]), _place(rest)
            if first is None or last is None:
                continue
            sure = begun or word in _words("to")
            return _span(first, last, options, most, sure=sure)
    return None


def _span(first: int, last: int, options: int, most: int, *, sure: bool) -> Reading[Run]:
    if not 1 <= first < last <= options:
        return NOTHING
    every = tuple(range(first, last + 1))
    both = (first, last)
    if sure or every == both:
        return certain(every)
    return doubtful(every, both) if len(every) <= most else certain(both)


def _counted(words: list[str], options: int) -> Reading[Run] | None:
    """ "the first three", "les trois premiers", "الثلاثة الأولى": asked back, as some mean a rank."""
    for name, place in (("first", 0), ("last", 1)):
        for kind, at, rest in (
            ("before", words[:1], words[1:]),
            ("after", words[-1:], words[:-1]),
        ):
            if at and rest and at[0] in _words(f"{name}_{kind}"):
                count = _number(rest)
                if count is not None and 2 <= count <= options:
                    start = (options - count) * place
                    return doubtful(tuple(range(start + 1, start + count + 1)))
    return None


def _place(words: list[str]) -> int | None:
    """The place that a number or an ordinal is."""
    value = number(" ".join(words))
    return value if isinstance(value, int) else None


def _number(words: list[str]) -> int | None:
    """The count that words are. An ordinal is none: "الأولى والثالثة" are two."""
    if len(words) == 1 and words[0].isdecimal():
        return int(words[0]) if len(words[0]) <= 3 else None
    joined = " ".join(words)
    value = spelled(joined)
    if value is None and joined.startswith("ال"):
        value = spelled(joined[2:])
    return value
