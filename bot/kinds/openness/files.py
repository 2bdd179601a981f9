"""A programme's cards as files: CSV for a sheet, DOCX for the committee and the session."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.core.localtime import local
from bot.kinds.openness.keeping import Kept
from bot.reports.csv import written
from bot.reports.docx import Chapter, write_docx
from bot.results.public_record import ISOLATES
from flows.dialog.facts import Council, Texts
from flows.kinds.openness.card import dirhams
from flows.kinds.openness.programme import PRINCIPLES, Programme, Project
from flows.wording import render
from flows.wording.text import Translated, msg

#: Formats, with what a browser is told of each.
TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

#: What stands in a cell.
Cell = str | int | date | None


def csv_of(council: Council, kept: Kept, promised: Mapping[str, str], language: str) -> bytes:
    """A line a project; `promised` are codes of what is followed of one, by its key."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    cards = [
        _cells(council, kept.programme, one, promised, language) for one in kept.programme.projects
    ]
    writer.writerow([written(name) for name in _names(language)])
    writer.writerows([written(value) for value in cells] for cells in cards)
    return BOM_UTF8 + out.getvalue().encode()


def docx_of(
    council: Council, kept: Kept, promised: Mapping[str, str], language: str, at: int
) -> bytes:
    """A chapter an axis, a table a card, in the direction of its language."""
    programme = kept.programme

    def said(texts: Texts) -> str:
        return render(Translated(texts), language, council.language).translate(ISOLATES)

    chapters = []
    for axis in programme.axes:
        problems = [said(one.title) for one in programme.problems_of(axis.key)]
        chapters.append(Chapter(said(axis.title), 1, problems))
        for project in programme.by_axis()[axis.key]:
            cells = _cells(council, programme, project, promised, language)
            pairs = [
                (name, _shown(value))
                for name, value in zip(_names(language), cells, strict=True)
                if value not in (None, "")
            ]
            chapters.append(Chapter(said(project.title), 2, (), pairs[1:]))
    made = local(at)
    about = [
        said(council.name),
        f"{_t('openness_desk.session', language)}: {programme.session:%d/%m/%Y}",
        f"{_t('openness_desk.file_made', language)}: {made:%d/%m/%Y}",
    ]
    out = io.BytesIO()
    write_docx(said(programme.title), about, chapters, language, said(council.name), made, out)
    return out.getvalue()


def _names(language: str) -> Sequence[str]:
    """What each cell is called; the first is the project's title."""
    entries = (
        "card_title", "axis_name", "problem_name", "card_solution", *(f"principle.{one}" for one in PRINCIPLES),
        "card_result", "cost", "funding", "owner", "partners", "first", "last", "indicator", "progress",
        "approved", "followed_as",
    )  # fmt: skip
    return [
        _t(f"openness.{one}" if one.startswith("principle.") else f"openness_desk.{one}", language)
        for one in entries
    ]


def _cells(
    council: Council,
    programme: Programme,
    project: Project,
    promised: Mapping[str, str],
    language: str,
) -> Sequence[Cell]:
    """A card's cells, in the order of their names."""

    def said(texts: Texts) -> str:
        return (
            render(Translated(texts), language, council.language).translate(ISOLATES)
            if texts
            else ""
        )

    def answer(yes: bool | None) -> str:
        return (
            ""
            if yes is None
            else _t("openness_desk.yes" if yes else "openness_desk.no_word", language)
        )

    axis = next((one.title for one in programme.axes if one.key == project.axis), {})
    problem = next((one.title for one in programme.problems if one.key == project.problem), {})
    return [
        said(project.title),
        said(axis),
        said(problem),
        said(project.solution),
        *(answer(one in project.principles) for one in PRINCIPLES),
        _t(f"openness.result.{project.result}", language) if project.result else "",
        project.cost,
        project.funding,
        project.owner,
        project.partners,
        project.first,
        project.last,
        said(project.indicator),
        project.progress,
        answer(project.approved),
        promised.get(project.key, ""),
    ]


def _shown(value: Cell) -> str:
    """A cell as people read it."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return dirhams(value) if isinstance(value, int) else value or ""


def _t(entry: str, language: str) -> str:
    return render(msg(entry), language).translate(ISOLATES)
