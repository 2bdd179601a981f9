"""Documents set with Typst: the fonts, the templates and the one call that compiles.

Fonts come from this package and nowhere else, so that a document looks the same on every server.
Data goes in as JSON, never as part of the source: nothing that an organizer or a citizen wrote is
read as markup.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import typst
from fontTools.ttLib import TTFont

#: Where `typeset` finds templates and fonts.
TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent / "fonts"

#: The families in the order in which a letter is looked for.
FAMILIES = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Tifinagh",
    "Noto Sans Symbols",
    "Noto Emoji",
)

#: A word longer than this may be broken anywhere. No word of our languages is, but addresses are.
LONGEST_WORD = 24

_BREAK = "\u200b"

# Not the space within a number: what a person pasted may be without any other.
_SPACES = re.compile(r"(?:(?!(?<=\d)[\u00a0\u202f](?=\d|%))\s)+")


def typeset(
    template: str, document: Mapping[str, Any], format: Literal["png", "pdf", "svg"]
) -> bytes:
    """A template of this package, such as "picture.typ", compiled with `document`.

    The template finds what `document` holds as JSON in `sys.inputs.document`, and there too, as
    `fonts`, the families to use. Texts in it should be `settable`. A PNG has one pixel for a point.
    Raises `typst.TypstError` where the template is wrong. Threads may call it at the same time.
    """
    content = msgspec.json.encode({**document, "fonts": FAMILIES}).decode()
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        format=format,
        ppi=72.0,
        sys_inputs={"document": content},
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


@cache
def characters() -> frozenset[int]:
    """The code points that the fonts can show."""
    shown: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            shown.update(font.getBestCmap() or ())
    # The frame of a keycap (1️⃣) is set without its digit, and looks like a missing letter.
    return frozenset(shown - {0x20E3})


@cache
def _longer_than(longest: int) -> re.Pattern[str]:
    return re.compile(rf"[\S\u00a0\u202f]{{{longest + 1},}}")


def settable(text: str, longest_word: int = LONGEST_WORD) -> str:
    """`text` such that it can be set: every character has a glyph, long words can be broken.

    `longest_word` is in characters; a narrow column breaks words sooner. Letters in fancy dress
    (𝗯𝗼𝗹𝗱, ｗｉｄｅ) become plain ones; what still has no glyph is left out, because a box says nothing.
    Runs of white space become one space, except line breaks.
    """
    lines = ("".join(map(_plain, line)) for line in text.split("\n"))
    long = _longer_than(longest_word)
    return "\n".join(long.sub(_breakable, _SPACES.sub(" ", line).strip()) for line in lines)


def _plain(character: str) -> str:
    if ord(character) in characters() or character.isspace():
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if all(ord(c) in characters() for c in plain) else ""


def _breakable(word: re.Match[str]) -> str:
    # Not before a mark or joiner: it belongs to the letter before it.
    return re.sub(r"(?<=[^\u200d])(?=[^\W_]|[!-/:-@\[-`{-~])", _BREAK, word[0])
