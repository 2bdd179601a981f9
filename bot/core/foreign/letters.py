"""Which letters do the bytes of a text file stand for?

UTF-8 and UTF-16 say so themselves. Of the old tables (Windows for French and for Arabic, Macintosh, DOS) each makes
something of any bytes, so the words that come out are judged: a word of two scripts ("ةMILE" for "ÉMILE"), a capital
behind a small letter, a sign amid a word are none. What the words leave open is not decided here: every reading is told.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: The old tables, the likelier first: of readings that are the same the first is named.
OLD: Final = ("cp1252", "cp1256", "mac_roman", "cp850")

#: Most different words that are judged.
JUDGED: Final = 5_000

#: A reading is certain where it is so much better than the next: a word that is one, beside a word that is none.
MARGIN: Final = 2

#: A text is UTF-8 with a fault in it where at most one sign in so many is broken.
BROKEN: Final = 20

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_SEQUENCE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")  # fmt: skip
_LETTERS: Final = re.compile(r"[^\W\d_][^\W\d_\u064b-\u0652]*(?:[\u064b-\u0652]+[^\W\d_]*)*")

_FRENCH: Final = frozenset("àâäçèéêëîïôöùûüœ" + "ÀÂÄÇÈÉÊËÎÏÔÖÙÛÜŒ")
_ARABIC: Final = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيـگڭپڤ")
_SIGNS: Final = frozenset("°ºª«»“”‘’–—…€§·•،؛؟\u00a0\u200c\u200d\u200e\u200f\u00ad²³½" + "\ufeff")

#: An apostrophe where it belongs; letters beyond ASCII, and those of alphabets that nobody here writes.
_APART: Final = re.compile(r"(?<=[^\W\d_])’(?=[^\W\d_])")
_BEYOND: Final = re.compile("[^\x00-\x7f]")
_ODD: Final = re.compile("[\x80-\x9f\u0370-\u05ff\u0700-\u07ff]")

#: UTF-8 that somebody took for Windows letters and saved again: "Ã‰MILE", "Ø£Ù…".
_HALF: Final = r"[\u0080-\u00bf\u2018-\u203a\u20ac\u0152-\u0192\u2020-\u2026\u02c6]"
_SPOILED: Final = re.compile(f"Ã{_HALF}|(?:[ØÙ]{_HALF}){{2}}")


@dataclass(frozen=True, slots=True)
class Letters:
    """A text, the table that its letters were read with, and words that this table makes no sense of."""

    name: str
    text: str
    strange: frozenset[str] = frozenset()

    def spoils(self, line: str) -> bool:
        """Whether letters of a line were lost: here, or before the file came to us."""
        if "\ufffd" in line or _SPOILED.search(line) is not None:
            return True
        return bool(self.strange) and not self.strange.isdisjoint(_words(line))


def read(content: bytes, wanted: str = "") -> tuple[Letters, ...]:
    """The text of bytes; several, the likeliest first, where they may be any of these; none where they are no text.

    `wanted` is the table that somebody chose among those offered.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return (_decoded(content[len(mark) :], name),)
    if b"\0" in content:
        return _of_two_bytes(content)
    if wanted in OLD:
        return (_decoded(content, wanted),)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        pass
    else:
        # Two letters of an old table may be one of UTF-8 by chance: "dՉge" for "d’âge".
        odd = len(_ODD.findall(text))
        if 2 * odd <= len(_BEYOND.findall(text)):
            return (Letters("utf-8", text),)
        return _old(content)
    sequences = _SEQUENCE.findall(content)
    stray = len(re.findall(rb"[\x80-\xff]", _SEQUENCE.sub(b"", content)))
    if len(sequences) > stray * BROKEN:
        return (_decoded(content, "utf-8"),)
    return _old(content)


def _decoded(content: bytes, name: str) -> Letters:
    return Letters(name, content.decode(name, "replace"))


def _of_two_bytes(content: bytes) -> tuple[Letters, ...]:
    """UTF-16 that does not say so: nearly all of it are letters that we know."""
    for name in ("utf-16-le", "utf-16-be"):
        one = _decoded(content, name)
        sample = one.text[:5_000]
        known = sum(c in "\t\r\n" or " " <= c <= "ſ" or "\u0600" <= c <= "ۿ" or "ⴰ" <= c <= "⵿" for c in sample)  # fmt: skip
        if sample and known >= 0.95 * len(sample):
            return (one,)
    return ()


def _old(content: bytes) -> tuple[Letters, ...]:
    words = [word for word, _ in Counter(_WORD.findall(content)).most_common(JUDGED)]
    tables: dict[str, list[str]] = {}
    for name in OLD:
        read_so = [word.decode(name, "replace") for word in words]
        if read_so not in tables.values():
            tables[name] = read_so
    points = {name: [_sense(word) for word in made] for name, made in tables.items()}
    best, *others = sorted(tables, key=lambda name: (-sum(points[name]), OLD.index(name)))
    near = [name for name in others if sum(points[best]) - sum(points[name]) < MARGIN]
    return tuple(
        Letters(name, content.decode(name, "replace"), _strange(name, tables, points))
        for name in (best, *near)
    )


def _strange(
    name: str, tables: Mapping[str, Sequence[str]], points: Mapping[str, Sequence[int]]
) -> frozenset[str]:
    """Words that are one by another table only, as in a file that was put together from two."""
    return frozenset(
        word
        for at, word in enumerate(tables[name])
        if points[name][at] < 0 and any(of[at] > 0 for of in points.values())
    )


def _words(line: str) -> Iterator[str]:
    for found in re.finditer(r"[A-Za-z\u0080-\uffff]+", line):
        yield found[0]


def _sense(run: str) -> int:
    """What speaks for a run of letters and signs as somebody wrote it, and what against."""
    signs = [c for c in run if not c.isalpha() and not "\u064b" <= c <= "\u0652"]
    against = sum(c not in _SIGNS for c in signs)
    apart = len(_APART.findall(run))
    return sum(map(_word_sense, _LETTERS.findall(run))) + 2 * (apart - against)


def _word_sense(word: str) -> int:
    bare = re.sub("[\u064b-\u0652]", "", word)
    arabic = sum("\u0600" <= c <= "ۿ" for c in bare)
    if arabic and arabic < len(bare):
        return -3
    if arabic:
        return _arabic_sense(bare)
    return _latin_sense(bare)


def _arabic_sense(word: str) -> int:
    if not _ARABIC.issuperset(word) or any(c in "ةى" for c in word[:-1]) or word in ("ة", "ى"):
        return -2
    return 0 if len(word) == 1 else 3 if word.startswith("ال") else 2


def _latin_sense(word: str) -> int:
    accented = [c for c in word if c > "\x7f"]
    if not accented:
        return 0
    if len(word) == 1:
        return 1 if word in "àÀéÉ" else 0
    # Nobody writes two accents and nothing else, nor a capital behind a small letter.
    if len(accented) == len(word) or not (word.islower() or word.isupper() or word.istitle()):
        return -2
    return 2 if _FRENCH.issuperset(accented) else _foreign(accented)


def _foreign(accented: Iterable[str]) -> int:
    if any(c in "æÆÿŸ" for c in accented):
        # In a name now and then, and what other tables make of other signs.
        return 0
    return 1 if all(c in "áíóúñãõÁÍÓÚÑÃÕìòÌÒßåÅøØ" for c in accented) else -1
