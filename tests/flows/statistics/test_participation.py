"""Who took part, and what nobody may work out about small groups."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.dialog.facts import Council, Theme
from flows.kinds import kinds, read_raw
from flows.kinds.petition import Signatures
from flows.morocco import census, places
from flows.morocco.census import AGE_BANDS, CREDIT
from flows.statistics.disclosure import GATHERED, OTHER, UNSAID, hidden_if_few, kept_back, protected
from flows.statistics.participation import question_note
from flows.statistics.summary import (
    SMALLEST,
    SUPPRESSED,
    Cell,
    Column,
    Response,
    Responses,
    Summary,
    Table,
)
from flows.wording import _read, render
from flows.wording.text import LANGUAGES, Lines, Message, Text, Translated, Verbatim, msg
from tests.flows.wording.catalogues import placeholders

OUARZAZATE = next(p.code for p in places.of_level("commune") if p.names["fr"] == "Ouarzazate")
COUNCIL = Council(
    code="OZT",
    prefix="OZT",
    place=OUARZAZATE,
    name={"fr": "Commune de Ouarzazate"},
    themes=(Theme("water", {"fr": "Eau"}), Theme("roads", {"fr": "Routes"})),
)
ONE = Response(
    "OZT-2026-000001",
    {},
    "received",
    "web",
    "fr",
    OUARZAZATE,
    "25-34",
    "woman",
    None,
    "A0",
    date(2026, 11, 2),
)


def summary_of(kind: str, responses: Responses, **definition: Any) -> Summary:
    raw = {"kind": kind, "code": "OZT-1", "council": "OZT", "title": {"fr": "Essai"}, **definition}
    return kinds()[kind].summary(read_raw(raw, kinds()[kind].definition), COUNCIL, responses)


def poll_of(responses: Sequence[Response], *questions: Mapping[str, Any]) -> Summary:
    return summary_of("poll", Responses(responses), questions=questions)


def answered(*answers: Mapping[str, Any]) -> list[Response]:
    return [replace(ONE, body={"answers": given}) for given in answers]


def question(key: str, type: str, choices: str = "", **more: Any) -> dict[str, Any]:
    made = [{"id": id, "text": {"fr": id}} for id in choices]
    return {"key": key, "type": type, "text": {"fr": key}, "choices": made, **more}


def table(summary: Summary, id: str) -> Table:
    return next(t for t in summary.tables if t.id == id)


def counts(of: Table) -> dict[str, Cell]:
    return {str(row[0]): row[2] for row in of.rows}


def rows_of(counted: Mapping[str, int]) -> list[tuple[str, Text, int]]:
    return [(id, Verbatim(id), count) for id, count in counted.items()]


def shown(counted: Mapping[str, int], total: int | None = None, **more: Any) -> dict[str, Cell]:
    whole = sum(counted.values()) if total is None else total
    return counts(protected("t", msg("x"), msg("x"), rows_of(counted), whole, None, **more))


# --------------------------------------------------------------------------- one table


def test_large_groups_and_zeros_are_shown():
    """With nothing to hide, every count is there, a zero too."""
    assert shown({"a": 40, "b": 5, "c": 0}) == {"a": 40, "b": 5, "c": 0}


def test_a_small_group_takes_the_next_smallest_and_the_zeros_with_it():
    """Three of 63 cannot be found by subtraction, and the marks do not say where anybody is."""
    assert shown({"a": 40, "b": 20, "c": 3, "d": 0}) == {
        "a": 40,
        "b": SUPPRESSED,
        "c": SUPPRESSED,
        "d": SUPPRESSED,
    }


def test_two_small_groups_that_are_few_even_together_take_a_third():
    """One and one are two people whom the total would give away; with twenty more it does not."""
    assert shown({"a": 40, "b": 20, "c": 1, "d": 1})["b"] is SUPPRESSED
    assert shown({"a": 40, "b": 20, "c": 3, "d": 3})["b"] == 20


def test_a_table_about_fewer_than_five_shows_nothing():
    """Of four people not even the zeros are told; of nobody there is nothing to hide."""
    assert set(shown({"a": 4, "b": 0}).values()) == {SUPPRESSED}
    assert shown({"a": 0, "b": 0}) == {"a": 0, "b": 0}


def test_shares_and_further_columns_go_with_the_count():
    """A share or a number of points would tell the count that is hidden beside it."""
    made = protected(
        "t",
        msg("x"),
        msg("x"),
        rows_of({"a": 40, "b": 20, "c": 3}),
        63,
        None,
        extra=(Column("points", msg("x"), "count"), {"a": 90, "b": 50, "c": 7}),
    )
    assert made.rows[0][2:] == (40, Decimal("0.63492"), 90)
    assert all(cell is SUPPRESSED for row in made.rows[1:] for cell in row[2:])


def test_with_several_answers_those_who_did_not_choose_are_a_group_too():
    """47 of 50 chose a, so three did not: as telling as three who did."""
    made = shown({"a": 47, "b": 20, "c": 30}, 50, exclusive=False)
    assert made["a"] is SUPPRESSED
    assert made["b"] is SUPPRESSED
    assert made["c"] == 30


def test_two_groups_of_who_did_not_choose_are_few_even_together():
    """If all tick three of four, those who left out a or b are what the rest leave: two people."""
    made = shown({"a": 49, "b": 49, "c": 30, "d": 22}, 50, exclusive=False)
    assert made == {"a": SUPPRESSED, "b": SUPPRESSED, "c": 30, "d": SUPPRESSED}


def test_answers_that_are_no_longer_on_offer_are_counted():
    """What the rows lack of the total is a row of its own, else it could be worked out unseen."""
    assert shown({"a": 30, "b": 20}, 57) == {"a": 30, "b": 20, OTHER: 7}
    assert shown({"a": 30, "b": 20}, 52) == {"a": 30, "b": SUPPRESSED, OTHER: SUPPRESSED}


def test_rows_made_by_the_answers_are_gathered():
    """The name of a row with one person in it tells something already, so it is not there."""
    made = shown({"x": 30, "y": 9, "z": 1}, gather=msg("x"))
    assert made == {"x": 30, GATHERED: 10}
    assert shown({"x": 2, "y": 1}, gather=msg("x")) == {GATHERED: SUPPRESSED}


def test_public_counts_are_all_shown():
    """How many needs there are about water is no personal secret."""
    assert shown({"water": 1, "roads": 90}, public=True) == {"water": 1, "roads": 90}


def test_not_said_is_the_last_to_be_added():
    """The same people say nothing in several tables, so their number would link the tables."""
    assert kept_back({"a": 30, "b": 20, "c": 2, UNSAID: 7}, 59) == {"b", "c"}


@pytest.mark.parametrize(("count", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_figure_about_few_is_hidden(count: int, hidden: bool):
    """A figure about one to four people is not shown; about nobody it is."""
    assert (hidden_if_few("x", count) is SUPPRESSED) == hidden


@settings(deadline=None, max_examples=500)
@given(st.lists(st.integers(0, 12) | st.integers(0, 80), min_size=1, max_size=8))
def test_no_sum_gives_a_hidden_count_away(numbers: list[int]):
    """Whatever the counts: what is hidden could each be zero, or five and more."""
    counted = {str(i): n for i, n in enumerate(numbers)}
    total = sum(numbers)
    hidden = kept_back(counted, total)
    assert all(n == 0 or n >= SMALLEST for id, n in counted.items() if id not in hidden)
    if hidden and total >= SMALLEST:
        rest = total - sum(n for id, n in counted.items() if id not in hidden)
        assert rest >= SMALLEST
        assert sum(1 for id in hidden if counted[id]) >= 2


# --------------------------------------------------------------------------- questions of a poll


def test_the_note_spells_out_no_small_number():
    """Three who skipped are "fewer than 5"; two who have only seen it leave "or more"."""
    assert render(question_note(60, 3, 0), "en") == (
        "Seen by: 63. Answered by: 60. Skipped by: fewer than 5."
    )
    assert "Seen by: 60 or more." in render(question_note(60, 0, 2), "en")
    assert "Seen by: 67." in render(question_note(60, 0, 7), "en")


def test_a_question_for_those_who_said_no_does_not_tell_how_many_said_no():
    """Where "no" is hidden, all that follows from it is kept back: counts, words and note."""
    said_no = {"q": False, "why": {"text": "x"}, "n": "a"}
    given = answered(*[{"q": True}] * 3, *[said_no] * 30)
    made = poll_of(
        given,
        question("q", "yes_no"),
        question("why", "text", when={"question": "q", "any_of": ["no"]}),
        question("n", "single", "ab", when={"question": "q", "any_of": ["no"]}),
    )
    assert set(counts(table(made, "q.q")).values()) == {SUPPRESSED}
    assert table(made, "q.why").rows == ()
    assert set(counts(table(made, "q.n")).values()) == {SUPPRESSED}
    assert table(made, "q.why").note == msg("summary.held_back")


def test_a_question_for_those_who_chose_one_of_several_does_not_tell_how_many_chose_it():
    """47 of 50 chose p; a question for them alone would say so, and that three did not."""
    given = answered(*[{"m": ["p", "q"], "f": True}] * 47, *[{"m": ["q"]}] * 3)
    made = poll_of(
        given,
        question("m", "multiple", "pqr"),
        question("f", "yes_no", when={"question": "m", "any_of": ["p"]}),
    )
    assert counts(table(made, "q.m"))["p"] is SUPPRESSED
    assert set(counts(table(made, "q.f")).values()) == {SUPPRESSED}


def test_a_count_hidden_for_the_sake_of_another_is_not_told_by_a_later_question():
    """If each ticks one, 20 for p and 30 for r leave three for q: p is hidden, and must stay so."""
    given = answered(*[{"m": ["p"], "f": True}] * 20, *[{"m": ["q"]}] * 3, *[{"m": ["r"]}] * 30)
    made = poll_of(
        given,
        question("m", "multiple", "pqr", most=1),
        question("f", "yes_no", when={"question": "m", "any_of": ["p"]}),
    )
    assert counts(table(made, "q.m")) == {"p": SUPPRESSED, "q": SUPPRESSED, "r": 30}
    assert set(counts(table(made, "q.f")).values()) == {SUPPRESSED}


def test_a_question_for_those_who_chose_either_does_not_tell_who_chose_neither():
    """30 chose p, 18 q, two only r: the 48 who were asked further would give the two away."""
    given = answered(
        *[{"m": ["p", "r"], "f": True}] * 30,
        *[{"m": ["q"], "f": True}] * 18,
        *[{"m": ["r"]}] * 2,
    )
    made = poll_of(
        given,
        question("m", "multiple", "pqr"),
        question("f", "yes_no", when={"question": "m", "any_of": ["p", "q"]}),
    )
    assert counts(table(made, "q.m")) == {"p": 30, "q": 18, "r": 32}
    assert set(counts(table(made, "q.f")).values()) == {SUPPRESSED}


def test_open_answers_stand_alone():
    """Words come without day, language or order, so that they join to no other table."""
    given = answered(*[{"w": {"text": text}} for text in ("b", "c", "a", "", "d")])
    assert table(poll_of(given, question("w", "text")), "q.w").rows == (
        ("a", 0),
        ("b", 0),
        ("c", 0),
        ("d", 0),
    )


def test_a_ranking_of_three_does_not_tell_who_came_last_by_its_points():
    """With three choices, first places and points give the last places: they are hidden if few."""
    orders = [list("abc")] * 30 + [list("cba")] * 20 + [list("bca")] * 10 + [list("bac")] * 3
    made = poll_of(answered(*({"r": order} for order in orders)), question("r", "ranking", "abc"))
    # Three put a second; and a alone would be what the others leave of the total.
    assert counts(table(made, "q.r")) == {"a": SUPPRESSED, "b": SUPPRESSED, "c": 20}


def test_numbers_of_few_are_not_averaged():
    """A mean of four answers is no statistic."""
    made = poll_of(answered(*[{"n": "3"}] * 4), question("n", "number"))
    assert {row[1] for row in table(made, "q.n").rows} == {SUPPRESSED}


def test_needs_are_listed_with_their_days_so_their_number_is_no_secret():
    """A need has a public reference: three needs are three, but their authors stay hidden."""
    body = {"theme": "water", "words": {"text": "x"}}
    made = summary_of("need", Responses([replace(ONE, body=body)] * 3))
    assert made.figures[0].value == 3
    assert counts(table(made, "day")) == {"2026-11-02": 3}
    assert set(counts(table(made, "gender")).values()) == {SUPPRESSED}


# --------------------------------------------------------------------------- participants


def test_figures_say_how_many_and_from_when_to_when():
    """Responses, those taken back, conversations left, first and last day."""
    given = [replace(ONE, day=ONE.day + timedelta(days=n)) for n in range(6)]
    unfinished = [(frozenset[str](), None)] * 5
    made = summary_of("poll", Responses(given, 2, unfinished), questions=[question("q", "yes_no")])
    assert [f.value for f in made.figures] == [
        6,
        SUPPRESSED,
        5,
        date(2026, 11, 2),
        date(2026, 11, 7),
    ]


def test_participants_are_compared_with_the_census_of_the_place():
    """Share here, share in the census, points between, whose figures, and by whom."""
    given = [replace(ONE, gender="man")] * 69 + [replace(ONE, gender="woman")] * 31
    made = poll_of(given, question("q", "yes_no"))
    compared = {str(row[0]): row[3:] for row in table(made, "census").rows}
    women = Decimal(census.profile(OUARZAZATE).by_gender["woman"]).quantize(Decimal("0.001"))
    assert compared["gender.woman"] == (Decimal("0.310"), women, (Decimal("0.310") - women) * 100)
    note = render(table(made, "census").note or msg("x"), "en", "fr")
    assert CREDIT in note
    assert "Ouarzazate" in note


def test_the_greatest_difference_is_told_in_a_sentence():
    """Of women and men it speaks of those who are missing."""
    ages = [band for band in AGE_BANDS for _ in range(6)]
    given = [
        replace(ONE, age_band=None, gender="man" if n % 10 < 7 else "woman") for n in range(100)
    ]
    told = render(poll_of(given, question("q", "yes_no")).notes[0], "en", "fr")
    assert told.startswith("Women are 30% of the participants who told their gender and 52% of")
    same = [replace(ONE, age_band=None, gender=g) for g in ("woman", "man")] * 50
    assert "less than 5 points" in render(
        poll_of(same, question("q", "yes_no")).notes[0], "en", "fr"
    )
    few = [replace(ONE, age_band=band, gender=None) for band in ages[:4]]
    assert "Too few" in render(poll_of(few, question("q", "yes_no")).notes[0], "en", "fr")


@pytest.mark.parametrize(("men", "said"), [(53, False), (54, True)])
def test_a_difference_is_told_from_five_points_on(men: int, said: bool):
    """Women are 51.8% of Ouarzazate: 47 of 100 are 4.8 points fewer, 46 are 5.8."""
    women = census.profile(OUARZAZATE).by_gender["woman"]
    assert 0.517 <= women < 0.518
    given = [replace(ONE, age_band=None, gender="man")] * men
    given += [replace(ONE, age_band=None, gender="woman")] * (100 - men)
    told = render(poll_of(given, question("q", "yes_no")).notes[0], "en", "fr")
    assert ("Women are" in told) is said, told


def test_the_comparison_does_not_tell_what_the_tables_hide():
    """40 women, 7 men, 3 who did not say: the share of women would give the men away."""
    given = [replace(ONE, gender=g) for g in ["woman"] * 40 + ["man"] * 7 + [None] * 3]
    made = poll_of(given, question("q", "yes_no"))
    compared = {str(row[0]): row[3] for row in table(made, "census").rows}
    assert counts(table(made, "gender"))["woman"] == 40
    assert compared["gender.woman"] is SUPPRESSED


def test_levels_of_assurance_do_not_tell_of_a_channel():
    """Who is known to a provider writes by one: A1 less Telegram would be WhatsApp's three."""
    channels = ["telegram"] * 50 + ["whatsapp"] * 3 + ["web"] * 3
    given = [replace(ONE, channel=c, assurance="A0" if c == "web" else "A1") for c in channels]
    made = poll_of(given, question("q", "yes_no"))
    assert counts(table(made, "channel"))["whatsapp"] is SUPPRESSED
    assert set(counts(table(made, "assurance")).values()) == {SUPPRESSED}


# --------------------------------------------------------------------------- the attack


@dataclass
class Attack:
    """All that a reader can write down from a summary: low <= sum of coefficients * unknowns <= high.

    Unknowns are counts of persons ("gender/woman"): whole and not negative.
    """

    facts: list[tuple[dict[str, int], int, int]] = field(default_factory=list)
    ceiling: int = 1000

    def know(self, terms: Mapping[str, int], low: int, high: int | None = None) -> None:
        self.facts.append((dict(terms), low, low if high is None else high))

    def bounds(self) -> dict[str, tuple[int, int]]:
        """Bounds of each unknown, tightened against every fact until nothing moves."""
        low = {name: 0 for terms, _, _ in self.facts for name in terms}
        high = dict.fromkeys(low, self.ceiling)
        for _ in range(50):
            before = dict(low), dict(high)
            for terms, least, most in self.facts:
                for name, c in terms.items():
                    others = [(o, k) for o, k in terms.items() if o != name]
                    up = sum(k * (high[o] if k > 0 else low[o]) for o, k in others)
                    down = sum(k * (low[o] if k > 0 else high[o]) for o, k in others)
                    if c > 0:
                        low[name] = max(low[name], least - up)
                        high[name] = min(high[name], most - down)
                    else:
                        low[name] = max(low[name], down - most)
                        high[name] = min(high[name], up - least)
            if before == (low, high):
                break
        assert all(low[name] <= high[name] for name in low)  # else the attacker reasons wrongly
        return {name: (low[name], high[name]) for name in low}


QUESTIONS = (
    question("single", "single", "abcd"),
    question("maybe", "yes_no", optional=True),
    question("no", "single", "xyz", when={"question": "maybe", "any_of": ["no"]}),
    question("words", "text", when={"question": "single", "any_of": ["a", "b"]}),
    question("many", "multiple", "pqrs", least=1, most=2),
    question("both", "yes_no", when={"question": "many", "any_of": ["p", "q"]}),
    question("deep", "yes_no", when={"question": "no", "any_of": ["x"]}),
)


def population(seed: int, size: int) -> list[Response]:
    """`size` responses, unevenly spread, and differently for each seed."""
    chance = random.Random(seed)
    weights: dict[tuple[Any, ...], list[float]] = {}

    def one_of(*values: Any) -> Any:
        if values not in weights:
            weights[values] = [chance.choice((0.02, 0.1, 0.4, 1, 3)) for _ in values]
        return chance.choices(values, weights[values])[0]

    made = []
    for _ in range(size):
        answers: dict[str, Any] = {"single": one_of(*"abcd"), "maybe": one_of(True, False, None)}
        if answers["maybe"] is False:
            answers["no"] = one_of(*"xyz")
        if answers["single"] in "ab":
            answers["words"] = {"text": str(chance.random()), "media": []}
        answers["many"] = sorted({one_of(*"pqrs "), one_of(*"pqrs")} - {" "})
        if {"p", "q"} & set(answers["many"]):
            answers["both"] = one_of(True, False)
        if answers.get("no") == "x":
            answers["deep"] = one_of(True, False)
        channel = one_of("telegram", "whatsapp", "web", "terminal")
        made.append(
            replace(
                ONE,
                body={"answers": answers},
                channel=channel,
                assurance="A1" if channel in ("telegram", "whatsapp") else "A0",
                language=one_of(*LANGUAGES),
                commune=one_of(OUARZAZATE, "01.051.01.01", "09.001.01.01", None),
                age_band=one_of(*AGE_BANDS, None),
                gender=one_of("woman", "man", None, None),
                disability=one_of("yes", "no", None, None),
                day=ONE.day + timedelta(days=one_of(0, 1, 2, 3, 4)),
            )
        )
    return made


def truth(given: Sequence[Response]) -> dict[str, int]:
    """The count of every row of the tables with fixed rows."""
    found: Counter[str] = Counter()
    for r in given:
        for name in ("channel", "language", "age_band", "gender", "disability", "assurance"):
            found[f"{name}/{getattr(r, name) or UNSAID}"] += 1
        for key, value in r.body["answers"].items():
            if value is None or isinstance(value, dict):
                continue
            ticks = value if isinstance(value, list) else [value]
            for tick in ticks:
                id = {True: "yes", False: "no"}[tick] if isinstance(tick, bool) else tick
                found[f"q.{key}/{id}"] += 1
    return found


def messages(text: Text | None) -> Iterator[Message]:
    if isinstance(text, Lines):
        for part in text.parts:
            yield from messages(part)
    elif isinstance(text, Message):
        yield text


def attack(summary: Summary) -> Attack:
    """What a patient reader of the whole summary writes down."""
    made = Attack()
    total = summary.figures[0].value
    size = {"channel": total, "language": total, "age_band": total, "gender": total}
    size |= {"disability": total, "assurance": total}
    for t in summary.tables:
        if t.columns[0].kind != "id" or t.id in ("day", "commune", "census"):
            continue
        for note in messages(t.note):
            if isinstance(note.values.get("answered"), int):
                size[t.id] = note.values["answered"]
        for row in t.rows:
            if isinstance(row[2], int):
                made.know({f"{t.id}/{row[0]}": 1}, row[2])
                if isinstance(row[3], Decimal) and row[3]:
                    # A share and its count tell the total, up to rounding.
                    assert isinstance(size.get(t.id), int)
        everyone = size.get(t.id)
        if isinstance(everyone, int):
            terms = {f"{t.id}/{row[0]}": 1 for row in t.rows}
            if t.id == "q.many":
                made.know(terms, everyone, 2 * everyone)
                for name in terms:
                    made.know({name: 1}, 0, everyone)
            else:
                made.know(terms, everyone)
    # Everyone was asked the first questions; some were asked more because of what they said.
    for q in QUESTIONS:
        asked = next(
            (
                (n.values["answered"], n.values["skipped"])
                for n in messages(table(summary, f"q.{q['key']}").note)
                if "answered" in n.values
            ),
            None,
        )
        if asked is None or not all(isinstance(n, int) for n in asked) or "when" not in q:
            continue
        number = asked[0] + asked[1]
        chosen = {f"q.{q['when']['question']}/{id}": 1 for id in q["when"]["any_of"]}
        if q["when"]["question"] == "many":
            made.know(chosen, number, 2 * number)
            for name in chosen:
                made.know({name: 1}, 0, number)
        else:
            made.know(chosen, number)
    words = len(table(summary, "q.words").rows)
    if words:
        made.know({"q.single/a": 1, "q.single/b": 1}, words, made.ceiling)
    # Who is known to a provider comes from one, and everybody else from the open page.
    made.know({"channel/telegram": 1, "channel/whatsapp": 1, "assurance/A1": -1}, 0)
    made.know({"channel/web": 1, "channel/terminal": 1, "assurance/A0": -1}, 0)
    return made


@settings(deadline=None, max_examples=400)
@given(st.integers(0, 10**9), st.integers(0, 40) | st.integers(0, 400))
def test_nobody_works_out_a_small_group_from_the_whole_summary(seed: int, size: int):
    """An attacker with every total, share, note and table learns of no group that it has 1 to 4."""
    given = population(seed, size)
    summary = poll_of(given, *QUESTIONS)
    known = truth(given)
    total = len(given)
    found = attack(summary).bounds()
    for t in summary.tables:
        for column, cells in zip(t.columns, zip(*t.rows, strict=True), strict=False):
            if column.id == "count":
                assert not any(isinstance(n, int) and 0 < n < SMALLEST for n in cells)
    for name, (low, high) in found.items():
        count = known[name]
        assert low <= count <= high
        if 0 < count < SMALLEST:
            assert high >= SMALLEST, name
        if name.startswith("q.many/") and 0 < total - count < SMALLEST:
            assert low <= total - SMALLEST, name


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10**9), st.integers(0, 60))
def test_comparisons_use_only_what_the_tables_show(seed: int, size: int):
    """A share of those who said is there only if their number and the group's are."""
    made = poll_of(population(seed, size), *QUESTIONS)
    for row in table(made, "census").rows:
        dimension, _, id = str(row[0]).partition(".")
        profile = counts(table(made, dimension))
        if isinstance(row[3], Decimal):
            assert isinstance(profile[id], int)
            assert isinstance(profile[UNSAID], int)


# --------------------------------------------------------------------------- wording

STAFF = ("en", "ar", "fr")


def test_staff_files_have_the_same_entries_and_placeholders():
    """What a summary says in English it says in Arabic and French, with the same values."""
    english = {e.id: e for e in _read("staff.en.po") if e.id}
    for language in STAFF:
        found = {e.id: e for e in _read(f"staff.{language}.po") if e.id}
        assert set(found) == set(english)
        for id, entry in found.items():
            forms = entry.string if isinstance(entry.string, tuple) else (entry.string,)
            theirs = english[id].string
            whole = placeholders(theirs[-1] if isinstance(theirs, tuple) else theirs)
            for number, form in enumerate(forms):
                assert form
                # Arabic says none, one and two in words.
                worded = {"count"} if language == "ar" and len(forms) > 1 and number < 3 else set()
                assert whole - worded <= placeholders(form) <= whole, id


@pytest.mark.parametrize(("language", "forms"), [("en", 2), ("ar", 6), ("fr", 2)])
def test_staff_files_declare_the_plural_forms_of_their_language(language: str, forms: int):
    """Arabic has six forms; whoever has a plural has them all."""
    book = _read(f"staff.{language}.po")
    assert book.num_plurals == forms
    assert all(len(e.string) == forms for e in book if e.id and e.pluralizable)


@pytest.mark.parametrize("language", STAFF)
@pytest.mark.parametrize("size", [0, 3, 60])
def test_every_text_of_a_summary_exists(language: str, size: int):
    """Polls, needs and petitions of nobody, few and many can be read in each language."""
    poll = poll_of(population(1, size), *QUESTIONS, question("n", "number"), question("d", "date"))
    needs = [replace(ONE, body={"theme": "water", "words": {"text": "x"}})] * size
    made = [
        poll,
        summary_of("need", Responses(needs)),
        summary_of(
            "petition",
            Responses([replace(ONE, body={"pledge": True})] * size, besides=Signatures(size)),
            demand={"fr": "x"},
            text={"fr": "x"},
            representative="x",
            place="09",
        ),
    ]
    for summary in made:
        texts: list[Any] = [summary.title, *summary.notes]
        texts += [text for f in summary.figures for text in (f.title, f.value)]
        for t in summary.tables:
            texts += [t.title, t.note, *(c.title for c in t.columns)]
            texts += [cell for row in t.rows for cell in row]
        for text in texts:
            if isinstance(text, Message | Lines | Translated | Verbatim):
                assert "{" not in render(text, language, "fr")


@pytest.mark.parametrize("language", STAFF)
def test_every_group_of_the_census_has_its_sentence(language: str):
    """Whichever group differs most, there is a sentence for it."""
    for group in (
        *(f"age_band.{b}" for b in AGE_BANDS),
        "gender.woman",
        "gender.man",
        "disability.yes",
    ):
        told = msg(f"summary.differ.{group}", share=31, census=50, place=Verbatim("X"))
        assert "31" in render(told, language)


def test_files_find_figures_and_columns_by_names_that_stay():
    """Whoever reads them by machine next year finds them."""
    made = poll_of([ONE] * 9, question("q", "yes_no"))
    assert [f.id for f in made.figures] == ["responses", "withdrawn", "unfinished", "first", "last"]
    assert [f.value for f in made.figures] == [9, 0, 0, ONE.day, ONE.day]
    columns = [(column.id, column.kind) for column in table(made, "census").columns]
    assert columns == [
        ("id", "id"),
        ("question", "text"),
        ("name", "text"),
        ("participants", "share"),
        ("census", "share"),
        ("difference", "number"),
    ]
    numbers = poll_of(answered(*[{"n": "3"}] * 9), question("n", "number"))
    assert [(c.id, c.kind) for c in table(numbers, "q.n").columns] == [
        ("figure", "text"),
        ("value", "number"),
    ]
    choices = table(poll_of([ONE] * 9, question("q", "yes_no")), "q.q")
    assert [(c.id, c.kind) for c in choices.columns] == [
        ("id", "id"),
        ("name", "text"),
        ("count", "count"),
        ("share", "share"),
    ]


@pytest.mark.parametrize(("people", "told"), [(1, False), (4, False), (5, True)])
def test_figures_about_one_to_four_are_not_told_nor_their_days(people: int, told: bool):
    """Of those who answered, who took it back, and who have not finished."""
    given = Responses([ONE] * people, people, [(frozenset[str](), None)] * people)
    made = summary_of("poll", given, questions=[question("q", "yes_no")])
    assert [figure.value is not SUPPRESSED for figure in made.figures] == [told] * 5


@pytest.mark.parametrize(
    ("answered", "unfinished", "saw"),
    [
        (4, 0, msg("summary.few", smallest=5)),
        (5, 0, 5),
        (5, 4, msg("summary.or_more", number=5)),
        (5, 5, 10),
        (4, 4, 8),
        (6, 1, msg("summary.or_more", number=6)),
    ],
)
def test_who_is_not_done_yet_is_not_counted_out_of_a_note(
    answered: int, unfinished: int, saw: object
):
    """Four who have seen a question and not answered it would be told by a sum."""
    note = question_note(answered, 0, unfinished)
    assert isinstance(note, Message)
    assert note.values["saw"] == saw


def test_disability_is_compared_where_the_census_knows_it():
    """With its own share; a group that the census does not know is left out, and the next is not."""
    given = [replace(ONE, disability="yes")] * 9 + [replace(ONE, disability="no")] * 31
    compared = {
        str(row[0]): row[3:]
        for row in table(poll_of(given, question("q", "yes_no")), "census").rows
    }
    reference = census.reference(OUARZAZATE)
    assert ("disability.yes" in compared) is (reference.disability is not None)
    assert "disability.no" not in compared
    assert {"gender.woman", "gender.man"} < compared.keys()
    if reference.disability is not None:
        share = Decimal(reference.disability).quantize(Decimal("0.001"))
        assert compared["disability.yes"][:2] == (Decimal("0.225"), share)
