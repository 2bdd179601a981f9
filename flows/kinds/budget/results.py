"""What came of a vote on projects: votes, winners and why, whose money decided, and in one sentence."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from flows.dialog.facts import Council
from flows.kinds.budget import counting
from flows.kinds.budget.counting import Ballot, Bought, Lost, Outcome, Rule
from flows.kinds.budget.definition import Budget
from flows.kinds.kind import headlined
from flows.statistics.disclosure import hidden_ids, protected
from flows.statistics.participation import participation
from flows.statistics.summary import SMALLEST, Cell, Column, Response, Responses, Summary, Table
from flows.wording.text import Text, Translated, Verbatim, lines, msg

HOW: Mapping[Rule, Text] = {
    Rule.MOST_VOTES: msg("budget.how.most_votes"),
    Rule.ONE: msg("budget.how.one"),
}

#: Women's and men's ballots are counted alone where at least so many of both are there, and sums are told
#: of what at least so many chose.
FEWEST_ALONE = 30


def ballots_of(budget: Budget, standing: Sequence[Response]) -> Counter[Ballot]:
    """How many voted for just the same projects; one that was taken out since is no longer voted for."""
    known = {project.id for project in budget.projects}
    return Counter(
        frozenset(str(id) for id in response.body.get("projects", ())) & known
        for response in standing
    )


def outcome_of(budget: Budget, ballots: Mapping[Ballot, int]) -> Outcome:
    """The winners of these ballots by the rule of the vote."""
    projects, found = tuple(budget.countable()), frozenset(ballots.items())
    return _counted(budget.rule, budget.amount, projects, found, budget.rest)


@lru_cache(maxsize=64)
def _counted(
    rule: str,
    amount: int,
    projects: tuple[counting.Project, ...],
    ballots: frozenset[tuple[Ballot, int]],
    rest: bool,
) -> Outcome:
    """The same votes are counted once, however often they are looked at."""
    ordered = dict(sorted(ballots, key=lambda one: (sorted(one[0]), one[1])))
    return counting.count(Rule(rule), amount, projects, ordered, rest=rest)


def summary(budget: Budget, council: Council, responses: Responses) -> Summary:
    """Votes, the outcome with its reasons, and who took part."""
    base = participation(budget, council, responses)
    standing = responses.standing
    ballots = ballots_of(budget, standing)
    votes = _votes(budget, ballots)
    tables: list[Table] = [votes]
    notes: list[Text] = []
    # While it is open, what one ballot more changes would tell what it was.
    if responses.over and len(standing) >= SMALLEST:
        outcome, hidden = outcome_of(budget, ballots), hidden_ids(votes)
        tables += [_outcome(budget, outcome, hidden), *_alone(budget, standing)]
        notes += _how(outcome, exact=not hidden)
    return Summary(base.title, base.figures, (*tables, *base.tables), (*notes, *base.notes))


def _votes(budget: Budget, ballots: Mapping[Ballot, int]) -> Table:
    counts: Counter[str] = Counter()
    for ballot, number in ballots.items():
        for id in ballot:
            counts[id] += number
    return protected(
        "projects",
        msg("budget.votes"),
        msg("budget.project_label"),
        [(one.id, Translated(one.text), counts[one.id]) for one in budget.projects],
        sum(ballots.values()),
        None,
        exclusive=budget.choices == 1,
    )


def _outcome(budget: Budget, outcome: Outcome, hidden: frozenset[str]) -> Table:
    """Winners and losers. Where a count is kept back no reason is told: what others paid would tell of it."""
    names = {project.id: Translated(project.text) for project in budget.projects}
    columns = (
        Column("id", msg("summary.id"), "id"),
        Column("name", msg("budget.project_label")),
        Column("cost", msg("budget.cost"), "count"),
        Column("outcome", msg("budget.outcome_label")),
        Column("why", msg("budget.why_label")),
    )
    rows: list[tuple[Cell, ...]] = []
    shared = len(outcome.winners) - outcome.by_rest
    for place, won in enumerate(outcome.winners):
        why = None if hidden else _why_won(outcome, won, by_rest=place >= shared)
        rows.append((won.id, names[won.id], won.cost, msg("budget.chosen"), why))
    for lost in outcome.losers:
        why = None if hidden else _why_lost(outcome, lost)
        rows.append((lost.id, names[lost.id], lost.cost, msg("budget.not_chosen"), why))
    return Table("outcome", msg("budget.outcome"), columns, tuple(rows))


def _votes_in(number: int) -> Text:
    return msg("budget.n_votes", count=number)


def _about(money: float) -> int:
    """A sum to two figures: exact ones tell how many chose the same two projects."""
    whole = round(money)
    size: int = 10 ** max(len(str(whole)) - 2, 0)
    return round(whole / size) * size


def _why_won(outcome: Outcome, won: Bought, *, by_rest: bool) -> Text:
    votes = _votes_in(won.votes)
    if outcome.rule is Rule.ONE:
        return msg("budget.why.most", votes=votes)
    if won.most is None:
        return msg("budget.why.rest" if by_rest else "budget.why.fits", votes=votes)
    if won.votes < FEWEST_ALONE:
        return msg("budget.why.shared", votes=votes)
    return msg("budget.why.paid", votes=votes, most=_about(won.most))


def _why_lost(outcome: Outcome, lost: Lost) -> Text:
    votes = _votes_in(lost.votes)
    if not lost.votes:
        return msg("budget.why.nobody")
    if outcome.rule is Rule.ONE:
        return msg("budget.why.fewer", votes=votes)
    if outcome.share is None:
        return msg("budget.why.no_money", votes=votes, had=round(lost.had), cost=lost.cost)
    if lost.had >= lost.cost:
        # Their money would do for it, but with shares that go round so far the sum would not.
        return msg("budget.why.over", votes=votes)
    if lost.votes < FEWEST_ALONE:
        return msg("budget.why.not_enough", votes=votes)
    return msg("budget.why.short", votes=votes, had=_about(lost.had), cost=lost.cost)


def _how(outcome: Outcome, *, exact: bool) -> Iterator[Text]:
    """How it was counted, and how much of the money is shared out."""
    if outcome.share is not None:
        yield msg("budget.how.equal_shares")
        if exact and outcome.ballots >= FEWEST_ALONE:
            yield msg("budget.how.share", share=_about(outcome.share))
    else:
        yield HOW[outcome.rule]
    yield msg("budget.how.ties")
    yield msg("budget.spent", spent=outcome.spent, money=outcome.budget)


def _alone(budget: Budget, standing: Sequence[Response]) -> tuple[Table, ...]:
    """What women's and men's ballots alone would have chosen, where there are enough of both."""
    groups = {
        gender: [response for response in standing if response.gender == gender]
        for gender in ("woman", "man")
    }
    if any(len(found) < FEWEST_ALONE for found in groups.values()):
        return ()
    chosen = {
        gender: {one.id for one in outcome_of(budget, ballots_of(budget, found)).winners}
        for gender, found in groups.items()
    }
    everybody = {one.id for one in outcome_of(budget, ballots_of(budget, standing)).winners}
    columns = (
        Column("id", msg("summary.id"), "id"),
        Column("name", msg("budget.project_label")),
        Column("all", msg("budget.by_all")),
        *(Column(gender, msg(f"gender.{gender}")) for gender in groups),
    )

    def said(found: set[str], id: str) -> Text:
        return msg("budget.chosen") if id in found else Verbatim("–")

    rows = tuple(
        (
            project.id,
            Translated(project.text),
            said(everybody, project.id),
            *(said(chosen[gender], project.id) for gender in groups),
        )
        for project in budget.projects
    )
    return (Table("alone", msg("budget.alone"), columns, rows, msg("budget.alone_note")),)


def headline(budget: Budget, council: Council, responses: Responses) -> Text:
    """How many voted, and what was chosen."""
    counted = msg("headline.people", count=len(responses.standing))
    if len(responses.standing) < SMALLEST or not responses.over:
        return headlined(counted)
    winners = outcome_of(budget, ballots_of(budget, responses.standing)).winners
    names = {project.id: Translated(project.text) for project in budget.projects}
    if not winners:
        return headlined(counted, msg("budget.none_chosen"))
    every = lines(*(msg("review.item", item=names[one.id]) for one in winners))
    return headlined(counted, lines(msg("budget.chosen_are"), every))
