"""Rows of a form: added, removed, moved by buttons that post, and named for ever by ids of ours."""

import re
from collections.abc import Iterator, Sequence

from bot.web.definition_form.filling import fill_new
from bot.web.definition_form.tree import KEPT, LAST, Node
from flows.dialog.fields import Field

#: What a button says it does, and to what: "add:questions", "up:questions.1.choices.2". "show" shows the
#: page again, with what may be chosen now.
_PRESSED = re.compile(r"(add|remove|up|down|show):([a-z_0-9.]{1,200})", re.ASCII)


def arranged(fields: Sequence[Field], tree: Node, pressed: str = "") -> str:
    """Put the rows of a tree in order: what a button says is done, rows are numbered from 0, new ones
    get their ids.

    Returns the name of what was pressed as it stands now, where the reader goes on; "" if nothing was.
    """
    met = _PRESSED.fullmatch(pressed)
    focus = met[2] if met is not None and met[1] == "show" else ""
    for name, one, node in _all_rows(fields, tree, ""):
        rows = node.rows()
        if met is not None and not focus:
            focus = _press(one, name, rows, met[1], met[2])
        node.set_rows(rows)
        _name(one, node, rows)
    return focus


def _all_rows(fields: Sequence[Field], node: Node, where: str) -> Iterator[tuple[str, Field, Node]]:
    """Every field of rows with its name and node, outer ones first."""
    for one in fields:
        name = f"{where}{one.name}"
        if one.shape == "group":
            yield from _all_rows(one.fields, node.child(one.name), f"{name}.")
        elif one.item is not None:
            yield name, one, node.child(one.name)
            # By now they are numbered anew.
            for number, row in enumerate(node.child(one.name).rows()):
                yield from _all_rows(one.item.fields, row, f"{name}.{number}.")


def _press(one: Field, name: str, rows: list[Node], what: str, where: str) -> str:
    """Do what a button says if it means these rows."""
    if what == "add" and where == name and one.item is not None:
        row = Node()
        fill_new(one.item, row)
        rows.append(row)
        return f"{name}.{len(rows) - 1}"
    above, _, last = where.rpartition(".")
    if above != name or not last.isdecimal() or int(last) >= len(rows):
        return ""
    at = int(last)
    if what == "remove":
        del rows[at]
        return f"{name}.{min(at, len(rows) - 1)}" if rows else name
    to = at + {"up": -1, "down": 1}.get(what, 0)
    if not 0 <= to < len(rows):
        return where
    rows[at], rows[to] = rows[to], rows[at]
    return f"{name}.{to}"


def _name(one: Field, node: Node, rows: Sequence[Node]) -> None:
    """Give each row that has none an id that no row of these has or had."""
    named = next((f for f in one.item.fields if f.hint.widget == "id"), None) if one.item else None
    if named is None:
        return
    sign = one.name[:1]
    taken = {row.get(named.name).value for row in rows}
    numbers = [
        int(met[1]) for id in taken if (met := re.fullmatch(rf"{re.escape(sign)}(\d{{1,6}})", id))
    ]
    before = node.get(LAST).value
    last = max([*numbers, int(before) if re.fullmatch(r"\d{1,6}", before, re.ASCII) else 0])
    for row in rows:
        if not row.get(named.name).value:
            last += 1
            while f"{sign}{last}" in taken:
                last += 1
            taken.add(f"{sign}{last}")
            row.put(named.name, f"{sign}{last}")
    node.put(LAST, str(last))


def is_kept(row: Node) -> bool:
    """Whether a row was there when the page was made."""
    return bool(row.get(KEPT).value)
