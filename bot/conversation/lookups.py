"""What flows may ask of storage in mid-conversation, by name."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import msgspec

from bot.conversation import authoring
from bot.core.contact import Conversation, Party
from bot.core.councils import Register, facts_of, is_open
from bot.core.links import list_of
from bot.core.localtime import local_day
from bot.core.vault import Vault
from flows.dialog.dialog import Json, Request
from flows.kinds import kinds
from flows.kinds.need import similarity
from flows.morocco import places
from flows.understanding import moderation, scripts
from storage.database import Row, Transaction

#: How many of the latest open needs are compared, and how alike one must be to be offered.
COMPARED = 400
ALIKE = 0.62

#: Consultations of which staff are offered the summary, the latest first.
MOST_SUMMARIES = 12


@dataclass(frozen=True, slots=True)
class Question:
    """A look-up with everything it may need."""

    tx: Transaction
    register: Register
    vault: Vault
    party: Party
    conversation: Conversation
    at: int
    values: Mapping[str, Json]


async def find(
    tx: Transaction,
    register: Register,
    vault: Vault,
    party: Party,
    conversation: Conversation,
    at: int,
    request: Request,
) -> Json:
    """The finding for a flow's request."""
    question = Question(tx, register, vault, party, conversation, at, request.values)
    return await LOOKUPS[request.name](question)


async def _open_consultations(q: Question) -> Json:
    """Open consultations of the councils that concern this person, their own commune's first."""
    followed = {row["place"] for row in await q.tx.rows("follows_of", person_id=q.party.person.id)}
    if q.party.person.commune:
        followed.add(q.party.person.commune)
    concerned = {p.code for code in followed for p in (places.place(code), *places.ancestors(code))}
    home = q.register.home(q.party.person.council_id).place
    concerned.add(home)
    found = []
    for row in await q.tx.rows("open_consultations", at=q.at):
        if not q.register.knows(row["council_id"]):
            continue
        place = q.register.council(row["council_id"]).place
        if place in concerned:
            definition = facts_of(row).definition
            emoji = kinds()[row["kind"]].emoji
            found.append({"code": row["code"], "title": definition["title"], "emoji": emoji})
    if await authoring.organizer_of(q.tx, q.register, q.party) is not None:
        found.append({"flow": authoring.FLOW})
    return found


async def _similar_needs(q: Question) -> Json:
    """Open needs of the same theme that say something alike, the most alike first."""
    if q.conversation.consultation_id is None:
        return []
    rows = await q.tx.rows(
        "open_responses", consultation_id=q.conversation.consultation_id, most=COMPARED
    )
    mine = {"text": q.values.get("text") or "", "place": q.values["place"], "pin": q.values["pin"]}
    found = []
    for row in rows:
        body = msgspec.json.decode(row["body"])
        other_person = row["person_id"] != q.party.person.id
        same_area = body.get("commune") == q.values["commune"]
        if not other_person or not same_area or body.get("theme") != q.values["theme"]:
            continue
        text = (body.get("words") or {}).get("text") or ""
        spot = body.get("place") or {}
        pin = (spot.get("latitude") is not None and [spot["latitude"], spot["longitude"]]) or None
        other = {"text": text, "place": scripts.fold(spot.get("text") or ""), "pin": pin}
        score = similarity(mine, other)
        if score >= ALIKE:
            # What staff hid is still a need that one can join; none of its words are told.
            hidden = row["hidden"] is not None
            words = "" if hidden else moderation.excerpt(text)
            found.append((score, row["voices"], row["reference"], words, hidden))
    found.sort(reverse=True)
    return [
        {"reference": reference, "voices": voices, "excerpt": words, "hidden": hidden}
        for _, voices, reference, words, hidden in found[:5]
    ]


async def _petition_progress(q: Question) -> Json:
    consultation_id = q.conversation.consultation_id
    pledges = await q.tx.row("count_standing", consultation_id=consultation_id)
    signatures = await q.tx.row("count_signatures", consultation_id=consultation_id)
    return {
        "pledges": pledges["n"] if pledges else 0,
        "signatures": signatures["n"] if signatures else 0,
    }


async def _share_links(q: Question) -> Json:
    return list(q.register.links(q.conversation.facts.consultation.code))


async def _follows(q: Question) -> Json:
    rows = await q.tx.rows("follows_of", person_id=q.party.person.id)
    return {"places": [row["place"] for row in rows], "abroad": bool(q.party.person.abroad)}


async def _contributions(q: Question) -> Json:
    return [
        {
            "reference": row["reference"],
            "kind": row["kind"],
            "definition": msgspec.json.decode(row["definition"]),
            "body": msgspec.json.decode(row["body"]),
        }
        for row in await q.tx.rows("contributions_of", person_id=q.party.person.id)
    ]


async def _contribution(q: Question) -> Json:
    row = await q.tx.row("response_by_reference", reference=q.values["reference"])
    if row is None:
        return None
    consultation = await q.register.by_id(q.tx, row["consultation_id"])
    return {
        "reference": row["reference"],
        "mine": row["person_id"] == q.party.person.id,
        "kind": row["kind"],
        "code": row["code"],
        "title": msgspec.json.decode(row["definition"])["title"],
        "state": row["state"],
        "voices": row["voices"],
        "day": local_day(row["created_at"]).isoformat(),
        "open": is_open(consultation, q.at) and row["state"] != "withdrawn",
    }


async def _my_data(q: Question) -> Json:
    person = q.party.person
    contributions = await q.tx.rows("contributions_of", person_id=person.id)
    addresses = await q.tx.rows("addresses_of", person_id=person.id)
    follows = await q.tx.rows("follows_of", person_id=person.id)
    return {
        "language": person.language or "ar",
        "commune": person.commune,
        "abroad": bool(person.abroad),
        "age_band": person.age_band,
        "gender": person.gender,
        "disability": person.disability,
        "contributions": len(contributions),
        "channels": max(len(addresses), 1),
        "follows": len(follows),
    }


async def _notices(q: Question) -> Json:
    """A person's wishes about messages that councils begin."""
    person = q.party.person
    wishes = await q.tx.row("preferences_of", person_id=person.id)
    council_id = person.council_id or q.register.default_id
    themes = await q.tx.rows("themes_of", person_id=person.id, council_id=council_id)
    muted = await q.tx.rows("mutes_of", person_id=person.id)
    return {
        "per_week": wishes["per_week"] if wishes else None,
        "part_of_day": wishes["part_of_day"] if wishes else "any",
        "themes": [row["theme"] for row in themes],
        "muted": [
            {
                "id": q.register.council(row["council_id"]).code,
                "name": q.register.council(row["council_id"]).name,
            }
            for row in muted
            if q.register.knows(row["council_id"])
        ],
    }


async def _body(q: Question) -> Json:
    """The list that a link leads onto."""
    found = await list_of(q.tx, q.vault, str(q.values["payload"]), q.at)
    return {"name": found["name"]} if found is not None else None


async def _summaries(q: Question) -> Json:
    """What a member of staff can have the summary of; None for everybody else."""
    rows = await staff_here(q.tx, q.party.person.id, new=q.party.new)
    councils = {row["council_id"] for row in rows}
    if not councils:
        return None
    return [
        {
            "code": row["code"],
            "title": msgspec.json.decode(row["definition"])["title"],
            "emoji": kinds()[row["kind"]].emoji,
        }
        for row in reversed(await q.tx.rows("consultations"))
        if row["council_id"] in councils and row["state"] in ("open", "closed")
    ][:MOST_SUMMARIES]


async def staff_here(tx: Transaction, person_id: int, *, new: bool) -> list[Row]:
    """Who of the staff uses this chat."""
    return [] if new else await tx.rows("staff_in_chat", person_id=person_id)


LOOKUPS: Mapping[str, Callable[[Question], Awaitable[Json]]] = {
    "open_consultations": _open_consultations,
    "similar_needs": _similar_needs,
    "petition_progress": _petition_progress,
    "share_links": _share_links,
    "follows": _follows,
    "contributions": _contributions,
    "contribution": _contribution,
    "my_data": _my_data,
    "notices": _notices,
    "body": _body,
    "summaries": _summaries,
    "organizer": authoring.organizer,
    "reach": authoring.reach,
}
