"""What citizens tell of their own accord: a sentence, a photo, a voice note, a pin.

The first message of all counts, and so does one that answers no question: it becomes what the council's
open call takes, half filled, and is shown before it goes. Lines that come one after the other are one.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from msgspec.structs import replace

from bot.conversation import beginnings, interruptions, personal, steps
from bot.conversation.context import Context
from bot.core.contact import Conversation
from flows.conversations.besides import small_talk
from flows.dialog import languages, replay
from flows.dialog.answers import LONGEST, Where, innermost
from flows.dialog.asked_back import AskedBack
from flows.dialog.choices import Choice, YesNo, meaning
from flows.dialog.dialog import Json, Option, Reply, Unsure
from flows.dialog.facts import Facts, Own
from flows.dialog.replay import Turn
from flows.dialog.review import Review
from flows.dialog.several import Several
from flows.kinds import kinds
from flows.kinds.kind import Case
from flows.understanding import correcting, language, phrases
from flows.understanding.beside import intents
from flows.understanding.beside.intents import KEPT, Intent, tells_a_fault
from flows.understanding.themes.usual import usual_in
from flows.wording.text import msg

#: So many words at least are a sentence, where they say what they are about; where they do not, so many.
FEW: Final = 3
MANY: Final = 6


def heard(context: Context, text: str) -> Own:
    """The message as something told; empty where it says nothing that could be kept."""
    if not (context.media or context.arrival.location or _says_something(text)):
        return Own()
    if len(text) > LONGEST:
        context.texts.tell(msg("told.too_long", longest=LONGEST))
    pin = context.arrival.location
    name = context.arrival.place
    return Own(words=text, media=context.media, pin=pin, pin_name=name, unasked=True)


def _says_something(text: str) -> bool:
    """Whether a text can be somebody's own words: more than a yes, a number, a greeting, thanks."""
    words = [word for word in text.split() if any(sign.isalpha() for sign in word)]
    besides = intents.intent(text)
    if not words or (
        besides is not None and besides not in KEPT and not _of_the_town(besides, text)
    ):
        return False
    if len(words) >= FEW:
        return True
    return phrases.yes_no(text) is None and (len(words) > 1 or bool(usual_in(text)))


def _of_the_town(besides: Intent, text: str) -> bool:
    """Whether who asks for a request means one about the town, of which we may never have heard."""
    return besides is Intent.WHERE_IS_MY_REQUEST and bool(usual_in(text))


async def first(context: Context, text: str) -> None:
    """A message where nothing is under way: kept until they have agreed, or told at once."""
    told = heard(context, text)
    if context.person.language is None or not await context.agreed():
        besides = intents.intent(text) if text else None
        if besides is not None and besides not in KEPT and besides is not Intent.GREETING:
            council = context.register.home(context.person.council_id)
            context.texts.tell(small_talk.said(besides, council))
        await steps.welcome(context, text, told=told)
    elif told.tells:
        await steps.tell(context, told)
    else:
        await steps.begin(context, "menu")


async def takes(context: Context, top: Conversation, reply: Reply, outcome: Turn[Any]) -> bool:
    """Take what tells more than the question asks for, or answers none. False if it is just an answer."""
    if reply.skip or context.was_private:
        return False
    if top.flow == "welcome" and await _refuses(context, top, reply, outcome):
        return True
    case = kinds()[top.flow].case if top.flow in kinds() else None
    asked = outcome.asked
    if case is not None and not _is_looked_at(top, outcome):
        return await _in_a_sentence(context, top, case, reply, outcome)
    if asked is not None and asked.answer.private:
        return False
    if case is None and (_turned_down(top, outcome) or _tells_besides(top, reply)):
        # A sentence in which one of the choices is named tells more than that choice.
        text = _in_doubt(top) if _turned_down(top, outcome) else reply.text
        await _ask_whether(context, heard(context, text))
        return True
    doubted = isinstance(asked.answer, AskedBack) if asked is not None else False
    sentence = len(reply.text.split()) > FEW
    if top.flow == "welcome" and doubted and sentence and outcome.journal != top.journal:
        await _added(context, top, heard(context, reply.text))
        return True
    if outcome.trouble is None or outcome.refused or asked is None:
        return False
    told = heard(context, reply.text)
    if not told.tells or top.flow in _settling():
        return False
    if top.flow in ("welcome", "told"):
        await _added(context, top, told)
    elif case is not None and isinstance(innermost(asked.answer), Review):
        await _more(context, top, case, told)
    elif case is None and top.flow in beginnings.FLEETING:
        await steps.tell(context, told)
    elif told.media or await _is_a_sentence(context, told.words):
        await _ask_whether(context, told)
    else:
        return False
    return True


async def _refuses(context: Context, top: Conversation, reply: Reply, outcome: Turn[Any]) -> bool:
    """Obey a no in more words than one where it is asked whether somebody agrees."""
    text = reply.text
    if not text or outcome.trouble is None:
        return False
    first = text.replace(",", " ").replace("،", " ").split()[0]
    refuses = (
        phrases.yes_no(text) is False
        or (phrases.yes_no(first) is False and not usual_in(text))
        or correcting.not_sending(text)
        or phrases.wants_erasing(text)
    )
    if not refuses or not top.facts.own.tells:
        return False
    if (top.journal.awaited or "").startswith("consent"):
        await steps.answer(context, top, Reply(tap="no"))
    else:
        await personal.refuse(context)
        context.texts.tell(msg("consent.declined"))
    return True


def _is_looked_at(top: Conversation, outcome: Turn[Any]) -> bool:
    """Whether the question that was answered is the last look."""
    awaited = top.journal.awaited
    asked = next((q for q in steps.questions(outcome) if q.key == awaited), None)
    return asked is not None and isinstance(innermost(asked.answer), Review)


def _in_doubt(top: Conversation) -> str:
    """What was written and is asked back, "" if nothing is."""
    stored = top.journal.answers.get(top.journal.awaited or "")
    doubt = stored.get(replay.UNSURE) if isinstance(stored, dict) else None
    return str(doubt.get("text") or "") if isinstance(doubt, dict) else ""


def _turned_down(top: Conversation, outcome: Turn[Any]) -> bool:
    """Whether "none of these" was said of what a sentence may have meant: then it meant something else."""
    text = _in_doubt(top)
    if len(text.split()) < FEW or not usual_in(text) or top.flow not in kinds():
        return False
    awaited = top.journal.awaited or ""
    left = outcome.journal.answers.get(awaited)
    again = outcome.asked is not None and outcome.asked.key == awaited
    return again and outcome.trouble is None and left is None


def _tells_besides(top: Conversation, reply: Reply) -> bool:
    """Whether a reply at a choice of a poll or petition tells what is wrong somewhere: that is no vote."""
    if top.flow not in kinds() or len(reply.text.split()) < 2 or not tells_a_fault(reply.text):
        return False
    asked = steps.asked(top)
    if asked is None or interruptions.is_an_option(asked, reply.text):
        return False
    return isinstance(innermost(asked.answer), Choice | Several | YesNo | Review)


async def _is_a_sentence(context: Context, text: str) -> bool:
    """Whether a text that answers nothing may be for the council: it says what it is about, or is long."""
    length = len(text.split())
    if not FEW <= length < MANY:
        return length >= MANY
    row = await beginnings.taker(context)
    if row is None:
        return False
    council = context.register.council(row.council_id)
    return len(beginnings.told(Own(words=text), row, council)) > 1


async def _ask_whether(context: Context, told: Own) -> None:
    """It answers nothing: is it something for the council?"""
    own = replace(told, doubted=told.words, proposed=beginnings.language_of(context))
    await steps.begin(context, "told", own=own)


async def _in_a_sentence(
    context: Context, top: Conversation, case: Case[Any], reply: Reply, outcome: Turn[Any]
) -> bool:
    """Take a whole sentence where only its theme or its place was asked for."""
    awaited = top.journal.awaited
    if awaited == case.told_at or not (reply.media or len(reply.text.split()) >= FEW):
        return False
    asked = next((q for q in steps.questions(outcome) if q.key == awaited), None)
    own = heard(context, reply.text)
    if asked is None or not own.tells:
        return False
    inner = innermost(asked.answer)
    told = await _answers(context, top, own)
    if isinstance(inner, Where):
        if not reply.media and not _tells_of_a_place(reply.text, told, awaited or ""):
            return False
    elif not reply.media and not _is_told(reply.text, inner, told.get(awaited or "")):
        return False
    before = top.journal.answers
    top.journal = replay.Journal({**told, **before}, awaited)
    if case.told_at in before:
        beginnings.add(top, case.told_at, own)
    turn = replay.run(steps.flow_for(top), top.journal)
    if turn.asked is not None and turn.asked.key == awaited:
        context.texts.tell(msg("told.kept"))
    await steps.follow(context, top, turn)
    return True


def _tells_of_a_place(text: str, told: Mapping[str, Json], awaited: str) -> bool:
    """Whether what is written where a place is asked for says what is wrong there.

    The name of a place may be long, and sound like a theme.
    """
    where = _chosen(told.get(awaited), "text") or ""
    besides = len(text.split()) - len(where.split())
    if tells_a_fault(text) and besides >= 2:
        return True
    sure = any(_chosen(told[key], "tap") for key in told.keys() - {awaited})
    return sure and besides > FEW


def _is_told(text: str, answer: object, read: Json) -> bool:
    """Whether a text at a choice tells something, and does not only name one of the options, or two."""
    found = meaning(text, answer.every) if isinstance(answer, Choice) else None
    if isinstance(found, Option):
        return False
    if isinstance(found, Unsure) and len(found.candidates) > 1:
        return len(text.split()) >= MANY
    return found is None or bool(_chosen(read, "tap")) or len(text.split()) >= MANY


def _chosen(answer: Json, part: str) -> str | None:
    """What stands as a reply to a question that was not asked yet: the option tapped, or the text."""
    unread = answer.get(replay.UNREAD, {}) if isinstance(answer, dict) else {}
    return unread.get(part)


#: Short conversations that something hangs on: what is written there is not taken for something else.
_SETTLING = frozenset({"stop", "meant", "danger", "messages", "language", "link"})


@cache
def _settling() -> frozenset[str]:
    """Those, and what members of staff write in the chat."""
    return _SETTLING | {name for kind in kinds().values() for name in kind.apart}


async def _added(context: Context, top: Conversation, told: Own) -> None:
    """Something told before one has agreed, or before it is clear what it is: kept with what was told before."""
    own = beginnings.joined(top.facts.own, told)
    top.facts = Facts(top.facts.shared, own)
    beginnings.touch(context, top)
    if top.journal.awaited == "language" and context.person.language is None:
        proposed = languages.proposal(told.words, context.arrival.language_hint)
        if language.is_certain(told.words, languages.spoken(proposed).language):
            context.texts.tell(msg("told.kept"))
            await steps.answer(context, top, Reply(tap=proposed))
            return
    context.texts.tell(msg("told.kept"))
    steps.ask_again(context, top)


async def _more(context: Context, top: Conversation, case: Case[Any], more: Own) -> None:
    """More about what stands at its last look: shown again with that; asked, where it is about another thing."""
    told = await _answers(context, top, more)
    if any(_differs(top.journal.answers.get(key), answer) for key, answer in told.items()):
        own = replace(more, doubted=more.words, besides=True)
        await _ask_whether(context, own)
        return
    beginnings.add(top, case.told_at, more)
    context.texts.tell(msg("told.added"))
    await steps.follow(context, top, replay.run(steps.flow_for(top), top.journal))


async def _answers(context: Context, top: Conversation, told: Own) -> dict[str, Json]:
    """What something told answers in a conversation, by the keys of its questions."""
    row = await context.register.by_id(context.tx, top.consultation_id)
    return beginnings.told(told, row, context.register.council(row.council_id))


def _differs(stored: Json, answer: Json) -> bool:
    """Whether what a sentence surely chooses is another choice than the one that was made."""
    chosen = _chosen(answer, "tap")
    return chosen is not None and stored is not None and chosen != stored
