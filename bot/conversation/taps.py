"""A button was tapped, or an earlier message quoted: which conversation, which question, which option?"""

from bot.conversation import beginnings, interruptions, steps
from bot.conversation.context import Context
from bot.core.contact import Conversation
from bot.core.vault import Tap, short_digest
from bot.outbox.composing import MENU
from flows.dialog import replay
from flows.dialog.choices import MORE
from flows.dialog.dialog import Ask, Reply
from flows.dialog.replay import Journal
from flows.dialog.review import CORRECT
from flows.dialog.several import DONE, UNTICK
from flows.wording.text import msg
from storage.rows.broadcasts import PushByProvider
from storage.rows.outbox import QuestionOfMessage

#: A second tap on the same button so soon after the first is a slip of the finger. Milliseconds.
DOUBLE_TAP_MS = 5_000


async def tap(context: Context, token: str) -> None:
    """Deal with the tap on a button."""
    meant = context.vault.read_button(context.contact.chat, token)
    if meant is not None and meant.conversation == 0 and meant.question == short_digest(MENU):
        await steps.open_flow(context, "menu")
        return
    found = None
    if meant is not None:
        found = next(
            (
                c
                for c in context.contact.conversations
                if c.id == meant.conversation and c.state != "done"
            ),
            None,
        )
    if meant is not None and found is None:
        found = await beginnings.invited(context, meant.conversation)
    if meant is None and await _by_name(context, token):
        return
    if meant is None or found is None:
        context.texts.tell(msg("chat.old_button"))
        steps.ask_again(context, context.contact.top)
        return
    await _choose(context, found, meant)


async def _by_name(context: Context, token: str) -> bool:
    """Whether this is a button of an approved template, which can only name its option."""
    invited = await _replied_to(context) or context.contact.top
    if invited is not None and invited.flow == "invitation":
        turn = replay.run(steps.flow_for(invited), invited.journal)
        if turn.asked is not None and token in {o.id for o in turn.asked.answer.options}:
            steps.bring_up(context, invited)
            await steps.answer(context, invited, Reply(tap=token))
            return True
    # The conversation went on meanwhile; these two are obeyed wherever they stand.
    if token == "stop":  # noqa: S105  # the name of an option
        await interruptions.stop(context)
        return True
    if token == "settings":  # noqa: S105  # the name of an option
        await steps.open_flow(context, "notices")
        return True
    return False


async def _replied_to(context: Context) -> Conversation | None:
    """The conversation about the invitation that a button stood under."""
    arrival = context.arrival
    if arrival.replied_to is None:
        return None
    sent = await context.tx.row(
        PushByProvider,
        channel=arrival.channel,
        provider_id=arrival.replied_to,
        person_id=context.person.id,
    )
    if sent is None:
        return None
    known = next((c for c in context.contact.conversations if c.id == sent.id), None)
    return known or await beginnings.invited(context, sent.id)


async def _choose(context: Context, conversation: Conversation, meant: Tap) -> None:
    """The option of a question, asked now or answered before: that answer is corrected."""
    flow = steps.flow_for(conversation)
    turn = replay.run(flow, conversation.journal)
    asked = next((q for q in steps.questions(turn) if short_digest(q.key) == meant.question), None)
    option = _option(asked, meant.option) if asked is not None else None
    if asked is None or option is None:
        context.texts.tell(msg("trouble.gone"))
        steps.ask_again(context, conversation)
        return
    touched_at = conversation.touched_at
    steps.bring_up(context, conversation)
    reply = Reply(tap=option)
    if turn.asked is not None and asked.key == turn.asked.key:
        journal = Journal(conversation.journal.answers, asked.key)
        await steps.follow(context, conversation, replay.run(flow, journal, reply))
        return
    changed = replay.replace(flow, conversation.journal, asked.key, reply)
    if changed.journal.answers == conversation.journal.answers:
        # The answer stands already. Right after the first tap, the reply to that is on its way; later,
        # nobody saw it, or it was lost from sight.
        if context.at - touched_at >= DOUBLE_TAP_MS:
            steps.ask_again(context, conversation)
        return
    context.texts.tell(msg("chat.changed_answer"))
    await steps.follow(context, conversation, changed)


def _option(asked: Ask[object], digest: bytes) -> str | None:
    """The id of the option that a button's digest stands for, on whichever page it was shown."""
    ids: list[str] = []
    answer: object | None = asked.answer
    while answer is not None:
        every = (*getattr(answer, "options", ()), *getattr(answer, "every", ()))
        ids += [option.id for option in every]
        ids += [f"{CORRECT}{key}" for _, key in getattr(answer, "corrections", ())]
        answer = getattr(answer, "inner", None)
    ids += [f"{UNTICK}{id}" for id in ids]
    ids += [DONE, MORE, CORRECT]
    return next((id for id in ids if short_digest(id) == digest), None)


async def quoted_answer(context: Context, text: str) -> bool:
    """Give the reply to the question that it quotes, if it is another than the one now asked.

    Where that question is open no more, it is asked back what was meant. False if nothing is quoted that
    asked something, or just what is asked now.
    """
    arrival, top = context.arrival, context.contact.top
    if arrival.replied_to is None or context.contact.new:
        return False
    quoted = await context.tx.row(
        QuestionOfMessage,
        channel=arrival.channel,
        provider_id=arrival.replied_to,
        person_id=context.person.id,
    )
    if quoted is None:
        return False
    if top is not None and (top.id, top.journal.awaited) == (quoted.asked_in, quoted.asked_key):
        return False
    reply = Reply(text=text, media=context.media, location=arrival.location, place=arrival.place)
    asked_in = next(
        (c for c in context.contact.conversations if c.id == quoted.asked_in and c.state != "done"),
        None,
    )
    if asked_in is not None and asked_in.journal.awaited == quoted.asked_key:
        steps.bring_up(context, asked_in)
        await steps.answer(context, asked_in, reply)
        return True
    if asked_in is not None:
        flow = steps.flow_for(asked_in)
        turn = replay.run(flow, asked_in.journal)
        if any(question.key == quoted.asked_key for question in turn.questions):
            changed = replay.replace(flow, asked_in.journal, quoted.asked_key, reply)
            if changed.trouble is None:
                steps.bring_up(context, asked_in)
                context.texts.tell(msg("chat.changed_answer"))
                await steps.follow(context, asked_in, changed)
                return True
    if top is None or not text:
        return False
    await interruptions.ask_meaning(context, text, "resume")
    return True
