"""What came of a draft as one summary: the rounds, the council's replies, the words, who took part."""

from flows.dialog.facts import Council
from flows.kinds.draft_text import replies
from flows.kinds.draft_text.definition import DraftText
from flows.kinds.draft_text.results import by_round, round_table, words_tables
from flows.statistics.participation import participation
from flows.statistics.summary import Responses, Summary


def summary(draft: DraftText, council: Council, responses: Responses) -> Summary:
    """How many agree with each article, in each round; what was written of it; who took part."""
    base = participation(draft, council, responses)
    tables = [
        round_table(draft, id, title, answers) for id, title, answers in by_round(draft, responses)
    ]
    replied = replies.replied_in(responses)
    tables += filter(
        None,
        (
            replies.table(draft, replied.articles, responses.standing),
            replies.groups_table(draft, replied.groups),
        ),
    )
    for article in draft.articles:
        tables += words_tables(draft, article, responses)
    return Summary(base.title, base.figures, (*tables, *base.tables), base.notes)
