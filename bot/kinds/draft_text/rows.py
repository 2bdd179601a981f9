"""Records of `queries.sql`."""

from storage.rows import Record


class AnsweredArticles(Record, frozen=True):
    """How many have answered each article of a draft in a round."""

    article: str
    n: int
