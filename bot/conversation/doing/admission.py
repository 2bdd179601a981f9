"""A number that a council gave out, shown by who wants to take part."""

from bot.conversation.context import Context
from bot.conversation.joining import codes
from bot.core.contact import Conversation
from bot.staff import rolls
from flows.dialog import effects as fx
from flows.wording.text import msg

#: What is said of a number.
SAID = {"in": "roll.in", "unknown": "roll.unknown", "used": "roll.used"}


async def show_number(context: Context, conversation: Conversation, effect: fx.ShowNumber) -> None:
    """Let somebody in by a number, or say why not; after some wrong ones none is looked at for a while."""
    row = await context.register.by_id(context.tx, conversation.consultation_id)
    if await codes.tired(context):
        context.texts.tell(msg("roll.tired"))
        return
    await context.save_newcomer()
    fate = await rolls.show(
        context.tx, context.vault, row, effect.number, context.person.id, context.at
    )
    context.texts.tell(msg(SAID[fate]))
    if fate != "in":
        await context.tx.run("add_join_try", person_id=context.person.id, at=context.at)
    if fate != "used":
        context.begin.append(fx.Begin(code=row.code, own=conversation.facts.own))
