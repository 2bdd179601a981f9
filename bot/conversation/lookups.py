"""What any flow may ask of storage in mid-conversation, by name; kinds bring look-ups of their own."""

from collections.abc import Mapping

import msgspec

from bot.cases import handling
from bot.cases.replies import ANSWERS
from bot.conversation.context import Context, LookUp, Values, staff_here
from bot.conversation.joining import codes, handover
from bot.core import eligibility
from bot.core.contact import Conversation
from bot.core.councils import facts_of, is_open, phase_of
from bot.core.links import list_of
from bot.core.localtime import local_day
from bot.outreach.answers import detail_of
from flows.dialog.dialog import Json, Request
from flows.kinds import kinds
from flows.morocco import places
from flows.understanding import moderation
from storage.rows.broadcasts import MutesOf, PreferencesOf, ThemesOf
from storage.rows.cases import AwaitedAnswers, CaseByReference, EntriesOf
from storage.rows.consultations import Consultations, OpenConsultations
from storage.rows.people import AddressesOf, FollowsOf
from storage.rows.responses import (
    ContributionsOf,
    ResponseByReference,
)

#: The latest answers of the council that its author is shown with a contribution.
SHOWN_ANSWERS = 2

#: Consultations of which staff are offered the summary, the latest first.
MOST_SUMMARIES = 12


class UnknownLookUp(LookupError):
    """A flow asks what nobody looks up."""


async def find(context: Context, conversation: Conversation, request: Request) -> Json:
    """The finding for a flow's request. Raises UnknownLookUp."""
    known = context.parts.look_ups
    look_up = known.get(request.name)
    if look_up is None:
        raise UnknownLookUp(f"no look-up {request.name!r}; there are: {', '.join(known)}")
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
        if place in concerned and not await eligibility.refusal(
            context.tx, row, context.person.id, context.at
        ):
            definition = facts_of(row).definition
            kind = kinds()[row.kind]
            one = {"code": row.code, "title": definition["title"], "emoji": kind.emoji}
            found.append({**one, "kind": row.kind} if kind.at_menu else one)
    for offer in context.parts.offers:
        found.extend(await offer(context))
    return found


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
    if row is None or row.person_id not in (None, context.person.id):
        # References can be guessed: of what somebody else sent nothing is told. (What a clerk wrote down at
        # the counter is nobody's, and its receipt is all that its author has.)
        return None
    consultation = await context.register.by_id(context.tx, row.consultation_id)
    mine = row.person_id == context.person.id
    return {
        **(await _to_its_end(context, row) if mine else {}),
        "reference": row.reference,
        "mine": mine,
        "kind": row.kind,
        "code": row.code,
        "title": msgspec.json.decode(row.definition)["title"],
        "state": row.state,
        "voices": row.voices,
        "day": local_day(row.created_at).isoformat(),
        "open": is_open(consultation, context.at)
        and phase_of(consultation, context.at) == row.phase
        and row.state != "withdrawn",
    }


async def _to_its_end(context: Context, row: ResponseByReference) -> dict[str, Json]:
    """What its author told, what the council said of it, and by when more comes. Nothing of what is no case."""
    case = await context.tx.row(CaseByReference, reference=row.reference)
    if case is None:
        return {}
    entries = await context.tx.rows(EntriesOf, response_id=row.id)
    said = [(entry, detail_of(entry.detail)) for entry in entries if entry.what in ANSWERS]
    at_last = [entry.what for entry in entries if entry.what in ("status", "confirmed", "reopened")]
    until = next((detail.until for _, detail in reversed(said) if detail.until), "")
    return {
        "words": moderation.excerpt(handling.told_in(case).words),
        "answers": [
            {
                "day": local_day(entry.at).isoformat(),
                "text": entry.text,
                "phrase": detail.phrase,
                "same": detail.same,
            }
            for entry, detail in said
            if entry.text or detail.phrase
        ][-SHOWN_ANSWERS:],
        "until": until if row.state in handling.rule_of(row.kind).waiting else "",
        "due": case.due_day or "",
        "late": bool(case.due_day and case.due_day < local_day(context.at).isoformat()),
        "judged": bool(at_last) and at_last[-1] == "confirmed",
    }


async def _awaited_answers(context: Context, conversation: Conversation, values: Values) -> Json:
    """References of what this person told and a council still owes an answer to, the latest first."""
    if context.contact.new:
        return []
    return [r.reference for r in await context.tx.rows(AwaitedAnswers, person_id=context.person.id)]


async def _my_data(context: Context, conversation: Conversation, values: Values) -> Json:
    person = context.person
    contributions = await context.tx.rows(ContributionsOf, person_id=person.id)
    addresses = await context.tx.rows(AddressesOf, person_id=person.id)
    follows = await context.tx.rows(FollowsOf, person_id=person.id)
    join = await handover.live_join(context.tx, person.id, context.at)
    return {
        "joined_until": codes.until_of(join.at) if join is not None else "",
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


LOOKUPS: Mapping[str, LookUp] = {
    "open_consultations": _open_consultations,
    "share_links": _share_links,
    "follows": _follows,
    "contributions": _contributions,
    "contribution": _contribution,
    "my_data": _my_data,
    "awaited_answers": _awaited_answers,
    "notices": _notices,
    "body": _body,
    "summaries": _summaries,
}
