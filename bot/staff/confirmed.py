"""What counts only once it is sure enough who it is from: kept, and out of every number until then.

    a response below its consultation's least assurance -> `keep_back`
    two chats become one person, somebody signs, staff see a paper -> `settle`: it counts
    such a join is undone, such a paper taken back -> `settle`: it does not

After the end nothing moves any more. What tells of danger counts whoever tells it.
"""

from storage.database import Transaction, batch
from storage.ids import new_id
from storage.rows.responses import CountUnconfirmed, UnconfirmedGroup


async def keep_back(
    tx: Transaction, consultation_id: int, response_id: int, least: str, at: int
) -> None:
    """Have a response count only once it is as sure who it is from."""
    crowd_id = await _group(tx, consultation_id, least, at)
    await tx.run("set_aside", crowd_id=crowd_id, rows=batch([{"x": response_id}]))


async def keep_voice_back(
    tx: Transaction, consultation_id: int, response_id: int, person_id: int, least: str, at: int
) -> None:
    """The same of a voice that was added to somebody's."""
    crowd_id = await _group(tx, consultation_id, least, at)
    await tx.run(
        "add_unconfirmed_voice",
        id=new_id(),
        response_id=response_id,
        person_id=person_id,
        at=at,
        crowd_id=crowd_id,
    )
    await tx.run("voices_count_not", crowd_id=crowd_id)


async def _group(tx: Transaction, consultation_id: int, least: str, at: int) -> int:
    known = await tx.row(UnconfirmedGroup, consultation_id=consultation_id)
    if known is not None:
        return known.id
    id = new_id()
    await tx.run(
        "add_unconfirmed_group", id=id, consultation_id=consultation_id, least=least, at=at
    )
    return id


async def settle(
    tx: Transaction, at: int, *, person_id: int | None = None, consultation_id: int | None = None
) -> None:
    """Of somebody, or in a consultation: what is sure enough counts, and what is not does not."""
    for query in ("release_confirmed", "hold_unconfirmed"):
        await tx.run(query, person_id=person_id, consultation_id=consultation_id, at=at)
    if person_id is not None:
        await tx.run("release_voices", person_id=person_id, at=at)
        await tx.run("drop_released_voices", person_id=person_id)


async def unconfirmed(tx: Transaction, consultation_id: int) -> int:
    """How many contributions are kept and do not count, because nobody has confirmed them."""
    (counted,) = await tx.rows(CountUnconfirmed, consultation_id=consultation_id)
    return counted.n
