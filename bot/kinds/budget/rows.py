"""Records of `queries.sql`."""

from storage.rows import Record


class BudgetCall(Record, frozen=True):
    """The call whose ideas belong to a vote; `result_day` is when its result is to be told (ISO), "" for none."""

    id: int
    code: str
    state: str
    opens_local: str | None
    closes_local: str | None
    result_day: str


class BudgetIdeas(Record, frozen=True):
    """What was told, the project of which it is a source ("" for none), how many say the same, whether its author was
    told what the vote said, and why its words are not shown, None if they are.
    """

    id: int
    reference: str
    body: str
    state: str
    kind: str
    project: str
    merged: int
    told: int
    hidden: str | None


class BudgetPromises(Record, frozen=True):
    """The consultation by which a winner is followed."""

    project: str
    code: str


class UncountedBudgets(Record, frozen=True):
    """A vote that is over, and the digest of its final result."""

    id: int
    digest: str


class BudgetVotesOf(Record, frozen=True):
    """A person's vote, and how all of them were counted (JSON), None before it is over."""

    id: int
    code: str
    definition: str
    body: str
    counted: str | None


class MorePaperVoters(Record, frozen=True):
    """How many people voted on paper or through staff, with the new ones."""

    n: int


class MoreBudgetPapers(Record, frozen=True):
    """How many ballots chose just the same, with the new ones."""

    n: int


class BudgetPapers(Record, frozen=True):
    """How many ballots chose just these projects, and how they came."""

    choice: str
    how: str
    n: int


class PaperVoters(Record, frozen=True):
    """How many people voted on paper or through staff."""

    n: int
