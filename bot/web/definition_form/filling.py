"""A definition as the fields of its form: raw -> fields."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.web.definition_form.tree import KEPT, WAS, Node, fields_in
from flows.dialog.fields import Field


def filled(fields: Sequence[Field], raw: Mapping[str, Any]) -> dict[str, str]:
    """The fields of the form that shows a definition."""
    root = Node()
    _fill_all(fields, root, raw)
    return fields_in(root)


def empty(fields: Sequence[Field]) -> dict[str, str]:
    """The fields of a form in which nothing is written yet."""
    root = Node()
    _fill_new_all(fields, root)
    return fields_in(root)


def fill_new(one: Field, node: Node) -> None:
    """Write what stands in a new row, or in one more field of a form, before anybody types."""
    if one.shape == "rows" and one.item is not None:
        for number in range(one.hint.start):
            row = node.child(str(number))
            fill_new(one.item, row)
            # A row in which nothing stands yet is shown too.
            row.there = not any(row.leaves())
    elif one.shape == "group":
        _fill_new_all(one.fields, node)
    elif one.default is not None and one.shape not in ("texts", "several"):
        fill(one, node, one.default)
    elif one.shape == "one" and one.values and one.needed:
        _put(node, one.hint.fresh or next(iter(one.values)))


def _fill_new_all(fields: Sequence[Field], node: Node) -> None:
    for one in fields:
        fill_new(one, node.child(one.name))


def _fill_all(fields: Sequence[Field], node: Node, raw: Mapping[str, Any]) -> None:
    for one in fields:
        value = raw.get(one.name)
        target = node.child(one.name)
        if one.hint.scope:
            # Its ticks belong to what stands beside it, and mean nothing once that is changed.
            target = target.below(str(raw.get(one.hint.scope, "")))
        fill(one, target, one.default if value is None else value)


def fill(one: Field, node: Node, value: Any) -> None:
    """Write a value into its field."""
    if one.shape == "group":
        if one.none:
            _put(node, "on" if value is not None else "")
            node.put(WAS, "on" if value is not None else "")
        if value is None and one.none:
            _fill_new_all(one.fields, node)
        else:
            _fill_all(one.fields, node, value or {})
    elif one.shape == "rows" and one.item is not None:
        for number, row in enumerate(value or ()):
            fill(one.item, node.child(str(number)), row)
            node.child(str(number)).put(KEPT, "on")
    elif one.shape == "texts":
        for language, text in (value or {}).items():
            node.put(language, str(text))
    elif one.shape == "several":
        for chosen in value or ():
            _put(node.below(written(one, chosen)), "on")
    elif value is not None:
        _put(node, written(one, value))


def _put(node: Node, value: str) -> None:
    node.value, node.there = value, True


def written(one: Field, value: Any) -> str:
    """A value as it stands in its field."""
    if one.values:
        return next((name for name, known in one.values.items() if known == value), str(value))
    if one.shape == "tick":
        return "on" if value else ""
    if one.shape == "clock" and one.hint.widget != "clock":
        return str(value).removesuffix(":00") if str(value).count(":") == 2 else str(value)
    if one.shape == "moment":
        text = str(value).replace(" ", "T")
        # What a browser writes: no seconds where there are none.
        return text[:16] if text[16:] in (":00", "") else text
    return str(value)
