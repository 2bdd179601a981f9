"""The code that joins two chats: shown in one, typed in the other, and agreed to there.

    shown (what the other chat will be able to do) -> typed within ten minutes -> asked (the same) -> joined

Both chats are told before it is done and after. A chat of staff never joins, on neither side.
"""

import re
import secrets
from collections.abc import Sequence

import msgspec

from bot.conversation.context import Alert, Context
from bot.conversation.joining import handover
from bot.core import audit
from bot.core.contact import Contact
from bot.core.localtime import local
from bot.core.vault import Vault
from flows.understanding import scripts
from flows.wording import render
from flows.wording.text import Code, Text, lines, msg
from storage.database import Transaction, batch
from storage.rows.people import Brought, JoinChats, JoinCode, JoinedConversations, JoinTries, Person
from storage.rows.staff import StaffInChat

#: What a link says that leads to where the code is typed; it carries no right.
JOINS = "me"

#: Digits of a code, the first of them no 0: so it is no telephone number and no number of the law.
CODE_DIGITS = 10

#: How long a code is good; ms.
CODE_MS = 10 * 60 * 1000

#: How many codes that nobody is shown a person may type within an hour.
MOST_TRIES = 5
TRIES_MS = 60 * 60 * 1000

_CODE = re.compile(rf"[1-9][0-9]{{{CODE_DIGITS - 1}}}")


def typed(text: str) -> str:
    """The code that a message is, "" if it is none."""
    found = re.sub(r"[\s.\-]", "", scripts.digits(text))
    return found if _CODE.fullmatch(found) else ""


def digest(vault: Vault, code: str) -> str:
    """What is kept of a code."""
    return vault.digest(code, "join")


async def show(context: Context) -> Text:
    """A new code for this chat, with what whoever types it will be able to do; or why there is none."""
    if await _is_staffs(context.tx, context.person.id):
        return msg("join.staff")
    await context.save_newcomer()
    code = str(10 ** (CODE_DIGITS - 1) + secrets.randbelow(9 * 10 ** (CODE_DIGITS - 1)))
    contact = context.contact
    await context.tx.run("drop_join_codes", person_id=context.person.id)
    await context.tx.run(
        "add_join_code",
        digest=digest(context.vault, code),
        person_id=context.person.id,
        channel=contact.channel,
        account=contact.account,
        address=contact.address,
        expires_at=context.at + CODE_MS,
    )
    return lines(
        msg("join.code", code=Code(f"{code[:3]} {code[3:6]} {code[6:]}")),
        msg("join.other_can"),
        msg("join.keep_code"),
        gap=1,
    )


async def find(context: Context, code: str) -> JoinCode | None:
    """The chat that shows a code. None if it is not good (any more), which counts as a try."""
    found = await context.tx.row(JoinCode, digest=digest(context.vault, code), at=context.at)
    if found is None:
        await context.save_newcomer()
        await context.tx.run("add_join_try", person_id=context.person.id, at=context.at)
    return found


async def tired(context: Context) -> bool:
    """Whether so many wrong codes were typed here that none is looked at for a while."""
    if context.contact.new:
        return False
    since = context.at - TRIES_MS
    tries = await context.tx.row(JoinTries, person_id=context.person.id, since=since)
    return tries is not None and tries.n >= MOST_TRIES


async def refusal(context: Context, shown: JoinCode) -> Text | None:
    """Why these two chats do not join. None if they may."""
    if shown.person_id == context.person.id:
        return msg("join.same")
    for id in (shown.person_id, context.person.id):
        if await _is_staffs(context.tx, id):
            return msg("join.staff")
        # One join at a time: who undoes it, or erases themselves, is to find just what they had.
        live = await handover.live_join(context.tx, id, context.at)
        if live is not None:
            return msg("join.one_at_a_time", until=Code(until_of(live.at)))
    return None


async def _is_staffs(tx: Transaction, person_id: int) -> bool:
    return bool(await tx.rows(StaffInChat, person_id=person_id))


async def join(context: Context, code: str) -> Text:
    """Make this chat and the one that shows the code (by its digest) one person's. What came of it."""
    tx, person = context.tx, context.person
    shown = await tx.row(JoinCode, digest=code, at=context.at)
    if shown is None:
        return msg("join.code_old")
    refused = await refusal(context, shown)
    if refused is not None:
        return refused
    await context.save_newcomer()
    if person.dirty:
        await tx.run("save_people", rows=batch([person.row()]))
    stays = await tx.row(Person, person_id=shown.person_id)
    joins = await tx.row(Person, person_id=person.id)
    if stays is None or joins is None:
        return msg("join.code_old")
    own_data = context.parts.own_data
    await context.save_address()
    sides = handover.Sides(stays, joins)
    await handover.remember(tx, context.vault, own_data, sides, context.at)
    await handover.hand_over(tx, own_data, joins.id, stays.id, context.at)
    stopped, keeps = person.stopped_at, person.keeps_answers
    handover.restored(person, stays)
    handover.stop_with(person, stopped, keeps)
    for conversation in context.contact.conversations:
        conversation.person_id = person.id
    council_id = person.council_id or context.register.default_id
    channels = f"{shown.channel} + {context.contact.channel}"
    await audit.note(tx, council_id, "citizen", "join chats", channels, at=context.at)
    until = until_of(context.at)
    _tell(context, shown, person.id, _done(context.contact.channel, until))
    return _done(shown.channel, until)


def _done(other: str, until: str) -> Text:
    return lines(
        msg("join.done", channel=msg(f"join.on.{other}")),
        msg("join.held", until=Code(until)),
        gap=1,
    )


def until_of(joined_at: int) -> str:
    """Until when a join can be undone, and holds copies and signatures back: local day and time."""
    return local(joined_at + handover.HELD_MS).strftime("%d/%m/%Y %H:%M")


async def undo(context: Context) -> Text:
    """Take this person's chats apart again. What came of it."""
    tx = context.tx
    join = await handover.live_join(tx, context.person.id, context.at)
    if join is None:
        return msg("join.undone_late")
    council_id = context.person.council_id or context.register.default_id
    sides = handover.sides_of(context.vault, join)
    others = await tx.rows(JoinChats, join_id=join.id, other=0)
    joined = await tx.rows(JoinChats, join_id=join.id, other=1)
    theirs = {row.id for row in await tx.rows(JoinedConversations, join_id=join.id)}
    is_joined = _is_among(context.contact, joined)
    await handover.apart(tx, context.parts.own_data, join, sides, context.at)
    await audit.note(tx, council_id, "citizen", "part chats", "", at=context.at)
    if is_joined:
        context.becomes(sides.joins, theirs)
        for chat in others[:1]:
            _tell(context, chat, join.person_id, msg("join.undone"))
    else:
        context.keeps(theirs)
        if sides.stays.stopped_at is None and context.person.stopped_at == sides.joins.stopped_at:
            context.person.change(stopped_at=None, keeps_answers=sides.stays.keeps_answers)
        for chat in joined[:1]:
            _tell(context, chat, join.other_id, msg("join.undone"))
    context.contact.joined_at = None
    return msg("join.undone")


def _is_among(contact: Contact, chats: Sequence[JoinChats]) -> bool:
    here = (contact.channel, contact.account, contact.address)
    return any((one.channel, one.account, one.address) == here for one in chats)


def _tell(context: Context, chat: JoinCode | JoinChats, person_id: int, text: Text) -> None:
    """Have another chat told."""
    language = chat.language or context.register.home(context.person.council_id).language
    told = msgspec.structs.replace(chat, person_id=person_id)
    context.alerts.append(Alert(told, render(text, language), language, "reply"))


async def copy_held_until(context: Context) -> str:
    """Until when no copy is given here: in the chat that is new to a join, and in the other one too if
    the new one brought something. "" if there is one now.
    """
    held = held_until(context.contact, context.at)
    join = await handover.live_join(context.tx, context.person.id, context.at)
    if held or join is None:
        return held
    chats = await context.tx.rows(JoinChats, join_id=join.id, other=1)
    is_joined = _is_among(context.contact, chats)
    brought = await context.tx.row(Brought, join_id=join.id, other=int(not is_joined))
    return until_of(join.at) if brought is not None and brought.n else ""


def held_until(contact: Contact, at: int) -> str:
    """Until when this chat gives no copy and signs nothing, "" if it may."""
    joined_at = contact.joined_at
    if joined_at is None or at >= joined_at + handover.HELD_MS:
        return ""
    return until_of(joined_at)
