"""What staff say of a commitment: written once, kept, and read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from bot.consultations import listing
from bot.conversation.context import Context, Values
from bot.core.contact import Conversation
from bot.core.councils import ConsultationRow, Stand, head_of
from bot.core.localtime import local_day
from bot.core.refusals import refused
from bot.kinds.commitment import evidence
from bot.kinds.commitment.rows import CommitmentChanges, CommitmentsBefore, CommitmentsOf
from bot.outreach import broadcasts
from bot.outreach.audiences import NEWS
from flows.dialog.definition import text_problems
from flows.dialog.dialog import Json, json_of
from flows.dialog.outreach import Audience
from flows.kinds.commitment.definition import Commitment
from flows.kinds.commitment.following import topics
from flows.kinds.commitment.shown import news, state_text
from flows.kinds.commitment.states import STATES, Standing, state_on
from flows.wording import render
from flows.wording.text import LANGUAGES
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.broadcasts import TopicsOf

#: Longest reason and longest address of a proof, in characters.
LONGEST_WHY = 600
LONGEST_PROOF = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What was said once, by whom and when (milliseconds)."""

    standing: Standing
    made_by: str
    at: int


def commitment_of(row: ConsultationRow) -> Commitment:
    """The definition of a consultation that is a commitment."""
    head = head_of(row)
    if not isinstance(head, Commitment):
        raise TypeError(f"{row.code} is no commitment")
    return head


def _standing(row: CommitmentChanges | CommitmentsOf) -> Standing:
    why = msgspec.json.decode(row.why)
    return Standing(row.state, local_day(row.at).isoformat(), why, row.proof)


async def history(tx: Transaction, consultation_id: int) -> Sequence[Change]:
    """Everything that was said of it, the newest first."""
    rows = await tx.rows(CommitmentChanges, consultation_id=consultation_id)
    return [Change(_standing(row), row.made_by, row.at) for row in rows]


async def standings(tx: Transaction, council_id: int) -> Mapping[int, Standing]:
    """How each commitment of a council stands, by the consultation's id; none where nothing was said."""
    rows = await tx.rows(CommitmentsOf, council_id=council_id)
    return {row.consultation_id: _standing(row) for row in rows}


async def stands(tx: Transaction, council_id: int, today: date) -> Mapping[int, Stand]:
    """How each commitment of a council that is public stands on a local day, by the consultation's id."""
    said = await standings(tx, council_id)
    found = {}
    for row in await listing.met_by_citizens(tx, council_id):
        if row.kind == "commitment":
            standing = said.get(row.id, Standing())
            state = state_on(standing.state, commitment_of(row).due, today)
            found[row.id] = Stand(state, state_text(state), standing.since, state == "done")
    return found


async def standings_before(tx: Transaction, council_id: int, before: int) -> Mapping[int, Standing]:
    """The same as it was before a moment (ms)."""
    rows = await tx.rows(CommitmentsBefore, council_id=council_id, before=before)
    return {row.consultation_id: _standing(row) for row in rows}


async def note(
    tx: Transaction,
    row: StoredConsultation,
    state: str,
    why: Mapping[str, str],
    proof: str,
    made_by: str,
    at: int,
) -> None:
    """Keep what staff say of it from now on. Raises NotAllowed."""
    if row.state == "draft":
        raise refused("commitment_desk.not_open")
    if state not in STATES:
        raise refused("commitment_desk.no_state")
    needed = state == "given_up"
    if list(text_problems("why", dict(why), needed=needed, longest=LONGEST_WHY)):
        raise refused("commitment_desk.no_why")
    if proof and (not proof.startswith(("https://", "http://")) or len(proof) > LONGEST_PROOF):
        raise refused("commitment_desk.no_proof")
    await tx.run(
        "note_commitment",
        id=new_id(),
        consultation_id=row.id,
        state=state,
        why=msgspec.json.encode(why).decode(),
        proof=proof,
        made_by=made_by,
        at=at,
    )
    # Staff have looked at what citizens say of it.
    await tx.run("drop_doubts", consultation_id=row.id)
    await _tell(tx, row, Standing(state, local_day(at).isoformat(), dict(why), proof), made_by, at)


async def _tell(
    tx: Transaction, row: StoredConsultation, standing: Standing, made_by: str, at: int
) -> None:
    """Have whoever follows it told how it stands now; what was still on its way is old."""
    if row.state != "open":
        return
    commitment = commitment_of(row)
    text = news(commitment, standing, local_day(at))
    await broadcasts.supersede(tx, row.id, NEWS)
    await broadcasts.begin(
        tx,
        row.council_id,
        NEWS,
        Audience(topics=topics(commitment)),
        made_by=made_by,
        consultation_id=row.id,
        body={"texts": {language: render(text, language) for language in LANGUAGES}},
    )


async def look_up(context: Context, conversation: Conversation, values: Values) -> Json:
    """How the commitment of a conversation stands, and by what its author is told of changes."""
    row = await context.register.by_id(context.tx, conversation.consultation_id)
    said = await history(context.tx, row.id)
    standing = said[0].standing if said else Standing()
    who = {"person_id": context.person.id, "council_id": row.council_id}
    followed = {one.topic for one in await context.tx.rows(TopicsOf, **who)}
    own = tuple(topic for topic in topics(commitment_of(row)) if topic in followed)
    photos = (await evidence.public_of(context.tx, row.council_id)).get(row.id, ())
    return json_of(msgspec.structs.replace(standing, follows=own, photos=photos))
