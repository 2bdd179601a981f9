"""A choice that is answered by a voice note: taken beside taps and words, known only once staff have heard it."""

from datetime import date
from typing import Any

import msgspec
import pytest

from flows.dialog.answers import SKIP, Optional, Said, innermost
from flows.dialog.asked_back import AskedBack
from flows.dialog.choices import MORE, Choice, YesNo
from flows.dialog.dialog import Media, NotUnderstood, Reply, Stale, Unfinished, Unsure
from flows.dialog.ratings import Rating
from flows.dialog.several import Several
from flows.kinds.questions import Item, Question, answer_of, as_ids, kept, shown
from flows.kinds.spoken import OrSpoken, chosen, waits
from flows.wording import render

TODAY = date(2026, 11, 28)
VOICE = Media("voice", "v.ogg", "audio/ogg", 64, 12)
PHOTO = Media("photo", "p.jpg", "image/jpeg", 64)
#: As it is stored.
SPOKEN = {"text": "", "media": [{"kind": "voice", "name": "v.ogg", "type": "audio/ogg", "size": 64, "seconds": 12}]}  # fmt: skip


def question(type: str, choices: int = 3, **more: Any) -> Question:
    """A spoken question of a type."""
    made = tuple(Item(f"c{n}", {"en": f"Choice {n}"}) for n in range(1, choices + 1))
    offered = made if type in ("single", "multiple") else ()
    return Question("q", type, {"en": "Which?"}, choices=offered, spoken=True, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type", "inner", "typed", "value"),
    [
        ("yes_no", YesNo, "yes", True),
        ("single", Choice, "2", "c2"),
        ("multiple", Several, "1, 3", ("c1", "c3")),
        ("rating", Rating, "4", "4"),
    ],
)
@pytest.mark.parametrize("optional", [True, False])
def test_each_is_answered_as_ever_or_by_a_voice_note(
    type: str, inner: type, typed: str, value: Any, optional: bool
) -> None:
    """What is wanted says so to the channel; the options are the question's own."""
    answer = answer_of(question(type, optional=optional), TODAY)
    asked = question(type, optional=optional)
    plain = answer_of(msgspec.structs.replace(asked, spoken=False), TODAY)
    assert isinstance(innermost(answer), inner)
    assert answer.options == plain.options
    assert answer.wants == plain.wants | {"voice"}
    assert (answer.optional, answer.private) == (optional, False)
    assert answer.read(Reply(text=typed)) == value
    assert answer.restore(answer.store(value)) == value
    said = answer.read(Reply(media=(VOICE,)))
    assert said == Said("", (VOICE,))
    assert answer.store(said) == SPOKEN
    assert answer.restore(SPOKEN) == said
    if optional:
        assert isinstance(answer, Optional)
        assert answer.read(Reply(tap=SKIP)) is None
        assert answer.read(Reply(text=str(answer.skip_number))) is None


def test_what_is_written_with_a_voice_note_stays_with_it_and_a_photo_is_no_answer() -> None:
    answer = answer_of(question("yes_no"), TODAY)
    assert answer.read(Reply(text=" look here ", media=(PHOTO, VOICE))) == Said(
        "look here", (VOICE,)
    )
    with pytest.raises(NotUnderstood):
        answer.read(Reply(media=(PHOTO,)))
    assert answer.read(Reply(text="yes", media=(PHOTO,))) is True
    assert answer.read(Reply(tap="no", media=(VOICE,))) is False


@pytest.mark.parametrize("stored", [{"text": "", "media": []}, {"media": [{"kind": "voice"}]}, {}])
def test_a_voice_note_that_is_none_is_asked_again(stored: Any) -> None:
    with pytest.raises(Stale):
        answer_of(question("single"), TODAY).restore(stored)


def test_ticks_pages_and_doubts_are_the_questions_own() -> None:
    """And a voice note ends them."""
    several = answer_of(question("multiple"), TODAY)
    ticked = several.read(Reply(tap="c2"))
    assert ticked == Unfinished(["c2"])
    again = several.resumed(["c2"])
    assert [option.emoji for option in again.options][1] == "☑️"
    assert again.read(Reply(media=(VOICE,))) == Said("", (VOICE,))
    paged = answer_of(question("single", 20, optional=True), TODAY)
    assert isinstance(paged, Optional)
    assert paged.skip_number == 21
    assert paged.read(Reply(tap=MORE)) == Unfinished(1)
    assert paged.resumed(1).options[0].id == "c8"
    yes_no = answer_of(question("yes_no"), TODAY)
    doubt = yes_no.read(Reply(text="oui, si possible"))
    assert isinstance(doubt, Unsure)
    assert AskedBack(yes_no, doubt.candidates).read(Reply(media=(VOICE,))) == Said("", (VOICE,))


@pytest.mark.parametrize(
    ("type", "heard", "ids"),
    [("yes_no", False, {"no"}), ("single", "c1", {"c1"}), ("rating", "5", {"5"}),
     ("multiple", ["c1", "c3"], {"c1", "c3"})],
)  # fmt: skip
def test_what_was_heard_counts_like_a_tap_and_what_was_not_counts_for_nothing(
    type: str, heard: Any, ids: set[str]
) -> None:
    assert as_ids(SPOKEN) == as_ids({**SPOKEN, "unclear": True}) == set()
    assert as_ids({**SPOKEN, "heard": heard}) == as_ids(heard) == ids
    assert chosen({**SPOKEN, "heard": heard}) == heard
    assert [waits(v) for v in (SPOKEN, {**SPOKEN, "heard": heard}, {**SPOKEN, "unclear": True}, heard, None)] == [True, False, False, False, False]  # fmt: skip
    assert kept(question(type), ids) == heard
    assert render(shown(question(type), SPOKEN), "en") == "🎤 voice note, 12 s"


@pytest.mark.parametrize(
    ("type", "ids"),
    [
        ("yes_no", set()), ("yes_no", {"yes", "no"}), ("yes_no", {"c1"}), ("single", {"c1", "c2"}),
        ("single", {"c9"}), ("rating", {"6"}), ("rating", {"1", "2"}), ("multiple", set()),
        ("multiple", {"c1"}), ("multiple", {"c1", "c2", "c3"}), ("multiple", {"c1", "c9"}),
    ],
)  # fmt: skip
def test_only_an_answer_to_the_question_can_be_entered(type: str, ids: set[str]) -> None:
    """One choice, or as many as the question allows: here two."""
    with pytest.raises(ValueError, match=r"is no answer to|too few or too many"):
        kept(question(type, least=2, most=2), ids)
    assert kept(question("multiple", least=2, most=2), {"c3", "c1"}) == ["c1", "c3"]


def test_the_wrapper_passes_on_what_it_wraps() -> None:
    inner = Choice(())
    assert OrSpoken(inner).every == inner.every
    assert OrSpoken(YesNo()).every == YesNo().options
