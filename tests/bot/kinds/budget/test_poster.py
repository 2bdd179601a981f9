"""The poster: every project with its number and cost, in each language, on pages of A4."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest
import time_machine

from bot.kinds.budget.ideas import budget_of
from bot.kinds.budget.poster import TEMPLATE, poster, said
from flows.kinds.budget.definition import MOST_PROJECTS
from flows.wording.text import LANGUAGES
from tests.bot.kinds.openness.begun import stopped
from tests.bot.kinds.worlds import World, world
from tests.bot.reports.conftest import overflows, pages_of


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("budget", tmp_path, clock) as found:
        yield found


async def test_the_poster_has_every_project_with_number_cost_and_place_and_how_one_votes(
    w: World,
) -> None:
    budget = budget_of(await w.row())
    first = msgspec.structs.replace(budget.projects[0], place={"fr": "École Ibn Sina"})
    made = msgspec.structs.replace(budget, projects=(first, *budget.projects[1:]))
    document = said({"fr": "Commune"}, made, "2026-12-01 00:00", "https://example.test/x", "fr")
    text = json.dumps(document, ensure_ascii=False).replace("\u202f", " ").replace("\u00a0", " ")
    for wanted in (
        "Des toilettes à l’école", "60 000 DH", "400 000 DH", "3 projets au plus", "OZT-BUDGET",
        "30/11/2026", "École Ibn Sina", "Trois pour les filles",
    ):  # fmt: skip
        assert wanted in text
    assert [item["number"] for item in document["items"]] == ["1", "2", "3", "4", "5"]
    assert "<svg" in document["follow"]["qr"]
    draft = said({"fr": "Commune"}, made, None, None, "fr")
    assert draft["follow"] == {"lines": [], "qr": None}


async def test_staff_print_it_in_the_languages_of_the_vote(w: World) -> None:
    async with w.browser("reader") as client:
        page = (await client.get("/staff/budgets/OZT-BUDGET?lang=en")).text
        assert page.count("poster.pdf?language=") == 5
        for language in ("fr", "ar"):
            answer = await client.get(f"/staff/budgets/OZT-BUDGET/poster.pdf?language={language}")
            assert answer.content.startswith(b"%PDF")
            assert f"OZT-BUDGET-{language}.pdf" in answer.headers["content-disposition"]
        assert (await client.get("/staff/budgets/OZT-LIGHT/poster.pdf")).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_poster_of_the_most_projects_stays_on_its_pages(w: World, language: str) -> None:
    budget = budget_of(await w.row())
    long = {
        "fr": "Aménagement-du-carrefour-et-de-la-place-du-marché-couvert-60",
        "ar": "تهيئة " * 10,
    }
    many = tuple(
        msgspec.structs.replace(budget.projects[0], id=f"p{n}", text=long, place=long)
        for n in range(MOST_PROJECTS)
    )
    made = msgspec.structs.replace(budget, projects=many)
    pages = pages_of(TEMPLATE, dict(said({"fr": "Commune"}, made, None, None, language)))
    assert len(pages) > 3
    assert not any(overflows(page, 30) for page in pages)
    assert poster({"fr": "Commune"}, budget, None, None, language).startswith(b"%PDF")
