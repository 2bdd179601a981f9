"""The poster of a vote on projects, as PDF: each project with its number, cost and place, and how one votes."""

from collections.abc import Mapping
from typing import Any, Final

from bot.core import qr
from bot.reports.papers import Words, paper
from flows.kinds.budget.conversation import named, number_of
from flows.kinds.budget.definition import Budget
from flows.kinds.invitation import last_moment
from flows.wording.text import Code, Translated, msg

TEMPLATE: Final = "choices.typ"


def poster(
    council: Mapping[str, str], budget: Budget, closes: str | None, link: str | None, language: str
) -> bytes:
    """The poster in one of `flows.wording.text.LANGUAGES`; `closes` is the first moment that no longer counts (local)."""
    return paper(TEMPLATE, said(council, budget, closes, link, language))


def said(
    council: Mapping[str, str], budget: Budget, closes: str | None, link: str | None, language: str
) -> Mapping[str, Any]:
    """What stands on it."""
    words = Words(language)
    until = last_moment(closes)
    most = number_of(budget.choices)
    items: list[dict[str, Any]] = []
    for number, project in enumerate(budget.projects, 1):
        lines = []
        if project.place:
            lines.append(words.written(msg("budget.poster.where", place=Translated(project.place))))
        if project.about:
            lines.append(words.written(Translated(project.about)))
        items.append(
            {"number": str(number), "title": words.written(named(project)), "lines": lines}
        )
    return {
        **words.head("budget.projects", council, budget.code),
        "title": words.written(Translated(budget.title)),
        "lines": [],
        "intro": [
            words.message("budget.poster.money", money=budget.amount),
            words.message("budget.poster.how", projects=most),
            *([words.message("budget.poster.until", until=until)] if until else ()),
        ],
        "items": items,
        "follow": {
            # Of a draft there is nothing to scan yet, and nobody answers.
            "lines": [
                words.message("budget.poster.scan"),
                words.message("budget.poster.write", code=Code(budget.code)),
            ]
            if link
            else [],
            "qr": qr.svg(link) if link else None,
        },
    }
