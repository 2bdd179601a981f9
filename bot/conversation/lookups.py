"""What flows may ask of storage in mid-conversation, by name."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from bot.conversation import authoring
from bot.conversation.context import Context, Values, staff_here
from bot.core.contact import Conversation
from bot.core.councils import facts_of, is_open
from bot.core.links import list_of
from bot.core.localtime import local_day
from flows.dialog.dialog import Json, Request
from flows.kinds import kinds
from flows.kinds.need import similarity
from flows.morocco import places
from flows.understanding import moderation, scripts
from storage.rows.broadcasts import MutesOf, PreferencesOf, ThemesOf
from storage.rows.consultations import Consultations, OpenConsultations
from storage.rows.people import AddressesOf, FollowsOf
from storage.rows.responses import (
    ContributionsOf,
    CountSignatures,
    CountStanding,
    OpenResponses,
    ResponseByReference,
)

#: How many of the latest open needs are compared, and how alike one must be to be offered.
COMPARED = 400
ALIKE = 0.62

#: Consultations of which staff are offered the summary, the latest first.
MOST_SUMMARIES = 12


class UnknownLookUp(LookupError):
    """A flow asks what nobody looks up."""


async def find(context: Context, conversation: Conversation, request: Request) -> Json:
    """The finding for a flow's request. Raises UnknownLookUp."""
    look_up = LOOKUPS.get(request.name)
    if look_up is None:
        raise UnknownLookUp(f"no look-up {request.name!r}; there are: {', '.join(LOOKUPS)}")
    return await look_up(context, conversation, request.values)


async def _open_consultations(context: Context, conversation: Conversation, values: Values) -> Json:
    """Open consultations of the councils that concern this person, their own commune's first."""
    followed = {row.place for row in await context.tx.rows(FollowsOf, person_id=context.person.id)}
    if context.person.commune:
        followed.add(context.person.commune)
    concerned = {p.code for code in followed for p in (places.place(code), *places.ancestors(code))}
    home = context.register.home(context.person.council_id).place
    concerned.add(home)
    found = []
    rows = await context.tx.rows(OpenConsultations, at=context.at)
    await context.register.learn(context.tx, *(row.council_id for row in rows))
    for row in rows:
        place = context.register.council(row.council_id).place
        if place in concerned:
            definition = facts_of(row).definition
            emoji = kinds()[row.kind].emoji
            found.append({"code": row.code, "title": definition["title"], "emoji": emoji})
    if await authoring.organizer_of(context) is not None:
        found.append({"flow": authoring.FLOW})
    return found


async def _similar_needs(context: Context, conversation: Conversation, values: Values) -> Json:
    """Open needs of the same theme that say something alike, the most alike first."""
    if conversation.consultation_id is None:
        return []
    rows = await context.tx.rows(
        OpenResponses, consultation_id=conversation.consultation_id, most=COMPARED
    )
    mine = {"text": values.get("text") or "", "place": values["place"], "pin": values["pin"]}
    found = []
    for row in rows:
        body = msgspec.json.decode(row.body)
        other_person = row.person_id != context.person.id
        same_area = body.get("commune") == values["commune"]
        if not other_person or not same_area or body.get("theme") != values["theme"]:
            continue
        text = (body.get("words") or {}).get("text") or ""
        spot = body.get("place") or {}
        pin = (spot.get("latitude") is not None and [spot["latitude"], spot["longitude"]]) or None
        other = {"text": text, "place": scripts.fold(spot.get("text") or ""), "pin": pin}
        score = similarity(mine, other)
        if score >= ALIKE:
            # What staff hid is still a need that one can join; none of its words are told.
            hidden = row.hidden is not None
            words = "" if hidden else moderation.excerpt(text)
            found.append((score, row.voices, row.reference, words, hidden))
    found.sort(reverse=True)
    return [
        {"reference": reference, "voices": voices, "excerpt": words, "hidden": hidden}
        for _, voices, reference, words, hidden in found[:5]
    ]


async def _petition_progress(context: Context, conversation: Conversation, values: Values) -> Json:
    consultation_id = conversation.consultation_id
    pledges = await context.tx.row(CountStanding, consultation_id=consultation_id)
    signatures = await context.tx.row(CountSignatures, consultation_id=consultation_id)
    return {
        "pledges": pledges.n if pledges else 0,
        "signatures": signatures.n if signatures else 0,
    }


async def _share_links(context: Context, conversation: Conversation, values: Values) -> Json:
    return list(context.register.links(conversation.facts.consultation.code))


async def _follows(context: Context, conversation: Conversation, values: Values) -> Json:
    rows = await context.tx.rows(FollowsOf, person_id=context.person.id)
    return {"places": [row.place for row in rows], "abroad": bool(context.person.abroad)}


async def _contributions(context: Context, conversation: Conversation, values: Values) -> Json:
    return [
        {
            "reference": row.reference,
            "kind": row.kind,
            "definition": msgspec.json.decode(row.definition),
            "body": msgspec.json.decode(row.body),
        }
        for row in await context.tx.rows(ContributionsOf, person_id=context.person.id)
    ]


async def _contribution(context: Context, conversation: Conversation, values: Values) -> Json:
    row = await context.tx.row(ResponseByReference, reference=values["reference"])
    if row is None:
        return None
    consultation = await context.register.by_id(context.tx, row.consultation_id)
    return {
        "reference": row.reference,
        "mine": row.person_id == context.person.id,
        "kind": row.kind,
        "code": row.code,
        "title": msgspec.json.decode(row.definition)["title"],
        "state": row.state,
        "voices": row.voices,
        "day": local_day(row.created_at).isoformat(),
        "open": is_open(consultation, context.at) and row.state != "withdrawn",
    }


async def _my_data(context: Context, conversation: Conversation, values: Values) -> Json:
    person = context.person
    contributions = await context.tx.rows(ContributionsOf, person_id=person.id)
    addresses = await context.tx.rows(AddressesOf, person_id=person.id)
    follows = await context.tx.rows(FollowsOf, person_id=person.id)
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


async def _notices(context: Context, conversation: Conversation, values: Values) -> Json:
    """A person's wishes about messages that councils begin."""
    person = context.person
    wishes = await context.tx.row(PreferencesOf, person_id=person.id)
    council_id = person.council_id or context.register.default_id
    themes = await context.tx.rows(ThemesOf, person_id=person.id, council_id=council_id)
    muted = await context.tx.rows(MutesOf, person_id=person.id)
    await context.register.learn(context.tx, *(row.council_id for row in muted))
    return {
        "per_week": wishes.per_week if wishes else None,
        "part_of_day": wishes.part_of_day if wishes else "any",
        "themes": [row.theme for row in themes],
        "muted": [
            {
                "id": context.register.council(row.council_id).code,
                "name": context.register.council(row.council_id).name,
            }
            for row in muted
        ],
    }


async def _body(context: Context, conversation: Conversation, values: Values) -> Json:
    """The list that a link leads onto."""
    found = await list_of(context.tx, context.vault, str(values["payload"]), context.at)
    return {"name": found.name} if found is not None else None


async def _summaries(context: Context, conversation: Conversation, values: Values) -> Json:
    """What a member of staff can have the summary of; None for everybody else."""
    rows = await staff_here(context)
    councils = {row.council_id for row in rows}
    if not councils:
        return None
    return [
        {
            "code": row.code,
            "title": msgspec.json.decode(row.definition)["title"],
            "emoji": kinds()[row.kind].emoji,
        }
        for row in reversed(await context.tx.rows(Consultations))
        if row.council_id in councils and row.state in ("open", "closed")
    ][:MOST_SUMMARIES]


LOOKUPS: Mapping[str, Callable[[Context, Conversation, Values], Awaitable[Json]]] = {
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
