"""Rows of the form: moved, removed and added without a choice ever changing its id."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.definition_form.checked import DefinitionForm, form_of, new_form
from bot.web.definition_form.older import is_older, taken_over
from bot.web.frame.forms import Form
from flows.kinds import kinds
from tests.bot.web.test_definition_form import COUNCIL

POLL: dict[str, Any] = {
    "kind": "poll",
    "code": "TRM-SOUK",
    "council": "tarmigt",
    "title": {"fr": "Le souk", "ary": "السوق"},
    "questions": [
        {
            "key": "q1",
            "type": "single",
            "text": {"fr": "Quand ?", "ary": "فوقاش؟"},
            "choices": [
                {"id": "c1", "text": {"fr": "Oui", "ary": "إيه"}},
                {"id": "c2", "text": {"fr": "Non", "ary": "لا"}},
                {"id": "c3", "text": {"fr": "Peut-être", "ary": "يمكن"}},
            ],
        },
        {
            "key": "q2",
            "type": "yes_no",
            "text": {"fr": "Sûr ?", "ary": "واش متأكد؟"},
            "when": {"question": "q1", "any_of": ["c2"]},
        },
    ],
}


def press(made: DefinitionForm, button: str, **more: str) -> DefinitionForm:
    """The form as it is after a button of a row was pressed."""
    fields = {**made.form.fields, **more, "~rows": button}
    after = DefinitionForm(made.kind, COUNCIL, Form(fields), made.stored)
    after.arrange()
    after.form.fields.pop("~rows", None)
    return after


def choices(made: DefinitionForm, question: int = 0) -> list[tuple[str, dict[str, str]]]:
    """Ids and texts of a question's choices, as they would be saved."""
    rows = made.reading().raw["questions"][question].get("choices", [])
    return [(row["id"], row["text"]) for row in rows]


YES, NO, MAYBE = [(row["id"], row["text"]) for row in POLL["questions"][0]["choices"]]


def test_a_choice_that_is_moved_takes_its_id_and_all_its_languages_along() -> None:
    made = press(form_of(POLL, COUNCIL), "up:questions.0.choices.2")
    assert choices(made) == [YES, MAYBE, NO]
    assert made.focus == "questions.0.choices.1"
    assert choices(press(made, "down:questions.0.choices.0")) == [MAYBE, YES, NO]


def test_the_middle_choice_is_removed_and_the_others_stay_who_they_are() -> None:
    made = press(form_of(POLL, COUNCIL), "remove:questions.0.choices.1")
    assert choices(made) == [YES, MAYBE]


def test_a_new_choice_gets_an_id_that_none_ever_had_on_this_page() -> None:
    made = press(form_of(POLL, COUNCIL), "remove:questions.0.choices.2")
    made = press(made, "add:questions.0.choices")
    made = press(made, "look:", **{"questions.0.choices.2.text.fr": "Jamais"})
    assert choices(made) == [YES, NO, ("c4", {"fr": "Jamais"})]


def test_an_id_that_somebody_chose_by_hand_is_not_given_again() -> None:
    raw = {**POLL, "questions": [{**POLL["questions"][0]}]}
    raw["questions"][0]["choices"] = [
        {"id": "c999999", "text": {"fr": "A"}},
        {"id": "c1000000", "text": {"fr": "B"}},
    ]
    made = press(form_of(raw, COUNCIL), "add:questions.0.choices")
    made = press(made, "look:", **{"questions.0.choices.2.text.fr": "C"})
    ids = [id for id, _ in choices(made)]
    assert len(set(ids)) == 3
    assert ids[:2] == ["c999999", "c1000000"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["up", "down", "remove", "add"]),
            st.sampled_from(["questions", "questions.0.choices", "questions.1.choices"]),
            st.integers(0, 4),
        ),
        max_size=12,
    )
)
def test_whatever_is_pressed_no_choice_gets_anothers_id_or_text(
    presses: list[tuple[str, str, int]],
) -> None:
    made = form_of(POLL, COUNCIL)
    for what, rows, number in presses:
        made = press(made, f"add:{rows}" if what == "add" else f"{what}:{rows}.{number}")
    known = dict([YES, NO, MAYBE])
    asked = made.reading().raw["questions"]
    for question in asked:
        assert question["key"] in ("q1", "q2")
        for choice in question.get("choices", []):
            assert choice["text"] == known[choice["id"]]
            assert question["key"] == "q1"
    keys = [value for name, value in made.form.fields.items() if name.endswith(".key")]
    assert len(set(keys)) == len(keys)


def test_the_first_row_does_not_move_up_nor_the_last_down() -> None:
    for button in ("up:questions.0.choices.0", "down:questions.0.choices.2"):
        assert choices(press(form_of(POLL, COUNCIL), button)) == [YES, NO, MAYBE]


@pytest.mark.parametrize(
    "button",
    [
        "remove:questions.0.choices.99",
        "remove:questions.0.choices",
        "remove:title.0",
        "up:questions.0.choices.²",
        "add:nothing",
        "add:questions.7.choices",
        "show:" + "x" * 300,
        "\x00",
    ],
)
def test_a_button_that_means_no_row_changes_nothing(button: str) -> None:
    made = press(form_of(POLL, COUNCIL), button)
    assert choices(made) == [YES, NO, MAYBE]
    assert made.check() is not None


def test_a_question_that_is_moved_takes_its_choices_along() -> None:
    made = press(form_of(POLL, COUNCIL), "down:questions.0")
    assert choices(made, 1) == [YES, NO, MAYBE]
    # Its condition now names a later question, and that is said beside it.
    assert made.check() is None
    assert "questions.0.when.question" in made.form.errors


def test_rows_are_read_in_the_order_of_their_numbers_however_they_come() -> None:
    fields = form_of(POLL, COUNCIL).form.fields
    backwards = dict(reversed(list(fields.items())))
    renamed = {
        name.replace("choices.2.", "choices.17.").replace("choices.1.", "choices.4."): value
        for name, value in backwards.items()
    }
    made = DefinitionForm("poll", COUNCIL, Form(renamed), POLL)
    made.arrange()
    assert choices(made) == [YES, NO, MAYBE]


def test_an_id_that_is_posted_twice_is_refused_beside_its_row() -> None:
    made = form_of(POLL, COUNCIL)
    made.form.fields["questions.0.choices.2.id"] = "c1"
    assert made.check() is None
    assert set(made.form.errors) == {"questions.0.choices.2"}


def test_a_choice_without_its_hidden_id_gets_a_new_one_and_takes_no_others() -> None:
    made = form_of(POLL, COUNCIL)
    del made.form.fields["questions.0.choices.1.id"]
    made.arrange()
    assert choices(made) == [YES, ("c4", NO[1]), MAYBE]
    # The condition that named it does not follow by chance.
    assert made.check() is None
    assert "questions.1.when.any_of" in made.form.errors


def test_a_stored_choice_whose_texts_are_deleted_is_said_not_dropped() -> None:
    made = form_of(POLL, COUNCIL)
    for language in ("fr", "ary"):
        made.form.fields[f"questions.0.choices.1.text.{language}"] = ""
    assert made.check() is None
    assert "questions.0.choices.1.text" in made.form.errors


def test_new_rows_in_which_nothing_is_written_are_left_out() -> None:
    made = form_of(POLL, COUNCIL)
    for button in ("add:questions", "add:questions.0.choices", "add:outreach.reminders"):
        made = press(made, button)
    assert made.check() is not None
    assert len(made.reading().raw["questions"]) == 2
    assert choices(made) == [YES, NO, MAYBE]


def test_a_problem_stands_at_its_row_though_an_empty_one_stands_before_it() -> None:
    made = press(form_of(POLL, COUNCIL), "add:questions")
    made = press(made, "up:questions.2")
    made.form.fields["questions.2.text.fr"] = "x" * 301
    assert made.check() is None
    assert set(made.form.errors) == {"questions.2.text.fr"}


def test_answers_ticked_for_one_question_never_count_for_another() -> None:
    made = form_of(POLL, COUNCIL)
    made = press(made, "add:questions")
    made = press(
        made,
        "look:",
        **{
            "questions.2.text.fr": "Autre",
            "questions.2.choices.0.text.fr": "A",
            "questions.2.choices.1.text.fr": "B",
        },
    )
    made = press(made, "up:questions.2")
    key = made.form.fields["questions.1.key"]
    # Both questions have a c2; the tick was made for that of the first.
    made.form.fields["questions.2.when.question"] = key
    made.arrange()
    assert made.check() is None
    assert "questions.2.when.any_of" in made.form.errors


def test_a_condition_that_is_filled_in_and_not_ticked_is_not_lost_in_silence() -> None:
    made = form_of(POLL, COUNCIL)
    made.form.fields["questions.0.when.question"] = "q1"
    assert made.check() is None
    assert "questions.0.when" in made.form.errors
    # One that was ticked and is not any more is taken away, whatever still stands in it.
    made = form_of(POLL, COUNCIL)
    made.form.fields["questions.1.when"] = ""
    assert made.check() is not None
    assert "when" not in made.reading().raw["questions"][1]


# --------------------------------------------------------------------------- pages from before

OLDER = {
    "kind": "poll",
    "count": "1",
    "code": "TRM-SOUK",
    "title.fr": "Le souk",
    "title.ary": "السوق",
    "minutes": "2",
    "questions.0.key": "q1",
    "questions.0.type": "single",
    "questions.0.text.fr": "Quand ?",
    "questions.0.ids": "c1,c2,c3",
    "outreach.reminders": "7, 2",
    "outreach.time": "10:00",
    "outreach.result": "on",
}


def older(**choices: str) -> DefinitionForm:
    fields = OLDER | {f"questions.0.choices.{code}": text for code, text in choices.items()}
    assert is_older(fields)
    made = DefinitionForm("poll", COUNCIL, Form(taken_over(fields)))
    made.arrange()
    return made


def test_lines_of_a_page_from_before_become_rows() -> None:
    made = older(fr="🌅 Oui\nNon\nPeut-être", ary="إيه\nلا\nيمكن")
    assert choices(made) == [YES, NO, MAYBE]
    assert made.reading().raw["questions"][0]["choices"][0]["emoji"] == "🌅"
    assert [row["before_closing"] for row in made.reading().raw["outreach"]["reminders"]] == [7, 2]


def test_a_page_from_before_with_nothing_in_lines_is_read_as_it_is() -> None:
    assert not is_older({**OLDER, "outreach.reminders": "", "questions.0.choices.fr": " \n"})
    assert is_older({**OLDER, "outreach.reminders": "", "questions.0.choices.fr": "Oui"})
    assert is_older(OLDER)
    assert not is_older({**OLDER, "~page": "as it is now"})


@pytest.mark.parametrize("french", ["Oui\n\nPeut-être", "\nOui\nPeut-être", "Oui\nPeut-être"])
def test_lines_that_may_be_shifted_are_never_put_side_by_side(french: str) -> None:
    made = older(fr=french, ary="نعم\nلا\nربما")
    assert [set(text) for _, text in choices(made)] == [{"ary"}] * 3 + [{"fr"}] * 2


# --------------------------------------------------------------------------- clumsy and hostile


@pytest.mark.parametrize("kind", sorted(kinds()))
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": "text in the place of texts", "questions": "x", "outreach": "y"},
        {"questions.0": "x", "questions.0.choices": "y", "questions.0.choices.0": "z"},
        {"questions.99999999999999999999.text.fr": "far", "questions.-1.text.fr": "x"},
        {"questions.٣.text.fr": "Arabic digits", "questions.²": "x"},
        {f"questions.{n}.text.fr": "x" for n in range(0, 3000, 3)},
        {"minutes": "9" * 5000, "outreach.spread_hours": "-1e9", "minutes.minutes": "2"},
        {"opens": "2026-12-01T09:00Z", "closes": "32/13/2026", "outreach.reminders.0.on": "x"},
        {"theme": "x' OR 1=1", "outreach.late": "never", "questions.0.type": "essay"},
        {".".join("a" * 5000): "deep", "..." + "." * 5000: "dots", "": "nameless"},
        {"questions.0.choices.~last": "9" * 50, "questions.0.choices.0.text.fr": "x"},
        {"place": "Tarmigt" * 500, "outreach.audience.places": "nowhere, 08.401.07.09, ,,"},
        {"kind": "no kind", "council": "zagora", "example": "on", "code": "ZAG-X"},
        {"outreach.audience.joined_on": "2026-01-01", "outreach.audience.languages.xx": "on"},
        {"title.fr": "\ud800\u202e", "representative": "‮" * 300},
    ],
)
def test_whatever_is_posted_is_read_or_refused_and_nothing_breaks(
    kind: str, fields: dict[str, str]
) -> None:
    made = new_form(kind, COUNCIL)
    made.form.fields |= fields
    made.arrange()
    assert made.check() is None
    assert made.form.errors or made.form.others
    assert made.reading().raw["council"] == "tarmigt"
    assert made.reading().raw["kind"] == kind
