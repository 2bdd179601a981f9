"""Contributions from the open page that look like a machine's: set aside as a group, decided by a person.

    a response is filed -> its mark -> `judged` (pure) -> those that look like it count no more
    a clerk decides     -> the whole group counts, or does not; and the other way round

Who comes from a provider's account is not looked at: what a fake account costs is the provider's business.
"""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any, Final

from bot.core.vault import Vault
from flows.statistics.crowds import HOUR_MS, PLACES, Mark, Reason, judged, sketched
from storage.database import Transaction, batch
from storage.ids import new_id
from storage.rows.responses import (
    AwaitingIn,
    CountAwaiting,
    CrowdsOf,
    DecideCrowd,
    InvitedSince,
    MarksOf,
    OpenCrowd,
)

#: Most marks that are looked at together.
MOST: Final = 400

#: So long after an invitation many at once are no wonder, ms.
INVITED_MS: Final = 3 * 24 * HOUR_MS

#: So long the marks are kept, ms: a clerk may ask how it came about.
KEPT_MS: Final = 30 * 24 * HOUR_MS

#: Shorter words are said by many.
SHORTEST_WORDS: Final = 20

#: Of fewer words one more or less is another text; more are not looked at.
FEWEST_WORDS: Final = 5
MOST_WORDS: Final = 60


def network_of(vault: Vault, address: str, day: str) -> str | None:
    """A digest of the network that an address is in (IPv4 /24, IPv6 /56): another one each day."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if not found.is_global:
        # A proxy that does not say who comes: they would all be one.
        return None
    network = ip_network(f"{found}/{24 if found.version == 4 else 56}", strict=False)
    return vault.digest(str(network), f"network:{day}")[:24]


def longest_words(body: Any) -> str:
    """The longest text in a body."""
    if isinstance(body, str):
        return body
    if isinstance(body, Mapping):
        return max((longest_words(value) for value in body.values()), key=len, default="")
    if isinstance(body, Sequence):
        return max((longest_words(value) for value in body), key=len, default="")
    return ""


def sketch_of(vault: Vault, text: str, consultation_id: int) -> str:
    """What a text is nearly the same as, without its words: "" where it has too few of them."""
    words = {"".join(sign for sign in word if sign.isalpha()) for word in text.casefold().split()}
    words.discard("")
    if len(words) < FEWEST_WORDS:
        return ""
    purpose = f"word:{consultation_id}"
    return sketched(
        [int(digest[n : n + 4], 16) for n in range(0, 4 * PLACES, 4)]
        for digest in (vault.digest(word, purpose) for word in sorted(words)[:MOST_WORDS])
    )


async def note(
    tx: Transaction,
    vault: Vault,
    consultation_id: int,
    mark: Mark,
    words: str,
    voice_of: int | None = None,
    person_id: int | None = None,
) -> bool:
    """Keep how a contribution came about, and set aside what looks like a machine's by now.

    `voice_of`: it is a voice that the person added to this response. Returns whether people were invited
    lately.
    """
    # Dots, numbers and signs added to the same words change nothing.
    said = "".join(sign for sign in words.casefold() if sign.isalpha())
    digest, sketch = None, ""
    if len(said) >= SHORTEST_WORDS:
        digest = vault.digest(said, f"words:{consultation_id}")[:24]
        sketch = sketch_of(vault, words, consultation_id)
    await tx.run(
        "add_mark",
        id=mark.id,
        consultation_id=consultation_id,
        voice_of=voice_of,
        person_id=person_id if voice_of is not None else None,
        network=mark.network,
        opened=int(mark.opened),
        answers=mark.answers,
        quick=mark.quick,
        began_at=mark.began,
        at=mark.at,
        words=digest,
        sketch=sketch,
    )
    rows = await tx.rows(
        MarksOf, consultation_id=consultation_id, since=mark.at - HOUR_MS, most=MOST
    )
    asked = await invited(tx, consultation_id, mark.at)
    marks = [
        Mark(
            row.id,
            row.network,
            bool(row.opened),
            row.answers,
            row.began_at,
            row.at,
            row.words,
            row.quick,
            row.sketch,
        )
        for row in rows
    ]
    aside = {row.id for row in rows if row.crowd_id is not None}
    groups: dict[Reason, list[int]] = {}
    for id, reason in judged(marks, invited=asked).items():
        if id not in aside:
            groups.setdefault(reason, []).append(id)
    for why, ids in groups.items():
        await set_aside(tx, consultation_id, why, ids, mark.at)
    return asked


async def invited(tx: Transaction, consultation_id: int, at: int) -> bool:
    """Whether people were invited to a consultation lately."""
    since = at - INVITED_MS
    return await tx.row(InvitedSince, consultation_id=consultation_id, since=since) is not None


async def set_aside(
    tx: Transaction, consultation_id: int, reason: Reason, ids: Sequence[int], at: int
) -> None:
    """Put contributions to the group of this reason: they count no more, until somebody decides."""
    if not ids:
        return
    crowd_id = await _group(tx, consultation_id, reason, at)
    for query in ("set_aside", "set_voices_aside"):
        await tx.run(query, crowd_id=crowd_id, rows=batch([{"x": id} for id in ids]))
    await tx.run("voices_count_not", crowd_id=crowd_id)


async def _group(tx: Transaction, consultation_id: int, reason: Reason, at: int) -> int:
    """The group that nobody has decided on, or a new one."""
    known = await tx.row(
        OpenCrowd, consultation_id=consultation_id, reason=reason, since=at - 24 * HOUR_MS
    )
    if known is not None:
        return known.id
    id = new_id()
    await tx.run("add_crowd", id=id, consultation_id=consultation_id, reason=reason, at=at)
    return id


async def groups(tx: Transaction, consultation_id: int) -> list[CrowdsOf]:
    """The groups of a consultation, the latest first."""
    return await tx.rows(CrowdsOf, consultation_id=consultation_id)


async def awaiting(tx: Transaction, consultation_id: int) -> int:
    """How many contributions await somebody's decision."""
    (counted,) = await tx.rows(CountAwaiting, consultation_id=consultation_id)
    return counted.n


async def awaiting_in(tx: Transaction, council_id: int) -> list[AwaitingIn]:
    """The consultations of a council in which contributions await a decision."""
    return await tx.rows(AwaitingIn, council_id=council_id)


async def decide(
    tx: Transaction, consultation_id: int, id: int, *, counts: bool, made_by: str, at: int
) -> bool:
    """Let a whole group count, or not; the other way round at any time. Returns whether it is there."""
    found = await tx.row(
        DecideCrowd,
        id=id,
        consultation_id=consultation_id,
        counts=int(counts),
        made_by=made_by,
        at=at,
    )
    if found is None:
        return False
    steps = ("return_unconfirmed", "let_count", "voices_count")
    for query in steps if counts else ("let_not_count", "voices_count_not"):
        await tx.run(query, crowd_id=id)
    await tx.run("make_final_anew", consultation_id=consultation_id)
    return True
