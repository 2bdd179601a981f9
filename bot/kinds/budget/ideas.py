"""From ideas to the ballot: what was told is made a project of the draft, put to one, or answered with a reason.

    told in the call of a vote, or taken from elsewhere by its reference
        -> possible: a project of the draft (its author reads so)    -> not possible: a reason (its author reads it)
        -> the vote -> chosen or not (its author reads it)

The projects are those of the definition, and nowhere else; what each was made of stands in `budget_sources`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from bot.cases import handling, reading, replies
from bot.consultations import definitions, listing
from bot.conversation import erasure
from bot.conversation.context import OwnData
from bot.core.councils import ConsultationRow, Register, head_of
from bot.core.refusals import refused
from bot.kinds.budget.rows import BudgetCall, BudgetIdeas
from flows.dialog.definition import Head
from flows.kinds import check, kinds
from flows.kinds.budget.definition import Budget, Project
from flows.understanding import moderation
from flows.wording import render
from flows.wording.text import Translated, Verbatim, msg
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.cases import CaseByReference

#: States of a case that say what a vote means to its author, where its kind has them.
POSSIBLE, REFUSED, CHOSEN, NOT_CHOSEN = "feasible", "refused", "chosen", "not_chosen"

#: Characters of an idea that the page shows.
_SHOWN: Final = 400


def budget_of(row: ConsultationRow) -> Budget:
    """The definition of a vote. Raises TypeError for another kind."""
    head = head_of(row)
    if not isinstance(head, Budget):
        raise TypeError(f"{row.code} is no vote on projects")
    return head


async def call_of(tx: Transaction, row: StoredConsultation) -> BudgetCall | None:
    """The call whose ideas belong to a vote."""
    return await tx.row(BudgetCall, consultation_id=row.id)


async def set_call(
    tx: Transaction, row: StoredConsultation, code: str, result_day: str = ""
) -> None:
    """Say whose ideas belong to a vote. Raises NotAllowed."""
    call = await listing.consultation(tx, row.council_id, code.strip())
    if call is None or kinds()[call.kind].case is None:
        raise refused("budget_desk.no.call")
    known = await call_of(tx, row)
    day = result_day or (known.result_day if known is not None else "")
    await tx.run("set_budget_call", consultation_id=row.id, ideas_id=call.id, result_day=day)


async def ideas_of(tx: Transaction, row: StoredConsultation) -> list[BudgetIdeas]:
    """What was told for a vote; of a project that was taken out of the definition it is none any more."""
    there = {one.id for one in budget_of(row).projects}
    found = [
        idea if idea.project in there else msgspec.structs.replace(idea, project="")
        for idea in await tx.rows(BudgetIdeas, consultation_id=row.id)
    ]
    # Of who was erased nothing is left that could become a project.
    return [idea for idea in found if idea.project or not erasure.is_erased(idea.reference)]


def words_of(idea: BudgetIdeas, *, hides: bool = False) -> str:
    """What was told, without what could say whose it is; what is hidden is read only by who `hides` words."""
    if idea.hidden is not None and not hides:
        return moderation.HIDDEN
    told = handling.rule_of(idea.kind).told(msgspec.json.decode(idea.body))
    where = f" ({told.spot.text})" if told.spot is not None and told.spot.text else ""
    return moderation.masked(told.words + where)[:_SHOWN]


async def case_of(tx: Transaction, row: StoredConsultation, reference: str) -> CaseByReference:
    """What was told to the council of a vote, by its reference. Raises NotAllowed."""
    found = await reading.need(tx, row.council_id, reference.strip())
    gone = found is None or found.merged_into is not None or found.state == "withdrawn"
    if found is None or gone or erasure.is_erased(found.reference):
        raise refused("budget_desk.no.told")
    return found


async def take(tx: Transaction, row: StoredConsultation, reference: str) -> None:
    """Take what was told elsewhere among the ideas of a vote. Raises NotAllowed."""
    _drafted(row)
    case = await case_of(tx, row, reference)
    if case.id not in {idea.id for idea in await ideas_of(tx, row)}:
        await tx.run("set_budget_source", consultation_id=row.id, response_id=case.id, project="")


async def put(
    tx: Transaction,
    register: Register,
    row: StoredConsultation,
    reference: str,
    project: str,
    made_by: str,
    text: str = "",
) -> None:
    """What was told is a project of the draft: its author reads so, with what staff add. Raises NotAllowed."""
    _drafted(row)
    wanted = {one.id: one for one in budget_of(row).projects}.get(project)
    if wanted is None:
        raise refused("budget_desk.no.project")
    case = await case_of(tx, row, reference)
    await tx.run("set_budget_source", consultation_id=row.id, response_id=case.id, project=project)
    await _answer(tx, register, case, POSSIBLE, "budget_desk.told.possible", wanted, made_by, text)


async def refuse(
    tx: Transaction,
    register: Register,
    row: StoredConsultation,
    reference: str,
    reason: str,
    made_by: str,
) -> None:
    """What was told is not possible: its author reads why. Raises NotAllowed."""
    case = await case_of(tx, row, reference)
    if any(idea.id == case.id and idea.project for idea in await ideas_of(tx, row)):
        raise refused("budget_desk.no.is_project")
    council = register.council(row.council_id)
    await replies.answer(tx, council, case, made_by, text=reason, state=REFUSED)


async def tell(
    tx: Transaction,
    register: Register,
    row: StoredConsultation,
    winners: Sequence[str],
    made_by: str,
) -> int:
    """Tell who told an idea what the vote said of it, each once. Returns how many were told. Raises NotAllowed."""
    if row.state not in ("closed", "archived"):
        raise refused("budget_desk.no.open")
    projects = {one.id: one for one in budget_of(row).projects}
    told = 0
    for idea in await ideas_of(tx, row):
        if idea.project not in projects or idea.told:
            continue
        won = idea.project in winners
        case = await case_of(tx, row, idea.reference)
        entry = "budget_desk.told.chosen" if won else "budget_desk.told.not_chosen"
        state = CHOSEN if won else NOT_CHOSEN
        await _answer(tx, register, case, state, entry, projects[idea.project], made_by)
        await tx.run("told_budget_source", consultation_id=row.id, response_id=idea.id)
        told += 1
    return told


async def _answer(
    tx: Transaction,
    register: Register,
    case: CaseByReference,
    state: str,
    entry: str,
    project: Project,
    made_by: str,
    text: str = "",
) -> None:
    """A status where its kind has this one; and which project it is, in the language of its author's chat."""
    council = register.council(case.council_id)
    said = render(msg(entry, title=Translated(project.text)), case.language, council.language)
    rule = handling.rule_of(case.kind)
    if state not in rule.states and case.person_id is None:
        # Nobody is left to read it, and there is nothing else to change.
        return
    await replies.answer(
        tx,
        council,
        case,
        made_by,
        text="\n".join(part for part in (said, text.strip()) if part),
        state=state if state in rule.states else "",
    )


# --------------------------------------------------------------------------- the draft's projects


def _drafted(row: StoredConsultation) -> None:
    """Citizens who have voted saw these projects, with these costs. Raises NotAllowed once it was opened."""
    if row.state != "draft":
        raise refused("budget_desk.no.opened")


async def change(
    tx: Transaction,
    register: Register,
    row: StoredConsultation,
    seen: str,
    made: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> StoredConsultation:
    """Keep the projects of a draft as they are made from those that somebody saw. Raises NotAllowed."""
    _drafted(row)
    if seen != str(row.version):
        raise refused("budget_desk.no.meanwhile")
    raw = msgspec.json.decode(row.definition)
    raw["projects"] = made([*raw.get("projects", ())])
    head, problems = check(raw, register.council(row.council_id))
    if head is None or problems:
        said = str(problems[0]) if problems else ""
        raise refused("budget_desk.no.wrong", problem=Verbatim(said))
    await definitions.add(tx, register, _plain(head), head)
    return await register.by_id(tx, row.id)


def _plain(head: Head) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(head)
    return found


def with_project(
    projects: list[dict[str, Any]], id: str, wanted: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The same project with other words, cost and marker; its recordings and pictures stay."""
    if id not in [one["id"] for one in projects]:
        return [*projects, {"id": id, **wanted}]
    return [{**one, **wanted} if one["id"] == id else one for one in projects]


async def fresh_id(tx: Transaction, row: StoredConsultation) -> str:
    """An id that no project of a vote has, or had while something was told for it."""
    ideas = await tx.rows(BudgetIdeas, consultation_id=row.id)
    taken = {one.id for one in budget_of(row).projects} | {idea.project for idea in ideas}
    number = len(budget_of(row).projects) + 1
    while f"p{number}" in taken:
        number += 1
    return f"p{number}"


async def drop(
    tx: Transaction, register: Register, row: StoredConsultation, seen: str, id: str
) -> None:
    """Take a project out of the draft; what it was made of waits again. Raises NotAllowed."""
    await change(tx, register, row, seen, lambda all: [one for one in all if one["id"] != id])
    await tx.run("free_budget_sources", consultation_id=row.id, project=id)


OWN_DATA = OwnData(erased=("erase_budget_sources",))
