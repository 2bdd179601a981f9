"""What staff change of a programme: each function takes one and returns the next, or raises NotAllowed."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from msgspec.structs import replace

from bot.core.refusals import refused
from flows.dialog.definition import text_problems
from flows.dialog.facts import Texts
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.openness.programme import (
    LONGEST_NAME,
    LONGEST_NOTED,
    LONGEST_TEXT,
    MOST_AXES,
    MOST_NOTED,
    MOST_PROBLEMS,
    Axis,
    AxisProblem,
    Programme,
    Project,
    Step,
)
from flows.kinds.openness.sequence import out_of_order
from flows.wording.text import LANGUAGES, Verbatim

T = TypeVar("T", Axis, AxisProblem, Project)


def begun(title: Texts, session: date, steps: Sequence[Step]) -> Programme:
    """A new programme. Raises NotAllowed."""
    return planned(Programme(title_of(title, LONGEST_NAME), session, ()), session, steps)


def titled(programme: Programme, title: Texts) -> Programme:
    """The same under another title."""
    return replace(programme, title=title_of(title, LONGEST_NAME))


def planned(programme: Programme, session: date, steps: Sequence[Step]) -> Programme:
    """The same with other days."""
    if out_of_order(steps, session):
        raise refused("openness_desk.no.order")
    return replace(programme, session=session, steps=tuple(steps))


def with_axis(programme: Programme, key: str, title: Texts) -> Programme:
    """A new axis (no key), or one under another title."""
    title = title_of(title, LONGEST_NAME)
    alone(title, [one.title for one in programme.axes if one.key != key])
    if key:
        known(key, programme.axes)
        axes = [replace(a, title=title) if a.key == key else a for a in programme.axes]
        return replace(programme, axes=tuple(axes))
    if len(programme.axes) >= MOST_AXES:
        raise refused("openness_desk.no.more", most=MOST_AXES)
    made = programme.made + 1
    return replace(programme, axes=(*programme.axes, Axis(f"a{made}", title)), made=made)


def without_axis(programme: Programme, key: str) -> Programme:
    """Take an axis away that has no problems and no projects."""
    known(key, programme.axes)
    if programme.problems_of(key) or programme.by_axis()[key]:
        raise refused("openness_desk.no.not_empty")
    return replace(programme, axes=tuple(one for one in programme.axes if one.key != key))


def with_problem(
    programme: Programme, key: str, axis: str, title: Texts, about: Texts, noted: str
) -> Programme:
    """A new problem of an axis (no key), or one with other words; `noted` is a line for each solution."""
    known(axis, programme.axes)
    title = title_of(title, LONGEST_NAME)
    alone(title, [one.title for one in programme.problems if one.key != key])
    about = text_of(about, LONGEST_TEXT)
    lines = tuple(line.strip() for line in noted.splitlines() if line.strip())
    if len(lines) > MOST_NOTED or any(len(line) > LONGEST_NOTED for line in lines):
        raise refused("openness_desk.no.noted", most=MOST_NOTED, longest=LONGEST_NOTED)
    if key:
        known(key, programme.problems)
        problems = [
            replace(p, axis=axis, title=title, about=about, noted=lines) if p.key == key else p
            for p in programme.problems
        ]
        return replace(programme, problems=tuple(problems))
    if len(programme.problems) >= MOST_PROBLEMS:
        raise refused("openness_desk.no.more", most=MOST_PROBLEMS)
    made = programme.made + 1
    problem = AxisProblem(f"p{made}", axis, title, about, lines)
    return replace(programme, problems=(*programme.problems, problem), made=made)


def without_problem(programme: Programme, key: str) -> Programme:
    """Take a problem away that no project is about."""
    known(key, programme.problems)
    if any(one.problem == key for one in programme.projects):
        raise refused("openness_desk.no.not_empty")
    return replace(programme, problems=tuple(p for p in programme.problems if p.key != key))


def shown(programme: Programme, *, public: bool) -> Programme:
    """Show its page to everybody, or to staff only."""
    return replace(programme, public=public)


def known(key: str, of: Sequence[T]) -> T:
    """One by its key. Raises NotAllowed."""
    found = next((one for one in of if one.key == key), None)
    if found is None:
        raise refused("openness_desk.no.gone")
    return found


def title_of(title: Texts, longest: int) -> Texts:
    """A title without spaces around it. Raises NotAllowed."""
    cleaned = {code: text.strip() for code, text in title.items() if text.strip()}
    if [*text_problems("title", cleaned, longest=longest)]:
        raise refused("openness_desk.no.title", most=longest)
    return cleaned


def text_of(texts: Texts, longest: int) -> Texts:
    """A text that may be missing. Raises NotAllowed."""
    cleaned = {code: text.strip() for code, text in texts.items() if text.strip()}
    if [*text_problems("text", cleaned, needed=False, longest=longest)]:
        raise refused("openness_desk.no.text", most=longest)
    return cleaned


def alone(title: Texts, others: Sequence[Texts]) -> None:
    """Whether nothing else is called so. Raises NotAllowed, and says in which language something is."""
    for code in LANGUAGES:
        if code in title and any(other.get(code) == title[code] for other in others):
            name = Verbatim(LANGUAGE_NAMES[code])
            raise refused("openness_desk.no.same", language=name, title=Verbatim(title[code]))
