"""Records of `queries.sql`."""

from storage.rows import Record


class AnsweredArticles(Record, frozen=True):
    """How many have answered each article of a draft in a round."""

    article: str
    n: int


class ArticleReplies(Record, frozen=True):
    """What the council did with what was said of the articles of a draft."""

    article: str
    outcome: str
    why: str
    next: str
    made_by: str
    at: int
