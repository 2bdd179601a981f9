"""Staff answer a citizen about their own need; the citizen may answer back.

The staff's words come first, then one question: whatever is written, said or photographed now is the
answer, shown once more before it goes. A tap says that none is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.conversations.status_notices import STATES
from flows.dialog.answers import Said, Words
from flows.dialog.choices import Choice, says
from flows.dialog.dialog import Flow, Json, Option, Reply, Stale, ask, json_of, say
from flows.dialog.effects import AnswerBack, Effect
from flows.dialog.facts import Facts
from flows.kinds.questions import said_text
from flows.understanding import numerals
from flows.wording.text import Code, Text, Verbatim, lines, msg

#: Sentences that staff may choose; each citizen reads them in their own language.
PHRASES = ("seen", "more_place", "more_photo", "passed_on", "visit", "thanks")

#: What comes with the receipt of a need; staff choose it by asking for the receipt.
RECEIPT = "receipt"

#: The answer that says there is nothing to add.
ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class AnswerOrEnough:
    """Words, a voice note, photos; or a tap that says nothing is to be added."""

    words: Words = field(
        default_factory=lambda: Words(
            media=frozenset({"voice", "photo"}), needed=msg("trouble.need")
        )
    )
    optional: bool = False
    private: bool = False
    options: tuple[Option, ...] = (Option(ENOUGH, msg("reply.enough"), "👍"),)

    @property
    def wants(self) -> frozenset[str]:
        """As words do."""
        return self.words.wants

    def read(self, reply: Reply) -> Said | None:
        """What was said; None where nothing is to be added."""
        if reply.skip or reply.tap == ENOUGH or says(reply.text, msg("reply.enough")):
            return None
        if not reply.media and numerals.number(reply.text) == 1:
            return None
        return self.words.read(reply)

    def resumed(self, draft: Json) -> "AnswerOrEnough":
        """There is no draft."""
        return self

    def store(self, value: Said | None) -> Json:
        """What was said, or None."""
        return None if value is None else self.words.store(value)

    def restore(self, stored: Json) -> Said | None:
        """The same again. Raises Stale."""
        if isinstance(stored, str):
            raise Stale(stored)
        return None if stored is None else self.words.restore(stored)


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Read what staff say about one's own need, and answer if one likes."""
    reference = facts.own.reference or ""
    said = yield from ask("answer", AnswerOrEnough(), told(facts))
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


def told(facts: Facts) -> Text:
    """What staff say: who speaks, about which words, what became of it, and their own sentence."""
    parts = facts.own.told
    status = parts.get("status")
    phrase = parts.get("phrase")
    text = parts.get("text")
    return lines(
        msg(
            "reply.head_elected" if parts.get("speaker") == "elected" else "reply.head",
            council=facts.council_name,
            reference=Code(facts.own.reference or ""),
        ),
        msg("telling.quote", excerpt=Verbatim(parts["excerpt"])) if parts.get("excerpt") else None,
        msg("contributions.state", state=msg(STATES[status])) if status in STATES else None,
        msg(f"reply.phrase.{phrase}") if phrase in (*PHRASES, RECEIPT) else None,
        Verbatim(text) if text else None,
        msg("reply.you_can_answer"),
        gap=1,
    )
