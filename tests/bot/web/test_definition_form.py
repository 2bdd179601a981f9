"""The form of a definition: nothing is lost on the way there and back, whatever the kind."""

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.app.build import example_folder
from bot.web.definition_form import checked, words
from bot.web.definition_form.checked import DefinitionForm, form_of, new_form
from bot.web.definition_form.filling import empty, filled
from bot.web.definition_form.reading import read
from bot.web.definition_form.shown import Page
from bot.web.definition_form.tree import tree_of
from bot.web.frame.forms import Form, read_form
from bot.web.frame.pages import Pages
from bot.web.staff.kinds import offered
from flows.dialog.definition import Head
from flows.dialog.facts import Council, Theme
from flows.dialog.fields import Field, Unshowable, fields_of, incomplete_choices, plain
from flows.dialog.hints import shown
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds import kinds
from flows.morocco.census import AGE_BANDS
from flows.wording import catalogue
from flows.wording.text import LANGUAGES
from tests import filled as browser

COUNCIL = Council(
    code="tarmigt",
    prefix="TRM",
    place="08.401.07.09",
    name={"fr": "Commune de Tarmigt"},
    themes=(Theme("water", {"fr": "Eau"}, "💧"), Theme("roads", {"fr": "Routes"}, "🛣️")),
    language="ary",
)


def environment() -> Environment:
    found = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["own_desks"] = []
    return found


PAGES = Pages(environment())


def html(made: DefinitionForm, language: str = "fr", *, opened: bool = False) -> str:
    """The form as a page."""
    page = Page(
        made.kind,
        made.council,
        language,
        made.form,
        made.written(),
        opened,
        made.focus,
        made.pressed,
        made.dates,
    )
    member = type("Member", (), {"role": "admin", "name": "amal"})()
    return PAGES.html(
        language,
        "form.html",
        member=member,
        may=lambda action: True,
        row=None,
        kind=next(one for one in offered(language) if one.name == made.kind),
        shown=page.shown(made.fields),
        page=made.page,
        place=page.place,
        renewed=False,
        options={
            "languages": dict(LANGUAGE_NAMES),
            "channels": ["telegram", "web"],
            "age_bands": AGE_BANDS,
            "genders": ("woman", "man"),
            "themes": COUNCIL.themes,
            "lists": [],
        },
        form=made.form,
        wrong=[(name, page.called(name, made.fields)) for name in made.form.errors],
        previews=[],
        every=LANGUAGE_NAMES,
        channels=[],
    )


def typed(raw: Mapping[str, Any], kind: str) -> Any:
    """A definition as what it means, whatever was left out."""
    definition = kinds()[kind].definition
    whole = msgspec.to_builtins(msgspec.convert(raw, definition, strict=False))
    return plain(fields_of(definition), whole)


def there_and_back(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A definition shown in a page, sent by a browser, and read."""
    page = html(form_of(raw, COUNCIL))
    sent = read_form({k: v.replace("\n", "\r\n") for k, v in browser.fields_in(page).items()})
    again = DefinitionForm(raw["kind"], COUNCIL, sent, raw)
    again.arrange()
    assert not again.renewed
    reading = again.reading()
    assert [str(problem) for problem in reading.problems] == []
    return reading.raw


# --------------------------------------------------------------------------- there and back

#: A poll with something of everything.
EVERYTHING = """
kind = "poll"
code = "TRM-ALL"
council = "tarmigt"
example = true
minutes = 7
theme = "roads"
opens = 2026-12-01T09:00:30
closes = 2026-12-15T00:00:00
title = { fr = "Tout", ary = "كلشي" }
intro = { fr = "Bonjour.\\n\\nDeux lignes.", ary = "السلام" }
voice = { fr = "a.ogg" }
picture = { ary = "b.jpg" }
[outreach]
invite = true
result = false
late = "skip"
spread_hours = 6
reminders = [
  { on = 2026-12-03T10:30:00 }, { after_opening = 3, time = "9:00" }, { before_closing = 1 }
]
[outreach.audience]
places = ["08.401.07.09", "08.401.01.07"]
languages = ["ary", "fr"]
channels = ["whatsapp"]
age_bands = ["65+", "15-17"]
genders = ["woman"]
disability = true
themes = ["water"]
lists = ["body-of-youth"]
answered = "TRM-OLD"
not_answered = "TRM-OTHER"
[[questions]]
key = "day"
type = "multiple"
text = { fr = "Quels jours ?", ary = "أشمن نهار؟" }
least = 2
most = 3
picture = { fr = "c.png" }
choices = [
  { id = "sat", emoji = "🌅", text = { fr = "Samedi", ary = "السبت" } },
  { id = "sun.1", text = { fr = "Dimanche", ary = "الحد" } },
  { id = "c2", text = { fr = "Lundi" } },
]
[[questions]]
key = "why"
type = "text"
optional = true
sensitive = true
text = { fr = "Pourquoi ?" }
when = { question = "day", any_of = ["sun.1", "c2"] }
[[questions]]
key = "people"
type = "number"
lowest = -5
highest = 1000000
text = { fr = "Combien ?" }
[[questions]]
key = "from"
type = "date"
earliest = 2026-01-01
latest = 2027-01-01
text = { fr = "Depuis quand ?" }
"""


def definitions() -> list[Mapping[str, Any]]:
    found = [tomllib.loads(path.read_text("utf-8")) for path in example_folder().glob("*.toml")]
    return [raw for raw in found if "kind" in raw] + [tomllib.loads(EVERYTHING)]


@pytest.mark.parametrize("raw", definitions(), ids=lambda raw: str(raw["code"]))
def test_a_definition_that_is_saved_unchanged_is_the_same(raw: Mapping[str, Any]) -> None:
    assert typed(there_and_back(raw), raw["kind"]) == typed(raw, raw["kind"])


WORDS = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20
).map(str.strip)
SAID = WORDS.filter(bool)
KEY = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
WHOLE = st.integers(-(10**15) + 1, 10**15 - 1)
MOMENT = st.datetimes(datetime(1900, 1, 1), datetime(2999, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0).isoformat()
)
DAY = st.dates(date(1900, 1, 1)).map(date.isoformat)


def values(one: Field) -> st.SearchStrategy[Any]:
    """What a field may hold, whatever sense it makes."""
    found = _values(one)
    if one.name == "when":
        # Ticks belong to the question that they are answers of.
        return st.none() | found
    return (st.none() | found) if one.none else found


def _values(one: Field) -> st.SearchStrategy[Any]:
    match one.shape:
        case "texts":
            return st.dictionaries(st.sampled_from(LANGUAGES), SAID)
        case "text" if one.hint.widget == "id":
            return KEY | SAID
        case "text" if one.hint.upper:
            return WORDS.map(str.upper).map(str.strip)
        case "text" if one.hint.widget == "place":
            return st.sampled_from(["", "08.401.07.09", "nowhere 1"])
        case "text":
            return WORDS
        case "whole":
            return WHOLE
        case "tick":
            return st.booleans()
        case "day":
            return DAY
        case "moment":
            return MOMENT
        case "clock" if one.hint.widget != "clock":
            return st.times().map(lambda at: at.replace(microsecond=0).isoformat())
        case "clock":
            return st.from_regex(r"[0-9]{1,2}:[0-9]{2}", fullmatch=True)
        case "decimal":
            return st.decimals(-9999, 9999, places=2).map(str)
        case "one" if one.values:
            return st.sampled_from(sorted(one.values.values(), key=str))
        case "one":
            return SAID if one.default else WORDS if not one.needed else SAID
        case "several" if one.hint.widget == "places":
            return st.lists(st.sampled_from(["08", "08.401.07.09", "08.401"]), unique=True)
        case "several" if one.values:
            return st.lists(st.sampled_from(sorted(one.values.values(), key=str)), unique=True)
        case "several":
            return st.lists(SAID, unique=True, max_size=3)
        case "group":
            return groups(one.fields)
        case _:
            assert one.item is not None
            return st.lists(values(one.item), max_size=3)


def groups(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    needed = {one.name: values(one) for one in fields if one.needed}
    optional = {one.name: values(one) for one in fields if not one.needed}
    return st.fixed_dictionaries(needed, optional=optional)


@cache
def of_kind(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Any definition of a kind, with ids that are unique among their like."""
    found = groups(fields_of(kinds()[kind].definition))
    return found.map(lambda raw: {**raw, "kind": kind, "council": COUNCIL.code})


@pytest.mark.parametrize("kind", sorted(kinds()))
@given(data=st.data())
def test_any_definition_of_any_kind_comes_back_as_it_was(kind: str, data: st.DataObject) -> None:
    raw = data.draw(of_kind(kind))
    assert typed(there_and_back(raw), kind) == typed(raw, kind)


# --------------------------------------------------------------------------- what a new kind may hold


class Weight(Enum):
    LIGHT = "light"
    HEAVY = "heavy"


class Slot(msgspec.Struct, frozen=True):
    """A row whose fields all have defaults."""

    title: dict[str, str] = {}
    people: int = 7
    open: bool = True


class Every(msgspec.Struct, frozen=True):
    """A struct with a field of every type that a kind may want."""

    words: str
    weight: Weight
    choices: tuple[Literal["a", "b", "c"], ...]
    cost: Decimal
    share: float = 0.5
    sure: bool | None = None
    hour: time | None = None
    day: date | None = None
    at: datetime | None = None
    many: list[Literal[1, 2, 3]] = []
    names: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    versions: tuple[dict[str, str], ...] = ()
    slots: tuple[Slot, ...] = ()
    slot: Slot = Slot()
    another: Slot | None = None


@given(data=st.data())
def test_a_new_kind_may_hold_any_plain_type(data: st.DataObject) -> None:
    fields = fields_of(Every)
    raw = data.draw(groups(fields))
    reading = read(fields, tree_of(filled(fields, raw)))
    assert reading.problems == []
    assert plain(fields, as_read(reading.raw)) == plain(fields, as_read(raw))


def as_read(raw: Mapping[str, Any]) -> Any:
    return msgspec.to_builtins(msgspec.convert(raw, Every, strict=False))


class Chain(msgspec.Struct):
    """Holds itself."""

    inner: "Chain | None" = None


class Pair(msgspec.Struct):
    """Holds what may be either of two things."""

    either: int | str


class Table(msgspec.Struct):
    """Holds a table of numbers."""

    numbers: dict[str, int]


class Article(msgspec.Struct):
    """A row in which nothing stands before somebody writes."""

    key: str
    text: dict[str, str]


class Articles(msgspec.Struct):
    """Begins with two of them."""

    articles: Annotated[tuple[Article, ...], shown(start=2)]


def test_rows_that_a_form_begins_with_are_there_though_nothing_stands_in_them() -> None:
    assert len(tree_of(empty(fields_of(Articles))).get("articles").rows()) == 2


@pytest.mark.parametrize("struct", [Chain, Pair, Table])
def test_what_no_form_can_show_is_said_with_its_field(struct: type[msgspec.Struct]) -> None:
    with pytest.raises(Unshowable, match=rf"{struct.__name__}\.\w+"):
        fields_of(struct)


class Versioned(Head, frozen=True, kw_only=True):
    """Has a field that is called like one of the form's own."""

    version: str


def test_a_kind_cannot_take_the_name_of_a_field_of_the_forms_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poll = kinds()["poll"]
    new = dataclasses.replace(poll, name="charter", definition=Versioned)
    monkeypatch.setattr(checked, "kinds", lambda: {"charter": new})
    with pytest.raises(Unshowable, match="charter: version"):
        _ = DefinitionForm("charter", COUNCIL, Form({})).fields


# --------------------------------------------------------------------------- words


def every(
    fields: tuple[Field, ...], names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Field]]:
    """Every field with its names, that of an audience as one."""
    for one in fields:
        here = (*names, one.name)
        yield here, one
        if one.hint.widget != "audience":
            yield from every(one.fields, here)
        if one.item is not None:
            yield from every(one.item.fields, here)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_field_of_every_kind_is_called_something_in_every_language(
    kind: str, language: str
) -> None:
    known = catalogue(language).entries
    for names, one in every(fields_of(kinds()[kind].definition)):
        if one.hint.widget in ("ours", "id", "hidden"):
            continue
        wanted = [(names, "")] + [((*names, value), "") for value in one.values]
        wanted += [(names, end) for end in ("_row", "_add") if one.shape == "rows"]
        wanted += [(names, "_on")] if one.none and one.shape == "group" else []
        for path, end in wanted:
            assert words.entry("form", kind, path, end) in known, (path, end)


def test_no_word_of_the_form_is_left_over() -> None:
    used = {"form.asked"}
    for kind in kinds():
        for names, one in every(fields_of(kinds()[kind].definition)):
            for end in ("", "_hint", "_row", "_add", "_on", "_none"):
                used.add(words.entry("form", kind, names, end))
            used |= {words.entry("form", kind, (*names, value)) for value in one.values}
    known = {id for id in catalogue("en").entries if id.startswith("form.")}
    assert known - used == set()


def test_a_kind_without_words_of_its_own_shows_the_names_of_its_fields() -> None:
    form = Form(empty(fields_of(Every)))
    page = Page("every", COUNCIL, "ar", form, {})
    shown = page.shown(fields_of(Every))
    assert {"words", "cost", "names"} <= {part.label for part in shown.parts}
    assert page.called("slots.1.people", fields_of(Every)) == "slots 2 · people"


# --------------------------------------------------------------------------- beside the fields


def test_each_problem_stands_beside_its_own_field_at_any_depth() -> None:
    made = form_of(tomllib.loads(EVERYTHING), COUNCIL)
    wrong = {
        "title.fr": "x" * 101,
        "minutes": "trois",
        "closes": "32/13",
        "theme": "gold",
        "outreach.spread_hours": "999",
        "outreach.reminders.1.time": "25:00",
        "questions.0.text.fr": "x" * 301,
        "questions.0.choices.1.text.fr": "x" * 61,
        "questions.0.most": "many",
        "questions.2.highest": "-9",
        "questions.3.earliest": "tomorrow",
    }
    made.form.fields |= wrong
    made.arrange()
    assert made.check() is None
    # Without an end, the reminder before it has no sense either.
    assert set(made.form.errors) == {*wrong, "outreach.reminders.2.before_closing"}
    assert made.form.others == []
    shown = html(made, "ar")
    for name, value in wrong.items():
        assert f'id="{name}-error"' in shown, name
        # What was typed stands in its field, though the browser's own for a day would not show it.
        assert value in shown, name
    assert set(made.form.rules.values()) <= set(catalogue("ar").entries)


def test_numbers_and_days_in_arabic_digits_are_read() -> None:
    made = form_of(tomllib.loads(EVERYTHING), COUNCIL)
    made.form.fields |= {"minutes": "١٢", "questions.2.lowest": "-٣", "closes": "٢٠٢٦-١٢-٢٠"}
    assert made.check() is not None
    raw = made.reading().raw
    assert (raw["minutes"], raw["questions"][2]["lowest"]) == (12, -3)
    assert raw["closes"] == "2026-12-20T00:00:00"


def test_a_number_has_at_most_fifteen_digits() -> None:
    """A longer one is nobody's limit; it is said beside its field, not cut."""
    for digits, wrong in ((14, False), (15, False), (16, True)):
        made = form_of(tomllib.loads(EVERYTHING), COUNCIL)
        made.form.fields["questions.2.highest"] = "9" * digits
        made.check()
        said = made.form.error("questions.2.highest")
        assert ("at most 15 digits" in said) == wrong, (digits, said)


@pytest.mark.parametrize(
    ("written", "code"),
    [("Tarmigt", "08.401.07.09"), ("08.401.07.09", "08.401.07.09"), ("٠٨.٤٠١", "08.401")],
)
def test_a_place_is_written_by_its_name_or_its_code(written: str, code: str) -> None:
    made = new_form("petition", COUNCIL)
    made.form.fields |= {"place": written, "outreach.audience.places": f"{written}، 08"}
    raw = made.reading().raw
    assert raw["place"] == code
    assert raw["outreach"]["audience"]["places"] == [code, "08"]


def audience_of(typed: str) -> list[str]:
    made = new_form("petition", COUNCIL)
    made.form.fields["outreach.audience.places"] = typed
    return list(made.reading().raw["outreach"]["audience"]["places"])


def test_up_to_a_hundred_places_are_looked_up_by_their_names() -> None:
    assert audience_of(",".join(["Tarmigt"] * 100)) == ["08.401.07.09"]
    # More are not; the check then says that the name is no code.
    assert audience_of(",".join(["Tarmigt"] * 101)) == ["Tarmigt"]


def test_a_place_is_looked_up_by_a_name_of_up_to_a_hundred_characters() -> None:
    name = "Tarmigt"
    assert audience_of(name.ljust(100, "-")) == ["08.401.07.09"]
    assert audience_of(name.ljust(101, "-")) == [name.ljust(101, "-")]


def test_a_page_says_in_which_language_a_row_is_missing() -> None:
    made = form_of(tomllib.loads(EVERYTHING), COUNCIL)
    shown = Page("poll", COUNCIL, "fr", made.form, made.written()).shown(made.fields)
    questions = next(part for part in shown.parts if part.name == "questions")
    (choices,) = [part for part in questions.rows[0].parts if part.widget == "rows"]
    missing = [row.parts[1].missing for row in choices.rows]
    assert missing == [(), (), ("ary",)]


def test_a_definition_is_complete_or_says_which_choice_is_not() -> None:
    fields = fields_of(kinds()["poll"].definition)
    found = list(incomplete_choices(fields, tomllib.loads(EVERYTHING)))
    assert [(path, set(missing)) for path, _, missing in found] == [
        (("questions", 0, "choices", 2, "text"), {"ary"})
    ]
