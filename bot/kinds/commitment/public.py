"""Commitments on a council's public page: how each stands, what is late first; by theme and by quarter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.localtime import local_day
from bot.kinds.commitment import evidence
from bot.kinds.commitment.changes import commitment_of, standings
from bot.results.public_record import Said, Section, Seen
from flows.dialog.facts import Texts
from flows.kinds.commitment import shown
from flows.kinds.commitment.definition import Commitment
from flows.kinds.commitment.states import Photo, Standing, place_in_list, state_on
from flows.wording.text import Text
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class PublicCommitment:
    """One commitment; `state` is as of the day on which the page was read ("late" among them).

    `theme` and `quarter` are what the council calls them, {} for none, or for what it does not know any more.
    """

    code: str
    definition: Commitment
    standing: Standing
    state: str
    about: Text
    theme: Texts
    quarter: Texts
    photos: tuple[Photo, ...]


async def _read(
    tx: Transaction, council_id: int
) -> tuple[Mapping[int, Standing], Mapping[int, tuple[Photo, ...]]]:
    return await standings(tx, council_id), await evidence.public_of(tx, council_id)


def _item(seen: Seen) -> PublicCommitment:
    commitment = commitment_of(seen.row)
    said, photos = seen.read
    standing = said.get(seen.row.id, Standing())
    today = local_day(seen.at)
    council = seen.register.council(seen.row.council_id)
    return PublicCommitment(
        seen.row.code,
        commitment,
        standing,
        state_on(standing.state, commitment.due, today),
        shown.about(commitment, standing, today, titled=False),
        next((one.text for one in council.themes if one.id == commitment.theme), {}),
        next((one.text for one in council.quarters if one.id == commitment.quarter), {}),
        photos.get(seen.row.id, ()),
    )


def _plain(one: PublicCommitment, said: Said) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.definition.title,
        "state": one.state,
        "since": one.standing.since or None,
        "due": one.definition.due.isoformat(),
        "indicator": one.definition.indicator,
        "place": one.definition.place,
        "theme": one.definition.theme if one.theme else None,
        "quarter": one.definition.quarter if one.quarter else None,
        "why": one.standing.why,
        "proof": one.standing.proof or None,
        "photos": [
            {"side": photo.side, "file": f"/chat/media/{photo.name}"} for photo in one.photos
        ],
    }


SECTION = Section(
    kind="commitment",
    key="commitments",
    title="commitment.public",
    template="public_commitments.html",
    index="public_commitments_index.html",
    read=_read,
    item=_item,
    plain=_plain,
    place=4,
    order=lambda one: place_in_list(one.state, one.definition.due),
)
