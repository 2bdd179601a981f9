"""A form that was loaded before choices were rows, and is sent now: nothing of it is lost or shifted.

It had the choices of a question as lines, one box a language, and reminders as days with commas between.
What is taken over is shown again before it is saved.
"""

import re
from collections.abc import Mapping

from bot.web.definition_form.tree import Node, fields_in, tree_of
from flows.wording.text import LANGUAGES

_LINES = re.compile(
    rf"questions\.\d+\.choices\.({'|'.join(LANGUAGES)})|outreach\.reminders", re.ASCII
)
_EMOJI_FIRST = re.compile(r"^([^\w\s\d«»\"'(\[-]{1,8})\s+(?=\S)")


def is_older(fields: Mapping[str, str]) -> bool:
    """Whether a form holds choices as lines, or reminders as days: nothing else was called otherwise."""
    return "~page" not in fields and any(
        value.strip() and _LINES.fullmatch(name) for name, value in fields.items()
    )


def taken_over(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields as they are called now."""
    tree = tree_of(fields)
    for question in tree.get("questions").rows():
        _choices(question)
    outreach = tree.get("outreach")
    days = [day for day in re.split(r"[\s,;،]+", outreach.get("reminders").value) if day]
    rows = []
    for day in days:
        rows.append(Node())
        rows[-1].put("before_closing", day)
        rows[-1].put("time", outreach.get("time").value)
    if outreach.children:
        outreach.children["reminders"] = Node()
        outreach.child("reminders").set_rows(rows)
    return fields_in(tree)


def _choices(question: Node) -> None:
    """Lines become rows. Languages stand in one row only where no line is empty and each has as many:
    else nobody knows which line means which, and each gets a row of its own.
    """
    boxes = question.get("choices")
    columns = {code: boxes.get(code).value.rstrip().splitlines() for code in LANGUAGES}
    columns = {code: lines for code, lines in columns.items() if lines}
    ids = [part for part in question.get("ids").value.split(",") if part]
    count = max(map(len, columns.values()), default=0)
    sure = all(len(lines) == count and all(map(str.strip, lines)) for lines in columns.values())
    groups = [columns] if sure else [{code: lines} for code, lines in columns.items()]
    rows: list[Node] = []
    for group in groups:
        for number in range(max(map(len, group.values()), default=0)):
            row = Node()
            row.put("id", ids[number] if sure and number < len(ids) else "")
            for code, lines in group.items():
                sign = _EMOJI_FIRST.match(lines[number])
                if sign:
                    row.put("emoji", sign[1])
                text = lines[number][sign.end() :] if sign else lines[number]
                row.child("text").put(code, text.strip())
            if any(node.value for node in row.child("text").children.values()):
                rows.append(row)
    question.children["choices"] = Node()
    question.child("choices").set_rows(rows)
