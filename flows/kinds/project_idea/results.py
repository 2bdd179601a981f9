"""What came of a call for ideas: how many are possible, each idea, and in one sentence."""

from collections import Counter

from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.kinds.cases.told import place_cell, said_in
from flows.kinds.kind import headlined
from flows.kinds.project_idea.case import STATES
from flows.kinds.project_idea.definition import ProjectIdeas
from flows.statistics.disclosure import protected
from flows.statistics.participation import participation
from flows.statistics.summary import Column, Responses, Summary, Table
from flows.wording.text import Text, msg


def summary(ideas: ProjectIdeas, council: Council, responses: Responses) -> Summary:
    """Ideas by state, then each of them."""
    base = participation(ideas, council, responses, listed=True)
    standing = responses.standing
    states = Counter(r.state for r in standing)
    by_state = protected(
        "states",
        msg("summary.states"),
        msg("summary.state"),
        [(state, msg(f"state.{state}"), states[state]) for state in STATES],
        len(standing),
        None,
        public=True,
    )
    columns = (
        Column("reference", msg("summary.reference"), "code"),
        Column("day", msg("summary.day"), "date"),
        Column("commune", msg("need.label.commune")),
        Column("place", msg("need.label.place")),
        Column("words", msg("project_idea.label")),
        Column("media", msg("summary.media"), "count"),
        Column("state", msg("summary.state")),
    )
    rows = tuple(
        (
            r.reference,
            r.day,
            place_name(r.body["commune"]) if r.body.get("commune") else None,
            place_cell(r.body.get("place")),
            str(said_in(r.body).text),
            len(said_in(r.body).media),
            msg(f"state.{r.state}"),
        )
        for r in standing
    )
    listed = Table("ideas", msg("project_idea.listed"), columns, rows)
    return Summary(base.title, base.figures, (by_state, listed, *base.tables), base.notes)


def headline(ideas: ProjectIdeas, council: Council, responses: Responses) -> Text:
    """How many ideas were told, and how many of them are possible."""
    standing = responses.standing
    counted = msg("headline.ideas", count=len(standing))
    possible = sum(1 for r in standing if r.state in ("feasible", "chosen", "not_chosen"))
    return headlined(counted, msg("headline.possible", count=possible) if possible else None)
