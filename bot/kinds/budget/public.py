"""Votes on projects on a council's public page: each project with its cost, place, picture and recording."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.kinds.budget.ideas import budget_of
from bot.results.public_record import Said, Section, Seen
from flows.dialog.facts import Texts
from flows.kinds.budget.definition import Budget, Project, gender_markers
from flows.wording.text import Text, Translated
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Shown:
    """A project as everybody sees it; `anchor` is its address on the page, `gender` its marker in words."""

    project: Project
    anchor: str
    gender: Text


@dataclass(frozen=True, slots=True)
class PublicBudget:
    """One vote on projects."""

    code: str
    title: Texts
    state: str
    amount: int
    projects: Sequence[Shown]


async def _read(tx: Transaction, council_id: int) -> None:
    """There is nothing beside the definitions."""


def _item(seen: Seen) -> PublicBudget:
    budget: Budget = budget_of(seen.row)
    own = [{"id": one.id, "text": one.text} for one in budget.markers]
    markers = dict(gender_markers({"markers": own}, None, ()))
    return PublicBudget(
        seen.row.code,
        budget.title,
        seen.row.state,
        budget.amount,
        [
            Shown(one, f"p-{seen.row.code}-{one.id}", markers.get(one.gender, Translated({})))
            for one in budget.projects
        ],
    )


def _plain(one: PublicBudget, said: Said) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "state": one.state,
        "amount": one.amount,
        "projects": [
            {
                "id": shown.project.id,
                "name": shown.project.text,
                "cost": shown.project.cost,
                "about": shown.project.about,
                "place": shown.project.place,
                "quarter": shown.project.quarter or None,
                "gender": shown.project.gender,
            }
            for shown in one.projects
        ],
    }


SECTION = Section(
    kind="budget",
    key="budgets",
    title="budget.public",
    template="public_budgets.html",
    read=_read,
    item=_item,
    plain=_plain,
    place=4,
)
