"""A closed consultation's result as a picture (PNG) that a small phone shows well in the sun.

It is 1080 pixels wide and has big letters in strong contrast: title, council, how many took part, and
the bars of the first table that is drawn as bars; without such a table, the figures. With a first page for
who has two minutes (`Rendered.brief`) it shows that: findings, the questions small, what is to do. It is as high as
it needs to be, and letters shrink until that is no more than 1350 pixels. Only labels that would be
hard to read even in the smallest letters make it higher.

Bars and labels start at the right where the language does; numbers read from left to right.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from bot.reports.printed import Print, can_be_drawn, largest, number, persons, whole_percent
from bot.reports.rendered import (
    FirstPage,
    Item,
    Rendered,
    ReportFacts,
    Sheet,
    Shown,
    rendered,
)
from bot.reports.typeset import typeset
from flows.statistics.participation import PARTICIPANTS
from flows.statistics.summary import Summary, Suppressed
from flows.wording import render
from flows.wording.text import msg

#: More bars than this are too thin to read.
MOST_BARS = 7

#: Questions beside the findings, and bars of each.
MOST_SMALL, SMALL_BARS = 4, 3

#: A question with no more answers than this (a scale) is shown whole.
WHOLE = 5


def write_picture(summary: Summary, language: str, facts: ReportFacts, file: BinaryIO) -> None:
    """Write `summary` in `language`, one of `flows.wording.text.LANGUAGES`, to `file` as a PNG.

    Takes a few hundredths of a second, and touches neither network nor system fonts. Shows no
    number that the summary keeps back.
    """
    file.write(typeset("picture.typ", document_of(summary, language, facts), "png"))


def document_of(summary: Summary, language: str, facts: ReportFacts) -> dict[str, Any]:
    """All that the picture says, as templates/picture.typ reads it.

    Texts are objects of their `lines` and direction (`rtl`), numbers are strings, `part` is the
    length of a bar from 0 to 1. A row has either the word `hidden` or a part, count and share.
    """
    report = rendered(summary, language, facts)
    words = _Words(report)
    about = {item.id: item for item in report.about}
    sheet = next((sheet for sheet in report.sheets if can_be_drawn(sheet)), None)
    brief = report.brief
    figures = report.figures
    if sheet is not None:
        # A chart needs the room: of the figures, only how many took part stays.
        figures = tuple(f for f in figures if f.id == "responses") or figures[:1]
    return {
        # Typst knows no Darija; it needs the language only to shape letters.
        "lang": "ar" if report.right_to_left else language,
        "rtl": report.right_to_left,
        "title": words.text(report.title),
        "council": words.text(str(about["council"].value)),
        "figures": [words.figure(item) for item in figures],
        "chart": words.chart(sheet) if brief is None and sheet is not None else None,
        "brief": words.brief(brief) if brief is not None else None,
        "made": words.figure(about["made_at"]),
    }


def _of_the_matter(report: Rendered) -> list[Sheet]:
    return [s for s in report.sheets if can_be_drawn(s) and s.id not in PARTICIPANTS]


def _bars(sheet: Sheet, charts: int) -> int:
    """How many bars of a question: a scale is shown whole, the longest of a long list are enough."""
    if charts == 1:
        return MOST_BARS
    return WHOLE if len(sheet.rows) <= WHOLE else SMALL_BARS


class _Words(Print):
    """What stands in one picture."""

    def __init__(self, report: Rendered) -> None:
        super().__init__(report.right_to_left)
        self._report = report

    def figure(self, item: Item) -> dict[str, Any]:
        shown = number(item.value)
        words = self.text(str(self._report.shown(item.value) or "")) if shown is None else None
        return {"title": self.text(item.title), "number": shown, "words": words}

    def brief(self, page: FirstPage) -> dict[str, Any]:
        """What is read in two minutes: findings, the questions small, what is to do."""
        drawn = _of_the_matter(self._report)
        more = len(drawn) - MOST_SMALL
        named = self._report.words
        return {
            "said": [self.lines(text) for text in page.said],
            "unsaid": [self.lines(text) for text in page.unsaid],
            "credit": self.text(page.credit) if page.credit else None,
            "charts": [self.chart(sheet, _bars(sheet, len(drawn))) for sheet in drawn[:MOST_SMALL]],
            "more": self.text(
                render(msg("report.more_questions_picture", number=more), self._report.language)
            )
            if more > 0
            else None,
            "to_do": self.text(named["owed"]),
            "owed": [self.lines(text) for text in page.owed or (named["nothing_owed"],)],
        }

    def chart(self, sheet: Sheet, most_bars: int = MOST_BARS) -> dict[str, Any]:
        kinds = [column.kind for column in sheet.columns]
        count = kinds.index("count")
        share = kinds.index("share") if "share" in kinds else None
        rows = largest(sheet.rows, count, most_bars)
        most = max(persons(row[count]) for row in rows)
        more = len(sheet.rows) - len(rows)
        return {
            "title": self.text(sheet.title),
            "headings": [
                self.text(sheet.columns[column].title) if column is not None else self.text("")
                for column in (share, count)
            ],
            "rows": [self._row(row, count, share, most) for row in rows],
            "more": self.text(_more(more, self._report.language)) if more else None,
            "note": self.lines(sheet.note) if sheet.note else None,
        }

    def _row(
        self, row: Sequence[Shown], count: int, share: int | None, most: int
    ) -> dict[str, Any]:
        label = self.text(number(row[0]) or str(self._report.shown(row[0]) or ""))
        part = row[share] if share is not None else None
        if isinstance(row[count], Suppressed) or isinstance(part, Suppressed):
            hidden = self.text(self._report.hidden)
            return {"label": label, "hidden": hidden, "part": 0, "count": "", "share": ""}
        length = part if isinstance(part, Decimal) else Decimal(0)
        if not isinstance(part, Decimal) and most:
            length = Decimal(persons(row[count])) / most
        return {
            "label": label,
            "hidden": None,
            "part": float(length),
            "count": number(row[count]) or "",
            "share": whole_percent(part, self._report.language)
            if isinstance(part, Decimal)
            else "",
        }


def _more(count: int, language: str) -> str:
    """That there are further rows."""
    return render(msg("picture.more", number=count), language)
