"""What people say besides answers and needs: one line, then the open question again, shorter.

"bonjour", "is it free?", "where is my request?", "I want a person". What is for the council (a complaint, a request for
information, a petition, a question) becomes what its open call takes; it is asked first where another question is open.
"""

import re
from dataclasses import replace
from functools import cache
from typing import Any, Final

from msgspec.structs import replace as changed

from bot.conversation import beginnings, steps
from bot.conversation.context import Context
from bot.core.contact import Conversation
from flows.conversations.besides import small_talk
from flows.dialog.answers import innermost
from flows.dialog.dialog import Ask, Reply
from flows.dialog.facts import Own
from flows.dialog.review import Review
from flows.kinds import kinds
from flows.understanding.beside import intents
from flows.understanding.beside.intents import KEPT, Intent
from flows.understanding.themes.usual import usual_in
from flows.wording.text import Lines, Text, msg
from storage.rows.responses import ContributionsOf

#: Conversations that something hangs on: whatever is written there is about them.
_SETTLING: Final = frozenset({"stop", "meant", "danger", "messages", "link", "told"})


#: A whole reference, "OZT-2026-000123".
REFERENCE: Final = re.compile(r"[A-Z]{2,6}-\d{4}-\d{6}")


@cache
def _untouched() -> frozenset[str]:
    """Those, and what members of staff write in the chat."""
    return _SETTLING | {name for kind in kinds().values() for name in kind.apart}


async def aside(context: Context, text: str) -> bool:
    """Answer what is said besides. False if it is nothing of the kind, or must be settled otherwise.

    Call it where an answer did not fit, never before one that fits.
    """
    top = context.contact.top
    if not text or context.media or context.arrival.location:
        return False
    if top is not None and top.flow in _untouched():
        return False
    found = intents.intent(text)
    if found is None:
        return False
    agreed = context.person.language is not None and await context.agreed()
    if not agreed and (top is None or found in KEPT):
        # Who writes for the first time is greeted and asked; their words are kept with that.
        return False
    council = context.register.home(context.person.council_id)
    if found is Intent.WHERE_IS_MY_REQUEST:
        if intents.reference(text) is None and usual_in(text) and not await _has_sent(context):
            # "My request about the bins is not seen to", of which we have never heard: a need.
            return False
        await _request(context, text)
        return True
    context.texts.tell(small_talk.said(found, council))
    if found in KEPT and (found is not Intent.PERSON or council.person):
        await _kept(context, text)
    else:
        await _ask_again(context, top)
    return True


async def refers(context: Context, text: str) -> bool:
    """Show the own message whose reference stands in a sentence, where the sentence answers no question."""
    if not text or context.media or REFERENCE.fullmatch(text.upper()):
        # A whole reference alone is looked up as such.
        return False
    if intents.reference(text) is None:
        return False
    top = context.contact.top
    if top is not None:
        outcome = steps.outcome(top, Reply(text=text))
        if top.flow in _untouched() or outcome.trouble is None:
            return False
    await _request(context, text)
    return True


async def _has_sent(context: Context) -> bool:
    """Whether they have sent anything so far."""
    return not context.contact.new and bool(
        await context.tx.rows(ContributionsOf, person_id=context.person.id)
    )


async def _request(context: Context, text: str) -> None:
    """What became of something they sent: by its reference, or all of it. Of others' nothing is told."""
    known = not context.contact.new
    rows = await context.tx.rows(ContributionsOf, person_id=context.person.id) if known else []
    named = intents.reference(text)
    if named is not None:
        fitting = [row.reference for row in rows if named.fits(row.reference)]
        if len(fitting) == 1:
            await steps.begin(context, "contributions", own=Own(reference=fitting[0]))
            return
    if rows and (named is None or len(fitting) > 1):
        await steps.begin(context, "contributions")
        return
    council = context.register.home(context.person.council_id)
    context.texts.tell(
        msg("contributions.none")
        if named is None
        else small_talk.said(Intent.WHERE_IS_MY_REQUEST, council)
    )
    await _ask_again(context, context.contact.top)


async def _kept(context: Context, text: str) -> None:
    """What is for the council goes the way of what people tell of their own accord."""
    top = context.contact.top
    told = Own(words=text, unasked=True, proposed=beginnings.language_of(context))
    if top is None or top.flow in beginnings.FLEETING:
        await steps.tell(context, told)
    elif await beginnings.taker(context) is None:
        context.texts.tell(msg("told.nowhere"))
        await _ask_again(context, top)
    else:
        await steps.begin(context, "told", own=changed(told, doubted=text))


async def _ask_again(context: Context, top: Conversation | None) -> None:
    """The open question once more, without what was said before it; where none is open, the menu."""
    asked = steps.asked(top)
    if top is None or asked is None:
        await steps.begin(context, "menu")
        return
    context.texts.ask(top, shorter(asked))


def shorter(asked: Ask[Any]) -> Ask[Any]:
    """A question with the last of its lines only, without pictures and voice: all of it was said already.

    The last look is shown whole: its lines are what is looked at.
    """
    if isinstance(innermost(asked.answer), Review):
        return asked
    return replace(asked, prompt=_last(asked.prompt), attachments=())


def _last(prompt: Text) -> Text:
    """What a prompt ends with: the question."""
    if isinstance(prompt, Lines) and prompt.parts:
        return _last(prompt.parts[-1])
    return prompt
