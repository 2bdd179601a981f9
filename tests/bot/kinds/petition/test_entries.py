"""What the ledger says of signatures, and what it does not say of who was erased."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app.build import App
from bot.kinds.petition import paper, procedure, reading
from bot.kinds.petition.rows import LockPetition
from storage.rows.staff import LedgerOf
from tests.bot.core.test_ledger import verify
from tests.bot.kinds.petition.test_claims import CARD, decide, on_paper, park, signs
from tests.citizen import NOON, running


@pytest.fixture
async def app(tmp_path: Path, url: str) -> AsyncIterator[App]:
    """An application on each database."""
    async with running(tmp_path, url) as running_app:
        yield running_app


async def entries(app: App) -> list[dict[str, Any]]:
    async with app.storage.reading() as tx:
        rows = await tx.rows(LedgerOf, council_id=app.register.default_id)
    return [json.loads(row.entry) for row in rows]


async def said(app: App) -> list[tuple[str, ...]]:
    """Each entry: what, and how or by whom."""
    found = []
    for entry in await entries(app):
        more = (entry[name] for name in ("by", "how", "stays", "source") if name in entry)
        found.append((entry["what"], *more))
    return found


async def test_of_who_was_erased_only_the_word_erased_is_left(app: App, tmp_path: Path) -> None:
    """The entries name a chance number that went with them: the card's digest, which who holds the secret can make
    again, stands in no entry, and the number in no table.
    """
    amina, _ = await signs(app, "amina")
    for word in ("[No, that is all]", "[Not now]", "my data", "[Erase]", "[Erase]"):
        await amina.says(word)
    first, last = await entries(app)
    assert (first["what"], last["what"]) == ("signature", "erased")
    assert first["mark"] == last["mark"]
    async with app.storage.reading() as tx:
        digest = paper.digest_of(app.vault, (await park(tx)).id, CARD)
        assert await reading.signatures(tx, (await park(tx)).id) == []
    assert digest not in json.dumps([first, last])
    assert verify.standing([first, last]) == {"OZT-PARK": 0}


async def test_who_signs_again_with_a_card_has_another_mark(app: App) -> None:
    """So that nothing says that who was erased came back."""
    amina, _ = await signs(app, "amina")
    for word in ("[No, that is all]", "[Not now]", "my data", "[Erase]", "[Erase]"):
        await amina.says(word)
    await signs(app, "amina again")
    marks = [entry["mark"] for entry in await entries(app)]
    assert marks[0] == marks[1] != marks[2]


async def test_a_dispute_is_told_and_how_it_ended(app: App) -> None:
    """By the mark of what stands: who came besides has none."""
    await signs(app, "one", called="First Person")
    await signs(app, "two", called="Second Person")
    await decide(app, stands=False)
    assert await said(app) == [
        ("signature",),
        ("disputed", "claimed"),
        ("dispute settled", "stays"),
    ]
    assert len({entry["mark"] for entry in await entries(app)}) == 1


async def test_who_takes_the_place_in_a_dispute_takes_the_mark(app: App) -> None:
    """One signature stood for the card before and after; when its person goes it is said of that one."""
    await signs(app, "one", called="First Person")
    two, _ = await signs(app, "two", called="Second Person")
    await decide(app, stands=True)
    for word in ("[No, that is all]", "[Not now]", "my data", "[Erase]", "[Erase]"):
        await two.says(word)
    assert await said(app) == [
        ("signature",),
        ("disputed", "claimed"),
        ("dispute settled", "given way"),
        ("erased",),
        ("signature",),
    ]
    assert verify.standing(await entries(app)) == {"OZT-PARK": 1}


async def test_a_stronger_claim_goes_on_under_the_same_mark(app: App) -> None:
    """The page's signature gives way to an account, and that to a paper: the count by the ledger stays one."""
    await signs(app, "page", called="Somebody Else", channel="web")
    await signs(app, "owner")
    await on_paper(app, "Amina El Idrissi")
    assert await said(app) == [("signature",), ("signature", "paper")]
    assert verify.standing(await entries(app)) == {"OZT-PARK": 1}


async def test_a_card_that_is_said_to_be_misused_is_disputed_where_it_signed(app: App) -> None:
    await signs(app, "stranger", called="Somebody Else")
    owner, _ = await signs(app, "other", card="CD98765")
    for word in ("[No, that is all]", "[Not now]"):
        await owner.says(word)
    await owner.starts("OZT-PARK")
    await owner.says("[My card was used?]")
    await owner.says(CARD)
    await decide(app, stands=False)
    assert await said(app) == [
        ("signature",),
        ("signature",),
        ("disputed", "reported"),
        ("dispute settled", "stays"),
    ]


async def test_invalid_and_valid_again_name_the_signature(app: App) -> None:
    await signs(app, "one")
    async with app.storage.transaction() as tx:
        row = await park(tx)
        (signed,) = await reading.signatures(tx, row.id)
        await procedure.invalidate(tx, row, signed.id, "no resident", "nadia", NOON)
    assert verify.standing(await entries(app)) == {"OZT-PARK": 0}
    async with app.storage.transaction() as tx:
        await procedure.restore(tx, row, signed.id, NOON)
    assert await said(app) == [("signature",), ("invalid",), ("valid again",)]
    assert "no resident" not in json.dumps(await entries(app))
    assert verify.standing(await entries(app)) == {"OZT-PARK": 1}


async def test_papers_of_one_petition_are_entered_one_after_the_other(
    tmp_path: Path, url: str
) -> None:
    """On PostgreSQL nothing was locked: the query that locks had lost its place to another of the same name."""
    async with running(tmp_path, url) as app:
        async with app.storage.reading() as tx:
            row = await app.register.by_code(tx, "OZT-PARK")
        assert row is not None
        done: list[str] = []

        async def enter(name: str) -> None:
            async with app.storage.transaction() as tx:
                await tx.rows(LockPetition, id=row.id)
                done.append(name)
                await asyncio.sleep(0.1)
                done.append(name)

        await asyncio.gather(enter("one"), enter("other"))
        assert done in (["one"] * 2 + ["other"] * 2, ["other"] * 2 + ["one"] * 2)
