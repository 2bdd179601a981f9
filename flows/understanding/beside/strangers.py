"""Is this written in a language that the bot does not have? Its letters say so, or several of its smallest words.

The words are lists of `words/strangers.toml`; those that French, English or the Latin spellings of Darija and
Tamazight have as well are not among them.
"""

from collections.abc import Mapping
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
    written = script(text)
    if written == "other":
        return True
    if written != "latin":
        return False
    words = heard(text).folded
    if not surely and len(words) <= _SHORT and not _telling().isdisjoint(words):
        return True
    telling = len(_telling().intersection(words)) if surely else 0
    return any(
        len(small.intersection(words)) + telling >= _ENOUGH + surely for small in _words().values()
    )
