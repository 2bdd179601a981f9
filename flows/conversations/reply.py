"""Staff answer a citizen about their own need; the citizen may answer back.

The staff's words come first, then one question: whatever is written, said or photographed now is the
answer, shown once more before it goes. A tap says that none is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flows.conversations.status_notices import STATES
from flows.dialog.answers import Said, Words
from flows.dialog.choices import Choice, meaning, says
from flows.dialog.dialog import Flow, Json, Option, Reply, Stale, ask, json_of, say
from flows.dialog.effects import AnswerBack, Begin, Effect, IsDone
from flows.dialog.facts import Facts, Own
from flows.kinds.questions import said_text
from flows.understanding import numerals, phrases
from flows.wording.text import Code, Text, Verbatim, lines, msg

#: Sentences that staff may choose; each citizen reads them in their own language.
PHRASES = ("seen", "more_place", "more_photo", "passed_on", "visit", "thanks")

#: What comes with the receipt of a need; staff choose it by asking for the receipt.
RECEIPT = "receipt"

#: The answer that says there is nothing to add; where something is called done, that it is.
ENOUGH = "enough"

#: The answer that says it is not done.
NOT_DONE = "not_done"

#: The status of which its author is asked whether it is so.
DONE = "done"


@dataclass(frozen=True, slots=True)
class AnswerOrEnough:
    """Words, a voice note, photos; or a tap that says nothing is to be added.

    `done` where staff call it done: yes or no is asked for, and whatever else is said is an answer too.
    `nothing` where words are asked for, and the tap says that there is nothing more.
    """

    words: Words = field(
        default_factory=lambda: Words(
            media=frozenset({"voice", "photo"}), needed=msg("trouble.need")
        )
    )
    optional: bool = False
    private: bool = False
    done: bool = False
    nothing: bool = False

    @property
    def enough(self) -> Option:
        """What says that there is nothing to add."""
        if self.nothing:
            return Option(ENOUGH, msg("reply.nothing_more"), "👌")
        return Option(ENOUGH, msg("reply.enough"), "👍")

    @property
    def options(self) -> tuple[Option, ...]:
        """All right; or yes and no."""
        return DONE_OPTIONS if self.done else (self.enough,)

    @property
    def wants(self) -> frozenset[str]:
        """As words do."""
        return self.words.wants

    def read(self, reply: Reply) -> Said | str | None:
        """What was said; None where nothing is to be added, NOT_DONE where it is not done."""
        if self.done and (found := _yes_or_no(reply)) is not None:
            return None if found == ENOUGH else found
        if reply.skip or reply.tap == ENOUGH or says(reply.text, self.enough.label):
            return None
        if not reply.media and numerals.number(reply.text) == 1:
            return None
        return self.words.read(reply)

    def resumed(self, draft: Json) -> "AnswerOrEnough":
        """There is no draft."""
        return self

    def store(self, value: Said | str | None) -> Json:
        """What was said, NOT_DONE, or None."""
        return self.words.store(value) if isinstance(value, Said) else value

    def restore(self, stored: Json) -> Said | str | None:
        """The same again. Raises Stale."""
        if stored == NOT_DONE and self.done:
            return NOT_DONE
        if isinstance(stored, str):
            raise Stale(stored)
        return None if stored is None else self.words.restore(stored)


#: What is offered where something is called done.
DONE_OPTIONS = (
    Option(ENOUGH, msg("reply.done_yes"), "👍"),
    Option(NOT_DONE, msg("reply.done_no"), "👎"),
)


def _yes_or_no(reply: Reply) -> str | None:
    """Which of the two a reply says without a doubt; None for words that say more."""
    if reply.media or reply.skip:
        return None
    if reply.tap is not None:
        return reply.tap if reply.tap in (ENOUGH, NOT_DONE) else None
    found = meaning(reply.text, DONE_OPTIONS)
    if isinstance(found, Option):
        return found.id
    said = phrases.yes_no(reply.text)
    return None if said is None else ENOUGH if said else NOT_DONE


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Read what staff say about one's own need, and answer if one likes."""
    reference = facts.own.reference or ""
    is_done = facts.own.told.get("status") == DONE
    said = yield from ask("answer", AnswerOrEnough(done=is_done), told(facts))
    if said == NOT_DONE:
        return not_done(reference)
    if said is None and is_done:
        return [IsDone(reference, True, msg("reply.enough_said"))]
    if said is None:
        yield from say(msg("reply.enough_said"))
        return []
    action = yield from ask(
        "send",
        Choice(
            (
                Option("send", msg("button.send"), "✅"),
                Option("drop", msg("button.drop"), "❌"),
            )
        ),
        lines(msg("reply.review", reference=Code(reference)), said_text(json_of(said)), gap=1),
    )
    if action == "drop":
        yield from say(msg("reply.dropped"))
        return []
    return [AnswerBack(reference, json_of(said), msg("reply.sent"))]


def not_done(reference: str) -> Sequence[Effect]:
    """It is open again, and what is missing may be said."""
    return [
        IsDone(reference, False, msg("reply.reopened", reference=Code(reference))),
        Begin(flow="adding", own=Own(reference=reference)),
    ]


def told(facts: Facts) -> Text:
    """What staff say: who speaks, about which words, what became of it, and their own sentence."""
    parts = facts.own.told
    status = parts.get("status") or ""
    phrase = parts.get("phrase")
    text = parts.get("text")
    return lines(
        msg(
            "reply.head_elected" if parts.get("speaker") == "elected" else "reply.head",
            council=facts.council_name,
            reference=Code(facts.own.reference or ""),
        ),
        msg("telling.quote", excerpt=Verbatim(parts["excerpt"])) if parts.get("excerpt") else None,
        msg("reply.same") if parts.get("same") else None,
        msg("contributions.state", state=msg(STATES[status])) if status in STATES else None,
        until_text(parts.get("until", "")),
        ready(phrase),
        Verbatim(text) if text else None,
        msg("reply.is_done") if status == DONE else msg("reply.you_can_answer"),
        gap=1,
    )


def ready(phrase: str | None) -> Text | None:
    """A ready sentence, None for none."""
    return msg(f"reply.phrase.{phrase}") if phrase in (*PHRASES, RECEIPT) else None


def until_text(day: str) -> Text | None:
    """By when the council has said that it will be done."""
    return msg("reply.until", day=Code(day_text(day))) if day else None


def day_text(day: str) -> str:
    """A day (ISO) as it is written for citizens."""
    return date.fromisoformat(day).strftime("%d/%m/%Y")
