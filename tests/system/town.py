"""A town for the tests of its council's public page: people answer, staff decide, somebody reads."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx

from bot.app import site
from bot.app.build import App
from bot.consultations import definitions
from bot.core.localtime import now_ms
from bot.kinds.petition.rows import AddDeposit, SetOutcome
from storage.ids import new_id
from tests.citizen import Citizen
from tests.visitor import visitor

#: What a citizen writes: it must be found nowhere.
SECRET = "Qzwxyt"

PATHS = ("/c/example", "/c/example/embed", "/c/example.json", "/c/example/feed.xml")


@asynccontextmanager
async def reader(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who opens pages, without a network between."""
    transport = httpx.ASGITransport(app=site.build(app))
    async with visitor(transport=transport, base_url="http://localhost:1") as client:
        yield client


async def need(app: App, name: str, words: str = f"No water {SECRET}", theme: str = "1") -> str:
    """A need is told; its reference."""
    citizen = Citizen(app, name)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.verify([(theme, "Where exactly?"), ("skip", "your own words")])
    said = await citizen.says(words)
    assert words in said
    found = re.search(r"OZT-\d{4}-\d{6}", await citizen.says("[Send]"))
    assert found is not None
    return found[0]


async def vote(app: App, names: Sequence[str], answer: str = "Good") -> None:
    """These people answer the poll."""
    for name in names:
        citizen = Citizen(app, name)
        await citizen.arrives(code="OZT-LIGHT")
        await citizen.says(answer)
        if answer != "Good":
            await citizen.says("1")
            await citizen.says("done")
        await citizen.says("3")
        await citizen.says(f"Lamps, please. {SECRET}")
        assert "Thank" in await citizen.says("[Send]")


async def support(app: App, names: Sequence[str]) -> None:
    """These people support the petition."""
    for name in names:
        citizen = Citizen(app, name)
        await citizen.arrives(code="OZT-PARK")
        assert "counted" in await citizen.says("[I support it]")


async def close(app: App, *codes: str) -> None:
    async with app.storage.transaction() as tx:
        for code in codes:
            row = await app.register.by_code(tx, code)
            assert row is not None
            await definitions.close_consultation(tx, row)


async def id_of(app: App, code: str) -> int:
    async with app.storage.reading() as tx:
        row = await app.register.by_code(tx, code)
    assert row is not None
    return int(row.id)


async def decide(app: App, code: str, **texts: str) -> None:
    async with app.storage.transaction() as tx:
        await tx.run(
            "add_decision",
            id=new_id(),
            consultation_id=await id_of(app, code),
            texts=json.dumps(texts),
            day="2026-11-20",
            made_by="Amina Staff",
            at=now_ms(),
        )


async def deposit(app: App, code: str, signatures: int, outcome: str | None = None) -> None:
    async with app.storage.transaction() as tx:
        id = await id_of(app, code)
        await tx.row(
            AddDeposit,
            consultation_id=id,
            receipt="OZT-DEP-2026-0001",
            day="2026-11-18",
            signatures=signatures,
            due_day="2027-02-18",
            received_by="Amina Staff",
            at=now_ms(),
        )
        if outcome:
            await tx.row(
                SetOutcome,
                consultation_id=id,
                outcome=outcome,
                outcome_day="2026-11-20",
                reasons="Reasons for the representative",
                decided_by="Amina Staff",
                at=now_ms(),
            )


def visible(html: str) -> str:
    """What a reader sees of a page: no tags, no invisible signs."""
    body = html[html.index("<main") :]
    return re.sub(r"[\u2066-\u2069]", "", re.sub(r"<[^>]+>", " ", body))
