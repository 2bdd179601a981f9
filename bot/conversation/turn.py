"""One message of a citizen: what it means, and which conversation it belongs to.

arrival + party -> command, tap, reference, code or answer -> the stage (`bot.conversation.stage`)
"""

import re

from bot.conversation import effects as doing
from bot.conversation.stage import FLEETING, Stage, questions
from bot.core import links
from bot.core.contact import Conversation
from bot.core.vault import Tap, short_digest
from bot.outbox.composing import MENU
from flows.dialog import replay
from flows.dialog.choices import DONE, MORE, UNTICK
from flows.dialog.dialog import Ask, Reply
from flows.dialog.facts import Own
from flows.dialog.replay import Journal
from flows.dialog.review import CORRECT
from flows.understanding import phrases, scripts
from flows.understanding.phrases import Command
from flows.wording.text import Translated, msg

_REFERENCE = re.compile(r"[A-Z]{2,6}-\d{4}-\d{6}")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")


class Talk(Stage):
    """Hears one message."""

    async def hear(self) -> None:
        """Deal with the arrival."""
        arrival = self._arrival
        top = self._party.top
        if arrival.event == "edit":
            # It may correct a name or a card number that was typed before.
            self.was_private = True
            self.out.tell(msg("chat.edited"))
            if top is not None:
                self._ask_again(top)
            return
        await self._take_up_invitation()
        text = scripts.clean(arrival.text)
        command = phrases.command(text) if text else None
        if command is not Command.STOP:
            # Who writes wants to be written to.
            self._party.person.change(stopped_at=None)
        if arrival.start is not None:
            await self._start(arrival.start)
        elif arrival.token is not None:
            await self._tap(arrival.token)
        elif self._ends_ticking(text) or (
            not await self._command(command) and not await self._named(text)
        ):
            await self._answer(text)

    async def _take_up_invitation(self) -> None:
        """What the council asked last is the question that the citizen sees."""
        pending = self._party.pending
        if pending is None:
            return
        self._party.pending = None
        await self._tx.run("await_nothing", person_id=self._party.person.id)
        known = any(c.id == pending for c in self._party.conversations)
        if not known:
            await self._invited(pending)

    def _ends_ticking(self, text: str) -> bool:
        """Whether "that is all" ends the ticking of several choices ("baraka" alone means stop)."""
        top = self._party.top
        if top is None or top.journal.awaited is None:
            return False
        stored = top.journal.answers.get(top.journal.awaited)
        return isinstance(stored, dict) and replay.DRAFT in stored and phrases.done(text)

    async def _start(self, payload: str) -> None:
        if payload.startswith("me_"):
            await self._link(payload)
        elif payload.startswith("s_"):
            await self._staff_chat(payload)
        elif payload.startswith("b_"):
            await self._body(payload)
        elif _REFERENCE.fullmatch(payload.upper()) and await self._agreed():
            # The code on a receipt leads to the need itself.
            await self._named(payload)
        elif payload:
            await self._begin_code(payload)
        elif self._party.person.language is None or not await self._agreed():
            await self._welcome()
        else:
            await self._begin("menu")

    async def _command(self, command: Command | None) -> bool:
        top = self._party.top
        match command:
            case None | Command.MORE:
                return False
            case Command.NEW_POLL if top is not None and top.flow == command:
                # "New question" while one is written answers that; it does not begin anew.
                return False
            case Command.STOP:
                await self._stop(top)
            case Command.START:
                await self._start("")
            case Command.BACK if top is not None:
                await self._back(top)
            case Command.SKIP if top is not None:
                await self._reply(top, Reply(skip=True))
            case Command.CANCEL:
                await self._cancel(top)
            case Command.RESUME:
                await self._resume()
            case Command.HELP:
                council = self._register.home(self._party.person.council_id)
                self.out.tell(msg("help.text", council=Translated(council.name)))
                self._ask_again(top)
            case Command.BACK | Command.SKIP:
                self.out.tell(msg("chat.nothing_to_cancel"))
            case (
                Command.LANGUAGE
                | Command.MENU
                | Command.MY_DATA
                | Command.CONTRIBUTIONS
                | Command.NOTICES
                | Command.NEW_POLL
                | Command.SUMMARY
            ):
                await self._open_flow(str(command))
        return True

    async def _named(self, text: str) -> bool:
        """A reference, or a consultation's code, typed as such."""
        word = scripts.digits(text).upper()
        if _REFERENCE.fullmatch(word):
            await self._begin("contributions", own=Own(reference=word))
            return True
        last = word.split()[-1] if word.split() else ""
        if text.startswith(("me_", "s_", "b_")) and "-" in text and len(text.split()) == 1:
            await self._start(text)
            return True
        if "-" in last and _CODE.fullmatch(last) and len(word.split()) <= 4:
            row = await self._register.by_code(self._tx, last)
            if row is not None:
                await self._begin_consultation(row)
                return True
        return False

    async def _answer(self, text: str) -> None:
        top = self._party.top
        arrival = self._arrival
        if top is None:
            if self._party.person.language is None or not await self._agreed():
                await self._welcome(text)
            else:
                await self._begin("menu")
            return
        reply = Reply(
            text=text,
            media=self._media,
            location=arrival.location,
            phone=arrival.phone,
            unsupported=arrival.unsupported,
        )
        empty = not (text or self._media or arrival.location)
        if arrival.unsupported or empty:
            self.out.tell(msg("chat.unsupported"))
            self._not_understood(top)
            return
        await self._reply(top, reply)

    # ------------------------------------------------------------------ taps

    async def _tap(self, token: str) -> None:
        tap = self._vault.read_button(self._party.chat, token)
        if tap is not None and tap.conversation == 0 and tap.question == short_digest(MENU):
            await self._open_flow("menu")
            return
        found = None
        if tap is not None:
            found = next(
                (
                    c
                    for c in self._party.conversations
                    if c.id == tap.conversation and c.state != "done"
                ),
                None,
            )
        if tap is not None and found is None:
            found = await self._invited(tap.conversation)
        if tap is None and await self._tapped_by_name(token):
            return
        if tap is None or found is None:
            self.out.tell(msg("chat.old_button"))
            self._ask_again(self._party.top)
            return
        await self._tap_in(found, tap)

    async def _tapped_by_name(self, token: str) -> bool:
        """Whether this is a button of an approved template, which can only name its option."""
        invited = await self._replied_to() or self._party.top
        if invited is not None and invited.flow == "invitation":
            turn = replay.run(self._flow(invited), invited.journal)
            if turn.asked is not None and token in {o.id for o in turn.asked.answer.options}:
                self._bring_up(invited)
                await self._reply(invited, Reply(tap=token))
                return True
        # The conversation went on meanwhile; these two are obeyed wherever they stand.
        if token == "stop":  # noqa: S105  # the name of an option
            await self._stop(self._party.top)
            return True
        if token == "settings":  # noqa: S105  # the name of an option
            await self._open_flow("notices")
            return True
        return False

    async def _replied_to(self) -> Conversation | None:
        """The conversation about the invitation that a button stood under."""
        if self._arrival.replied_to is None:
            return None
        sent = await self._tx.row(
            "push_by_provider",
            channel=self._arrival.channel,
            provider_id=self._arrival.replied_to,
            person_id=self._party.person.id,
        )
        if sent is None:
            return None
        known = next((c for c in self._party.conversations if c.id == sent["id"]), None)
        return known or await self._invited(sent["id"])

    async def _tap_in(self, conversation: Conversation, tap: Tap) -> None:
        flow = self._flow(conversation)
        turn = replay.run(flow, conversation.journal)
        asked = next((q for q in questions(turn) if short_digest(q.key) == tap.question), None)
        option = _option(asked, tap.option) if asked is not None else None
        if asked is None or option is None:
            self.out.tell(msg("trouble.gone"))
            self._ask_again(conversation)
            return
        self._bring_up(conversation)
        reply = Reply(tap=option)
        if turn.asked is not None and asked.key == turn.asked.key:
            journal = Journal(conversation.journal.answers, asked.key)
            await self._follow(conversation, replay.run(flow, journal, reply))
            return
        changed = replay.replace(flow, conversation.journal, asked.key, reply)
        if changed.journal.answers == conversation.journal.answers:
            return  # A double tap: the answer stands already.
        self.out.tell(msg("chat.changed_answer"))
        await self._follow(conversation, changed)

    # ------------------------------------------------------------------ words that always work

    async def _stop(self, top: Conversation | None) -> None:
        if self._party.person.stopped_at is not None:
            return
        if top is not None:
            self._leave(top)
        self._party.person.change(stopped_at=self._at)
        self.out.tell(msg("chat.stopped"))

    async def _back(self, top: Conversation) -> None:
        turn = replay.back(self._flow(top), top.journal)
        if turn.journal.answers == top.journal.answers:
            self.out.tell(msg("chat.first_question"))
        await self._follow(top, turn)

    async def _cancel(self, top: Conversation | None) -> None:
        if top is None:
            self.out.tell(msg("chat.nothing_to_cancel"))
            return
        self._leave(top)
        self.out.tell(msg("chat.cancelled"))
        self.out.offers_menu = True

    async def _resume(self) -> None:
        top = self._party.top
        kept = [c for c in self._party.conversations if c.state in ("waiting", "left")]
        if top is not None and top.flow not in FLEETING:
            self._ask_again(top)
        elif kept:
            await self._wake(max(kept, key=lambda c: c.touched_at))
        else:
            self.out.tell(msg("chat.nothing_to_resume"))
            self._ask_again(top)

    def _leave(self, conversation: Conversation) -> None:
        conversation.state = "done" if conversation.flow in FLEETING else "left"
        self._touch(conversation)

    async def _link(self, payload: str) -> None:
        """Ask whether this chat shall join the one that asked for the link."""
        known = await links.asker(self._tx, self._vault, payload, self._at)
        if known is None:
            self.out.tell(msg("chat.link_expired"))
            self._ask_again(self._party.top)
        elif known["id"] == self._party.person.id:
            self.out.tell(msg("link.same"))
            self._ask_again(self._party.top)
        else:
            proposed = self._party.person.language or known["language"] or "ar"
            await self._begin("link", own=Own(link=payload, proposed=proposed))

    async def _staff_chat(self, payload: str) -> None:
        """Make this chat a member of staff's own."""
        staff_id = await links.staff_of(self._tx, self._vault, payload, self._at)
        if staff_id is None:
            self.out.tell(msg("chat.link_expired"))
            self._ask_again(self._party.top)
            return
        if self._party.new:
            await doing.save_newcomer(self._tx, self._party)
        await self._tx.run("set_staff_chat", id=staff_id, person_id=self._party.person.id)
        self.out.tell(msg("organizer.linked"))
        self.out.offers_menu = True
        self._ask_again(self._party.top)

    async def _body(self, payload: str) -> None:
        """Ask whether this person wants onto the council's list."""
        body = await links.list_of(self._tx, self._vault, payload, self._at)
        if body is None:
            self.out.tell(msg("chat.link_expired"))
            self._ask_again(self._party.top)
            return
        if self._party.person.council_id is None:
            self._party.person.change(council_id=body["council_id"])
        if self._party.person.language is None or not await self._agreed():
            # Agreed once, the link is opened again.
            await self._welcome()
            return
        await self._begin("body", own=Own(link=payload, proposed=self._party.person.language))


def _option(asked: Ask[object], digest: bytes) -> str | None:
    """The id of the option that a button's digest stands for, on whichever page it was shown."""
    answer = asked.answer
    inner = getattr(answer, "inner", answer)
    every = (*answer.options, *getattr(inner, "every", ()))
    ids = [option.id for option in every]
    ids += [f"{UNTICK}{id}" for id in ids]
    ids += [DONE, MORE, CORRECT]
    ids += [f"{CORRECT}{key}" for _, key in getattr(inner, "corrections", ())]
    return next((id for id in ids if short_digest(id) == digest), None)
