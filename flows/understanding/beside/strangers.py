"""Is this written in a language that the bot does not have? Its letters say so, or several of its smallest words.

The words are lists of `words/strangers.toml`; those that French, English or the Latin spellings of Darija and
Tamazight have as well are not among them.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from flows.understanding.lines.files import heard, words_of
from flows.understanding.scripts import script

#: Of so many words, so many must be that language's.
_ENOUGH: Final = 2

#: In so many words one telling word is enough. Words.
_SHORT: Final = 12


@cache
def _words() -> Mapping[str, frozenset[str]]:
    return {
        language: frozenset(listed.split())
        for language, listed in words_of("strangers")["small"].items()
    }


@cache
def _telling() -> frozenset[str]:
    """Words of which one is enough."""
    return frozenset(words_of("strangers")["telling"].split())


def is_of_another_language(text: str, *, surely: bool = False) -> bool:
    """Whether `text` is in none of our languages, as far as that is certain. Never raises.

    `surely`, one telling word is not enough: beside it stand words of ours.
    """
    if surely:
        # Nearly every need is asked about: what stands in no list is looked at no further.
        words = heard(text).folded
        return len(_any().intersection(words)) > _ENOUGH and _counted(words, _ENOUGH + 1)
    written = script(text)
    if written == "other":
        return True
    if written != "latin":
        return False
    words = heard(text).folded
    if len(words) <= _SHORT and not _telling().isdisjoint(words):
        return True
    return any(len(small.intersection(words)) >= _ENOUGH for small in _words().values())


@cache
def _any() -> frozenset[str]:
    """All words of all lists."""
    return _telling().union(*_words().values())


def _counted(words: Sequence[str], least: int) -> bool:
    """Whether so many words are one language's, the telling ones among them."""
    return any(
        len((small | _telling()).intersection(words)) >= least for small in _words().values()
    )
