"""Problems beside their fields: the path that a problem has in the definition -> a name in the form."""

import re
from collections.abc import Mapping, Sequence

from bot.web.definition_form import words
from bot.web.frame.forms import Form
from flows.dialog.definition import Problem
from flows.dialog.fields import Field
from flows.wording.text import LANGUAGES

_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def note(
    form: Form,
    problems: Sequence[Problem],
    kind: str,
    fields: Sequence[Field],
    rows: Mapping[str, str],
) -> None:
    """Put problems beside their fields, with the rule that says what would be right there.

    `rows` leads from a row's path in the definition to its name in the form.
    """
    for problem in problems:
        name, one, names = place_of(problem.key, fields, rows)
        if one is None:
            form.others.append(str(problem))
            continue
        shape = "file" if one.is_file else one.shape
        fixed = "error.fixed" if problem.text == FIXED else ""
        rule = (
            fixed or words.entry("error", kind, names) or words.entry("error", "", [f"of_{shape}"])
        )
        form.wrong(name, problem.text, rule or "error.other")


#: What is wrong with a change of what citizens have answered to.
FIXED = "can no longer change"


def place_of(
    key: str, fields: Sequence[Field], rows: Mapping[str, str]
) -> tuple[str, Field | None, Sequence[str]]:
    """The name of the field in which a problem with this key can be put right, the field, and its names
    without numbers. Without a field of its own it is that of the row or part which holds it.
    """
    name, path = "", ""
    found: Field | None = None
    names: list[str] = []
    inside: Sequence[Field] = fields
    for number, word in _PART.findall(key):
        if number:
            path += f"[{number}]"
            name = rows.get(path, f"{name}.{number}")
            if found is None or found.item is None:
                break
            found = found.item
            inside = found.fields
            continue
        if found is not None and found.shape == "texts" and word in LANGUAGES:
            return f"{name}.{word}", found, names
        one = next((one for one in inside if one.name == word), None)
        if one is None or one.hint.widget in ("ours", "id", "hidden"):
            break
        name = f"{name}.{word}" if name else word
        path = f"{path}.{word}" if path else word
        names.append(word)
        found = one
        if one.hint.widget == "audience":
            break
        inside = one.fields
    return name, found, names
