"""What came of a call for needs: by theme, state and place, each need, and in one sentence."""

from collections import Counter

from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.kinds.cases.told import place_cell, said_in
from flows.kinds.kind import DANGER, headlined
from flows.kinds.need import quarters
from flows.kinds.need.case import STATES
from flows.kinds.need.conversation import Needs, themes_of, topics_of
from flows.statistics.disclosure import percent_of, protected, share_of
from flows.statistics.participation import participation
from flows.statistics.summary import Column, Responses, Summary, Table
from flows.wording.text import Text, msg


def summary(needs: Needs, council: Council, responses: Responses) -> Summary:
    """Needs by theme, commune and state, then each need."""
    base = participation(needs, council, responses, listed=True)
    labels: dict[str, Text] = {id: text for id, (_, text) in topics_of(needs, council).items()}
    counts = Counter(str(r.body.get("theme")) for r in responses.standing)
    # Danger is a row where somebody told of one; a theme is one in any case.
    shown = [t.id for t in themes_of(needs, council)]
    shown = shown if DANGER in shown or not counts[DANGER] else [*shown, DANGER]
    voices: Counter[str] = Counter()
    for r in responses.standing:
        voices[str(r.body.get("theme"))] += r.voices + 1
    total = len(responses.standing)
    by_theme = protected(
        "themes",
        msg("summary.themes"),
        msg("need.label.theme"),
        [(id, labels[id], counts[id]) for id in shown],
        total,
        None,
        extra=(Column("voices", msg("summary.voices"), "count"), dict(voices)),
        public=True,
    )
    states = Counter(r.state for r in responses.standing)
    by_state = protected(
        "states",
        msg("summary.states"),
        msg("summary.state"),
        [(state, msg(f"state.{state}"), states[state]) for state in STATES],
        total,
        None,
        public=True,
    )
    tables = (by_theme, by_state, *_by_quarter(council, responses))
    columns = (
        Column("reference", msg("summary.reference"), "code"),
        Column("day", msg("summary.day"), "date"),
        Column("theme", msg("need.label.theme")),
        Column("commune", msg("need.label.commune")),
        Column("place", msg("need.label.place")),
        Column("words", msg("need.label.words")),
        Column("media", msg("summary.media"), "count"),
        Column("voices", msg("summary.voices"), "count"),
        Column("state", msg("summary.state")),
    )
    rows = tuple(
        (
            r.reference,
            r.day,
            labels.get(str(r.body.get("theme")), str(r.body.get("theme"))),
            place_name(r.body["commune"]) if r.body.get("commune") else None,
            place_cell(r.body.get("place")),
            str(said_in(r.body).text),
            len(said_in(r.body).media),
            r.voices + 1,
            msg(f"state.{r.state}"),
        )
        for r in responses.standing
    )
    listed = Table("needs", msg("summary.needs"), columns, rows)
    return Summary(base.title, base.figures, (*tables, listed, *base.tables), base.notes)


def _by_quarter(council: Council, responses: Responses) -> tuple[Table, ...]:
    """Needs by quarter, where the council has listed its quarters."""
    if not council.quarters:
        return ()
    where = Counter(quarters.quarter(r.body, council) for r in responses.standing)
    rows = [(id, name, where[id]) for id, name in quarters.names(council).items()]
    table = protected(
        "quarters",
        msg("summary.quarters"),
        msg("summary.quarter"),
        [*rows, (quarters.NOWHERE, msg("summary.no_quarter"), where[None])],
        len(responses.standing),
        None,
        public=True,
    )
    return (table,)


def headline(needs: Needs, council: Council, responses: Responses) -> Text:
    """How many needs were told, and what most of them are about."""
    total = len(responses.standing)
    counted = msg("headline.needs", count=total)
    labels = {id: text for id, (_, text) in topics_of(needs, council).items()}
    by_theme = Counter(str(r.body.get("theme")) for r in responses.standing).most_common(2)
    if (
        not by_theme
        or by_theme[0][0] not in labels
        or by_theme[0][1] == sum(count for _, count in by_theme[1:])
    ):
        return headlined(counted)
    theme, most = by_theme[0]
    share = share_of(most, total)
    if share is None:
        return headlined(counted, msg("headline.theme_few", theme=labels[theme]))
    said = msg("headline.theme", theme=labels[theme], share=percent_of(share))
    return headlined(counted, said)
