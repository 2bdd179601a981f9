"""One message of a citizen: what it means, and which conversation it belongs to.

context -> command, tap, link, reference, code or answer -> the conversation's next step (`steps`)
"""

import re
from typing import Any

from bot.conversation import beginnings, interruptions, steps, taps
from bot.conversation.context import Context
from bot.conversation.joining import codes, opened
from bot.conversation.listening import asides, telling
from bot.core.contact import Conversation
from flows.conversations.besides.explaining import explained
from flows.dialog import replay
from flows.dialog.choices import GUARDED
from flows.dialog.dialog import Ask, Reply
from flows.dialog.facts import Own
from flows.understanding import danger, opt_out, phrases, scripts
from flows.understanding.opt_out import Wish
from flows.understanding.phrases import Command
from flows.wording.text import Translated, msg
from storage.rows.responses import ContributionsOf

#: How a reference ends; whoever types only that means one of their own.
_END = re.compile(r"\d{6}")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")


async def handle(context: Context) -> None:
    """Deal with the message."""
    await _handle(context)
    if context.obey:
        # It was asked back what was meant, and a word that works was.
        command, context.obey = Command(context.obey), ""
        if command is Command.STOP:
            await interruptions.stop(context)
        else:
            await _command(context, command)


async def _handle(context: Context) -> None:
    arrival, top = context.arrival, context.contact.top
    if arrival.event == "edit":
        # It may correct a name or a card number that was typed before.
        context.was_private = True
        context.texts.tell(msg("chat.edited"))
        steps.ask_again(context, top)
        return
    if arrival.event == "language" and arrival.chosen_language:
        await _speak(context, arrival.chosen_language, steps.asked(top))
        return
    between = await _take_up_invitation(context)
    text = scripts.clean(arrival.text)
    command = phrases.command(text) if text else None
    if arrival.start is None and arrival.token is None and text:
        told = _danger(context, text)
        if told is not None:
            await interruptions.in_danger(context, told, text)
            return
    if arrival.start is not None:
        await _start(context, arrival.start)
    elif arrival.token is not None:
        await taps.tap(context, arrival.token)
    elif _ends_ticking(context.contact.top, text) or (
        not await _wants_no_messages(context, text, command)
        and not (command is None and await interruptions.comes_back(context, text))
        and not await interruptions.erases(context, text)
        and not await _may_be_an_answer(context, text, command)
        and not await _command(context, command)
        and not await asides.refers(context, text)
        and not await _asks_in_words(context, text)
        and not await _named(context, text)
        and not interruptions.may_be_private(context, text, between=between)
    ):
        await _answer(context, text)


def _danger(context: Context, text: str) -> str | None:
    """The danger that the message tells of, unless it is what stands on a button."""
    top = context.contact.top
    found = danger.danger(text)
    if (
        found is None
        or phrases.asks_for_our_help(text)
        or (top is not None and top.flow == "danger")
    ):
        return None
    asked = steps.asked(top)
    return None if asked is not None and interruptions.is_an_option(asked, text) else found


def _start_again(context: Context) -> None:
    """Nobody but the person themselves, and in so many words, takes a stop back."""
    beginnings.settle(context.contact)
    if context.person.stopped_at is not None:
        context.person.change(stopped_at=None, keeps_answers=0)
        context.texts.tell(msg("messages.on"))


async def _wants_no_messages(context: Context, text: str, command: Command | None) -> bool:
    """Obey a wish to get no more messages, or ask back what may be one. False if it is none."""
    top = context.contact.top
    asked = steps.asked(top)
    if (
        top is not None
        and top.flow in ("notices", "invitation")
        and asked is not None
        and interruptions.is_an_option(asked, text)
    ):
        # There the button itself says which messages stop.
        return False
    if command is Command.STOP:
        if asked is not None and (
            interruptions.is_an_option(asked, text) or interruptions.in_own_words(asked, text)
        ):
            await interruptions.doubt(context, text)
        else:
            await interruptions.stop(context)
        return True
    if await interruptions.in_settings(context, text):
        return True
    wish = opt_out.wish(text)
    if wish is None:
        return False
    if asked is not None and (
        interruptions.is_an_option(asked, text) or interruptions.keeps_back(asked, text)
    ):
        return False
    one_council = context.register.several and opt_out.of_one_council(text)
    if (wish is Wish.CERTAIN and not one_council) or (top is not None and top.flow == "stop"):
        await interruptions.stop(context)
    else:
        await interruptions.doubt(context, text, one_council=one_council)
    return True


async def _may_be_an_answer(context: Context, text: str, command: Command | None) -> bool:
    """Ask back about a word that works where it may be a citizen's own. False if it is not in doubt."""
    asked = steps.asked(context.contact.top) if command is not None else None
    if command is None or asked is None:
        return False
    top = context.contact.top
    part = None
    if command is Command.START:
        part = interruptions.part_of_an_option(asked, text)
    if interruptions.is_an_option(asked, text):
        await _answer(context, text)
    elif part is not None and part not in GUARDED and top is not None:
        # "Let's start" begins what the button begins, and nothing anew.
        await steps.answer(context, top, Reply(tap=part))
    elif interruptions.in_own_words(asked, text):
        await interruptions.ask_meaning(context, text, command)
    else:
        return False
    return True


async def _asks_in_words(context: Context, text: str) -> bool:
    """Obey a command that is asked for in a few words; ask back where a citizen's own are wanted."""
    top = context.contact.top
    code = phrases.language_wish(text)
    if code is None and (top is None or top.flow == "menu" or _fits_nothing(top, text)):
        code = phrases.language_named(text)
    command = phrases.command_in(text) if code is None else None
    if code is None and command is None:
        return False
    asked = steps.asked(top)
    if asked is not None and (
        interruptions.is_an_option(asked, text) or interruptions.corrects(asked, text)
    ):
        return False
    own_words = asked is not None and interruptions.wants_own_words(asked)
    if code is not None:
        return not own_words and await _speak(context, code, asked)
    short = command is Command.HELP and len(text.split()) <= 6
    if own_words and command is not None and not short:
        await interruptions.ask_meaning(context, text, command)
        return True
    return await _command(context, command)


def _fits_nothing(top: Conversation, text: str) -> bool:
    """Whether a text is no answer to the open question."""
    return steps.asked(top) is not None and steps.outcome(top, Reply(text=text)).trouble is not None


async def _speak(context: Context, code: str, asked: Ask[Any] | None) -> bool:
    """Go on in the language that was asked for by its name."""
    top = context.contact.top
    if top is not None and asked is not None and any(o.id == code for o in asked.answer.options):
        await steps.answer(context, top, Reply(tap=code))
        return True
    context.person.change(language=code, letters="")
    context.texts.tell(msg("language.changed"))
    steps.ask_again(context, top)
    if top is None:
        await steps.open_flow(context, "menu")
    return True


async def _take_up_invitation(context: Context) -> bool:
    """What the council asked last is the question that the citizen sees. Whether it has just become that."""
    contact = context.contact
    pending = contact.pending
    if pending is None:
        return False
    contact.pending = None
    await context.tx.run("await_nothing", person_id=contact.person.id)
    known = any(c.id == pending for c in contact.conversations)
    return not known and await beginnings.invited(context, pending) is not None


def _ends_ticking(top: Conversation | None, text: str) -> bool:
    """Whether "that is all" ends the ticking of several choices ("baraka" alone means stop)."""
    if top is None or top.journal.awaited is None:
        return False
    stored = top.journal.answers.get(top.journal.awaited)
    return isinstance(stored, dict) and replay.DRAFT in stored and phrases.done(text)


async def _start(context: Context, payload: str) -> None:
    """A link was opened, or the chat was started anew."""
    if not payload:
        _start_again(context)
    if payload == codes.JOINS or payload.startswith(f"{codes.JOINS}_"):
        opened.joins(context)
    elif payload.startswith("s_"):
        await opened.staff_chat(context, payload)
    elif payload.startswith("b_"):
        await opened.onto_list(context, payload)
    elif asides.REFERENCE.fullmatch(payload.upper()) and await context.agreed():
        # The code on a receipt leads to the need itself.
        await _named(context, payload)
    elif payload:
        await steps.begin_code(context, payload)
    elif context.person.language is None or not await context.agreed():
        await steps.welcome(context)
    else:
        await steps.begin(context, "menu")


async def _command(context: Context, command: Command | None) -> bool:
    """Obey a word that always works. False if it is none here."""
    top = context.contact.top
    match command:
        case None | Command.MORE:
            return False
        case Command.NEW_POLL if top is not None and top.flow == command:
            # "New question" while one is written answers that; it does not begin anew.
            return False
        case Command.START:
            await _start(context, "")
        case Command.BACK if top is not None:
            await _back(context, top)
        case Command.SKIP if top is not None:
            await steps.answer(context, top, Reply(skip=True))
        case Command.CANCEL:
            _cancel(context, top)
        case Command.RESUME:
            await _resume(context)
        case Command.HELP:
            asked = steps.asked(top)
            if asked is not None and top is not None and top.flow != "menu":
                context.texts.tell(explained(asked))
                context.texts.tell(msg("help.words"))
            else:
                council = context.register.home(context.person.council_id)
                context.texts.tell(msg("help.text", council=Translated(council.name)))
            steps.ask_again(context, top)
        case Command.BACK | Command.SKIP:
            context.texts.tell(msg("chat.nothing_to_cancel"))
        case (
            Command.LANGUAGE
            | Command.MENU
            | Command.MY_DATA
            | Command.CONTRIBUTIONS
            | Command.NOTICES
            | Command.NEW_POLL
            | Command.SUMMARY
        ):
            await steps.open_flow(context, str(command))
    return True


async def _named(context: Context, text: str) -> bool:
    """A reference, or a consultation's code, typed as such."""
    word = scripts.digits(text).upper()
    code = codes.typed(text)
    if code and await opened.code(context, code):
        return True
    if asides.REFERENCE.fullmatch(word):
        await steps.begin(context, "contributions", own=Own(reference=word))
        return True
    if _END.fullmatch(word) and (reference := await _own_reference(context, word)):
        await steps.begin(context, "contributions", own=Own(reference=reference))
        return True
    last = word.split()[-1] if word.split() else ""
    if text.startswith(("me_", "s_", "b_")) and "-" in text and len(text.split()) == 1:
        await _start(context, text)
        return True
    if "-" in last and _CODE.fullmatch(last) and len(word.split()) <= 4:
        row = await context.register.by_code(context.tx, last)
        if row is not None:
            await steps.begin_consultation(context, row)
            return True
    return False


async def _own_reference(context: Context, end: str) -> str | None:
    """The person's own reference that ends so, None if it is none or two."""
    if context.contact.new:
        return None
    rows = await context.tx.rows(ContributionsOf, person_id=context.person.id)
    found = [row.reference for row in rows if row.reference.endswith(f"-{end}")]
    return found[0] if len(found) == 1 else None


async def _answer(context: Context, text: str) -> None:
    """The message answers the question that the citizen saw."""
    if await taps.quoted_answer(context, text):
        return
    arrival, top = context.arrival, context.contact.top
    if top is None:
        if not await asides.aside(context, text):
            await telling.first(context, text)
        return
    reply = Reply(
        text=text,
        media=context.media,
        location=arrival.location,
        place=arrival.place,
        phone=context.vault.uncover(arrival.phone) if arrival.phone else None,
        unsupported=arrival.unsupported,
    )
    if not (text or context.media or arrival.location):
        context.texts.tell(msg("chat.unsupported"))
        steps.not_understood(context, top)
        return
    if top.flow != "stop" or not await interruptions.let_through(context, reply):
        outcome = steps.outcome(top, reply)
        if outcome.trouble is not None and await asides.aside(context, text):
            return
        if not await telling.takes(context, top, reply, outcome):
            await steps.answer(context, top, reply, outcome)
    if arrival.unsupported:
        # The words that stood under it are the answer; what it was is said all the same.
        context.texts.tell(msg("chat.unsupported"))


# ---------------------------------------------------------------------- words that always work


async def _back(context: Context, top: Conversation) -> None:
    turn = replay.back(steps.flow_for(top), top.journal)
    if turn.journal.answers == top.journal.answers:
        context.texts.tell(msg("chat.first_question"))
    await steps.follow(context, top, turn)


def _cancel(context: Context, top: Conversation | None) -> None:
    if top is None:
        context.texts.tell(msg("chat.nothing_to_cancel"))
        return
    steps.leave(context, top)
    context.texts.tell(msg("chat.cancelled"))
    context.texts.offers_menu = True


async def _resume(context: Context) -> None:
    top = context.contact.top
    kept = [c for c in context.contact.conversations if c.state in ("waiting", "left")]
    if top is not None and top.flow not in beginnings.FLEETING:
        steps.ask_again(context, top)
    elif kept:
        await steps.wake(context, max(kept, key=lambda c: c.touched_at))
    else:
        context.texts.tell(msg("chat.nothing_to_resume"))
        steps.ask_again(context, top)
