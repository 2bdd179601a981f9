"""What each round says of each article, and which articles all rounds accept: elected members, associations,
citizens, where the organizer gave each of them a round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from flows.kinds.draft_text.definition import DraftText, named
from flows.kinds.draft_text.opinion import STANCES
from flows.kinds.draft_text.results import Counted, by_round, counted
from flows.statistics.disclosure import hidden_if_few
from flows.statistics.summary import SUPPRESSED, Cell, Responses, Summary, Table
from flows.wording.text import Text

#: Accepted by all rounds, not by all, or not to be said: somebody has not answered, or too few have.
Verdict = Literal["all", "some", "open"]

#: More than this part of who answered an article accepts it.
HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class InRound:
    """What one round says of an article, as far as it may be shown."""

    cells: Sequence[Cell]
    answered: Cell
    #: Whether more than half agree; None where that may not be told.
    accepts: bool | None


@dataclass(frozen=True, slots=True)
class Standing:
    """An article with what each round says of it."""

    key: str
    name: Text
    rounds: Sequence[InRound]
    verdict: Verdict


def standing(draft: DraftText, responses: Responses) -> list[Standing]:
    """Article by article, in the order of the text."""
    rounds = by_round(draft, responses)
    found = []
    for article in draft.articles:
        each = [_in_round(counted(article, answers)) for _, _, answers in rounds]
        found.append(Standing(article.key, named(article), each, _verdict(each)))
    return found


def told(draft: DraftText, summary: Summary) -> list[Standing]:
    """The same by the tables of a summary: of the day, while people still answer."""
    tables = {table.id: table for table in summary.tables}
    rounds = [tables.get(id) for id, _, _ in by_round(draft, Responses([]))]
    found = []
    for article in draft.articles:
        each = [_in_table(table, article.key) for table in rounds]
        found.append(Standing(article.key, named(article), each, _verdict(each)))
    return found


def _in_table(table: Table | None, key: str) -> InRound:
    for id, _, agree, _, change, against, answered in table.rows if table is not None else ():
        if id == key:
            known = isinstance(agree, int) and isinstance(answered, int) and answered > 0
            accepts = agree > HALF * answered if known else None  # type: ignore[operator]
            return InRound((agree, change, against), answered, accepts)
    return InRound((SUPPRESSED,) * len(STANCES), SUPPRESSED, None)


def _in_round(one: Counted) -> InRound:
    cells = [SUPPRESSED if s in one.hidden else one.stances[s] for s in STANCES]
    told = "agree" not in one.hidden and one.total > 0
    accepts = one.stances["agree"] > HALF * one.total if told else None
    return InRound(cells, hidden_if_few(one.total, one.total), accepts)


def _verdict(rounds: Sequence[InRound]) -> Verdict:
    if any(one.accepts is None for one in rounds):
        return "open"
    return "all" if all(one.accepts for one in rounds) else "some"
