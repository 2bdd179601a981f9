"""The desk as a file: a row each, or a page with totals and the first of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import metadata
from typing import Any

import msgspec

from bot.cases.handling import rule_of, states, told_in
from bot.core.localtime import local, local_day
from bot.reports.rendered import Heading, Item, printable
from bot.reports.streams import Row as Cells
from flows.dialog.answers import Spot
from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.kinds.kind import DANGER
from flows.morocco import places
from flows.statistics.asked import Asked
from flows.statistics.disclosure import OTHER
from flows.statistics.summary import Cell, Column, Figure, Summary, Table
from flows.understanding.moderation import HIDDEN, masked
from flows.wording import Renderer
from flows.wording.text import Code, Text, Translated, Verbatim, msg, stand_in
from storage.database import Transaction
from storage.rows.cases import CasesPage
from storage.rows.downloads import NeedsCounted, NeedsStream, TranscriptsIn

#: Needs that a PDF lists; the other formats have all of them.
MOST_PRINTED = 500

COLUMNS: Sequence[tuple[str, Text, str]] = (
    ("reference", msg("summary.reference"), "code"),
    ("day", msg("summary.day"), "date"),
    ("consultation", msg("report.consultation"), "code"),
    ("theme", msg("need.label.theme"), "text"),
    ("commune", msg("need.label.commune"), "text"),
    ("place", msg("need.label.place"), "text"),
    ("pin", msg("desk.pin"), "code"),
    ("words", msg("need.label.words"), "text"),
    ("transcript", msg("downloads.transcript"), "text"),
    ("media", msg("summary.media"), "count"),
    ("said", msg("desk.said_by"), "count"),
    ("status", msg("summary.state"), "text"),
    ("status_code", msg("downloads.status_code"), "code"),
    ("nature", msg("desk.nature"), "text"),
    ("due", msg("desk.answer_by"), "date"),
    ("answered", msg("downloads.answered"), "date"),
    ("language", msg("summary.language"), "code"),
    ("channel", msg("summary.channel"), "code"),
)

#: With names: where the author can be reached.
ADDRESS = ("address", msg("downloads.address"), "code")


async def transcripts(tx: Transaction, council_id: int) -> Mapping[int, str]:
    """What the voice notes of each need say."""
    found: dict[int, list[str]] = {}
    for row in await tx.rows(TranscriptsIn, council_id=council_id):
        found.setdefault(row.response_id, []).append(row.text)
    return {id: "\n".join(texts) for id, texts in found.items()}


class CasesTable:
    """Turns stored needs into the rows of a file in one language."""

    def __init__(
        self,
        council: Council,
        language: str,
        written: Mapping[int, str],
        where: Callable[[str], str] | None = None,
    ) -> None:
        """`where` makes an address readable; None where nobody is to read them."""
        self._council = council
        self._renderer = Renderer(language, stand_in(language))
        self._written = written
        self._where = where
        self._themes = themes(council)
        self._texts: dict[str, str] = {}
        every = (*COLUMNS, ADDRESS) if where is not None else COLUMNS
        self.columns = tuple(Heading(id, self._say(title), kind) for id, title, kind in every)

    def _say(self, text: Text) -> str:
        if isinstance(text, Verbatim | Code):
            return printable(text.text)
        return printable(self._renderer.render(text))

    def _known(self, id: str) -> str:
        """An entry of the catalogue, looked up once for a million rows."""
        if id not in self._texts:
            self._texts[id] = self._say(msg(id))
        return self._texts[id]

    def about(self, filters: str, made_at: datetime) -> tuple[Item, ...]:
        """What the file says about itself."""
        product = msg("report.product", version=Code(metadata.version("tachawor")))
        return (
            Item("what", self._known("report.what_label"), self._known("downloads.needs")),
            Item(
                "council", self._known("report.council"), self._say(Translated(self._council.name))
            ),
            Item("made_at", self._known("report.made_at"), made_at, "date"),
            Item(
                "filters",
                self._known("report.filters"),
                printable(filters) or self._known("report.no_filters"),
            ),
            Item(
                "identities",
                self._known("downloads.identities"),
                self._known("button.yes" if self._where is not None else "button.no"),
            ),
            Item("version", self._known("report.version"), self._say(product)),
        )

    def _told(self, words: str | None) -> str | None:
        """Words without numbers and addresses, unless the file has identities anyway."""
        if not words:
            return None
        return words if self._where is not None else masked(words)

    def row(self, row: NeedsStream) -> Cells:
        """A need as a row."""
        told = rule_of(row.kind).told(msgspec.json.decode(row.body))
        hidden = row.hidden is not None
        place = told.spot.text if told.spot is not None else ""
        theme = self._themes.get(row.theme)
        cells: list[Any] = [
            row.reference,
            local_day(row.created_at),
            row.code,
            self._say(theme) if theme is not None else row.theme,
            self._say(place_name(told.commune)) if told.commune else None,
            HIDDEN if hidden and place else self._told(place),
            None if hidden else _pin(told.spot),
            HIDDEN if hidden else self._told(told.words),
            HIDDEN if hidden and row.id in self._written else self._told(self._written.get(row.id)),
            len(told.files),
            row.said,
            self._known(f"state.{row.state}"),
            row.state,
            self._known(f"desk.nature.{row.nature}"),
            datetime.fromisoformat(row.due_day).date() if row.due_day else None,
            local_day(row.answered_at) if row.answered_at else None,
            row.language,
            row.channel,
        ]
        if self._where is not None:
            cells.append(row.address and self._where(row.address))
        return tuple(cells)


def _pin(spot: Spot | None) -> str | None:
    if spot is None or spot.latitude is None:
        return None
    return f"{spot.latitude:.5f}, {spot.longitude:.5f}"


def themes(council: Council) -> Mapping[str, Text]:
    """What cases of the council are about, by id: its themes, and danger."""
    named: dict[str, Text] = {theme.id: Translated(theme.text) for theme in council.themes}
    named.setdefault(DANGER, msg("danger.topic"))
    return named


def asked(council: Council) -> Sequence[Asked]:
    """What the columns of the file tell, and the values that may stand in them."""
    other = {OTHER: msg("summary.other")}
    known: list[Asked] = [
        Asked("theme", "select_one", msg("need.label.theme"), {**themes(council), **other})
    ]
    if places.place(council.place).level != "commune":
        communes = {p.code: place_name(p.code) for p in places.communes_of(council.place)}
        known.append(Asked("commune", "select_one", msg("need.label.commune"), communes | other))
    return (
        *known,
        Asked("place", "text", msg("need.label.place"), personal=True),
        Asked("pin", "geo_point", msg("codebook.pin"), personal=True),
        Asked("words", "open", msg("need.label.words"), personal=True),
        Asked(
            "state", "select_one", msg("summary.state"), {s: msg(f"state.{s}") for s in states()}
        ),
    )


def summary(
    council: Council,
    counted: Sequence[NeedsCounted],
    shown: Sequence[CasesPage],
    written: Mapping[int, str],
) -> tuple[Summary, int]:
    """The needs counted by theme and status, and the first of them; and how many there are.

    How many needs there are of a theme is no personal secret (as in the kind's own summary).
    """
    labels = themes(council)
    by_theme: dict[str, int] = dict.fromkeys(labels, 0)
    by_state: dict[str, int] = dict.fromkeys(states(), 0)
    answered = 0
    for row in counted:
        by_theme[row.theme] = by_theme.get(row.theme, 0) + row.n
        by_state[row.state] = by_state.get(row.state, 0) + row.n
        answered += row.answered or 0
    total = sum(by_state.values())
    count = Column("count", msg("summary.count"), "count")
    figures = (
        Figure("needs", msg("downloads.needs_told"), total),
        Figure("answered", msg("downloads.needs_answered"), answered),
    )
    tables = (
        Table(
            "themes",
            msg("summary.themes"),
            (Column("id", msg("summary.id"), "id"), Column("name", msg("need.label.theme")), count),
            tuple(
                (id, labels.get(id, Verbatim(id)), n)
                for id, n in by_theme.items()
                if n or id != DANGER
            ),
            chart="bar",
        ),
        Table(
            "states",
            msg("summary.states"),
            (Column("id", msg("summary.id"), "id"), Column("name", msg("summary.state")), count),
            tuple((state, msg(f"state.{state}"), n) for state, n in by_state.items()),
            chart="bar",
        ),
        Table(
            "needs",
            msg("summary.needs"),
            (
                Column("reference", msg("summary.reference"), "code"),
                Column("day", msg("summary.day"), "date"),
                Column("theme", msg("need.label.theme")),
                Column("place", msg("need.label.place")),
                Column("words", msg("need.label.words")),
                Column("said", msg("desk.said_by"), "count"),
                Column("state", msg("summary.state")),
            ),
            tuple(_printed(row, labels, written) for row in shown),
            msg("downloads.first_only", count=MOST_PRINTED) if total > len(shown) else None,
        ),
    )
    return Summary(msg("downloads.needs"), figures, tables), total


def _printed(
    row: CasesPage, labels: Mapping[str, Text], written: Mapping[int, str]
) -> tuple[Cell, ...]:
    told = told_in(row)
    text = "\n".join(part for part in (told.words, written.get(row.id, "")) if part)
    written_place = masked(told.spot.text) if told.spot is not None else ""
    if row.hidden is not None and written_place:
        written_place = HIDDEN
    place: Text = Verbatim(written_place)
    if told.commune and not written_place:
        place = place_name(told.commune)
    return (
        row.reference,
        local(row.created_at).date(),
        labels.get(row.theme, Verbatim(row.theme)),
        place,
        HIDDEN if row.hidden is not None else masked(text),
        row.said,
        msg(f"state.{row.state}"),
    )
