"""A draft commented article by article: what is shown, kept, passed over, corrected and sent."""

import pytest

from flows.dialog.dialog import Reply
from flows.kinds import kinds
from flows.kinds.draft_text.conversation import AT_ONCE
from flows.wording import render
from tests.citizen import plain
from tests.flows.kinds.draft_text.drafts import VOICE, Reader, article, draft_of, raw_draft

TWO = raw_draft(article("a1"), article("a2"))


def test_two_articles_from_the_first_to_the_last_look() -> None:
    """Few are asked about at once; a change has a wording and a reason, agreeing has neither."""
    reader = Reader(TWO)
    assert "Article 1 · Title 1\n\nText 1.\n\nWhat do you think of it?" in reader.told
    assert reader.options == ["agree", "change", "against", "skip"]
    reader.says("[agree]")
    assert reader.options == ["agree", "change", "against", "skip", "finish"]
    assert "How should it read?" in reader.says("[change]")
    assert "Why should it change?" in reader.says("Text 2, and more.")
    look = reader.says("It is too short.")
    assert "• Article 1: I agree\n• Article 2: Change it\n" in look
    assert "• Wording proposed, Article 2: Text 2, and more.\n" in look
    assert "• Comment, Article 2: It is too short." in look
    reader.says("[send]")
    assert reader.body == {
        "articles": {
            "a1": {"stance": "agree"},
            "a2": {
                "stance": "change",
                "proposal": {"text": "Text 2, and more.", "media": []},
                "comment": {"text": "It is too short.", "media": []},
            },
        },
        "answered": [{"x": "a1"}, {"x": "a2"}],
    }


def test_why_and_how_may_be_passed_over() -> None:
    """Who was asked and said nothing has nothing there, which is more than not to have been asked."""
    reader = Reader(TWO)
    reader.says("[change]", "skip", "skip", "[against]", "skip", "[send]")
    assert reader.body["articles"] == {
        "a1": {"stance": "change", "proposal": None, "comment": None},
        "a2": {"stance": "against", "comment": None},
    }


def test_a_sentence_is_a_comment_and_no_vote() -> None:
    """ "I agree, but ..." is more than "I agree": the choice is asked, the words are kept."""
    reader = Reader(TWO)
    assert "Your words are kept" in reader.says("I agree but the fee is too high")
    assert reader.key == "a.a1.kept"
    reader.says("[agree]", "[skip]", "[send]")
    assert reader.body["articles"]["a1"] == {
        "comment": {"text": "I agree but the fee is too high", "media": []},
        "stance": "agree",
    }
    assert reader.body["articles"]["a2"] == {"stance": None}
    assert reader.body["answered"] == [{"x": "a1"}]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("je ne suis pas d'accord", "I am against it"),
        ("ana machi mttaf9 m3a had chi", "I am against it"),
        ("non merci pas maintenant", "I am against it"),
    ],
)
def test_what_one_thinks_in_a_sentence_is_asked_back(text: str, meant: str) -> None:
    """It was kept as a comment; said with a tap, it is what it is."""
    reader = Reader(TWO)
    assert "Did you mean" in reader.says(text)
    assert render(reader.asked.answer.options[0].label, "en") == meant
    reader.says("1")
    assert reader.journal.answers["a.a1"] == "against"


def test_a_voice_note_is_a_comment() -> None:
    """For who does not write; and what was said counts, be the choice passed over."""
    reader = Reader(TWO)
    look = reader.says(Reply(media=(VOICE,)), "[skip]", "[finish]")
    assert "4 s" in look
    reader.says("[send]")
    assert reader.body["articles"]["a1"]["comment"]["media"][0]["name"] == "v1"
    assert reader.body["answered"] == [{"x": "a1"}]


@pytest.mark.parametrize(
    ("typed", "stance"),
    [
        ("1", "agree"), ("٢", "change"), ("I am against it", "against"), ("yes", "agree"),
        ("no", "against"), ("👎", "against"), ("d'accord", "agree"), ("لا أوافق", "against"),
    ],
)  # fmt: skip
def test_a_choice_is_understood_however_it_is_typed(typed: str, stance: str) -> None:
    reader = Reader(TWO)
    reader.says(typed)
    assert reader.journal.answers["a.a1"] == stance


def test_a_word_that_is_no_choice_is_asked_again() -> None:
    """Three words are no sentence yet; four are."""
    reader = Reader(TWO)
    assert "did not understand" in reader.says("lamps and roads")
    assert reader.key == "a.a1"
    reader.says("lamps and roads please")
    assert reader.key == "a.a1.kept"
    assert "did not understand" in reader.says("lamps and roads please")
    assert "did not understand" in reader.says(Reply(media=(VOICE,)))


def test_skip_means_to_pass_over_and_never_against() -> None:
    reader = Reader(TWO)
    reader.says("skip")
    assert reader.key == "a.a2"
    assert "Nothing was sent" in reader.says("skip")
    assert reader.effects == []


def test_the_short_version_comes_first_and_the_whole_can_be_read() -> None:
    """What is decided after reading is asked under a question of its own, and can be corrected there."""
    long = article("a1", text={"en": "All of it. " * 90}, short={"en": "Few words."})
    reader = Reader(raw_draft(long))
    assert "In short:\nFew words." in reader.told
    assert "All of it." not in reader.told
    told = reader.says("[read]")
    assert "All of it. All of it." in told
    assert "read" not in reader.options
    reader.says("[agree]", "[~correct:]")
    assert reader.key == "a.a1.read"


@pytest.mark.parametrize(("length", "cut"), [(AT_ONCE, False), (AT_ONCE + 1, True)])
def test_without_a_short_version_a_long_article_shows_its_beginning(length: int, cut: bool) -> None:
    text = ("word " * 400)[: length - 1] + "."
    reader = Reader(raw_draft(article("a1", text={"en": text})))
    assert ("begins like this" in reader.told) is cut
    assert ("read" in reader.options) is cut
    assert ("…" in reader.told) is cut


def test_finishing_early_sends_what_there_is() -> None:
    """It is offered as soon as something was said, and not before."""
    reader = Reader(raw_draft())
    reader.says("[all]")
    assert "finish" not in reader.options
    reader.says("[skip]")
    assert "finish" not in reader.options
    reader.says("[agree]")
    assert "finish" in reader.options
    reader.says("[finish]", "[send]")
    assert reader.body["articles"] == {"a1": {"stance": None}, "a2": {"stance": "agree"}}


def test_a_correction_asks_that_question_alone() -> None:
    """From "change" to "against" the reason stays, and the wording goes."""
    reader = Reader(TWO)
    reader.says("[change]", "Better words.", "Too long.", "[agree]", "[~correct:a.a1]")
    assert reader.key == "a.a1"
    look = reader.says("[against]")
    assert "Better words." not in look
    assert "Comment, Article 1: Too long." in look
    reader.says("[send]")
    assert set(reader.body["articles"]["a1"]) == {"stance", "comment"}


BEFORE = {
    "articles": {"a1": {"stance": "agree"}, "a2": {"stance": None}},
    "answered": [{"x": "a1"}],
}


def test_who_comes_back_goes_on_with_the_others() -> None:
    """What was said before stays; what was passed over is asked again."""
    reader = Reader(raw_draft(article("a1"), article("a2"), article("a3")), BEFORE)
    assert "Article 1: I agree" in reader.told
    assert plain(render(reader.asked.answer.options[0].label, "en")) == "2 more articles"
    reader.says("[more]")
    assert reader.key == "a.a2"
    reader.says("[against]", "skip", "[skip]", "[send]")
    assert {key: part["stance"] for key, part in reader.body["articles"].items()} == {
        "a1": "agree",
        "a2": "against",
        "a3": None,
    }
    assert reader.body["answered"] == [{"x": "a1"}, {"x": "a2"}]


def test_who_comes_back_changes_one_answer() -> None:
    """And who keeps all sends nothing."""
    reader = Reader(TWO, BEFORE)
    reader.says("[change]")
    assert reader.key == "a.a1"
    reader.says("[against]", "skip", "[send]")
    assert reader.body["articles"]["a1"] == {"stance": "against", "comment": None}
    kept = Reader(TWO, BEFORE)
    kept.says("[keep]")
    assert kept.effects == []


def test_passing_over_an_answer_that_stands_keeps_it() -> None:
    """To skip is not to take back."""
    two = {"articles": {"a1": {"stance": "agree"}, "a2": {"stance": "agree"}}}
    reader = Reader(TWO, two)
    reader.says("[change]", "article 2", "[skip]")
    assert reader.effects == []


def test_an_article_that_was_taken_out_is_no_answer_any_more() -> None:
    reader = Reader(raw_draft(article("a2")), {"articles": {"a1": {"stance": "agree"}}})
    assert reader.key == "a.a2"


def test_a_contribution_is_named_by_its_articles() -> None:
    """Those that were answered; stripped of its words it counts as before."""
    kind = kinds()["draft_text"]
    body = {
        "articles": {
            "a1": {"stance": "change", "comment": {"text": "x", "media": []}, "proposal": None},
            "a2": {"stance": None},
        }
    }
    assert plain(render(kind.describe(draft_of(), body), "en")) == "Charter: 1 article"
    bare = kind.stripped(body)["articles"]["a1"]
    assert bare == {"stance": "change", "comment": {"text": "", "media": []}, "proposal": None}


def test_the_questions_of_an_article_read_the_same_in_every_language() -> None:
    """No language lacks a choice."""
    for language in ("ar", "ary", "fr", "zgh", "en"):
        reader = Reader(TWO, language=language)
        labels = [render(one.label, language) for one in reader.asked.answer.options]
        assert len(set(labels)) == len(labels) == 4
