"""What the page shows of each field: label, value, choices, rows, what is wrong, what is still missing.

Field + form -> Shown, in the reader's language; templates/fields.html draws it
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.web.definition_form import words
from bot.web.definition_form.reading import is_untouched
from bot.web.definition_form.tree import KEPT, LAST, WAS, Node, tree_of
from bot.web.frame.forms import Form, order
from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.dialog.fields import Field, Path
from flows.wording import render
from flows.wording.text import LANGUAGES, Message, Text, Value

#: What the browser's own fields for days and times can show; the rest is shown as text.
_NATIVE: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "day": ("date", re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)),
    "moment": (
        "datetime-local",
        re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?", re.ASCII),
    ),
    "clock": ("time", re.compile(r"\d\d:\d\d", re.ASCII)),
}

#: What reads from left to right in every language.
_LEFT_TO_RIGHT = frozenset(
    {"whole", "decimal", "code", "place", "voice", "picture", "day", "moment"}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the things that may be chosen: its name in the form, its label, whether it is chosen."""

    name: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A text in one language; `shut`: it can no longer change."""

    language: str
    name: str
    value: str
    shut: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as the page shows it. `type` is that of an input; `marks` are hidden fields beside it.

    `open`: something stands in it, or is wrong with it. `missing`: languages in which a text is still to be written. `only`: the name of a field, and its
    values for which this one is of use. `focus`: the reader goes on here; of a row, at which button.
    """

    name: str
    widget: str
    label: str = ""
    hint: str = ""
    value: str = ""
    type: str = "text"
    lines: int = 1
    ltr: bool = False
    needed: bool = False
    shut: bool = False
    note: str = ""
    empty: str | None = None
    add: str = ""
    focus: str = ""
    open: bool = False
    only: tuple[str, str] | None = None
    choices: tuple[Choice, ...] = ()
    texts: tuple[Written, ...] = ()
    missing: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    parts: tuple["Shown", ...] = ()
    more: tuple["Shown", ...] = ()
    later: tuple["Shown", ...] = ()
    rows: tuple["Shown", ...] = ()
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What all fields of a page share. `raw` is what is written so far, with the form's own rows;
    `focus` and `pressed` are the row and the button that the reader comes from.
    """

    kind: str
    council: Council
    language: str
    form: Form
    raw: Mapping[str, Any]
    opened: bool = False
    focus: str = ""
    pressed: str = ""
    #: Names of dates that the kind has of its own, None if it has none.
    dates: Sequence[str] | None = None

    def say(self, id: str, **values: Value) -> str:
        """An entry of the catalogue."""
        return render(Message(id, values), self.language)

    def named(self, names: Sequence[str], end: str = "", **values: Value) -> str:
        """An entry for a field by convention, "" if there is none."""
        id = words.entry("form", self.kind, names, end)
        return self.say(id, **values) if id else ""

    def label(self, names: Sequence[str]) -> str:
        """What a field is called: its own name where no catalogue has a word for it."""
        return self.named(names) or names[-1].replace("_", " ")

    def words(self, text: Text) -> str:
        """A text in the reader's language."""
        return render(text, self.language, self.council.language)

    def place(self, code: str) -> str:
        """A place's name, "" if there is none of this census code."""
        try:
            return self.words(place_name(code))
        except KeyError:
            return ""

    def shown(self, fields: Sequence[Field]) -> Shown:
        """The whole form."""
        tree = tree_of(self.form.fields)
        title = tree.get("title")
        spoken = frozenset(code for code in LANGUAGES if title.get(code).value.strip())
        return _Drawing(self, spoken).group(fields, tree, "", (), ())

    def called(self, name: str, fields: Sequence[Field]) -> str:
        """A field's name as the reader finds it on the page: "Question 1 · Choice 2 · Text"."""
        said: list[str] = []
        names: list[str] = []
        inside = fields
        found: Field | None = None
        for part in name.split("."):
            if part.isdecimal() and found is not None and found.item is not None:
                row = self.named(names, "_row", number=int(part) + 1)
                said[-1] = row or f"{said[-1]} {int(part) + 1}"
                found = found.item
                inside = found.fields
                continue
            one = next((one for one in inside if one.name == part), None)
            if one is None:
                break
            names.append(part)
            said.append(self.label(names))
            found, inside = one, one.fields
        return " · ".join(said)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Draws the fields of one page; `spoken` are the languages of the title."""

    page: Page
    spoken: frozenset[str]

    def group(
        self,
        fields: Sequence[Field],
        node: Node,
        where: str,
        names: tuple[str, ...],
        path: Path,
        shut: bool = False,
        wanted: frozenset[str] | None = None,
    ) -> Shown:
        """Fields that stand together, in three parts; `wanted`: languages that their texts should have."""
        drawn: dict[str, list[Shown]] = {"": [], "more": [], "when": []}
        for one in fields:
            if one.hint.widget == "ours":
                continue
            closed = shut if path else self.page.opened and one.hint.opened == "fixed"
            inner = node.get(one.name)
            name = f"{where}{one.name}"
            ticks = name
            if one.hint.scope:
                beside = node.get(one.hint.scope).value
                inner, ticks = inner.below(beside), f"{name}.{beside}"
            shown = self.field(
                one, inner, ticks, (*names, one.name), (*path, one.name), closed, wanted
            )
            wrong = any(f"{other}.".startswith(f"{name}.") for other in self.page.form.errors)
            shown = replace(shown, name=name, open=wrong or not is_untouched(one, inner))
            if self.page.pressed == "show" and self.page.focus == name:
                shown = replace(shown, focus="field")
            if one.hint.only is not None:
                beside, values = one.hint.only
                shown = replace(shown, only=(f"{where}{beside}", " ".join(values)))
            drawn[one.hint.part].append(shown)
        return Shown(
            where.removesuffix("."),
            "group",
            parts=tuple(drawn[""]),
            more=tuple(drawn["more"]),
            later=tuple(drawn["when"]),
        )

    def field(
        self,
        one: Field,
        node: Node,
        name: str,
        names: tuple[str, ...],
        path: Path,
        shut: bool,
        wanted: frozenset[str] | None,
    ) -> Shown:
        """One field."""
        page = self.page
        base = Shown(
            name,
            one.widget if one.hint.widget != "decides" else one.shape,
            label=page.label(names),
            hint=page.named(names, "_hint"),
            value=node.value,
            ltr=one.widget in _LEFT_TO_RIGHT or one.shape in _LEFT_TO_RIGHT,
            lines=max(one.hint.lines, 2 if "\n" in node.value else 1),
            needed=one.needed,
            shut=shut,
        )
        if one.hint.widget == "dates" and page.dates is None:
            return replace(base, widget="hidden")
        match one.shape:
            case "text" if one.hint.widget == "dates":
                return self._one(one, base, names, path)
            case "texts":
                return self._texts(one, base, node, wanted)
            case "group":
                if one.hint.widget == "audience":
                    hidden = [inner.name for inner in one.fields if inner.widget == "hidden"]
                    marks = tuple((f"{name}.{held}", node.get(held).value) for held in hidden)
                    return replace(base, held=_held(one, node), marks=marks)
                inner = self.group(one.fields, node, f"{name}.", names, path, shut, wanted)
                marks = ((f"{name}.{WAS}", node.get(WAS).value),) if one.none else ()
                widget = "optional" if one.none else "group"
                return replace(
                    base,
                    widget=widget,
                    parts=inner.parts,
                    more=inner.more,
                    marks=marks,
                    add=page.named(names, "_on") or page.say("staff.group_on"),
                )
            case "rows":
                return self._rows(one, base, node, names, path)
            case "one":
                return self._one(one, base, names, path)
            case "several" if one.hint.widget not in ("ticks", "places"):
                return self._several(one, base, node, names, path)
            case "day" | "moment" | "clock" if one.hint.widget != "hidden":
                kind, native = _NATIVE[one.shape]
                fits = not node.value or native.fullmatch(node.value)
                return replace(base, widget="text", type=kind if fits else "text")
            case _:
                known = self.page.place(node.value) if one.hint.widget == "place" else ""
                return replace(base, note=known)

    def _texts(self, one: Field, base: Shown, node: Node, wanted: frozenset[str] | None) -> Shown:
        texts = {code: node.get(code).value for code in LANGUAGES}
        have = {code for code, text in texts.items() if text.strip()}
        more = (wanted if wanted is not None else self.spoken) - have
        missing = more if have and not one.is_file else ()
        return replace(
            base,
            widget="texts",
            lines=max(one.hint.lines, 2 if any("\n" in text for text in texts.values()) else 1),
            texts=tuple(
                Written(
                    code,
                    f"{base.name}.{code}",
                    texts[code],
                    # A text may come in one more language; nothing else of it may change.
                    base.shut and (bool(texts[code]) or not have or one.is_file),
                )
                for code in order(self.page.council.language)
            ),
            missing=tuple(code for code in order(self.page.council.language) if code in missing),
        )

    def _rows(
        self, one: Field, base: Shown, node: Node, names: tuple[str, ...], path: Path
    ) -> Shown:
        if one.item is None:
            return base
        page, rows, shown = self.page, node.rows(), []
        wanted = self.spoken | _languages(one, rows) if one.chooses else None
        for number, row in enumerate(rows):
            name = f"{base.name}.{number}"
            here = page.focus == name
            label = page.named(names, "_row", number=number + 1) or str(number + 1)
            marks = ((f"{name}.{KEPT}", row.get(KEPT).value),)
            if one.item.shape == "group":
                drawn = self.group(
                    one.item.fields, row, f"{name}.", names, (*path, number), base.shut, wanted
                )
                parts = drawn.parts
            else:
                alone = self.field(one.item, row, name, names, (*path, number), base.shut, wanted)
                drawn, parts = Shown(name, "group"), (replace(alone, label=label),)
            if here and page.pressed == "add":
                parts = _first_focused(parts)
            shown.append(
                replace(
                    drawn,
                    label=label,
                    parts=parts,
                    shut=base.shut,
                    marks=marks,
                    focus=page.pressed if here else "",
                )
            )
        return replace(
            base,
            rows=tuple(shown),
            add=page.named(names, "_add") or page.say("staff.row_add"),
            marks=((f"{base.name}.{LAST}", node.get(LAST).value),),
            focus="add" if page.focus == base.name else "",
        )

    def _one(self, one: Field, base: Shown, names: tuple[str, ...], path: Path) -> Shown:
        known = dict(self._options(one, names, path))
        if base.value and base.value not in known:
            known[base.value] = base.value
        none = not one.needed and one.default in (None, "")
        return replace(
            base,
            widget="decides" if one.hint.widget == "decides" else "one",
            choices=tuple(Choice(v, label, v == base.value) for v, label in known.items()),
            empty=(self.page.named(names, "_none") or "–") if none or not one.values else None,
        )

    def _several(
        self, one: Field, base: Shown, node: Node, names: tuple[str, ...], path: Path
    ) -> Shown:
        chosen = {name for name, value in node.leaves() if value}
        known = dict(self._options(one, names, path))
        known |= {name: name for name in sorted(chosen) if name not in known}
        return replace(
            base,
            widget="several",
            choices=tuple(
                Choice(f"{base.name}.{v}", label, v in chosen) for v, label in known.items()
            ),
        )

    def _options(self, one: Field, names: tuple[str, ...], path: Path) -> list[tuple[str, str]]:
        if one.hint.options is not None:
            offered = one.hint.options(self.page.raw, self.page.council, path)
            return [(value, self.page.words(text)) for value, text in offered]
        known = (self.page.dates or ()) if one.hint.widget == "dates" else one.values
        return [(v, self.page.named((*names, v)) or v.replace("_", " ")) for v in known]


def _first_focused(parts: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """The first field that is seen takes the focus."""
    at = next((n for n, part in enumerate(parts) if part.widget not in ("id", "hidden")), None)
    if at is None:
        return parts
    return (*parts[:at], replace(parts[at], focus="field"), *parts[at + 1 :])


def _languages(one: Field, rows: Sequence[Node]) -> frozenset[str]:
    """The languages in which one of these rows says something."""
    texts = (
        [f.name for f in one.item.fields if f.shape == "texts" and not f.is_file]
        if one.item
        else []
    )
    return frozenset(
        code
        for row in rows
        for name in texts
        for code in LANGUAGES
        if row.get(name).get(code).value.strip()
    )


def _held(one: Field, node: Node) -> Mapping[str, tuple[str, ...]]:
    """What is ticked under each field of an audience."""
    return {
        inner.name: tuple(name for name, value in node.get(inner.name).leaves() if value)
        for inner in one.fields
    }
