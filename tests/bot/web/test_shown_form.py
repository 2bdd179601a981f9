"""What a browser is given of a definition's form: which field matters when, what is open, what is missing."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from bot.web.definition_form.checked import DefinitionForm, form_of, new_form
from bot.web.definition_form.shown import Page, Shown
from flows.dialog.definition import Problem
from tests.bot.web.test_definition_form import COUNCIL, EVERYTHING
from tests.bot.web.test_rows import POLL


def page(made: DefinitionForm) -> Shown:
    """The form as it is drawn, in French."""
    return Page(made.kind, COUNCIL, "fr", made.form, made.written()).shown(made.fields)


def every(shown: Shown) -> Iterator[Shown]:
    """A part with all that is in it."""
    yield shown
    for one in (*shown.parts, *shown.more, *shown.later, *shown.rows):
        yield from every(one)


def named(made: DefinitionForm) -> dict[str, Shown]:
    """Each field by its name; of a row or group, what holds its fields."""
    found: dict[str, Shown] = {}
    for one in every(page(made)):
        if one.name not in found or one.widget not in ("group",):
            found[one.name] = one
    return found


@pytest.fixture
def poll() -> DefinitionForm:
    """A poll with a question of each sort."""
    return form_of(tomllib.loads(EVERYTHING), COUNCIL)


def test_a_field_names_the_one_beside_it_that_decides_whether_it_is_of_use(
    poll: DefinitionForm,
) -> None:
    """In full, so that of two questions each looks at its own type."""
    fields = named(poll)
    dependent = {name: one.only for name, one in fields.items() if one.only is not None}
    assert any(name.startswith("questions.0.") for name in dependent)
    assert any(name.startswith("questions.1.") for name in dependent)
    for name, (beside, values) in dependent.items():
        assert beside in fields, name
        assert beside.rpartition(".")[0] == name.rpartition(".")[0]
        offered = {choice.name for choice in fields[beside].choices}
        assert set(values.split()) < offered, name


def test_only_the_question_of_a_condition_has_its_answers_drawn_anew(poll: DefinitionForm) -> None:
    """All other lists are plain."""
    lists = {name: one.widget for name, one in named(poll).items() if one.choices}
    deciding = {name for name, widget in lists.items() if widget == "decides"}
    assert deciding
    assert all(name.endswith(".when.question") for name in deciding)
    assert {widget for name, widget in lists.items() if name not in deciding} <= {"one", "several"}


def test_what_is_filled_in_is_open_and_what_is_not_is_not(poll: DefinitionForm) -> None:
    """So nobody overlooks what stands in a part that is folded away."""
    empty, fields = named(new_form("poll", COUNCIL)), named(poll)
    for name in ("title", "opens", "minutes", "questions.0.text", "outreach.late"):
        assert not empty[name].open, name
    for name in ("title", "questions", "questions.0.least", "outreach.late"):
        assert fields[name].open, name


def test_what_is_wrong_is_open_and_marked_by_its_rule() -> None:
    """Also where nothing stands in it; its neighbours are not."""
    raw: dict[str, Any] = {**POLL, "questions": [{**POLL["questions"][0], "text": {}}]}
    made = form_of(raw, COUNCIL)
    assert made.check() is None
    fields = named(made)
    assert fields["questions.0.text"].open
    assert made.form.errors.keys() == {"questions.0.text"}
    assert made.form.rule("questions.0.text") not in ("", "error.other")


@pytest.mark.parametrize("name", ["picture", "questions.0.picture"])
def test_a_file_that_is_not_there_has_the_rule_of_files(name: str) -> None:
    """Not that of texts."""
    made = form_of(POLL, COUNCIL)
    made.note([Problem(name.replace(".0", "[0]"), "is not there")])
    (found,) = made.form.errors
    assert made.form.rule(found) == "error.of_file", made.form.errors


def test_groups_are_called_by_their_whole_name_without_a_dot_at_their_end(
    poll: DefinitionForm,
) -> None:
    """They are ids in the page."""
    groups = {one.name for one in every(page(poll)) if one.widget == "group"}
    assert {"questions.0", "questions.1"} <= groups
    assert not [name for name in groups if name.startswith(".") or name.endswith(".")]


def test_a_row_lacks_the_languages_that_its_neighbours_have() -> None:
    """Counted in what is read, not in what is heard."""
    raw: dict[str, Any] = {**POLL}
    first = {**raw["questions"][0]}
    first["choices"] = [
        {"id": "c1", "text": {"fr": "Oui", "ary": "إيه"}}, {"id": "c2", "text": {"fr": "Non"}},
    ]  # fmt: skip
    made = form_of({**raw, "questions": [first, raw["questions"][1]]}, COUNCIL)
    fields = named(made)
    assert fields["questions.0.choices.0.text"].missing == ()
    assert fields["questions.0.choices.1.text"].missing == ("ary",)


def test_spoken_is_offered_for_choices_and_what_is_spoken_is_no_condition() -> None:
    """Of a voice note the answer is known only once staff have listened."""
    made = form_of(POLL, COUNCIL)
    fields = named(made)
    assert fields["questions.0.spoken"].only == (
        "questions.0.type",
        "yes_no single multiple rating",
    )
    (offered,) = fields["questions.1.when.question"].choices
    assert offered.label != offered.name
    made.form.fields["questions.0.spoken"] = "on"
    # What is chosen already stays in sight, under its bare name: it is offered no more.
    (left,) = named(made)["questions.1.when.question"].choices
    assert (left.name, left.label, left.chosen) == (offered.name, offered.name, True)
    assert made.check() is None
    assert "questions.1.when.question" in made.form.errors
