"""What conversations about drafts ask of storage: how often each article was answered, what one said oneself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

import msgspec

from bot.conversation.context import Context, Values
from bot.core.contact import Conversation
from bot.core.councils import phases_of
from bot.kinds.draft_text import groups
from bot.kinds.draft_text.replying import replies_of
from bot.kinds.draft_text.rows import AnsweredArticles
from flows.dialog.dialog import Json
from flows.kinds.draft_text.conversation import counts as counts_as_answer
from flows.kinds.draft_text.replies import Reply
from storage.database import Transaction
from storage.rows.broadcasts import ThemesOf
from storage.rows.responses import SingleResponse

#: Seconds from which on a count is slow; every answer to a draft is counted, some ten microseconds each.
SLOW: Final = 0.02

#: A slow count is good for so many times as long as it took: it never costs more than a hundredth of the time.
GOOD_FOR: Final = 100


@dataclass(slots=True)
class Counting:
    """Counts the answers to articles, and remembers for a while what took long to count.

    Which articles are the least answered changes slowly where so many have answered.
    """

    clock: Callable[[], float] = perf_counter
    #: Consultation and round -> until when it is good, and the count.
    _known: dict[tuple[int, str], tuple[float, Mapping[str, int]]] = field(default_factory=dict)

    async def answered(
        self, tx: Transaction, consultation_id: int, phase: str
    ) -> Mapping[str, int]:
        """How many have answered each article of a draft in a round."""
        key, began = (consultation_id, phase), self.clock()
        until, known = self._known.get(key, (0.0, {}))
        if began < until:
            return known
        rows = await tx.rows(AnsweredArticles, consultation_id=consultation_id, phase=phase)
        found = {row.article: row.n for row in rows}
        took = self.clock() - began
        self._known.pop(key, None)
        if took >= SLOW:
            self._known[key] = (began + GOOD_FOR * took, found)
        return found


_COUNTING = Counting()


async def counts(context: Context, conversation: Conversation, values: Values) -> Json:
    """The answers to each article in the round that is on, and the themes that this person follows."""
    row = await context.register.by_id(context.tx, conversation.consultation_id)
    phase = conversation.facts.consultation.phase
    followed = await context.tx.rows(
        ThemesOf, person_id=context.person.id, council_id=row.council_id
    )
    return {
        "answered": await _COUNTING.answered(context.tx, row.id, phase),
        "followed": [one.theme for one in followed],
    }


async def own(context: Context, conversation: Conversation, values: Values) -> Json:
    """What this person said of each article, in their last round, with the council's reply to it."""
    row = await context.register.by_id(context.tx, conversation.consultation_id)
    replies = await replies_of(context.tx, row.id)
    grouped = await groups.of_person(context.tx, row.id, context.person.id)
    found: dict[str, Json] = {}
    for phase in [phase.name for phase in phases_of(row)] or [""]:
        said = await context.tx.row(
            SingleResponse, consultation_id=row.id, person_id=context.person.id, phase=phase
        )
        if said is None or said.state == "withdrawn":
            continue
        for key, part in msgspec.json.decode(said.body).get("articles", {}).items():
            if counts_as_answer(part):
                found[key] = {
                    "part": part,
                    **_replied(replies.get(key)),
                    "groups": [
                        {"title": dict(one.title), "outcome": one.outcome, "why": dict(one.why)}
                        for one in grouped
                        if one.article == key
                    ],
                }
    return found


def _replied(reply: Reply | None) -> dict[str, Json]:
    if reply is None:
        return {}
    return {"outcome": reply.outcome, "why": dict(reply.why), "next": dict(reply.next)}
