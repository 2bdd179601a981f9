"""The picture of a result: what it says, which way it runs, and that nothing breaks or spills."""

import copy
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.reports.picture import MOST_BARS, document_of, write_picture
from bot.reports.printed import LONGEST
from bot.reports.rendered import ReportFacts
from bot.reports.typeset import FONTS, characters, settable, typeset
from flows.morocco import places
from flows.morocco.places import Level
from flows.statistics.summary import SUPPRESSED, Cell, Summary
from flows.wording import catalogue
from flows.wording.text import LANGUAGES, Translated, Verbatim
from tests.bot.reports.conftest import HOSTILE

MARGIN = 48
BAR, TRACK, WHITE = (11, 110, 143), (223, 229, 234), (255, 255, 255)

#: What could be taken for markup, or finds the edge of a line.
NASTY = (
    '#import "x.typ": *',
    "#panic()",
    "$ x^2 $ `raw` *bold* _it_ <label> @ref // no comment",
    "\\ \" ' \\u{41} ]] }} ))",
    "= heading",
    "https://example.org/" + "a" * 200,
    "وووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووووو",
    "ⵜⵉⵣⵡⵓⵔⵉⵡⵉⵏ " * 20,
)


def picture_of(summary: Summary, facts: ReportFacts, language: str = "fr") -> Image.Image:
    out = io.BytesIO()
    write_picture(summary, language, facts, out)
    return shown(out.getvalue())


def shown(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def with_rows(summary: Summary, *rows: tuple[str, Cell, Cell]) -> Summary:
    """`summary` with a chart of these labels, counts and shares."""
    made = tuple((str(n), Verbatim(row[0]), *row[1:]) for n, row in enumerate(rows))
    return replace(summary, tables=(replace(summary.tables[0], rows=made),))


def below_the_head(picture: Image.Image) -> Image.Image:
    """The part on white ground."""
    top = next(y for y in range(picture.height) if picture.getpixel((5, y)) == WHITE)
    return picture.crop((0, top, picture.width, picture.height))


def bars(picture: Image.Image) -> list[tuple[int, int, int]]:
    """Where each bar is drawn: its first and last pixel from the left, and its middle from above."""
    drawn = (np.asarray(picture) == BAR).all(axis=2)
    found: list[list[int]] = []
    for y in map(int, np.flatnonzero(drawn.any(axis=1))):
        row = [int(x) for x in np.flatnonzero(drawn[y])]
        if not found or found[-1][3] < y - 1:
            found.append([row[0], row[-1], y, y])
        else:
            first, last, top, _ = found[-1]
            found[-1] = [min(first, row[0]), max(last, row[-1]), top, y]
    return [(first, last, (top + bottom) // 2) for first, last, top, bottom in found]


def test_a_picture_is_as_wide_as_a_phone_and_not_too_high(summary: Summary, facts: ReportFacts):
    """1080 pixels wide, at most 1350 high, in every language."""
    for language in LANGUAGES:
        picture = picture_of(summary, facts, language)
        assert picture.width == 1080
        assert 700 < picture.height <= 1350


def test_it_says_title_council_participants_answers_and_when_it_was_made(
    summary: Summary, facts: ReportFacts
):
    """In the reader's words, with day and time as they are written in Morocco."""
    said = document_of(summary, "fr", facts)
    assert said["title"]["lines"] == ["=Priorités 2027"]
    assert said["council"]["lines"] == ["Conseil communal de Ouarzazate"]
    assert [(f["title"]["lines"], f["number"]) for f in said["figures"]] == [
        (["Participations"], "63")
    ]
    assert said["chart"]["title"]["lines"] == ["Quel projet ? [2027]: eau/routes"]
    water, roads, _ = said["chart"]["rows"]
    assert (water["label"]["lines"], water["count"], water["share"]) == (["Eau"], "40", "64\xa0%")
    assert roads["hidden"]["lines"] == ["masqué"]
    assert said["made"]["title"]["lines"] == ["Établi le (heure locale)"]
    assert said["made"]["number"] == "21/11/2026\xa014:30"


def leaves(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text in a document."""
    if isinstance(part, str):
        yield path
    elif isinstance(part, dict | list):
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            yield from leaves(value, (*path, key))


def test_everything_said_is_to_be_seen(summary: Summary, facts: ReportFacts):
    """Whichever text is another, the picture is another."""
    rows = [(f"choice {n}", 40 - n, Decimal("0.05")) for n in range(MOST_BARS + 2)]
    rows[0] = ("secret", SUPPRESSED, SUPPRESSED)
    document = document_of(with_rows(summary, *rows), "fr", facts)
    seen = {typeset("picture.typ", document, "png")}
    paths = [path for path in leaves(document) if path != ("lang",)]
    for path in paths:
        other = copy.deepcopy(document)
        part = other
        for key in path[:-1]:
            part = part[key]
        # What stands beside a hidden answer is left empty on purpose.
        if part[path[-1]]:
            part[path[-1]] = "ZZ"
            seen.add(typeset("picture.typ", other, "png"))
    assert len(paths) > 20
    assert len(seen) == 1 + sum(1 for path in paths if value_at(document, path))


def value_at(part: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        part = part[key]
    return part


@pytest.mark.parametrize("language", LANGUAGES)
def test_bars_start_where_the_language_does_and_are_as_long_as_the_share(
    summary: Summary, facts: ReportFacts, language: str
):
    """At the right margin in Arabic and Darija, at the left one else."""
    two = with_rows(summary, ("a", 30, Decimal("0.75")), ("b", 10, Decimal("0.25")))
    picture = picture_of(two, facts, language)
    long, short = bars(picture)
    edge = 1080 - MARGIN - 1 if language in ("ar", "ary") else MARGIN
    for first, last, _ in (long, short):
        assert edge == pytest.approx(last if language in ("ar", "ary") else first, abs=1)
    track = [x for x in range(1080) if picture.getpixel((x, short[2])) in (BAR, TRACK)]
    assert len(track) > 500
    for share, (first, last, _) in ((0.75, long), (0.25, short)):
        assert last - first + 1 == pytest.approx(share * len(track), abs=2)


def test_digits_and_percent_signs_do_not_turn_round_in_arabic(summary: Summary, facts: ReportFacts):
    """The same ink in the same order, whichever way the picture runs."""
    one = with_rows(summary, ("a", 30, Decimal("0.004")))
    document = document_of(one, "en", facts)
    assert document["chart"]["rows"][0]["share"] == "<1%"
    document["chart"]["rows"][0]["count"] = ""
    inks = []
    for rtl in (False, True):
        picture = shown(typeset("picture.typ", document | {"rtl": rtl}, "png"))
        ((first, last, middle),) = bars(picture)
        side = (0, first) if rtl else (last + 1, 1080)
        row = [x for x in range(*side) if picture.getpixel((x, middle)) == TRACK]
        beside = (0, min(row)) if rtl else (max(row) + 1, 1080)
        ink = picture.convert("L").crop((beside[0], middle - 18, beside[1], middle + 18))
        ink = ink.point(lambda shade: 255 if shade < 128 else 0)
        box = ink.getbbox()
        assert box is not None
        inks.append(ink.crop(box))
    plain, turned = inks
    assert plain.width == pytest.approx(turned.width, abs=1)
    size = (min(plain.width, turned.width), min(plain.height, turned.height))
    pairs = zip(
        plain.crop((0, 0, *size)).tobytes(), turned.crop((0, 0, *size)).tobytes(), strict=True
    )
    assert sum(a != b for a, b in pairs) < 0.1 * size[0] * size[1]


def test_a_hidden_answer_has_neither_number_nor_bar(summary: Summary, facts: ReportFacts):
    """The word for hidden, an empty frame, no length to measure and never a nought."""
    rows = document_of(summary, "en", facts)["chart"]["rows"]
    for row in rows[1:]:
        assert row["hidden"]["lines"] == ["hidden"]
        assert (row["part"], row["count"], row["share"]) == (0, "", "")
    assert len(bars(picture_of(summary, facts))) == 1
    half = with_rows(summary, ("a", 4, SUPPRESSED), ("b", SUPPRESSED, Decimal("0.1")))
    for row in document_of(half, "en", facts)["chart"]["rows"]:
        assert (row["part"], row["count"], row["share"]) == (0, "", "")


def test_a_hidden_number_of_participants_stays_hidden(summary: Summary, facts: ReportFacts):
    """Even though the report's facts hold it."""
    few = replace(summary, figures=(replace(summary.figures[0], value=SUPPRESSED),), tables=())
    document = document_of(few, "fr", replace(facts, responses=3, version="", code=""))
    assert [(f["number"], f["words"]["lines"]) for f in document["figures"]] == [(None, ["masqué"])]
    assert "3" not in str([value_at(document, p) for p in leaves(document) if p[0] != "made"])


def test_of_many_answers_the_largest_are_drawn_and_the_rest_is_told(
    summary: Summary, facts: ReportFacts
):
    """Seven bars in the order of the table; the hidden go first; how many are missing is said."""
    rows: list[tuple[str, Cell, Cell]] = [
        (f"n{n}", n, Decimal(n) / 100) for n in (5, 30, 6, 20, 7, 8, 25)
    ]
    rows[3:3] = [("secret", SUPPRESSED, SUPPRESSED), ("n40", 40, Decimal("0.4"))]
    many = with_rows(summary, *rows)
    chart = document_of(many, "en", facts)["chart"]
    assert [row["label"]["lines"][0] for row in chart["rows"]] == [
        "n30", "n6", "n40", "n20", "n7", "n8", "n25",
    ]  # fmt: skip
    assert "2" in chart["more"]["lines"][0]
    assert len(bars(picture_of(many, facts))) == MOST_BARS
    assert document_of(summary, "en", facts)["chart"]["more"] is None


@pytest.mark.parametrize(
    ("share", "said"),
    [("0", "0%"), ("0.004", "<1%"), ("0.005", "1%"), ("0.635", "64%"), ("0.996", ">99%"), ("1", "100%")],
)  # fmt: skip
def test_few_are_not_none_and_nearly_all_are_not_all(
    summary: Summary, facts: ReportFacts, share: str, said: str
):
    """Whole per cent, except where that would be wrong."""
    one = with_rows(summary, ("a", 30, Decimal(share)))
    assert document_of(one, "ar", facts)["chart"]["rows"][0]["share"] == said


def test_without_a_chart_the_figures_are_listed(summary: Summary, facts: ReportFacts):
    """Numbers, days and what is hidden."""
    document = document_of(replace(summary, tables=()), "en", facts)
    assert document["chart"] is None
    assert [(f["number"], f["words"] and f["words"]["lines"]) for f in document["figures"]] == [
        ("63", None),
        (None, ["hidden"]),
        ("02/11/2026", None),
    ]
    assert bars(picture_of(replace(summary, tables=()), facts)) == []


def test_days_are_labels_too(summary: Summary, facts: ReportFacts):
    """A question for a date has days for answers."""
    table = replace(summary.tables[0], rows=(("d", date(2026, 11, 2), 9, Decimal(1)),))
    document = document_of(replace(summary, tables=(table,)), "ar", facts)
    assert document["chart"]["rows"][0]["label"]["lines"] == ["02/11/2026"]


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("nasty", [NASTY[:4], NASTY[4:], HOSTILE[:6], HOSTILE[6:12], HOSTILE[12:]])
def test_no_words_break_the_picture_or_run_out_of_it(
    summary: Summary, facts: ReportFacts, language: str, nasty: tuple[str, ...]
):
    """As label, title and council: the margins below the head stay white."""
    hostile = replace(
        with_rows(summary, *((text, 30, Decimal("0.5")) for text in nasty)),
        title=Verbatim(nasty[0]),
    )
    council = {"fr": nasty[-1]}
    picture = below_the_head(picture_of(hostile, replace(facts, council=council), language))
    for margin in ((0, MARGIN - 4), (1080 - MARGIN + 4, 1080)):
        sides = picture.crop((margin[0], 0, margin[1], picture.height))
        assert sides.getextrema() == ((255, 255),) * 3
    assert len(bars(picture)) == len(nasty)


def test_markup_in_a_label_is_only_letters(summary: Summary, facts: ReportFacts):
    """Each sign of it is drawn: so many glyphs more than without it."""

    def glyphs(label: str) -> int:
        one = with_rows(summary, (label, 30, Decimal("0.5")))
        document = document_of(one, "en", facts)
        return typeset("picture.typ", document, "svg").count(b"<use ")

    for text in (*NASTY[:5], "x" * (LONGEST - 1)):
        spaces = sum(1 for c in text if c.isspace())
        assert glyphs(text) - glyphs("x") == len(text) - spaces - 1, text


def test_what_is_too_long_for_a_label_ends_visibly(summary: Summary, facts: ReportFacts):
    """With an ellipsis, not in the middle of a word that looks whole."""
    one = with_rows(summary, ("long " * 10_000, 30, Decimal("0.5")))
    (line,) = document_of(one, "fr", facts)["chart"]["rows"][0]["label"]["lines"]
    assert line.endswith("long…")
    assert len(line) <= LONGEST


def boxes(text: str) -> set[str]:
    """The letters of a text that no font has. The sign after an emoji that colours it is none."""
    return {c for c in text if not c.isspace() and c != "\ufe0f" and ord(c) not in characters()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_glyph_for_every_letter_we_write(language: str):
    """All the catalogues, staff's among them; otherwise phones would show boxes."""
    said = "".join(form for forms in catalogue(language).entries.values() for form in forms)
    assert boxes(said) == set()


def test_there_is_a_glyph_for_every_letter_of_moroccan_places_and_letters_of_darija_and_amazigh():
    """Names of communes in both scripts, the letters of Darija, Amazigh in three scripts."""
    levels: tuple[Level, ...] = ("region", "province", "commune", "arrondissement")
    names = [name for level in levels for p in places.of_level(level) for name in p.names.values()]
    assert len(names) > 3000
    said = "".join(names) + "ݣڭگپڤڨچژٱﻻ" + "ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥⵯ" + "ɛɣḍḥṛṣṭẓčǧʷ"
    assert boxes(said) == set()


def test_what_no_font_has_becomes_plain_or_goes():
    """Letters in fancy dress, keycaps, other scripts; emoji stay."""
    fancy = "𝗔𝗯 ｗｉｄｅ 1\ufe0f\u20e3 中文  👍🏽 👨\u200d👩\u200d👧"
    assert settable(fancy) == "Ab wide 1 👍🏽 👨\u200d👩\u200d👧"
    assert settable("one\ntwo") == "one\ntwo"


def test_a_label_of_unknown_letters_only_is_still_a_line(summary: Summary, facts: ReportFacts):
    """A bar without any name would look like a mistake of ours."""
    one = with_rows(summary, ("中文", 30, Decimal("0.5")))
    assert document_of(one, "fr", facts)["chart"]["rows"][0]["label"]["lines"] == ["–"]


def test_a_text_keeps_its_own_direction(summary: Summary, facts: ReportFacts):
    """French inside an Arabic picture reads from left to right."""
    french = replace(summary, title=Translated({"fr": "Projet (phase 2)."}))
    document = document_of(french, "ar", facts)
    assert document["rtl"] is True
    assert document["title"]["rtl"] is False
    assert document["council"]["rtl"] is True


def test_the_fonts_are_free_and_small():
    """Their licence lies beside them, and they weigh no more than a photo."""
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text("utf-8")
    assert sum(path.stat().st_size for path in FONTS.glob("*.ttf")) < 1_500_000


def test_the_same_summary_makes_the_same_picture(summary: Summary, facts: ReportFacts):
    """So that a channel that keeps files by their content sends it once."""
    first, second = io.BytesIO(), io.BytesIO()
    write_picture(summary, "ary", facts, first)
    write_picture(summary, "ary", facts, second)
    assert first.getvalue() == second.getvalue()


def test_without_shares_the_longest_bar_is_that_of_the_most(summary: Summary, facts: ReportFacts):
    """And the others are as long in proportion."""
    first = summary.tables[0]
    columns = tuple(column for column in first.columns if column.kind != "share")
    rows = (("a", Verbatim("A"), 40), ("b", Verbatim("B"), 10), ("c", Verbatim("C"), SUPPRESSED))
    table = replace(first, columns=columns, rows=rows)
    document = document_of(replace(summary, tables=(table,)), "fr", facts)
    drawn = document["chart"]["rows"]
    assert [row["part"] for row in drawn] == [1, 0.25, 0]
    assert [row["count"] for row in drawn] == ["40", "10", ""]
    assert [row["share"] for row in drawn] == ["", "", ""]
