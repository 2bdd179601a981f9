"""Consultations made of a programme's parts: each once, as a draft that the organizer looks at and opens."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from bot.consultations import definitions
from bot.consultations.checking import Checker, Finding
from bot.consultations.previewing import opening_of
from bot.core.councils import Register, head_of
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import refused
from bot.kinds.openness import keeping
from bot.kinds.openness.keeping import Kept
from flows.dialog.definition import Problem
from flows.kinds import begun
from flows.kinds.openness import outlines
from flows.kinds.openness.programme import Programme
from flows.kinds.outline import COMMENT, FOLLOW, PROPOSE, RATE, Outline
from flows.wording.text import Code, Text, Translated, Verbatim, lines
from storage.database import Transaction
from storage.rows import StoredConsultation

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


@dataclass(frozen=True, slots=True)
class ToOpen:
    """What is followed of a project and is a draft still, as people will read it; what stands in its way."""

    row: StoredConsultation
    about: Text
    findings: Sequence[Finding]

    @property
    def code(self) -> str:
        """Its code."""
        return self.row.code


async def to_open(
    tx: Transaction, checker: Checker, register: Register, kept: Kept
) -> list[ToOpen]:
    """The commitments of a programme that are drafts, in the order of its projects."""
    parts = await keeping.parts(tx, kept)
    found = []
    for project in kept.programme.projects:
        part = parts.get(f"project {project.key}")
        row = await register.by_code(tx, part.code) if part is not None else None
        if row is None or row.state != "draft":
            continue
        said, _ = await checker.of_consultation(tx, row, sending=False)
        about = lines(*opening_of(register.council(row.council_id), row))
        found.append(ToOpen(row, about, [one for one in said if one.level == "stop"]))
    return found


def digest_of(waiting: Sequence[ToOpen]) -> str:
    """Stands for what was looked at."""
    looked = [(one.code, one.row.definition) for one in waiting]
    return hashlib.sha256(msgspec.json.encode(looked)).hexdigest()[:16]


async def open_all(
    tx: Transaction, checker: Checker, register: Register, kept: Kept, digest: str, made_by: str
) -> Sequence[str]:
    """Open every commitment that was looked at, or none. Returns their codes. Raises NotAllowed.

    One that citizens could not answer, or that invites people, is opened on its own page.
    """
    await keeping.lock(tx, kept)
    waiting = await to_open(tx, checker, register, kept)
    if not waiting or digest_of(waiting) != digest:
        raise refused("openness_desk.no.meanwhile")
    for one in waiting:
        outreach = head_of(one.row).outreach
        stops = any(finding.level == "stop" for finding in one.findings)
        if stops or outreach.invite or outreach.reminders:
            raise refused("openness_desk.no.stops", code=Code(one.code))
    for one in waiting:
        await definitions.open_consultation(tx, one.row, made_by)
    return [one.code for one in waiting]


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
