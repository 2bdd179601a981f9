"""Carrying out what a flow decided, inside the message's transaction.

Each effect is checked again here ("still open?"); what the citizen is told comes back as texts,
what begins next as `Begin`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bot.conversation import authoring
from bot.conversation.erasure import erase, export
from bot.conversation.joining import join
from bot.conversation.lookups import staff_here
from bot.conversation.preferences import wish
from bot.core import ledger
from bot.core.contact import Conversation, Party
from bot.core.councils import Register, is_open, refusal
from bot.core.links import chat_payload
from bot.core.localtime import local
from bot.core.vault import Vault
from bot.kinds.need import cases
from flows.dialog import effects as fx
from flows.morocco import places
from flows.wording.text import WRITTEN_LANGUAGE, Code, Text, Verbatim, lines, msg
from storage.database import Transaction, batch
from storage.ids import new_id

#: How long a link to one's own data, or to another channel, is good.
LINK_MS = 15 * 60 * 1000


@dataclass(slots=True)
class Outcome:
    """What came of a conversation's effects."""

    told: list[Text] = field(default_factory=list)
    begin: list[fx.Begin] = field(default_factory=list)
    contributed: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Where effects happen."""

    tx: Transaction
    register: Register
    vault: Vault
    party: Party
    conversation: Conversation
    at: int
    public_url: str
    #: Names of media files to remove once the transaction is committed.
    doomed: list[str]


async def carry_out(scene: Scene, effects: list[fx.Effect]) -> Outcome:
    """Carry out the effects in their order."""
    outcome = Outcome()
    for effect in effects:
        await _one(scene, effect, outcome)
    return outcome


async def _one(scene: Scene, effect: fx.Effect, outcome: Outcome) -> None:
    person = scene.party.person
    match effect:
        case fx.SetLanguage(language):
            person.change(language=language)
        case fx.SetHome(commune, abroad):
            person.change(commune=commune, abroad=int(abroad))
            if commune is not None:
                person.change(council_id=scene.register.covering(commune) or person.council_id)
        case fx.Follow(place, on):
            query = "follow" if on else "unfollow"
            values = {"since": scene.at} if on else {}
            await _saved(scene)
            await scene.tx.run(query, person_id=person.id, place=place, **values)
        case fx.Consent():
            await _consent(scene, effect)
        case fx.SetProfile(age_band, gender, disability):
            person.change(age_band=age_band, gender=gender, disability=disability)
            await scene.tx.run(
                "profile_to_responses",
                person_id=person.id,
                age_band=age_band,
                gender=gender,
                disability=disability,
            )
        case fx.Respond():
            await _respond(scene, effect, outcome)
        case fx.AddVoice():
            await _add_voice(scene, effect, outcome)
        case fx.AnswerBack():
            await _answer_back(scene, effect, outcome)
        case fx.SendSummary():
            await _send_summary(scene, effect, outcome)
        case fx.Withdraw():
            await _withdraw(scene, effect, outcome)
        case fx.AddTo():
            await _add_to(scene, effect, outcome)
        case fx.Sign():
            await _sign(scene, effect, outcome)
        case fx.Begin():
            outcome.begin.append(effect)
        case fx.Export():
            await _export(scene, outcome)
        case fx.Forget(done):
            scene.doomed.extend(await erase(scene.tx, person.id))
            person.erased = True
            outcome.told.append(done)
        case fx.JoinChats(payload, done, expired):
            await _saved(scene)
            joined = await join(scene.tx, scene.vault, scene.party, payload, scene.at)
            outcome.told.append(done if joined else expired)
        case (
            fx.Postpone()
            | fx.Decline()
            | fx.Mute()
            | fx.SetNotices()
            | fx.FollowThemes()
            | fx.JoinBody()
        ):
            await _saved(scene)
            outcome.told.extend(await wish(scene, effect))
        case fx.PublishPoll():
            await _saved(scene)
            outcome.told.extend(await authoring.publish(scene, effect))
        case fx.LinkChannel(told):
            payload = chat_payload(scene.vault, person.id, scene.at + LINK_MS)
            outcome.told.append(msg(told.id, reference=Code(payload)))
            outcome.told.extend(Verbatim(link) for link in scene.register.links(payload))


async def _saved(scene: Scene) -> None:
    """Rows that refer to a new person need the person first."""
    if scene.party.new:
        await save_newcomer(scene.tx, scene.party)


async def save_newcomer(tx: Transaction, party: Party) -> None:
    """Write a person who is not in the database yet."""
    await tx.run("save_people", rows=batch([party.person.row()]))
    party.new = False
    party.person.dirty = False


async def _consent(scene: Scene, effect: fx.Consent) -> None:
    await _saved(scene)
    await scene.tx.run(
        "add_consent",
        id=new_id(),
        person_id=scene.party.person.id,
        purpose=effect.purpose,
        given=int(effect.given),
        version=effect.version,
        shown=effect.shown,
        language=scene.party.person.language or "ar",
        channel=scene.party.channel,
        at=scene.at,
    )


async def _respond(scene: Scene, effect: fx.Respond, outcome: Outcome) -> None:
    consultation = await scene.register.by_id(scene.tx, scene.conversation.consultation_id)
    if not is_open(consultation, scene.at):
        outcome.told.append(refusal(consultation, scene.at))
        return
    person = scene.party.person
    body = msgspec.json.encode(effect.body).decode()
    where = {
        "channel": scene.party.channel,
        "language": person.language or "ar",
        "at": scene.at,
    }
    response_id = new_id()
    council = scene.register.council(consultation["council_id"])
    if effect.single:
        known = await scene.tx.row(
            "single_response", consultation_id=consultation["id"], person_id=person.id
        )
        if known is not None:
            await scene.tx.run(
                "change_response", id=known["id"], body=body, state="received", **where
            )
            told = effect.changed or effect.thanks
            outcome.told.append(msg(told.id, reference=Code(known["reference"])))
            return
    reference = await _reference(scene, council.prefix)
    await scene.tx.run(
        "add_response",
        id=response_id,
        consultation_id=consultation["id"],
        person_id=person.id,
        reference=reference,
        body=body,
        state="received",
        commune=effect.body.get("commune") or person.commune or _home(council.place),
        age_band=person.age_band,
        gender=person.gender,
        disability=person.disability,
        assurance="A1" if scene.party.channel == "whatsapp" else "A0",
        **where,
    )
    if effect.single:
        await scene.tx.row(
            "claim_single",
            consultation_id=consultation["id"],
            person_id=person.id,
            response_id=response_id,
        )
    outcome.contributed = True
    outcome.told.append(msg(effect.thanks.id, reference=Code(reference)))
    if consultation["kind"] != "need":
        return
    await cases.open_case(
        scene.tx, council, consultation["council_id"], response_id, effect.body, scene.at
    )
    if council.answer_days:
        outcome.told.append(msg("thanks.days", count=council.answer_days))


def _home(place: str) -> str | None:
    return place if places.place(place).level == "commune" else None


async def _reference(scene: Scene, prefix: str) -> str:
    year = local(scene.at).year
    row = await scene.tx.row("next_number", name=f"{prefix}-{year}")
    number = row["value"] if row else 0
    return f"{prefix}-{year}-{number:06d}"


async def _add_voice(scene: Scene, effect: fx.AddVoice, outcome: Outcome) -> None:
    found = await scene.tx.row("response_by_reference", reference=effect.reference)
    told = effect.already
    if found is None or found["state"] == "withdrawn":
        outcome.told.append(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    if found["person_id"] != scene.party.person.id:
        added = await scene.tx.row(
            "add_voice", response_id=found["id"], person_id=scene.party.person.id, at=scene.at
        )
        if added is not None:
            told = effect.thanks
            outcome.contributed = True
    outcome.told.append(msg(told.id, reference=Code(effect.reference)))


async def _own_response(scene: Scene, reference: str) -> Mapping[str, Any] | None:
    found = await scene.tx.row("response_by_reference", reference=reference)
    if found is None or found["person_id"] != scene.party.person.id:
        return None
    return found


async def _withdraw(scene: Scene, effect: fx.Withdraw, outcome: Outcome) -> None:
    found = await _own_response(scene, effect.reference)
    if found is None:
        outcome.told.append(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    consultation = await scene.register.by_id(scene.tx, found["consultation_id"])
    if not is_open(consultation, scene.at):
        outcome.told.append(refusal(consultation, scene.at))
        return
    await scene.tx.run("set_response_state", id=found["id"], state="withdrawn", at=scene.at)
    # Needs that were put to this one stand by themselves again: nobody would find them else.
    await scene.tx.run("free_merged", id=found["id"])
    signed = await scene.tx.rows(
        "digests_of",
        consultation_id=found["consultation_id"],
        person_id=scene.party.person.id,
    )
    # Who signs a paper by hand takes that back where they signed it: the paper stays, as nobody's
    # of the chat, and the citizen is told.
    kept = [row for row in signed if row["on_paper"]]
    for row in signed:
        entry = {"what": "withdrawn", "petition": found["code"], "digest": row["cin_digest"]}
        more = {"stays": "paper"} if row["on_paper"] else {}
        await ledger.append(scene.tx, found["council_id"], {**entry, **more}, scene.at)
    for query in ("drop_signatures", "keep_papers"):
        await scene.tx.run(
            query,
            consultation_id=found["consultation_id"],
            person_id=scene.party.person.id,
        )
    outcome.told.append(msg(effect.done.id, reference=Code(effect.reference)))
    if kept:
        outcome.told.append(msg("petition.paper_stays"))


async def _add_to(scene: Scene, effect: fx.AddTo, outcome: Outcome) -> None:
    found = await _own_response(scene, effect.reference)
    if found is None:
        outcome.told.append(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    body = msgspec.json.decode(found["body"])
    words = body.get("words") or {"text": "", "media": []}
    texts = [text for text in (words.get("text"), effect.said.get("text")) if text]
    body["words"] = {
        "text": "\n".join(texts),
        "media": [*words.get("media", []), *effect.said.get("media", [])],
    }
    await scene.tx.run(
        "change_response",
        id=found["id"],
        body=msgspec.json.encode(body).decode(),
        state=found["state"],
        channel=scene.party.channel,
        language=scene.party.person.language or "ar",
        at=scene.at,
    )
    await cases.heard(scene.tx, found["id"], "added", effect.said)
    await cases.refresh(scene.tx, found["id"], body)
    outcome.told.append(msg(effect.done.id, reference=Code(effect.reference)))


async def _answer_back(scene: Scene, effect: fx.AnswerBack, outcome: Outcome) -> None:
    found = await _own_response(scene, effect.reference)
    if found is None:
        outcome.told.append(msg("contributions.unknown", reference=Code(effect.reference)))
        return
    await cases.heard(scene.tx, found["id"], "answer", effect.said)
    outcome.told.append(effect.done)


async def _send_summary(scene: Scene, effect: fx.SendSummary, outcome: Outcome) -> None:
    """Ask for the file; `bot.results.downloads` makes it and sends it here."""
    found = await scene.tx.row("consultation_by_code", code=effect.code)
    staff = await staff_here(scene.tx, scene.party.person.id, new=scene.party.new)
    member = next((s for s in staff if found and s["council_id"] == found["council_id"]), None)
    if found is None or member is None:
        outcome.told.append(effect.refused)
        return
    await scene.tx.run(
        "add_download",
        id=new_id(),
        council_id=member["council_id"],
        staff_id=member["id"],
        what="chat",
        object=effect.code,
        format=effect.format,
        language=WRITTEN_LANGUAGE.get(scene.party.person.language or "ar", "fr"),
        filters="{}",
        identities=0,
        at=scene.at,
    )
    await scene.tx.run(
        "add_audit",
        id=new_id(),
        council_id=member["council_id"],
        actor=member["name"],
        action="download",
        object=f"{effect.code}.{effect.format}",
        detail="in the chat",
        at=scene.at,
    )
    outcome.told.append(effect.told)


async def _sign(scene: Scene, effect: fx.Sign, outcome: Outcome) -> None:
    consultation = await scene.register.by_id(scene.tx, scene.conversation.consultation_id)
    if not is_open(consultation, scene.at):
        outcome.told.append(refusal(consultation, scene.at))
        return
    pledge = await scene.tx.row(
        "single_response", consultation_id=consultation["id"], person_id=scene.party.person.id
    )
    if pledge is None or pledge["state"] == "withdrawn":
        outcome.told.append(msg("petition.support_needed"))
        return
    signature_id = new_id()
    # The digest is keyed per petition, so that two petitions cannot be compared.
    digest = scene.vault.digest(effect.cin, f"cin:{consultation['id']}")
    sealed = msgspec.json.encode(
        {"name": effect.name, "cin": effect.cin, "address": effect.address}
    ).decode()
    council = scene.register.council(consultation["council_id"])
    added = await scene.tx.row(
        "add_signature",
        id=signature_id,
        consultation_id=consultation["id"],
        person_id=scene.party.person.id,
        cin_digest=digest,
        sealed=scene.vault.seal(sealed, f"signatures/{signature_id}"),
        commune=effect.commune or _home(council.place),
        at=scene.at,
    )
    if added is None:
        # The card stands on a paper already: pledge and paper are one person's from now on.
        linked = await scene.tx.row(
            "link_paper",
            consultation_id=consultation["id"],
            cin_digest=digest,
            person_id=scene.party.person.id,
        )
        if linked is not None:
            await _assure(scene, consultation["id"], "A3")
        outcome.told.append(effect.already)
        return
    await _assure(scene, consultation["id"], "A2")
    await ledger.append(
        scene.tx,
        consultation["council_id"],
        {"what": "signature", "petition": consultation["code"], "digest": digest},
        scene.at,
    )
    outcome.told.append(effect.thanks)


async def _assure(scene: Scene, consultation_id: int, level: str) -> None:
    await scene.tx.run(
        "raise_assurance",
        consultation_id=consultation_id,
        person_id=scene.party.person.id,
        assurance=level,
    )


async def _export(scene: Scene, outcome: Outcome) -> None:
    name = await export(scene.tx, scene.vault, scene.party.person.id, scene.at)
    ticket = scene.vault.stamp(f"export:{name}", scene.at + LINK_MS)
    link = f"{scene.public_url}/my-data/{name}/{ticket}"
    outcome.told.append(lines(msg("my_data.copy_link", link=Code(link))))
