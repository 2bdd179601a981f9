"""What comes before the question that was asked: a wish to be left alone, danger, a word in doubt.

Each begins a conversation of its own; the one that was interrupted waits for what comes of it.
"""

from typing import Any

from bot.conversation import beginnings, steps
from bot.conversation.context import Context
from flows.dialog.answers import Where, Words, innermost
from flows.dialog.choices import says
from flows.dialog.communes import CommuneName
from flows.dialog.dialog import Ask, NotUnderstood, Reply
from flows.dialog.facts import Own
from flows.dialog.review import Review
from flows.kinds import kinds
from flows.understanding import correcting, phrases
from flows.wording.text import msg
from storage.rows import StoredConsultation
from storage.rows.consultations import OpenConsultations


async def stop(context: Context) -> None:
    """The citizen wants no more messages: said once, obeyed at once."""
    top = context.contact.top
    if context.person.stopped_at is not None and top is None:
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
    await steps.begin(context, "stop", own=Own(proposed=beginnings.language_of(context)))


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
        proposed=beginnings.language_of(context), doubted=text, held=held, one_council=one_council
    )
    await steps.begin(context, "stop", own=own)


async def in_danger(context: Context, danger: str, text: str) -> None:
    """Whom to call, before anything else; then the way to report it."""
    row = await _wants_reports(context)
    own = Own(
        proposed=beginnings.language_of(context),
        danger=danger,
        doubted=text,
        media=context.media,
        goal=row.code if row is not None else None,
    )
    await steps.begin(context, "danger", own=own)


async def _wants_reports(context: Context) -> StoredConsultation | None:
    """An open consultation of the person's council that takes what somebody tells, None if none does."""
    home = context.person.council_id or context.register.default_id
    rows = await context.tx.rows(OpenConsultations, at=context.at)
    return next(
        (row for row in rows if row.council_id == home and kinds()[row.kind].case is not None),
        None,
    )


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


def is_an_option(asked: Ask[Any], text: str) -> bool:
    """Whether the text is what stands on one of the buttons."""
    return any(says(text, option.label) for option in asked.answer.options)
