"""Row data: one row a response, one column a question, and no combination of a profile that few have."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from bot.reports.rows.table import Answered
from bot.reports.rows.text import about_csv, answers_csv, codebook_csv
from bot.reports.rows.variables import Words
from flows.statistics.coarsening import COLUMNS, SMALLEST_PLACED
from flows.statistics.summary import SMALLEST
from flows.wording.text import LANGUAGES
from tests.bot.reports.consultations import NEED, NEEDS, response
from tests.bot.reports.rows.population import data_of, people, poll, read_csv

ANSWERED = people(300)


def test_there_is_a_row_for_each_response_and_a_column_for_each_question() -> None:
    """Under names for programs; a choice of several is a column of 0 and 1 for each."""
    rows = read_csv(answers_csv(data_of(ANSWERED), "fr", "codes"))
    assert len(rows) == 300
    assert [name for name in rows[0] if name not in COLUMNS] == [
        *("agree", "project", "order_a", "order_b", "order_c", "order_other"),
        *("ticks_a", "ticks_b", "ticks_c", "ticks_other", "stars", "people", "since", "why"),
    ]
    assert {row["project"] for row in rows} == {"water", "roads", "~other"}
    assert {row["ticks_a"] for row in rows} == {"0", "1"}
    assert {row["order_a"] for row in rows} == {"1", "2", "3"}
    assert {row["since"] for row in rows} == {"2026-01-31"}
    assert Counter(row["agree"] for row in rows) == Counter(
        {True: "yes", False: "no", None: ""}[one.response.body["answers"]["agree"]]
        for one in ANSWERED
    )


def test_several_choices_are_one_column_if_that_is_wanted() -> None:
    """Codes with a space between them, labels with a semicolon."""
    data = data_of(ANSWERED, "one")
    codes = {row["ticks"] for row in read_csv(answers_csv(data, "fr", "codes"))}
    labels = {row["Cochez"] for row in read_csv(answers_csv(data, "fr", "labels"))}
    assert "b a" in codes
    assert "B; A" in labels
    assert {frozenset(one.split()) for one in codes} == {
        frozenset(one.lower().split("; ")) for one in labels
    }


def test_labels_are_in_the_language_and_hold_no_marks_of_direction() -> None:
    """The heads too; what a question lacks in Arabic stands in French."""
    content = answers_csv(data_of(ANSWERED), "ar", "labels").decode()
    rows = read_csv(content.encode())
    assert {"الماء", "الطرق"} < {row["أي مشروع؟"] for row in rows}
    assert {row["D’accord ?"] for row in rows} == {"نعم", "لا", ""}
    marks = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    assert not set(marks) & set(content)


def test_a_csv_is_a_table_and_nothing_else() -> None:
    """No mark at its beginning, no line above the head or below the rows, commas, points."""
    content = answers_csv(data_of(people(50, people="3.5")), "fr", "codes")
    assert content.startswith(b"gender,")
    lines = content.decode().split("\r\n")
    assert len(lines) == 52
    assert lines[-1] == ""
    assert {row["people"] for row in read_csv(content)} == {"3.5"}


def test_words_cannot_become_formulas_and_keep_their_lines() -> None:
    """The apostrophe of other files of ours; quotes and lines as RFC 4180 has them."""
    said = {"text": 'un\ndeux; "trois"\u200f', "media": []}
    words = {
        row["why"] for row in read_csv(answers_csv(data_of(people(6, why=said)), "fr", "codes"))
    }
    assert words == {'un\ndeux; "trois"'}
    assert "'=1+1" in {r["why"] for r in read_csv(answers_csv(data_of(ANSWERED), "fr", "codes"))}


def test_questions_with_the_same_text_and_with_long_ones_are_told_apart() -> None:
    """In the heads of labels by a number, in names for programs by their keys."""
    questions = [
        {"key": "one", "type": "yes_no", "text": {"fr": "Et ?"}},
        {"key": "two", "type": "yes_no", "text": {"fr": "Et ?"}},
        {"key": "three", "type": "number", "text": {"fr": "ET ?"}},
        {"key": "TWO_", "type": "number", "text": {"fr": "x" * 300}},
        {"key": "سؤال", "type": "number", "text": {"ar": "كم؟"}},
        {"key": "to", "type": "number", "text": {"fr": "À ?"}},
    ]
    data = data_of(people(9, one=True), "each", poll(questions=questions))
    names = list(read_csv(answers_csv(data, "fr", "codes"))[0])
    assert [n for n in names if n not in COLUMNS] == ["one", "two", "three", "TWO_2", "q5", "q6_to"]
    heads = list(read_csv(answers_csv(data, "fr", "labels"))[0])
    assert {"Et ?", "Et ? (2)", "ET ? (3)"} < set(heads)
    assert len({head.casefold() for head in heads}) == len(heads)
    assert "x" * 300 in codebook_csv(data, "fr").decode()
    # The code book names them as they stand in the file.
    assert set(heads) <= {row["label"] for row in read_csv(codebook_csv(data, "fr"))}


def test_what_the_law_protects_is_no_column_and_that_is_said() -> None:
    """Nor in the code book."""
    data = data_of(ANSWERED)
    assert "party" not in answers_csv(data, "fr", "codes").decode()
    assert "party" not in codebook_csv(data, "fr").decode()
    assert any("Opinion" in Words("fr")(note) for note in data.notes)


def test_a_row_of_a_need_leads_neither_to_its_place_nor_to_the_desk() -> None:
    """Its theme and state, no words, place, commune or pin: beside age and gender they would tell who."""
    answered = [Answered(response(n, NEED)) for n in range(30)]
    data = data_of(answered, "each", NEEDS)
    assert [v.name for v in data.variables] == ["theme", "voices", "state"]
    content = answers_csv(data, "fr", "codes").decode()
    assert "تابونت" not in content
    assert "OZT-2026" not in content
    assert len(data.notes) >= 4


@settings(deadline=None, max_examples=60)
@given(st.integers(10, 400), st.integers(0, 10_000))
def test_no_profile_in_a_file_is_that_of_few(count: int, seed: int) -> None:
    """As whoever opens the file would count it: ten for gender, age and place, five for all columns."""
    rows = read_csv(answers_csv(data_of(people(count, seed)), "en", "codes"))
    columns = [name for name in COLUMNS if name in rows[0]]
    whole = Counter(tuple(row[name] for name in columns) for row in rows)
    assert min(whole.values()) >= SMALLEST
    placed = Counter(
        tuple(row.get(name, "") for name in ("gender", "age_band", "place")) for row in rows
    )
    if {"gender", "age_band", "place"} <= set(columns):
        assert min(placed.values()) >= SMALLEST_PLACED


@pytest.mark.parametrize("count", [5, 6, 9])
def test_of_a_few_alone_nothing_is_told_beside_the_answers(count: int) -> None:
    """Five people of many sorts."""
    data = data_of(people(count))
    assert not {variable.name for variable in data.variables} & {"gender", "age_band", "place"}


def test_rows_say_nothing_of_who_or_when() -> None:
    """No reference, channel, language, day or order."""
    content = answers_csv(data_of(ANSWERED), "fr", "codes").decode()
    for secret in ("OZT-2026", "whatsapp", '"ary"', "2026-11"):
        assert secret not in content
    stored = [one.response.body["answers"]["people"] for one in ANSWERED]
    assert [row["people"] for row in read_csv(content.encode())] != stored


def test_the_code_book_has_every_column_and_every_value_of_the_rows() -> None:
    """In every language that there is, each line once."""
    data = data_of(ANSWERED)
    book = read_csv(codebook_csv(data, "fr"))
    rows = read_csv(answers_csv(data, "fr", "codes"))
    columns = [line["variable"] for line in book if not line["value"]]
    assert columns == list(rows[0])
    for name in ("gender", "place", "project", "agree", "ticks_a"):
        values = {line["value"] for line in book if line["variable"] == name and line["value"]}
        assert {row[name] for row in rows} - {""} <= values
    water = next(line for line in book if line["value"] == "water")
    assert (water["label_fr"], water["label_ar"], water["label_en"]) == ("Eau", "الماء", "")
    woman = next(line for line in book if line["value"] == "woman")
    assert all(woman[f"label_{language}"] for language in LANGUAGES)


def test_ages_are_labelled_as_people_read_them() -> None:
    """As on every page; wider ones by their ends."""
    book = read_csv(codebook_csv(data_of(people(3000)), "en"))
    ages = {line["value"]: line["label"] for line in book if line["variable"] == "age_band"}
    assert ages["25-34"] == "25 to 34"
    few = [
        replace(one, response=structs.replace(one.response, commune=None, disability=None))
        for one in people(80)
    ]
    wide = read_csv(codebook_csv(data_of(few), "en"))
    assert {line["label"] for line in wide if line["variable"] == "gender"} >= {"Women", "Men"}


def test_what_was_made_coarser_is_said_in_words() -> None:
    """Columns that are left out by name, withheld profiles by their number."""
    data = data_of(people(60))
    said = " ".join(Words("en")(note) for note in data.notes)
    assert "left out" in said
    alike = data_of([replace(one, version=1) for one in people(60)])
    assert any("Version of the questions" in Words("en")(note) for note in alike.notes)


def test_what_a_file_says_about_itself_is_a_table_too() -> None:
    """An id, a title, a value."""
    assert about_csv([]).decode() == "id,title,value\r\n"
