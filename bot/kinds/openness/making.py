"""Consultations made of a programme's parts: each once, as a draft that the organizer looks at and opens."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from bot.consultations import definitions
from bot.core.councils import Register
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import refused
from bot.kinds.openness import keeping
from bot.kinds.openness.keeping import Kept
from flows.dialog.definition import Problem
from flows.kinds import begun
from flows.kinds.openness import outlines
from flows.kinds.openness.programme import Programme
from flows.kinds.outline import COMMENT, FOLLOW, PROPOSE, RATE, Outline
from flows.wording.text import Translated, Verbatim
from storage.database import Transaction

#: Step of a programme -> what for a consultation is made of it, and of which outline.
_ASKS: Final[Mapping[str, tuple[str, Callable[[Programme, str], Outline]]]] = {
    "solutions": (PROPOSE, outlines.solutions),
    "draft": (COMMENT, outlines.draft),
    "evaluation": (RATE, outlines.evaluation),
}

#: Step of a programme -> the end of its consultation's code.
_CODES: Final = {"solutions": "IDEAS", "draft": "DRAFT", "evaluation": "RATE"}


async def ask(tx: Transaction, register: Register, kept: Kept, part: str) -> str:
    """The code of the consultation of a step, made now if it is not there. Raises NotAllowed.

    It is a draft: nobody is asked before somebody has looked at it and opened it.
    """
    await keeping.lock(tx, kept)
    known = (await keeping.parts(tx, kept)).get(part)
    if known is not None:
        return known.code
    programme = kept.programme
    there: Mapping[str, Sequence[object]] = {
        "solutions": programme.problems,
        "draft": programme.projects,
        "evaluation": programme.approved,
    }
    if not there.get(part):
        raise refused("openness_desk.no.nothing_to_ask")
    if programme.step(part).last < local_day(now_ms()):
        raise refused("openness_desk.no.over")
    code = await definitions.free_code(tx, register, f"{kept.code}-{_CODES[part]}")
    purpose, outline = _ASKS[part]
    return await made(tx, register, kept, part, purpose, outline(programme, code))


async def promise(tx: Transaction, register: Register, kept: Kept) -> None:
    """What is followed of each project that the council approved, made now where it is not there.

    Raises NotAllowed, and makes none then: who answers for a project and by what it is seen must be on its card.
    """
    await keeping.lock(tx, kept)
    parts = await keeping.parts(tx, kept)
    programme = kept.programme
    if not programme.approved:
        raise refused("openness_desk.no.approved")
    for number, project in enumerate(programme.projects, 1):
        part = f"project {project.key}"
        if part in parts or not project.approved:
            continue
        if not project.owner or not project.indicator:
            raise refused("openness_desk.no.owner", title=Translated(project.title))
        code = await definitions.free_code(tx, register, f"{kept.code}-P{number}")
        outline = outlines.promise(programme, project, code)
        await made(tx, register, kept, part, FOLLOW, outline)


async def made(
    tx: Transaction, register: Register, kept: Kept, part: str, purpose: str, outline: Outline
) -> str:
    """Keep what the kind for a purpose makes of an outline, as that part. Raises NotAllowed."""
    _, head, problems = begun(purpose, outline, register.council(kept.council_id))
    if head is None or problems:
        raise refused("openness_desk.no.made", problem=Verbatim(_first(problems)))
    await definitions.add(tx, register, msgspec.to_builtins(head), head)
    row = await register.by_code(tx, head.code)
    if row is None:
        raise LookupError(f"{head.code} was added and is not there")
    await keeping.made_of(tx, kept, part, row.id)
    return head.code


def _first(problems: list[Problem]) -> str:
    return str(problems[0]) if problems else ""
