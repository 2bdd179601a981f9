"""What citizens wish of messages that councils begin: later, not this one, fewer, none; lists.

Links onto a council's list (`b_...`) and into a member of staff's own chat (`s_...`) are made here.
"""

from typing import TYPE_CHECKING

from bot.core.links import list_of
from bot.core.localtime import local, local_day
from bot.outreach import quiet_hours
from flows.dialog import effects as fx
from flows.dialog.outreach import Sending
from flows.wording.text import Code, Text, msg
from storage.ids import new_id

if TYPE_CHECKING:
    from bot.conversation.effects import Scene

#: How long "later" may be, the longest first that is still today and before the end; ms.
LATER_MS = tuple(int(hours * 3_600_000) for hours in (4, 2, 1, 0.5))

Wish = fx.Postpone | fx.Decline | fx.Mute | fx.SetNotices | fx.FollowThemes | fx.JoinBody


async def wish(scene: "Scene", effect: Wish) -> list[Text]:
    """Note what was wished. Returns what the citizen is told."""
    tx, person_id, at = scene.tx, scene.party.person.id, scene.at
    council_id = await _council(scene)
    match effect:
        case fx.Postpone():
            return await _postpone(scene, effect)
        case fx.Decline(done):
            await tx.run(
                "decline",
                person_id=person_id,
                consultation_id=scene.conversation.consultation_id,
                at=at,
            )
            return [done]
        case fx.Mute(on, done):
            if on:
                await tx.run("mute", person_id=person_id, council_id=council_id, at=at)
            else:
                await tx.run("unmute", person_id=person_id, council_id=council_id)
            return [done]
        case fx.SetNotices(per_week, part_of_day):
            await tx.run(
                "save_preferences",
                person_id=person_id,
                per_week=per_week,
                part_of_day=part_of_day,
            )
            return []
        case fx.FollowThemes(themes):
            await tx.run("drop_themes", person_id=person_id, council_id=council_id)
            for theme in themes:
                await tx.run(
                    "follow_theme", person_id=person_id, council_id=council_id, theme=theme
                )
            return []
        case fx.JoinBody(payload, done, expired):
            body = await list_of(tx, scene.vault, payload, at)
            if body is None:
                return [expired]
            await tx.run(
                "join_list", list_id=body["id"], person_id=person_id, proof="joined by link", at=at
            )
            return [done]


async def _council(scene: "Scene") -> int:
    """The council that the conversation is about."""
    if scene.conversation.consultation_id is not None:
        row = await scene.register.by_id(scene.tx, scene.conversation.consultation_id)
        found: int = row["council_id"]
        return found
    return scene.party.person.council_id or scene.register.default_id


async def _postpone(scene: "Scene", effect: fx.Postpone) -> list[Text]:
    sent = await scene.tx.row("push", id=scene.conversation.id, person_id=scene.party.person.id)
    if sent is None:
        return []
    consultation = await scene.register.by_id(scene.tx, sent["consultation_id"])
    council = scene.register.council(sent["council_id"])
    goes_on = sent["broadcast_state"] in ("running", "done")
    later = _later(scene.at, consultation["closes_at"], council.sending) if goes_on else None
    queued = later and await scene.tx.row(
        "queue_later",
        id=new_id(),
        person_id=scene.party.person.id,
        channel=scene.party.channel,
        account=scene.party.account,
        address=scene.party.address,
        not_before=later,
        broadcast_id=sent["broadcast_id"],
        at=scene.at,
    )
    if not later or not queued:
        return [msg("invitation.no_later", code=Code(consultation["code"]))]
    await scene.tx.run("wake_broadcast", id=sent["broadcast_id"])
    told = effect.told if local_day(later) == local_day(scene.at) else effect.tomorrow
    return [msg(told.id, time=Code(local(later).strftime("%H:%M")))]


def _later(at: int, closes: int | None, sending: Sending) -> int | None:
    """The moment of "later", today if that can be; None if there is none before the end."""
    for wait in LATER_MS:
        then = at + wait
        still = local_day(then) == local_day(at) and (closes is None or then < closes)
        if still and quiet_hours.allowed_from(then, sending) == then:
            return then
    then = quiet_hours.allowed_from(at + LATER_MS[-1], sending)
    return then if closes is None or then < closes else None
