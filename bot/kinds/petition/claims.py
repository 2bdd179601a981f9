"""Whose card it is: one signature stands for a card, and whoever else says it is theirs is kept besides.

    nothing stands yet          it stands
    something weaker stands     it gives way, and is kept besides ('weaker')
    as strong a one stands      it stands on, and a clerk looks at both ('disputed')
    something stronger stands   the new one is kept besides ('weaker'), and nothing is unsettled
    the seventh card of a chat, and what runs over a limit of
    signatures at once          kept besides for a clerk ('crowd')

Nobody is told which: an answer that differed would say whose card has signed. How strong a claim is says
`responses.assurance`: A0 a page that anybody opens, A2 an account that a provider knows, A3 a paper that
staff have seen.
"""

from dataclasses import dataclass
from typing import Literal

import msgspec

from bot.conversation.context import Context
from bot.conversation.doing.confirming import known_to_a_provider
from bot.core.vault import Vault
from bot.kinds.petition import entries
from bot.kinds.petition.rows import (
    AddSignature,
    BestClaims,
    Claim,
    ClaimedBefore,
    ClaimsOfPerson,
    SignersOf,
    StandingFor,
)
from bot.staff import confirmed, limits
from flows.wording.text import Text, msg
from storage.database import Transaction
from storage.ids import new_id

State = Literal["weaker", "disputed", "crowd", "reported"]


@dataclass(frozen=True, slots=True)
class Petition:
    """What the ledger needs to know."""

    id: int
    council_id: int
    code: str


@dataclass(frozen=True, slots=True)
class Signed:
    """What somebody signed with. `digest` is keyed per petition: two petitions cannot be compared."""

    name: str
    cin: str
    address: str
    commune: str | None
    digest: str


async def sign(context: Context, petition: Petition, signed: Signed) -> str:
    """Put a signature down, or keep it besides. Returns its assurance; what became of it is not told."""
    tx, person_id = context.tx, context.person.id
    assurance = "A2" if await known_to_a_provider(tx, person_id) else "A0"
    signers = await tx.row(SignersOf, consultation_id=petition.id, person_id=person_id)
    row = _row(context.vault, petition, signed, person_id, context.at, assurance)
    before = await tx.row(StandingFor, consultation_id=petition.id, cin_digest=signed.digest)
    if before is not None and before.person_id == person_id:
        return assurance
    if await _claimed(tx, petition.id, signed.digest, person_id, "weaker"):
        return assurance
    if await _many(context, petition, assurance, signers.n if signers else 0):
        await tx.run("add_claim", **row, state="crowd")
    elif before is None:
        mark = entries.new_mark()
        await tx.row(AddSignature, **row, mark=mark)
        await entries.enter(tx, petition, "signature", {"mark": mark}, context.at)
    elif before.invalid_reason is None and before.assurance < assurance:
        # To the ledger it is the same signature: one stands for the card, before and after.
        await replace(tx, before.id)
        await tx.row(AddSignature, **row, mark=before.mark)
    else:
        equal = before.assurance == assurance or before.invalid_reason is not None
        await tx.run("add_claim", **row, state="disputed" if equal else "weaker")
        if equal:
            await _disputed(tx, petition, before, signed.digest, "claimed", context.at)
    return assurance


async def _many(context: Context, petition: Petition, assurance: str, signers: int) -> bool:
    """Whether too many came: for this chat, from its network, to this petition or this council."""
    most = context.register.council(petition.council_id).limits
    came = limits.Came(
        new_id(),
        petition.council_id,
        petition.id,
        context.person.id,
        "",
        context.at,
        assurance < "A2",
        context.arrival.network,
    )
    over = await limits.signed(context.tx, most, came)
    return over or signers >= most.chat.signers


def _row(
    vault: Vault, petition: Petition, signed: Signed, person_id: int | None, at: int, assurance: str
) -> dict[str, object]:
    id = new_id()
    value = {"name": signed.name, "cin": signed.cin, "address": signed.address}
    return {
        "id": id,
        "consultation_id": petition.id,
        "person_id": person_id,
        "cin_digest": signed.digest,
        "sealed": vault.seal(msgspec.json.encode(value).decode(), f"signatures/{id}"),
        "commune": signed.commune,
        "at": at,
        "assurance": assurance,
    }


async def report(context: Context, petition: Petition, cin: str, digest: str) -> None:
    """Somebody thinks that their card was misused: kept for a clerk; whether it has signed is not told."""
    person_id = context.person.id
    if await _claimed(context.tx, petition.id, digest, person_id, "reported"):
        return
    signed = Signed("", cin, "", None, digest)
    assurance = "A1" if await known_to_a_provider(context.tx, person_id) else "A0"
    row = _row(context.vault, petition, signed, person_id, context.at, assurance)
    await context.tx.run("add_claim", **row, state="reported")
    await _reported(context.tx, petition, digest, context.at)


async def report_at_counter(
    tx: Transaction, vault: Vault, petition: Petition, cin: str, digest: str, at: int
) -> None:
    """The same, said to a clerk by somebody who is there with the card."""
    signed = Signed("", cin, "", None, digest)
    await tx.run("add_claim", **_row(vault, petition, signed, None, at, "A3"), state="reported")
    await _reported(tx, petition, digest, at)


async def _reported(tx: Transaction, petition: Petition, digest: str, at: int) -> None:
    """The ledger says that the owner of a card disputes the signature that stands for it, if one does."""
    before = await tx.row(StandingFor, consultation_id=petition.id, cin_digest=digest)
    if before is not None:
        await _disputed(tx, petition, before, digest, "reported", at)


async def _disputed(
    tx: Transaction, petition: Petition, before: StandingFor, digest: str, by: str, at: int
) -> None:
    name = entries.named(before.mark, digest)
    await entries.enter(tx, petition, "disputed", name, at, by=by)


async def _claimed(
    tx: Transaction, consultation_id: int, digest: str, person_id: int, state: State
) -> bool:
    found = await tx.row(
        ClaimedBefore,
        consultation_id=consultation_id,
        cin_digest=digest,
        person_id=person_id,
        state=state,
    )
    return found is not None


async def replace(tx: Transaction, id: int, state: State = "weaker") -> None:
    """What stood is kept besides."""
    await tx.run("give_way", id=id, state=state)
    await tx.run("drop_signature", id=id)


async def fill(tx: Transaction, petition: Petition, at: int) -> None:
    """For cards for which nothing stands any more, who claims them best stands."""
    for row in await tx.rows(BestClaims, consultation_id=petition.id):
        await _stand_anew(tx, petition, row.id, at)


async def _stand_anew(tx: Transaction, petition: Petition, id: int, at: int) -> None:
    mark = entries.new_mark()
    await _stand(tx, id, mark)
    await entries.enter(tx, petition, "signature", {"mark": mark}, at)


async def _stand(tx: Transaction, id: int, mark: str) -> None:
    await tx.run("stand", id=id, mark=mark)
    await tx.run("drop_claim", id=id)


async def rise(tx: Transaction, petition: Petition, person_id: int, at: int) -> None:
    """Who is better known now: their claims are weighed again."""
    rows = await tx.rows(ClaimsOfPerson, consultation_id=petition.id, person_id=person_id)
    for row in rows:
        before = await tx.row(StandingFor, consultation_id=petition.id, cin_digest=row.cin_digest)
        if row.state != "weaker" or before is None or before.invalid_reason is not None:
            continue
        if before.assurance < row.assurance:
            await replace(tx, before.id)
            await _stand(tx, row.id, before.mark)
        elif before.assurance == row.assurance and before.person_id != person_id:
            await tx.run("set_claim_state", id=row.id, state="disputed")
            await _disputed(tx, petition, before, row.cin_digest, "claimed", at)


async def let_stand(tx: Transaction, petition: Petition, id: int, at: int) -> Text | None:
    """A clerk decides for a claim: it stands, and what stood is kept besides. Returns why not."""
    claim = await tx.row(Claim, id=id, consultation_id=petition.id)
    if claim is None or claim.state == "reported":
        return msg("pdesk.changed_before")
    before = await tx.row(StandingFor, consultation_id=petition.id, cin_digest=claim.cin_digest)
    if before is not None:
        await replace(tx, before.id)
        if before.on_paper and before.person_id is not None:
            await tx.run("uncheck_pledge", consultation_id=petition.id, person_id=before.person_id)
            await confirmed.settle(tx, at, consultation_id=petition.id)
    if before is None:
        await _stand_anew(tx, petition, id, at)
        return None
    await _stand(tx, id, before.mark)
    if claim.state == "disputed":
        await _settled(tx, petition, before, claim.cin_digest, "given way", at)
    return None


async def _settled(
    tx: Transaction, petition: Petition, before: StandingFor, digest: str, how: str, at: int
) -> None:
    name = entries.named(before.mark, digest)
    await entries.enter(tx, petition, "dispute settled", name, at, how=how)


async def set_down(tx: Transaction, petition: Petition, id: int, at: int) -> Text | None:
    """A clerk has looked at a claim, and nothing changes. Returns why not."""
    claim = await tx.row(Claim, id=id, consultation_id=petition.id)
    if claim is None:
        return msg("pdesk.changed_before")
    if claim.state == "reported":
        await tx.run("drop_claim", id=id)
    else:
        await tx.run("set_claim_state", id=id, state="weaker")
    before = await tx.row(StandingFor, consultation_id=petition.id, cin_digest=claim.cin_digest)
    if before is not None and claim.state in ("disputed", "reported"):
        await _settled(tx, petition, before, claim.cin_digest, "stays", at)
    return None
