"""A summary with everything in it that a report may meet."""

import io
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from bot.reports.rendered import ReportFacts
from bot.reports.typeset import typeset
from flows.statistics.summary import SUPPRESSED, Column, Figure, Summary, Table
from flows.wording.text import Code, Translated, Verbatim, lines, msg

#: What people write who wish a clerk's spreadsheet ill, or only like punctuation.
HOSTILE = (
    '=HYPERLINK("http://example.org","click")',
    "+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\u200f=1+1",
    "＝1+1",
    "http://example.org",
    "{=1+1}",
    "12345678901234567890",
    "2026/045-P",
    "one; two\nthree \"four\", 'five'",
    "لا ماء منذ أسبوع؛ +212 600-000000",
    "half a pair \ud83d and \x00 nothing \x0b",
    "x" * 40_000,
)


@pytest.fixture
def facts() -> ReportFacts:
    """A report made in Casablanca on an afternoon in November."""
    return ReportFacts(
        "OZT-P1",
        {"ar": "مجلس جماعة ورزازات", "fr": "Conseil communal de Ouarzazate"},
        datetime(2026, 11, 21, 14, 30, tzinfo=timezone(timedelta(0))),
        63,
        "0.1.0",
    )


@pytest.fixture
def summary() -> Summary:
    """Figures, counts with hidden ones among them, and hostile words."""
    counts = Table(
        "q.project",
        Translated(
            {"ar": "ما أهم مشروع؟ [2027]: الماء/الطرق", "fr": "Quel projet ? [2027]: eau/routes"}
        ),
        (
            Column("id", msg("summary.id"), "id"),
            Column("name", msg("summary.answer")),
            Column("count", msg("summary.count"), "count"),
            Column("share", msg("summary.share"), "share"),
        ),
        (
            ("water", Translated({"ar": "الماء", "fr": "Eau"}), 40, Decimal("0.635")),
            ("roads", Translated({"ar": "الطرق", "fr": "Routes"}), SUPPRESSED, SUPPRESSED),
            ("park", Translated({"ar": "حديقة", "fr": "Jardin"}), SUPPRESSED, SUPPRESSED),
        ),
        lines(msg("summary.several"), msg("summary.held_back")),
        "bar",
    )
    words = Table(
        "q.words",
        Translated({"ar": "ما أهم مشروع؟ [2027]: الماء/الطرق", "fr": "Vos mots"}),
        (
            Column("reference", msg("summary.reference"), "code"),
            Column("day", msg("summary.day"), "date"),
            Column("answer", msg("summary.answer")),
            Column("value", msg("summary.value"), "number"),
        ),
        tuple(
            (Code(f"OZT-2026-{n:06d}"), date(2026, 11, 2), text, Decimal("-19.5"))
            for n, text in enumerate(HOSTILE)
        ),
    )
    empty = Table("none", Verbatim("'History'"), (Column("day", msg("summary.day"), "date"),), ())
    return Summary(
        Translated({"ar": "أولويات 2027", "fr": "=Priorités 2027"}),
        (
            Figure("responses", msg("summary.responses"), 63),
            Figure("withdrawn", msg("summary.withdrawn"), SUPPRESSED),
            Figure("first", msg("summary.first_day"), date(2026, 11, 2)),
        ),
        (counts, words, empty),
        (msg("summary.protection", smallest=5),),
    )


def pages_of(template: str, document: dict[str, Any]) -> list[Image.Image]:
    """The pages of a document as pictures: one pixel is a point."""
    made: Any = typeset(template, document, "png")
    contents = made if isinstance(made, list) else [made]
    return [Image.open(io.BytesIO(content)).convert("L") for content in contents]


def overflows(page: Image.Image, margin: int) -> bool:
    """Whether anything stands in the left or right margin, which is `margin` points wide."""
    sides = ((0, 0, margin, page.height), (page.width - margin, 0, page.width, page.height))
    return any(page.crop(side).getextrema() != (255, 255) for side in sides)
