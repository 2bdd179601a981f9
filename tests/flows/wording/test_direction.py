"""What a client of each channel makes of our lines: every one begins on its own side, and nothing is scrambled.

A client looks at the first letter of a line that stands in no isolate and takes its direction; a line that has
none is laid out left to right (Unicode Bidirectional Algorithm, P2 and P3).
"""

import unicodedata

import pytest

from flows.understanding import scripts
from flows.wording import catalogue, render
from flows.wording.text import (
    LANGUAGES,
    RIGHT_TO_LEFT,
    Code,
    Text,
    Translated,
    Verbatim,
    lines,
    msg,
)
from tests.flows.wording.catalogues import placeholders

#: Values that turn a line round: Latin, Arabic, digits, signs, lines, a reference, an emoji.
HARD: tuple[Text, ...] = (
    Verbatim("Said Amrani"),
    Verbatim("سعيد العمراني"),
    Verbatim("12 (3)"),
    Verbatim("ماء\nhttps://example.ma/x?y=1"),
    Code("OZT-2026-000123"),
    Translated({"fr": "L’éclairage public", "en": "Street lighting"}),
    Translated({"ar": "الإنارة العمومية", "ary": "الضو فالزنقة"}),
    Verbatim("📷"),
    Verbatim("\u202eabc"),
)


def base(line: str) -> str:
    """ "R", "L", or "" where no letter outside of isolates says it."""
    depth = 0
    for sign in line:
        kind = unicodedata.bidirectional(sign)
        if kind in ("LRI", "RLI", "FSI"):
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return "L" if kind == "L" else "R"
    return ""


def has_right_to_left(line: str) -> bool:
    return any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in line)


def hard_texts(language: str) -> list[tuple[str, str]]:
    """Every entry of a catalogue with every hard value, as it is sent."""
    found = []
    for id, forms in catalogue(language).entries.items():
        names = frozenset().union(*(placeholders(form) for form in forms)) - {"count"}
        counts = (0, 1, 2, 3, 11, 100, 1245) if len(forms) > 1 else (1245,)
        for value in HARD if names else HARD[:1]:
            values = dict.fromkeys(names, value)
            for count in counts:
                text = render(msg(id, count=count, **values), language)
                found.append((id, scripts.directed(text, right_to_left=language in RIGHT_TO_LEFT)))
    return found


@pytest.mark.parametrize("language", sorted(RIGHT_TO_LEFT))
def test_every_line_of_every_entry_begins_on_the_right_in_arabic(language: str) -> None:
    """But for those that have no Arabic at all, such as an address of the web."""
    wrong = {
        (id, line)
        for id, text in hard_texts(language)
        for line in text.split("\n")
        if base(line) != "R" and (has_right_to_left(line) or base(line) == "")
        if line.strip()
    }
    assert not wrong


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one not in RIGHT_TO_LEFT])
def test_no_line_of_a_language_written_from_the_left_begins_on_the_right(language: str) -> None:
    wrong = {
        (id, line) for id, text in hard_texts(language) for line in text.split("\n")
        if base(line) == "R"
    }  # fmt: skip
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ends", ["؟", "?", "!", " ?", "\u00a0?", "."])
def test_no_colon_is_glued_to_the_end_of_a_sentence(language: str, ends: str) -> None:
    line = msg("review.line", label=Translated({language: f"واش{ends}"}), answer=Verbatim("x"))
    said = render(line, language)
    assert ":" not in said
    assert f"{ends}\u2069 " in said
    plain = msg("review.line", label=Translated({language: "واش"}), answer=Verbatim("x"))
    assert ":" in render(plain, language)


def test_a_latin_line_and_an_address_stay_as_they_are() -> None:
    text = "Street lighting\nhttps://example.ma/x\n\nقائمة"
    assert scripts.directed(text, right_to_left=True) == text


def test_what_is_isolated_and_nothing_else_is_laid_out_from_the_right() -> None:
    text = render(lines(Verbatim("eau"), Code("OZT-2026-000123")), "ar")
    directed = scripts.directed(text, right_to_left=True)
    assert [base(line) for line in directed.split("\n")] == ["R", "R"]
    assert scripts.directed(directed, right_to_left=True) == directed
