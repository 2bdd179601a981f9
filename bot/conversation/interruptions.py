"""What comes before the question that was asked: a wish to be left alone, danger, a word in doubt.

Each begins a conversation of its own; the one that was interrupted waits for what comes of it.
"""

from collections.abc import Sequence
from typing import Any

from bot.conversation import beginnings, personal, steps
from bot.conversation.context import Context
from bot.core.contact import Conversation
from flows.dialog.answers import NationalId, Where, Words, innermost
from flows.dialog.choices import says
from flows.dialog.communes import CommuneName
from flows.dialog.dialog import Ask, NotUnderstood, Reply
from flows.dialog.facts import Own
from flows.dialog.review import Review
from flows.understanding import correcting, opt_out, phrases, scripts
from flows.understanding.phrases import Command
from flows.wording import in_every_language
from flows.wording.text import msg


async def stop(context: Context) -> None:
    """The citizen wants no more messages: said once, obeyed at once."""
    top = context.contact.top
    if context.person.stopped_at is not None and top is None:
        context.texts.tell(msg("chat.still_stopped"))
        return
    asked = steps.asked(top)
    if top is not None and top.flow == "stop" and asked is not None and asked.key == "keep":
        # Said again at the question whether one answer may still come: it may not, unless a yes begins it.
        if _says_yes(asked, context.arrival.text):
            steps.ask_again(context, top)
        else:
            await steps.answer(context, top, Reply(tap="no"))
        return
    if context.person.stopped_at is None:
        context.person.change(stopped_at=context.at, keeps_answers=0)
    if top is not None and top.flow != "danger":
        steps.leave(context, top)
        if beginnings.is_unsent(top):
            context.texts.tell(msg("stop.unsent"))
    alone = not context.register.several
    own = Own(proposed=beginnings.language_of(context), alone=alone)
    await steps.begin(context, "stop", own=own)


def _says_yes(asked: Ask[Any], text: str) -> bool:
    first = text.replace(",", " ").replace("،", " ").split()[:1]
    try:
        return asked.answer.read(Reply(text=" ".join(first))) == "yes"
    except NotUnderstood:
        return False


async def ask_meaning(context: Context, text: str, command: str) -> None:
    """What was written may be a word that works, or the answer."""
    own = Own(proposed=beginnings.language_of(context), doubted=text, command=command)
    await steps.begin(context, "meant", own=own)


async def doubt(context: Context, text: str, *, one_council: bool = False) -> None:
    """What was written may be a wish to get no messages: none goes out until the citizen has said."""
    held = context.person.stopped_at is None or bool(beginnings.doubts(context.contact))
    # One question is enough, and it is the one about what was written last.
    beginnings.settle(context.contact)
    if held:
        context.person.change(stopped_at=context.at, keeps_answers=0)
    own = Own(
        proposed=beginnings.language_of(context),
        doubted=text,
        held=held,
        alone=not context.register.several,
        one_council=one_council,
    )
    await steps.begin(context, "stop", own=own)


async def in_danger(context: Context, danger: str, text: str) -> None:
    """Whom to call, before anything else; then the way to report it."""
    row = await beginnings.taker(context)
    own = Own(
        proposed=beginnings.language_of(context),
        danger=danger,
        doubted=text,
        media=context.media,
        goal=row.code if row is not None else None,
    )
    await steps.begin(context, "danger", own=own)


async def let_through(context: Context, reply: Reply) -> bool:
    """Give what is written, while it is asked whether messages shall stop, to the question that waits for it.

    Nothing is lost of it; the doubt waits, and nothing is sent before it is settled. False if it is no answer there.
    """
    top = context.contact.top
    waiting = [
        c for c in context.contact.conversations if c.state == "waiting" and c.flow != "stop"
    ]
    if top is None or not waiting:
        return False
    interrupted = max(waiting, key=lambda c: c.touched_at)
    asked, doubt = steps.asked(interrupted), steps.asked(top)
    if asked is None or doubt is None or doubt.key != "meant" or _reads(doubt, reply):
        return False
    if wants_own_words(asked) and not _is_own(asked, reply.text):
        return False
    if not _reads(asked, reply):
        return False
    steps.bring_up(context, interrupted)
    await steps.answer(context, interrupted, reply)
    return True


def may_be_private(context: Context, text: str, *, between: bool) -> bool:
    """Whether a text may answer the private question that was open when the council wrote: that is asked again.

    A name or a card number that somebody was about to give must not go to the council as an answer to what it
    asked meanwhile; nothing of the text is kept in clear. The council's question comes back afterwards. `between`:
    the council wrote since the last message. Later only a card's number is surely meant for that question: any two
    words may be a name.
    """
    top, waiting = context.contact.top, context.contact.waiting
    asked, private = steps.asked(top), steps.asked(waiting)
    if top is None or waiting is None or private is None or not private.answer.private:
        return False
    if not between and not isinstance(innermost(private.answer), NationalId):
        return False
    reply = Reply(text=text)
    if asked is not None and (is_an_option(asked, text) or phrases.yes_no(text) is not None):
        return False
    if not _reads(private, reply):
        return False
    context.was_private = True
    beginnings.interrupt(context, top, kept=True)
    steps.bring_up(context, waiting)
    context.texts.tell(msg("chat.two_questions"))
    steps.ask_again(context, waiting)
    return True


def _reads(asked: Ask[Any], reply: Reply) -> bool:
    """Whether a reply is an answer to the question."""
    try:
        asked.answer.read(reply)
    except NotUnderstood:
        return False
    return True


def _is_own(asked: Ask[Any], text: str) -> bool:
    """Whether a text is more likely somebody's own than a word about the question that came between."""
    if not text:
        return True
    few = 1 if isinstance(innermost(asked.answer), Where) else 2
    return (
        len(text.split()) >= few
        and not text.rstrip().endswith(("?", "؟"))
        and phrases.yes_no(text) is None
    )


async def comes_back(context: Context, text: str) -> bool:
    """Whether whoever stopped messages asks for them again; where own words are wanted it is asked back."""
    if context.person.stopped_at is None or beginnings.doubts(context.contact):
        return False
    if not opt_out.comes_back(text):
        return False
    asked = steps.asked(context.contact.top)
    if asked is not None and wants_own_words(asked):
        await ask_meaning(context, text, Command.START)
    else:
        context.obey = Command.START
    return True


async def in_settings(context: Context, text: str) -> bool:
    """Whether fewer messages are asked for in the settings, where that is an answer and no stop."""
    top = context.contact.top
    if top is None or top.flow != "notices" or not opt_out.fewer(text):
        return False
    await _choose(context, top, "often")
    return True


async def erases(context: Context, text: str) -> bool:
    """Whether erasing is asked for in words where it is one of the choices ("my data")."""
    top = context.contact.top
    if top is None or top.flow not in ("my_data", "welcome") or not phrases.wants_erasing(text):
        return False
    if top.flow == "my_data":
        await _choose(context, top, "forget")
        return True
    if not top.facts.own.tells:
        return False
    # Before anything was agreed to, that is a no, and it empties what was told.
    await personal.refuse(context)
    context.texts.tell(msg("consent.declined"))
    return True


async def _choose(context: Context, top: Conversation, id: str) -> None:
    """As if this choice was tapped; where it is not one, the question is asked again."""
    asked = steps.asked(top)
    if asked is not None and any(option.id == id for option in asked.answer.options):
        await steps.answer(context, top, Reply(tap=id))
    else:
        steps.ask_again(context, top)


# ---------------------------------------------------------------------- what a question takes


def wants_own_words(asked: Ask[Any]) -> bool:
    """Whether it is answered in a citizen's own words, or with a place."""
    return isinstance(innermost(asked.answer), Words | Where | CommuneName)


def in_own_words(asked: Ask[Any], text: str) -> bool:
    """Whether a word that works may be somebody's own at this question: a wish, the name of a place."""
    place = isinstance(innermost(asked.answer), Where | CommuneName)
    return wants_own_words(asked) and phrases.also_ordinary(text, place=place)


def corrects(asked: Ask[Any], text: str) -> bool:
    """Whether "I was wrong" is said at the last look, where it leads to what was wrong, not a step back."""
    return isinstance(innermost(asked.answer), Review) and correcting.wrong(text)


def keeps_back(asked: Ask[Any], text: str) -> bool:
    """Whether "do not send it" is said at the last look, where it is about what stands there."""
    return isinstance(innermost(asked.answer), Review) and correcting.not_sending(text)


def part_of_an_option(asked: Ask[Any], text: str) -> str | None:
    """The id of the one option on whose button the text's words stand, in their order; None if none or two."""
    words = scripts.fold(text).split()
    found = {
        option.id
        for option in asked.answer.options
        for label in in_every_language(option.label)
        if words and _stand_in(words, scripts.fold(label).split())
    }
    return found.pop() if len(found) == 1 else None


def _stand_in(words: Sequence[str], label: Sequence[str]) -> bool:
    return any(label[at : at + len(words)] == words for at in range(len(label) - len(words) + 1))


def is_an_option(asked: Ask[Any], text: str) -> bool:
    """Whether the text is what stands on one of the buttons."""
    return any(says(text, option.label) for option in asked.answer.options)
