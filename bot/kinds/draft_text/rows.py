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


class CommentGroups(Record, frozen=True):
    """A group of comments of a draft, and how many people are in it."""

    id: int
    article: str
    title: str
    outcome: str
    why: str
    bodies: str
    made_by: str
    at: int
    tell_at: int | None
    people: int


class CommentMembers(Record, frozen=True):
    """Whose words are in which group."""

    response_id: int
    field: str
    group_id: int


class GroupsOfPerson(Record, frozen=True):
    """A group in which somebody's words are."""

    group_id: int


class GroupsToTell(Record, frozen=True):
    """A draft in which somebody waits to be told."""

    id: int


class ToldNext(Record, frozen=True):
    """Who is to be told now, of which group, since when."""

    group_id: int
    tell_at: int
    person_id: int


class NoteGroupTold(Record, frozen=True):
    """The group of which somebody is told now."""

    group_id: int
