"""What the council did with what was said: told article by article, the next version word by word."""

from time import process_time

import pytest

from flows.kinds import kinds
from flows.kinds.draft_text.replies import (
    Group,
    Piece,
    Replied,
    Reply,
    compared,
    groups_table,
    table,
    told,
)
from flows.statistics.summary import SUPPRESSED, Responses
from flows.wording import render
from tests.citizen import plain
from tests.flows.kinds.draft_text.drafts import COUNCIL, answer, article, draft_of

TWO = draft_of(article("a1"), article("a2"), article("a3"))
REPLIES = {
    "a1": Reply("taken", {"en": "You are right."}, {"en": "Text 1, and more."}),
    "a3": Reply("not", {"en": "The law says otherwise."}),
}


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        ("fifteen days before", "thirty days before", ["fifteen "], ["thirty "]),
        ("خمسة عشر يوما قبل البداية", "ثلاثين يوما قبل البداية", ["خمسة عشر "], ["ثلاثين "]),
        ("the same", "the same", [], []),
        ("", "all new", [], ["all new"]),
        ("one two", "one", ["two"], []),
    ],
)
def test_two_versions_are_compared_word_by_word(
    before: str, after: str, gone: list[str], new: list[str]
) -> None:
    """In any script; put together again, each is what it was."""
    left, right = compared(before, after)
    assert [piece.text for piece in left if piece.changed] == gone
    assert [piece.text for piece in right if piece.changed] == new
    assert "".join(piece.text for piece in left) == before
    assert "".join(piece.text for piece in right) == after
    assert all(isinstance(piece, Piece) for piece in (*left, *right))


def test_two_long_versions_are_compared_at_once() -> None:
    """Of few different words, too, which stand nearly everywhere."""
    before = "le conseil de la commune dit que " * 240
    after = before.replace("commune dit", "région dit", 90)
    began = process_time()
    left, _ = compared(before.strip(), after.strip())
    assert process_time() - began < 5
    assert sum(piece.changed for piece in left) == 90


def test_the_summary_has_what_became_of_each_article_that_was_replied_to() -> None:
    """With how many answered it, where that may be told."""
    answers = [answer(a1="change")] * 6 + [answer(a3="against")] * 3
    found = table(TWO, REPLIES, answers)
    assert found is not None
    assert [(row[0], row[2], render(row[3], "en")) for row in found.rows] == [  # type: ignore[arg-type]
        ("a1", 6, "taken up"),
        ("a3", SUPPRESSED, "not taken up"),
    ]
    made = kinds()["draft_text"].summary(TWO, COUNCIL, Responses(answers, besides=Replied(REPLIES)))
    assert "replies" in [one.id for one in made.tables]
    assert table(TWO, {}, answers) is None


def test_groups_stand_by_article_the_largest_first_with_how_many_where_that_may_be_told() -> None:
    """What was not replied to, and what is about an article that is gone, stands nowhere."""
    groups = [
        Group(1, "a3", {"en": "Shorter"}, 5, "not", {"en": "The law."}),
        Group(2, "a1", {"en": "Small"}, 4, "taken", {"en": "Yes."}, "The equality body"),
        Group(3, "a1", {"en": "Large"}, 9, "partly", {"en": "Half."}),
        Group(4, "a1", {"en": "Waits"}, 9),
        Group(5, "gone", {"en": "Gone"}, 9, "taken", {"en": "Yes."}),
    ]
    found = groups_table(TWO, groups)
    assert found is not None
    assert [(render(row[1], "en"), row[2]) for row in found.rows] == [  # type: ignore[arg-type]
        ("Large", 9),
        ("Small", SUPPRESSED),
        ("Shorter", 5),
    ]
    assert [row[3] is not None for row in found.rows] == [False, True, False]
    made = kinds()["draft_text"].summary(TWO, COUNCIL, Responses([], besides=Replied({}, groups)))
    assert "groups" in [one.id for one in made.tables]
    assert groups_table(TWO, groups[3:]) is None


def test_who_took_part_is_told_which_articles_were_taken_up() -> None:
    """Nothing of an article without a reply."""
    text = plain(render(told(TWO, REPLIES, "https://x/results/C"), "en"))
    assert "✅ Taken up:" in text
    assert "• Article 1" in text
    assert "❌ Not taken up:" in text
    assert "• Article 3" in text
    assert "Article 2" not in text
    assert "In part" not in text
    assert "The reasons: https://x/results/C\n" in text
    assert text.endswith("For your own articles, write TWN-1 here.")
