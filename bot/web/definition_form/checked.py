"""A posted form, put in order and read: what it defines, and what is wrong, beside its fields."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bot.web.definition_form.filling import empty, filled
from bot.web.definition_form.noting import note
from bot.web.definition_form.reading import Reading, read
from bot.web.definition_form.rows import arranged
from bot.web.definition_form.tree import fields_in, tree_of
from bot.web.frame.forms import Form
from flows.dialog.definition import Head, Problem
from flows.dialog.facts import Council
from flows.dialog.fields import Field, Unshowable, dotted, fields_of, walk
from flows.kinds import check, kinds, read_raw

#: The hidden field that says which fields the page had: the last of the form.
PAGE = "~page"


#: Fields of the form that are none of the definition.
RESERVED = frozenset({"version", "look", "save"})


@dataclass(slots=True)
class DefinitionForm:
    """The form of one definition. `stored` is the definition that it changes, None of a new one."""

    kind: str
    council: Council
    form: Form
    stored: Mapping[str, Any] | None = None
    #: The row that was added, moved or removed, and by which button.
    focus: str = ""
    pressed: str = ""
    _read: Reading | None = field(default=None, repr=False)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the kind's definition. Raises Unshowable if one is called like a field of ours."""
        fields = fields_of(kinds()[self.kind].definition)
        taken = RESERVED.intersection(one.name for one in fields)
        if taken:
            raise Unshowable(
                f"{self.kind}: {', '.join(taken)} is what the form calls a field of its own"
            )
        return fields

    @property
    def ours(self) -> Mapping[str, Any]:
        """What we fill in: as it is stored, else as the council is."""
        if self.stored is not None:
            return self.stored
        return {
            "kind": self.kind,
            "council": self.council.code,
            "example": self.council.example,
        }

    @property
    def dates(self) -> Sequence[str] | None:
        """Names of dates that the kind has of its own, as far as it is written; None if it has none."""
        kind = kinds()[self.kind]
        if kind.dates is None:
            return None
        try:
            return list(kind.dates(read_raw(self.reading().raw, kind.definition)))
        except msgspec.ValidationError:
            return ()

    @property
    def page(self) -> str:
        """Stands for the fields that the form has now."""
        return hashlib.sha256(repr(_signs(self.fields)).encode()).hexdigest()[:12]

    @property
    def renewed(self) -> bool:
        """Whether the form has other fields now than the page had from which it was sent."""
        sent = self.form.value(PAGE)
        return bool(sent) and sent != self.page

    def arrange(self) -> None:
        """Do what a button of a row says, and number the rows anew."""
        pressed = self.form.value("~rows")
        tree = tree_of(self.form.fields)
        self.focus = arranged(self.fields, tree, pressed)
        self.pressed = pressed.partition(":")[0] if self.focus else ""
        self.form.fields = fields_in(tree)
        self._read = None

    def reading(self) -> Reading:
        """What is written."""
        if self._read is None:
            self._read = read(self.fields, tree_of(self.form.fields), self.ours)
        return self._read

    def written(self) -> Mapping[str, Any]:
        """What is written, with the rows that are still empty: its paths are those of the form."""
        return read(self.fields, tree_of(self.form.fields), self.ours, blanks=True).raw

    def check(self, *, tell: bool = True) -> Head | None:
        """The definition, None if something is wrong; `tell`: that is noted beside the fields."""
        reading = self.reading()
        problems = list(reading.problems)
        head: Head | None = None
        if not reading.lacks:
            head, found = check(reading.raw, self.council)
            problems += found
        if tell:
            self.note(problems)
        return head if not problems else None

    def note(self, problems: Sequence[Problem]) -> None:
        """Put problems beside their fields."""
        note(self.form, problems, self.kind, self.fields, self.reading().names)


def new_form(kind: str, council: Council) -> DefinitionForm:
    """The form of a new consultation, with nothing in it but the beginning of its code."""
    form = Form(empty(fields_of(kinds()[kind].definition)))
    form.fields["code"] = f"{council.prefix}-"
    made = DefinitionForm(kind, council, form)
    made.arrange()
    return made


def form_of(raw: Mapping[str, Any], council: Council) -> DefinitionForm:
    """The form that shows a stored definition."""
    form = Form(filled(fields_of(kinds()[raw["kind"]].definition), raw))
    made = DefinitionForm(raw["kind"], council, form, raw)
    made.arrange()
    return made


def files_in(fields: Sequence[Field], raw: Mapping[str, Any]) -> Mapping[str, str]:
    """Names of files in a definition: path -> name."""
    return {
        f"{dotted(path)}.{language}": str(name)
        for path, one, texts in walk(fields, raw)
        if one.is_file
        for language, name in texts.items()
    }


def _signs(fields: Sequence[Field]) -> list[object]:
    """What the fields of a form look like, told by words only."""
    return [
        (
            one.name,
            one.shape,
            one.widget,
            one.none,
            list(one.values),
            _signs(one.fields),
            _signs([one.item]) if one.item is not None else [],
        )
        for one in fields
    ]
