"""What came of a vote on projects: votes, winners and why, in one sentence; whose money decided is in `influence`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from flows.dialog.facts import Council
from flows.kinds.budget import counting, outcome
from flows.kinds.budget.definition import Budget, Floor
from flows.kinds.budget.influence import influence
from flows.kinds.budget.outcome import Ballot, Bought, Lost, Met, Outcome, Rule
from flows.kinds.budget.papers import Papers, papers_in
from flows.kinds.kind import headlined
from flows.statistics.disclosure import (
    hidden_ids,
    hidden_if_few,
    is_small,
    percent_of,
    protected,
    share_of,
)
from flows.statistics.participation import participation
from flows.statistics.summary import (
    SMALLEST,
    Cell,
    Column,
    Figure,
    Response,
    Responses,
    Summary,
    Table,
)
from flows.wording.text import Code, Message, Text, Translated, Value, Verbatim, lines, msg

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


def cast(budget: Budget, responses: Responses) -> Counter[Ballot]:
    """Every ballot that counts: those of the chat and those on paper."""
    found = ballots_of(budget, responses.standing)
    known = {project.id for project in budget.projects}
    for ballot, number in papers_in(responses.besides).ballots.items():
        found[ballot & known] += number
    return found


def outcome_of(budget: Budget, ballots: Mapping[Ballot, int]) -> Outcome:
    """The winners of these ballots by the rule of the vote."""
    projects, found = tuple(budget.countable()), frozenset(ballots.items())
    floors = tuple(budget.floor(one) for one in budget.floors)
    return _counted(budget.rule, budget.amount, projects, found, budget.rest, floors)


@lru_cache(maxsize=64)
def _counted(
    rule: str,
    amount: int,
    projects: tuple[outcome.Project, ...],
    ballots: frozenset[tuple[Ballot, int]],
    rest: bool,
    floors: tuple[outcome.Floor, ...],
) -> Outcome:
    """The same votes are counted once, however often they are looked at."""
    ordered = dict(sorted(ballots, key=lambda one: (sorted(one[0]), one[1])))
    return counting.count(Rule(rule), amount, projects, ordered, rest=rest, floors=floors)


def summary(budget: Budget, council: Council, responses: Responses) -> Summary:
    """Votes, the outcome with its reasons, and who took part."""
    base = participation(budget, council, responses)
    standing, papers = responses.standing, papers_in(responses.besides)
    ballots = cast(budget, responses)
    votes = _votes(budget, ballots)
    figures = list(base.figures)
    tables: list[Table] = [votes]
    notes: list[Text] = []
    # While it is open, what one ballot more changes would tell what it was.
    if responses.over:
        notes += _turnout(len(standing), papers)
        if papers.any:
            void = hidden_if_few(papers.void, papers.void)
            figures.append(Figure("void", msg("budget.void"), void))
            tables.append(_ways(len(standing), papers))
    if responses.over and ballots.total() >= SMALLEST:
        counted, hidden = outcome_of(budget, ballots), hidden_ids(votes)
        tables += [_outcome(budget, counted, hidden), *_alone(budget, standing, papers)]
        tables += influence(counted, ballots, standing, papers.paper + papers.assisted)
        notes += _how(counted, exact=not hidden)
        for floor, met in zip(budget.floors, counted.floors, strict=True):
            notes.append(_floor(budget, council, counted, floor, met))
    return Summary(base.title, tuple(figures), (*tables, *base.tables), (*notes, *base.notes))


def _ways(chat: int, papers: Papers) -> Table:
    """How the ballots were given: in the chat, on paper, through a member of staff."""
    ways = {"chat": chat, "paper": papers.paper, "assisted": papers.assisted}
    return protected(
        "ways",
        msg("budget.ways"),
        msg("budget.way"),
        [(id, msg(f"budget.way.{id}"), number) for id, number in ways.items()],
        sum(ways.values()),
        None,
    )


def _turnout(chat: int, papers: Papers) -> Iterator[Text]:
    """How many of a roll voted; nothing where nobody knows who may."""
    if papers.roll is None or not papers.roll.numbers:
        return
    beside = papers.paper + papers.assisted
    voted = chat + beside + papers.void
    # Beside those who answered in the chat, which is told, it would say how few the others were.
    if any(is_small(n) for n in (voted, beside, papers.void, papers.roll.numbers - voted) if n):
        return
    values: dict[str, Value] = {
        "voted": voted,
        "numbers": papers.roll.numbers,
        "roll": Verbatim(papers.roll.name),
    }
    share = share_of(voted, papers.roll.numbers)
    if share is None:
        yield Message("budget.turnout_few", values)
    else:
        yield Message("budget.turnout", {**values, "share": percent_of(share)})


def _floor(budget: Budget, council: Council, counted: Outcome, floor: Floor, met: Met) -> Text:
    """What was fixed before the vote, and what became of it."""
    if floor.goes_to == "women":
        who: Text = msg("budget.floor.women")
    else:
        names = {quarter.id: Translated(quarter.text) for quarter in council.quarters}
        name = names.get(floor.quarter, Verbatim(floor.quarter))
        who = msg("budget.floor.quarter", quarter=name)
    told: dict[str, Value] = {"amount": floor.amount, "who": who, "after": met.after}
    mine = budget.floor(floor).projects
    brought = [one.id for one in counted.winners[: counted.by_floor] if one.id in mine]
    if met.after < floor.amount:
        return Message("budget.floor.missed", told)
    if not brought:
        return Message("budget.floor.met", told)
    return Message("budget.floor.raised", {**told, "before": met.before})


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


def _outcome(budget: Budget, counted: Outcome, hidden: frozenset[str]) -> Table:
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
    for place, won in enumerate(counted.winners):
        why = None if hidden else _why_won(counted, won, place)
        rows.append((won.id, names[won.id], won.cost, msg("budget.chosen"), why))
    for lost in counted.losers:
        why = None if hidden else _why_lost(counted, lost)
        rows.append((lost.id, names[lost.id], lost.cost, msg("budget.not_chosen"), why))
    return Table("outcome", msg("budget.outcome"), columns, tuple(rows))


def every_count_is_told(budget: Budget, ballots: Mapping[Ballot, int]) -> bool:
    """Whether no count of these ballots is kept back: then sums may be told."""
    return not hidden_ids(_votes(budget, ballots))


def _votes_in(number: int) -> Text:
    return msg("budget.n_votes", count=number)


def about(money: float) -> int:
    """A sum to two figures: exact ones tell how many chose the same two projects."""
    size: int = 10 ** max(len(str(round(money))) - 2, 0)
    return round(money / size) * size


def _why_won(outcome: Outcome, won: Bought, place: int) -> Text:
    """`place` is its place among the winners."""
    votes = _votes_in(won.votes)
    if place < outcome.by_floor:
        return msg("budget.why.floor", votes=votes)
    if outcome.rule is Rule.ONE:
        return msg("budget.why.most", votes=votes)
    if won.most is None:
        by_rest = place >= len(outcome.winners) - outcome.by_rest
        return msg("budget.why.rest" if by_rest else "budget.why.fits", votes=votes)
    if won.votes < FEWEST_ALONE:
        return msg("budget.why.shared", votes=votes)
    return msg("budget.why.paid", votes=votes, most=about(won.most))


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
    return msg("budget.why.short", votes=votes, had=about(lost.had), cost=lost.cost)


def _how(outcome: Outcome, *, exact: bool) -> Iterator[Text]:
    """How it was counted, and how much of the money is shared out."""
    if outcome.share is not None:
        yield msg("budget.how.equal_shares")
        if exact and outcome.ballots >= FEWEST_ALONE:
            yield msg("budget.how.share", share=about(outcome.share))
    else:
        yield HOW[outcome.rule]
    yield msg("budget.how.ties")
    yield msg("budget.spent", spent=outcome.spent, money=outcome.budget)


def _alone(budget: Budget, standing: Sequence[Response], papers: Papers) -> tuple[Table, ...]:
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
    every = Responses(standing, besides=papers)
    everybody = {one.id for one in outcome_of(budget, cast(budget, every)).winners}
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
    note = lines(
        msg("budget.alone_note"),
        msg("budget.alone_papers") if papers.paper + papers.assisted else None,
    )
    return (Table("alone", msg("budget.alone"), columns, rows, note),)


def headline(budget: Budget, council: Council, responses: Responses) -> Text:
    """How many voted, and what was chosen."""
    ballots = cast(budget, responses)
    counted = msg("headline.people", count=ballots.total())
    if ballots.total() < SMALLEST or not responses.over:
        return headlined(counted)
    winners = outcome_of(budget, ballots).winners
    names = {project.id: Translated(project.text) for project in budget.projects}
    if not winners:
        return headlined(counted, msg("budget.none_chosen"))
    every = lines(*(msg("review.item", item=names[one.id]) for one in winners))
    receipt = msg("budget.receipt_hint", code=Code(budget.code))
    return headlined(counted, lines(msg("budget.chosen_are"), every, receipt))
