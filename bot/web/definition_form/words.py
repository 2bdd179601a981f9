"""What the fields of a form are called, by convention.

    form.poll.questions.text    the field `text` of `questions` of a poll; where there is no such entry
    form.questions.text         that of any kind; else
    form.text                   any field of that name; else the name itself

`_hint`, `_row`, `_add` at the end of such an id are its explanation, the heading of one of its rows, and
the button that adds one; `error.` in the place of `form.` says what would be right. What may be chosen is
one name more: `form.type.single`.
"""

from collections.abc import Iterator, Sequence

from flows.wording import catalogue


def entry(family: str, kind: str, names: Sequence[str], end: str = "") -> str:
    """The entry of the catalogues for a field, "" if there is none."""
    known = catalogue("en").entries
    return next((id for id in _candidates(family, kind, names, end) if id in known), "")


def _candidates(family: str, kind: str, names: Sequence[str], end: str) -> Iterator[str]:
    whole = ".".join(names)
    yield f"{family}.{kind}.{whole}{end}"
    for start in range(len(names)):
        yield f"{family}.{'.'.join(names[start:])}{end}"
