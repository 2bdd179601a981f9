"""Budgets: money that citizens share out between projects, by equal shares or by most votes."""

from flows.kinds.budget.conversation import conversation, describe, stripped
from flows.kinds.budget.definition import Budget, problems, unready
from flows.kinds.budget.receipt import AFTERWARDS, afterwards
from flows.kinds.budget.results import headline, summary
from flows.kinds.budget.rows import asked, given, own_words
from flows.kinds.kind import Kind, Publicity
from flows.wording.text import msg

KIND: Kind[Budget] = Kind(
    name="budget",
    emoji="💰",
    label=msg("public.kind_budget"),
    definition=Budget,
    problems=problems,
    conversation=conversation,
    summary=summary,
    headline=headline,
    describe=describe,
    stripped=stripped,
    asked=asked,
    given=given,
    own_words=own_words,
    publicity=Publicity(tables=("outcome", "alone", "ways", "influence")),
    single=True,
    unready=unready,
    further={AFTERWARDS: afterwards},
    afterwards=AFTERWARDS,
    walked={"budget_receipt": None},
)
