"""Fields of a form as a tree: "questions.0.text.fr" stands under questions, 0, text, fr."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

#: Longest number of a row that is read as one.
_DIGITS = 6

#: Most parts of a name that are told apart.
_DEEPEST = 30

#: Beside a row: it was there when the page was made, so that it is not left out when it is empty.
KEPT = "~kept"

#: Beside rows: the highest number that an id of theirs ever had on this page.
LAST = "~last"

#: Beside an optional group: it was ticked when the page was made.
WAS = "~was"


@dataclass(slots=True)
class Node:
    """What stands under one name: its own value, and what has longer names."""

    value: str = ""
    there: bool = False
    children: dict[str, "Node"] = field(default_factory=dict)

    def child(self, name: str) -> "Node":
        """What stands under a name, made if there is nothing."""
        return self.children.setdefault(name, Node())

    def get(self, name: str) -> "Node":
        """What stands under a name; an empty one if there is nothing."""
        return self.children.get(name) or Node()

    def below(self, name: str) -> "Node":
        """What stands under a name with dots in it, made if there is nothing."""
        node = self
        for part in name.split(".", _DEEPEST):
            node = node.child(part)
        return node

    def put(self, name: str, value: str) -> None:
        """Write a value under a name."""
        node = self.child(name)
        node.value, node.there = value, True

    def rows(self) -> list["Node"]:
        """The rows under this name, in the order of their numbers, however they came."""
        numbered = [
            (int(name), node)
            for name, node in self.children.items()
            if name.isascii() and name.isdecimal() and len(name) <= _DIGITS
        ]
        return [node for _, node in sorted(numbered, key=lambda one: one[0])]

    def set_rows(self, rows: list["Node"]) -> None:
        """Number these rows from 0, in the place of those that are there."""
        kept = {name: node for name, node in self.children.items() if not name.isdecimal()}
        self.children = kept | {str(number): node for number, node in enumerate(rows)}

    def leaves(self, where: str | None = None) -> Iterator[tuple[str, str]]:
        """Every value with its name, dots between the parts."""
        for name, node in self.children.items():
            full = name if where is None else f"{where}.{name}"
            if node.there:
                yield full, node.value
            yield from node.leaves(full)


def tree_of(fields: Mapping[str, str]) -> Node:
    """The tree of a form's fields."""
    root = Node()
    for name, value in fields.items():
        node = root.below(name)
        node.value, node.there = value, True
    return root


def fields_in(node: Node) -> dict[str, str]:
    """The fields of a tree."""
    return dict(node.leaves())
