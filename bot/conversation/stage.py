"""Which conversation a citizen is in: begun, interrupted, woken, followed to its next question.

flow + journal -> Turn -> look-ups, effects -> texts and the next question
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from bot.channels.port import Arrival
from bot.conversation import effects as doing
from bot.conversation import lookups
from bot.core.contact import Conversation, Party, hash_of
from bot.core.councils import Register, facts_of, head_of, is_open, refusal
from bot.core.localtime import local_day
from bot.core.vault import Vault
from bot.outbox.composing import Composer
from bot.outreach import answers
from bot.outreach.audiences import ASKING
from bot.outreach.message_texts import conversation_of, flow_of, own_of
from flows.conversations.index import conversations
from flows.dialog import effects as fx
from flows.dialog import replay
from flows.dialog.dialog import Ask, Flow, Media, Reply
from flows.dialog.facts import Facts, Own, Previous, Shared
from flows.dialog.replay import Journal, Turn
from flows.understanding import language
from flows.wording.text import msg
from storage.database import Row, Transaction
from storage.ids import new_id

#: After so many replies that were not understood in a row, the way out is named.
PATIENCE = 3

#: Conversations that nobody wants back when another begins.
FLEETING = frozenset({"menu", "help", "language", "link", "invitation", "reply", "notices", "body"})


class Stage:
    """The conversations of one party while one of their messages is handled."""

    def __init__(
        self,
        tx: Transaction,
        register: Register,
        vault: Vault,
        party: Party,
        arrival: Arrival,
        media: tuple[Media, ...],
        public_url: str,
        doomed: list[str],
    ) -> None:
        self._tx = tx
        self._register = register
        self._vault = vault
        self._party = party
        self._arrival = arrival
        self._media = media
        self._public_url = public_url
        self._doomed = doomed
        self._at = arrival.at
        council = register.home(party.person.council_id)
        self.out = Composer(party, vault, council.language)
        #: Whether what came in is an answer that must not stay readable.
        self.was_private = False
        #: Facts that were not in the database yet: hash -> JSON.
        self.new_facts: dict[str, str] = {}
        self._contributed = False

    # ------------------------------------------------------------------ beginning

    async def _agreed(self) -> bool:
        if self._party.new:
            return False
        rows = await self._tx.rows("consents_of", person_id=self._party.person.id)
        return any(row["purpose"] == "consultation" and row["given"] for row in rows)

    async def _welcome(self, text: str = "", goal: Row | None = None) -> None:
        person = self._party.person
        proposed = person.language or language.propose(text, self._arrival.language_hint)
        own = Own(
            proposed=proposed,
            agreed=await self._agreed(),
            ask_commune=self._register.several and person.commune is None,
        )
        if goal is not None:
            head = head_of(goal)
            own = Own(
                goal=goal["code"],
                goal_title=head.title,
                goal_minutes=head.minutes,
                proposed=proposed,
                agreed=own.agreed,
            )
        await self._begin("welcome", own=own)

    async def _open_flow(self, name: str) -> None:
        top = self._party.top
        if name != "language" and not await self._agreed():
            if top is not None and top.flow == "welcome":
                self._ask_again(top)
            else:
                await self._welcome()
        else:
            await self._begin(name)

    async def _begin_code(self, code: str) -> None:
        row = await self._register.by_code(self._tx, code)
        if row is None:
            self.out.tell(msg("chat.unknown_code"))
            await self._open_flow("menu")
            return
        await self._begin_consultation(row)

    async def _begin_consultation(self, row: Row) -> None:
        if not is_open(row, self._at):
            self.out.tell(refusal(row, self._at))
            self.out.offers_menu = True
            self._ask_again(self._party.top)
            return
        if self._party.person.council_id is None:
            self._party.person.change(council_id=row["council_id"])
        if self._party.person.language is None or not await self._agreed():
            await self._welcome(goal=row)
        else:
            await self._begin(row["kind"], row=row)

    async def _begin(self, flow: str, *, row: Row | None = None, own: Own | None = None) -> None:
        top = self._party.top
        same = next(
            (
                c
                for c in self._party.conversations
                if row is not None
                and c.consultation_id == row["id"]
                and c.flow == flow
                and c.state != "done"
            ),
            None,
        )
        if same is not None:
            if same is top:
                self._ask_again(same)
            else:
                await self._wake(same)
            return
        if top is not None:
            top.state = "done" if top.flow in FLEETING or top.flow == flow else "waiting"
            self._touch(top)
        conversation = await self._create(flow, row, own)
        self._party.conversations.append(conversation)
        turn: Turn[Sequence[fx.Effect]] = replay.run(self._flow(conversation), conversation.journal)
        await self._follow(conversation, turn)

    async def _create(self, flow: str, row: Row | None, own: Own | None) -> Conversation:
        home = self._register.home(self._party.person.council_id)
        shared = Shared(
            local_day(self._at),
            self._register.council(row["council_id"]) if row is not None else home,
            facts_of(row) if row is not None else None,
        )
        digest, body = hash_of(shared)
        self.new_facts[digest] = body
        previous = None
        if row is not None:
            known = await self._tx.row(
                "single_response", consultation_id=row["id"], person_id=self._party.person.id
            )
            if known is not None and known["state"] != "withdrawn":
                previous = Previous(known["reference"], msgspec.json.decode(known["body"]))
        own = own or Own(proposed=self._party.person.language or "ar")
        own = msgspec.structs.replace(own, commune=self._party.person.commune, previous=previous)
        facts = Facts(shared, own)
        return Conversation(
            new_id(),
            self._party.person.id,
            flow,
            row["id"] if row is not None else None,
            digest,
            facts,
            Journal(),
            "open",
            0,
            self._at,
            self._at,
        )

    async def _wake(self, conversation: Conversation) -> None:
        self._bring_up(conversation)
        self.out.tell(msg("chat.resumed"))
        await self._follow(conversation, replay.run(self._flow(conversation), conversation.journal))

    def _bring_up(self, conversation: Conversation) -> None:
        top = self._party.top
        if top is not None and top is not conversation:
            top.state = "done" if top.flow in FLEETING else "waiting"
            self._touch(top)
        conversation.state = "open"
        self._touch(conversation)

    async def _invited(self, message_id: int) -> Conversation | None:
        """The conversation about an invitation that was sent, now that somebody answers it."""
        person_id = self._party.person.id
        sent = await self._tx.row("push", id=message_id, person_id=person_id)
        sent = sent or await answers.sent(self._tx, message_id, person_id)
        asks = sent is not None and (sent["what"] in ASKING or sent["what"] == "reply")
        if sent is None or not asks or sent["consultation_id"] is None:
            return None
        row = await self._register.by_id(self._tx, sent["consultation_id"])
        council = self._register.council(sent["council_id"])
        shared = Shared(local_day(self._at), council, facts_of(row))
        digest, body = hash_of(shared)
        self.new_facts[digest] = body
        own = own_of(
            sent["what"],
            council,
            later=sent["reason"] == "later",
            body=msgspec.json.decode(sent["body"]),
        )
        conversation = conversation_of(
            message_id,
            self._party.person.id,
            Facts(shared, own),
            digest,
            self._at,
            flow_of(sent["what"]),
        )
        top = self._party.top
        if top is not None:
            top.state = "done" if top.flow in FLEETING else "waiting"
            self._touch(top)
        self._party.conversations.append(conversation)
        return conversation

    # ------------------------------------------------------------------ going on

    async def _reply(self, conversation: Conversation, reply: Reply) -> None:
        awaited = conversation.journal.awaited
        turn = replay.run(self._flow(conversation), conversation.journal, reply)
        self.was_private = any(
            question.key == awaited and question.answer.private for question in questions(turn)
        )
        gone = (
            awaited is not None
            and not turn.taken
            and turn.trouble is None
            and not reply.skip
            and (turn.asked is None or turn.asked.key != awaited)
            and awaited not in turn.consumed
            and awaited in turn.journal.answers
        )
        if gone:
            self.out.tell(msg("chat.question_changed"))
        if turn.trouble is not None and reply.skip:
            self.out.tell(msg("chat.not_skippable"))
        await self._follow(conversation, turn, understood=turn.trouble is None, skipped=reply.skip)

    async def _follow(
        self,
        conversation: Conversation,
        turn: Turn[Sequence[fx.Effect]],
        *,
        understood: bool = True,
        skipped: bool = False,
    ) -> None:
        """Do what the turn asks for until it waits for the citizen or has ended."""
        trouble = turn.trouble
        turn = await self._settle(conversation, turn)
        conversation.journal = turn.journal
        conversation.private |= {q.key for q in questions(turn) if q.answer.private}
        conversation.tries = 0 if understood else conversation.tries + 1
        self._touch(conversation)
        if trouble is not None and not skipped:
            self.out.tell(trouble)
        if not understood and conversation.tries >= PATIENCE and turn.asked is not None:
            can_skip = turn.asked.answer.optional
            self.out.tell(msg("chat.way_out" if can_skip else "chat.way_out_needed"))
        if trouble is None:
            self.out.say(turn.said)
        if turn.asked is not None:
            self.out.ask(conversation, turn.asked)
            return
        conversation.state = "done"
        await self._finish(conversation, list(turn.result or []))

    def _not_understood(self, conversation: Conversation) -> None:
        """Count a message that no question can take, and ask again."""
        conversation.tries += 1
        self._touch(conversation)
        if conversation.tries >= PATIENCE:
            self.out.tell(msg("chat.way_out_needed"))
        self._ask_again(conversation)

    async def _settle(
        self, conversation: Conversation, turn: Turn[Sequence[fx.Effect]]
    ) -> Turn[Sequence[fx.Effect]]:
        """Carry out the immediate effects and answer the look-ups."""
        while True:
            await doing.carry_out(self._scene(conversation), list(turn.doing))
            if turn.wanted is None:
                return turn
            finding = await lookups.find(
                self._tx,
                self._register,
                self._vault,
                self._party,
                conversation,
                self._at,
                turn.wanted.request,
            )
            flow = self._flow(conversation)
            turn = replay.found(flow, turn.journal, turn.wanted, finding)

    async def _finish(self, conversation: Conversation, effects: list[fx.Effect]) -> None:
        outcome = await doing.carry_out(self._scene(conversation), effects)
        for text in outcome.told:
            self.out.tell(text)
        if self._party.person.erased:
            return
        self._contributed = self._contributed or outcome.contributed
        for begin in outcome.begin:
            await self._go_to(conversation, begin)
        if self._party.top is not None:
            return
        if await self._may_ask_profile(conversation):
            self._party.person.change(profile_asked_at=self._at)
            await self._begin("profile")
        elif (waiting := self._party.waiting) is not None:
            await self._wake(waiting)
        else:
            self.out.offers_menu = True

    async def _may_ask_profile(self, conversation: Conversation) -> bool:
        """Once, after the first contribution, when the conversation about it is over."""
        person = self._party.person
        if person.profile_asked_at is not None or conversation.consultation_id is None:
            return False
        if conversation.flow in FLEETING:
            return False
        return self._contributed or bool(
            await self._tx.rows("contributions_of", person_id=person.id)
        )

    async def _go_to(self, conversation: Conversation, begin: fx.Begin) -> None:
        if begin.code:
            await self._begin_code(begin.code)
        elif "." in begin.flow:
            row = await self._register.by_id(self._tx, conversation.consultation_id)
            await self._begin(begin.flow, row=row)
        else:
            await self._begin(begin.flow)

    # ------------------------------------------------------------------ small things

    def _flow(self, conversation: Conversation) -> Callable[[], Flow[Sequence[fx.Effect]]]:
        return partial(conversations()[conversation.flow], conversation.facts)

    def _scene(self, conversation: Conversation) -> doing.Scene:
        return doing.Scene(
            self._tx,
            self._register,
            self._vault,
            self._party,
            conversation,
            self._at,
            self._public_url,
            self._doomed,
        )

    def ask_again(self) -> None:
        """Repeat the question the citizen is at."""
        self._ask_again(self._party.top)

    def _ask_again(self, conversation: Conversation | None) -> None:
        if conversation is None or conversation.state == "done":
            return
        turn: Turn[Sequence[fx.Effect]] = replay.run(self._flow(conversation), conversation.journal)
        if turn.asked is not None:
            self.out.ask(conversation, turn.asked)

    def _touch(self, conversation: Conversation) -> None:
        conversation.touched_at = self._at
        conversation.dirty = True


def questions(turn: Turn[Sequence[fx.Effect]]) -> tuple[Ask[Any], ...]:
    """The questions answered, and the one now asked."""
    return (*turn.questions, turn.asked) if turn.asked is not None else turn.questions
