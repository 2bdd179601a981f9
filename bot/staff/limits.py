"""How much may come from one network and one chat, to one consultation and one council.

    a contribution -> `draw`, one statement for all its limits -> those it runs over -> set aside, as a group

The counts stand in the database: several processes share them. A burst that runs over its network's or its
chat's limit is set aside from its beginning (the first of a flood are no truer than the rest); what runs
over a consultation's or a council's limit, from there on, for honest people came in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.buckets import draw
from bot.core.vault import Vault
from bot.staff import crowds
from flows.dialog.facts import Limits
from flows.statistics.crowds import Reason
from flows.statistics.limits import BEFORE_MS, SHARE, Limit, limit
from storage.database import Transaction
from storage.rows.responses import BurstFromChat, BurstFromNetwork, BurstOf


@dataclass(frozen=True, slots=True)
class Came:
    """A contribution, and where it came from.

    `chat` is a digest of its address; `network`, of the open page, today's digest of its network, None where
    that is not known. `open_page`: no provider knows who it is. `single`: a chat contributes one of its
    sort only: a voice to somebody's response, or the one answer that a consultation takes.
    """

    id: int
    council_id: int
    consultation_id: int
    person_id: int
    chat: str
    at: int
    open_page: bool
    network: str | None = None
    single: bool = False


def chat_of(vault: Vault, channel: str, address: str, consultation_id: int) -> str:
    """A keyed digest of a chat, another one for each consultation: two of them cannot be compared."""
    return vault.digest(f"{channel}:{vault.uncover(address)}", f"chat:{consultation_id}")[:32]


async def contributed(tx: Transaction, limits: Limits, came: Came, *, invited: bool) -> None:
    """Count a contribution; what runs over a limit is set aside. `invited`: people were, lately."""
    wanted = _limits_of(limits, came, limits.invited if invited else 1)
    drawn = await draw(tx, {name: (one, 1) for name, one in wanted.values()}, came.at)
    for why, (name, one) in wanted.items():
        if drawn[name].over_ms(one, came.at):
            ids = await _of_burst(tx, why, came, drawn[name].since)
            await crowds.set_aside(tx, came.consultation_id, why, ids, came.at)


def _limits_of(limits: Limits, came: Came, wider: int) -> Mapping[Reason, tuple[str, Limit]]:
    """Which limits a contribution counts for: what each bucket is called, and how wide it is."""
    of = f"{came.consultation_id}:"
    wanted: dict[Reason, tuple[str, Limit]] = {}
    if not came.single:
        wanted["chat"] = (f"chat:{of}{came.chat}", limit(limits.chat.contributions))
    if came.open_page:
        if came.network is not None:
            one = limit(limits.network.contributions).times(wider)
            wanted["network"] = (f"network:{of}{came.network}", one)
        one = limit(limits.consultation.contributions).times(wider)
        wanted["consultation"] = (f"consultation:{of}", one)
        one = limit(limits.council.contributions).times(wider)
        wanted["council"] = (f"council:{came.council_id}", one)
    return wanted


async def _of_burst(tx: Transaction, why: Reason, came: Came, since: int) -> list[int]:
    """What is set aside with a contribution that runs over a limit."""
    consultation_id = came.consultation_id
    if why == "chat":
        rows = await tx.rows(
            BurstFromChat, consultation_id=consultation_id, person_id=came.person_id, since=since
        )
        return [row.id for row in rows]
    if why == "network":
        burst: dict[str, object] = {
            "consultation_id": consultation_id,
            "network": came.network,
            "since": since,
        }
        (counted,) = await tx.rows(BurstOf, **burst)
        if counted.here < SHARE * counted.n:
            return []
        burst["since"] = since - BEFORE_MS
        return [row.id for row in await tx.rows(BurstFromNetwork, **burst)]
    return [came.id]


async def signed(tx: Transaction, limits: Limits, came: Came) -> bool:
    """Count a signature. Returns whether it runs over a limit, and is for a clerk to look at."""
    wider = 1
    if await crowds.invited(tx, came.consultation_id, came.at):
        wider = limits.invited
    of = f"{came.consultation_id}:"
    wanted = {
        f"signed:{of}": limit(limits.consultation.signatures).times(wider),
        f"signed in:{came.council_id}": limit(limits.council.signatures).times(wider),
    }
    if came.network is not None:
        wanted[f"signed from:{of}{came.network}"] = limit(limits.network.signatures).times(wider)
    drawn = await draw(tx, {name: (one, 1) for name, one in wanted.items()}, came.at)
    return any(drawn[name].over_ms(one, came.at) for name, one in wanted.items())
