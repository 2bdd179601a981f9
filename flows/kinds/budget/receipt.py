"""A voter's own receipt, once a vote is over: what their share paid, and what became of each project they chose.

Sums are rounded and told as the results tell them: of what few chose, what one paid would say how many they were.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from flows.dialog.dialog import Flow, look_up, say
from flows.dialog.effects import Effect
from flows.dialog.facts import Facts
from flows.kinds import definition_of
from flows.kinds.budget.definition import Budget
from flows.kinds.budget.outcome import Outcome
from flows.kinds.budget.results import FEWEST_ALONE, about
from flows.wording.text import Code, Text, Translated, lines, msg

#: The conversation of who opens a vote once it is over.
AFTERWARDS: Final = "afterwards"


class Counted(msgspec.Struct, frozen=True):
    """How a vote was counted, as far as receipts need it.

    `share` is each voter's, None where there are no shares; `paid` are the winners that were paid out of them, in that
    order, with the most that anybody paid, and how many voted for each; `others` are the other winners. `exact`:
    whether sums are told.
    """

    share: int | None = None
    paid: tuple[tuple[str, float, int], ...] = ()
    others: tuple[str, ...] = ()
    exact: bool = False

    @property
    def winners(self) -> frozenset[str]:
        """Every winner."""
        return frozenset((*(id for id, _, _ in self.paid), *self.others))


def counted(outcome: Outcome, *, exact: bool) -> Counted:
    """What receipts need of an outcome."""
    paid = tuple((one.id, one.most or 0.0, one.votes) for one in outcome.shared)
    out_of_shares = {id for id, _, _ in paid}
    others = tuple(one.id for one in outcome.winners if one.id not in out_of_shares)
    told = exact and outcome.ballots >= FEWEST_ALONE
    return Counted(outcome.share, paid, others, told)


def sums(found: Counted, chosen: Iterable[str]) -> dict[str, int]:
    """About what a voter's share paid for each winner, of those of which it is told."""
    if found.share is None or not found.exact:
        return {}
    left, wanted = float(found.share), set(chosen)
    told: dict[str, int] = {}
    for id, most, votes in found.paid:
        if id in wanted and left > 0:
            paid = min(left, most)
            left -= paid
            if votes >= FEWEST_ALONE:
                told[id] = about(paid)
    return told


def receipt(budget: Budget, found: Counted, chosen: Sequence[str]) -> Text:
    """What became of what a voter chose."""
    told = sums(found, chosen)
    return lines(
        msg("budget.receipt"),
        *_lines(budget, found, chosen, told),
        msg("budget.receipt.share", share=about(found.share)) if told and found.share else None,
    )


def _lines(
    budget: Budget, found: Counted, chosen: Sequence[str], told: dict[str, int]
) -> Iterator[Text]:
    for project in budget.projects:
        title = Translated(project.text)
        if project.id not in chosen:
            continue
        if told.get(project.id):
            yield msg("budget.receipt.paid", title=title, paid=told[project.id])
        elif project.id in found.winners:
            yield msg("budget.receipt.chosen", title=title)
        else:
            yield msg("budget.receipt.not_chosen", title=title)


def afterwards(facts: Facts) -> Flow[Sequence[Effect]]:
    """Who voted reads what their vote did; who did not, that it is over."""
    budget = definition_of(facts, Budget)
    found = yield from look_up("receipt", "budget_receipt")
    yield from say(msg("chat.closed", title=Translated(budget.title)))
    if found is None:
        return []
    if found["counted"] is None:
        yield from say(msg("budget.receipt.wait", code=Code(budget.code)))
        return []
    known = msgspec.convert(found["counted"], Counted)
    yield from say(receipt(budget, known, found["projects"]))
    return []
