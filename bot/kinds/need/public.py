"""Needs on a council's public page: how many by theme and by state, never what somebody wrote."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.core.councils import head_of
from bot.results.public_record import Count, Said, Section, Seen, plain_count
from flows.dialog.facts import Texts
from flows.statistics.disclosure import percent_of, share_of
from flows.statistics.summary import Cell, Table
from flows.wording.text import Text, msg
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Part:
    """The needs of one theme or status: how many, which share of all (0 to 1), how many people say so."""

    id: str
    name: Text
    count: Count
    share: Cell
    voices: Count | None


@dataclass(frozen=True, slots=True)
class Needs:
    """The needs that one call brought: never what somebody wrote."""

    code: str
    title: Texts
    state: str
    told: int
    answered: int
    themes: tuple[Part, ...]
    states: tuple[Part, ...]

    @property
    def sentences(self) -> list[Text]:
        """How many needs were told, and how many of them the council has answered."""
        told: list[Text] = [msg("headline.needs", count=self.told)]
        if self.told:
            share = share_of(self.answered, self.told)
            if share is None:
                told.append(msg("public.answered_few", answered=self.answered))
            else:
                said = percent_of(share)
                told.append(msg("public.answered", answered=self.answered, share=said))
        return told


async def _read(tx: Transaction, council_id: int) -> None:
    """The counts are enough."""


def _item(seen: Seen) -> Needs:
    tables = seen.drawn.tables if seen.drawn is not None else {}
    return Needs(
        seen.row.code,
        head_of(seen.row).title,
        seen.row.state,
        seen.counts.standing,
        seen.answered,
        _parts(tables["themes"]) if tables else (),
        _parts(tables["states"]) if tables else (),
    )


def _parts(table: Table) -> tuple[Part, ...]:
    columns = [column.id for column in table.columns]
    found = []
    for row in table.rows:
        cells: dict[str, Any] = dict(zip(columns, row, strict=True))
        part = Part(cells["id"], cells["name"], cells["count"], cells["share"], cells.get("voices"))
        found.append(part)
    return tuple(found)


def _plain(one: Needs, said: Said) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "state": one.state,
        "told": plain_count(one.told),
        "answered": plain_count(one.answered),
        "themes": [_part(part, said) for part in one.themes],
        "states": [_part(part, said) for part in one.states],
    }


def _part(part: Part, said: Said) -> dict[str, Any]:
    share = float(part.share) if isinstance(part.share, Decimal) else None
    made = {
        "id": part.id,
        "name": said(part.name),
        "count": plain_count(part.count),
        "share": share,
    }
    if part.voices is not None:
        made["voices"] = plain_count(part.voices)
    return made


SECTION = Section(
    kind="need",
    key="needs",
    title="public.needs",
    template="public_needs.html",
    read=_read,
    item=_item,
    plain=_plain,
    place=2,
)
