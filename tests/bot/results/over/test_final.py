"""The final result: one file for everyone, of which the ledger has the digest."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.app.build import App
from bot.consultations import deciding, definitions
from bot.core import ledger
from bot.core.refusals import NotAllowed
from bot.results.over import final
from bot.staff import approvals, crowds
from bot.staff.plans import digest_of
from storage.database import batch
from storage.rows.staff import LedgerOf
from tests.bot.conversation.test_spoken import opened as spoken
from tests.bot.core.test_ledger import opened, verified, verify, written
from tests.bot.results.test_releases import close, names, row_of, vote
from tests.bot.staff.test_approvals import PLAN, agreed, member, used
from tests.bot.staff.test_heard_choices import choose, notes, table, votes
from tests.checks import AllResponses
from tests.citizen import NOON, running


@pytest.fixture
async def app(tmp_path: Path, url: str) -> AsyncIterator[App]:
    """An application on each database."""
    async with running(tmp_path, url) as running_app:
        yield running_app


async def entries(app: App, what: str = "") -> list[dict[str, Any]]:
    async with app.storage.reading() as tx:
        rows = await tx.rows(LedgerOf, council_id=app.register.default_id)
    found = [json.loads(row.entry) for row in rows]
    return [entry for entry in found if what in ("", entry["what"])]


async def fetched(app: App, path: str) -> tuple[int, bytes]:
    async with opened(app) as page:
        answer = await page.get(path)
    return answer.status_code, answer.content


async def test_the_file_of_a_final_result_is_the_one_in_the_ledger(
    app: App, tmp_path: Path
) -> None:
    """Anybody takes it from the page, makes its SHA-256 with any tool, and finds it in the ledger."""
    await vote(app, names("good", 12))
    await vote(app, names("weak", 7), "Weak")
    assert (await fetched(app, "/results/OZT-LIGHT.json"))[0] == 404
    await close(app, "OZT-LIGHT")
    for _ in range(2):
        await final.enter_due(app)
    (entry,) = await entries(app, "result")
    status, raw = await fetched(app, "/results/OZT-LIGHT.json")
    assert (status, entry["code"]) == (200, "OZT-LIGHT")
    assert hashlib.sha256(raw).hexdigest() == entry["sha256"]
    told = json.loads(raw)
    (table,) = [one for one in told["tables"] if one["id"] == "q.light"]
    assert [line[2]["value"] for line in table["rows"]][:2] == [12, 7]
    assert set(table["title"]) == {"ary", "ar", "fr", "zgh", "en"}
    async with opened(app) as page:
        html = (await page.get("/results/OZT-LIGHT?lang=en")).text
        saved = (await page.get("/c/example.json")).content
    assert entry["sha256"] in html
    assert 'href="/results/OZT-LIGHT.json"' in html
    (closed,) = json.loads(saved)["closed"]
    assert closed["sha256"] == entry["sha256"]
    assert closed["file"].endswith("/results/OZT-LIGHT.json")
    path = await written(app, tmp_path)
    file = tmp_path / "result.json"
    file.write_bytes(raw)
    (tmp_path / "saved.json").write_bytes(saved)
    good = verified(path, str(file), str(tmp_path / "saved.json"))
    assert "OZT-LIGHT: this is the final result" in good
    assert "In order" in good
    # One answer more for "weak".
    file.write_bytes(raw.replace(b'"value":7', b'"value":8'))
    assert "another result, or none" in verified(path, str(file))
    (tmp_path / "saved.json").write_bytes(saved.replace(entry["sha256"].encode(), b"0" * 64))
    assert "not one of the ledger's" in verified(path, str(tmp_path / "saved.json"))


async def test_no_words_of_citizens_and_no_few_are_in_a_final_result(app: App) -> None:
    await vote(app, names("good", 12))
    await vote(app, names("weak", 2), "Weak")
    await close(app, "OZT-LIGHT")
    await final.enter_due(app)
    told = json.loads((await fetched(app, "/results/OZT-LIGHT.json"))[1])
    (table,) = [one for one in told["tables"] if one["id"] == "q.light"]
    assert {"value": None, "suppressed": True} in [line[2] for line in table["rows"]]
    assert "q.idea" not in [one["id"] for one in told["tables"]]


async def test_what_closes_again_has_another_result(app: App, tmp_path: Path) -> None:
    """While it is open again there is none; who has the first file reads that there is a later one."""
    await vote(app, names("good", 6))
    await close(app, "OZT-LIGHT")
    await final.enter_due(app)
    _, first = await fetched(app, "/results/OZT-LIGHT.json")
    async with app.storage.transaction() as tx:
        await definitions.open_consultation(tx, await row_of(app))
    await final.enter_due(app)
    assert (await fetched(app, "/results/OZT-LIGHT.json"))[0] == 404
    await vote(app, names("more", 6))
    await asyncio.sleep(0.01)
    await close(app, "OZT-LIGHT")
    await final.enter_due(app)
    _, second = await fetched(app, "/results/OZT-LIGHT.json")
    results = [entry["sha256"] for entry in await entries(app, "result")]
    assert results == [hashlib.sha256(raw).hexdigest() for raw in (first, second)]
    (tmp_path / "first.json").write_bytes(first)
    said = verified(await written(app, tmp_path), str(tmp_path / "first.json"))
    assert "was the final result once" in said


async def test_a_group_that_counts_after_the_end_is_another_result(app: App) -> None:
    await vote(app, names("good", 13))
    row = await row_of(app)
    async with app.storage.transaction() as tx:
        ids = [one.id for one in await tx.rows(AllResponses, consultation_id=row.id)][:7]
        await tx.run("add_crowd", id=77, consultation_id=row.id, reason="hurried", at=NOON)
        await tx.run("set_aside", crowd_id=77, rows=batch([{"x": id} for id in ids]))
    await close(app, "OZT-LIGHT")
    await final.enter_due(app)
    async with app.storage.transaction() as tx:
        assert await crowds.decide(tx, row.id, 77, counts=True, made_by="nadia", at=NOON)
    for _ in range(2):
        await final.enter_due(app)
    first, second = await entries(app, "result")
    assert first["sha256"] != second["sha256"]


async def test_of_two_servers_one_enters_a_result(app: App) -> None:
    await vote(app, names("good", 6))
    await close(app, "OZT-LIGHT")
    await asyncio.gather(final.enter_due(app), final.enter_due(app))
    assert len(await entries(app, "result")) == 1


async def test_two_who_add_to_a_ledger_at_once_are_both_in_it(app: App) -> None:
    """Each waits for the other, also where several processes write."""

    async def adds(name: str) -> None:
        async with app.storage.transaction() as tx:
            await ledger.append(tx, app.register.default_id, {"what": name}, NOON)
            await asyncio.sleep(0.05)

    await asyncio.gather(*(adds(f"{number}") for number in range(5)))
    async with app.storage.reading() as tx:
        rows = await tx.rows(LedgerOf, council_id=app.register.default_id)
    lines = [json.dumps({"number": r.number, "entry": r.entry, "head": r.head}) for r in rows]
    assert len(verify.check(lines)[1]) == 5


async def test_what_the_council_decided_stands_in_the_ledger(app: App, tmp_path: Path) -> None:
    """With the digest of the words and day that the page has; other words are not in order."""
    await vote(app, names("good", 6))
    await close(app, "OZT-LIGHT")
    texts = {"fr": "Douze lampes, « rue » des Écoles", "ar": "اثنا عشر مصباحا 💡"}
    async with app.storage.transaction() as tx:
        row = await row_of(app)
        await deciding.decide(tx, row, texts, None, "amal", NOON - 9000)
        await deciding.decide(tx, row, {"en": "Lamps"}, "2026-11-20", "amal", NOON)
    assert len(await entries(app, "decision")) == 2
    saved = (await fetched(app, "/c/example.json"))[1]
    path, file = await written(app, tmp_path), tmp_path / "saved.json"
    file.write_bytes(saved)
    said = verified(path, str(file))
    assert "In order" in said
    assert "decision" not in said
    file.write_bytes(saved.replace(b"2026-11-20", b"2026-11-21"))
    assert "a decision in the data is not one of the ledger's" in verified(path, str(file))
    with pytest.raises(NotAllowed):
        async with app.storage.transaction() as tx:
            await deciding.decide(tx, row, {}, None, "amal", NOON)
    assert len(await entries(app, "decision")) == 2


async def test_a_second_persons_word_stands_in_the_ledger_without_names(app: App) -> None:
    """Yes or no, to what by its digest; and when it was used."""
    one, other = await member(app, "Amina"), await member(app, "Said")
    id = await agreed(app, one, other)
    assert await used(app, one, PLAN)
    async with app.storage.transaction() as tx:
        refused = await approvals.ask(tx, one, "identities", "needs csv")
        assert await approvals.decide(tx, other, refused, yes=False)
        assert not await approvals.decide(tx, other, refused, yes=True)
    yes, use, no = await entries(app)
    assert (yes["what"], yes["of"], yes["decision"]) == ("approval", "broadcast", "yes")
    assert (yes["approval"], yes["sha256"]) == (str(id), digest_of(PLAN))
    assert (use["what"], use["approval"]) == ("approval used", str(id))
    assert (no["of"], no["decision"]) == ("identities", "no")
    said = msgspec.json.encode([yes, use, no]).decode()
    assert "Amina" not in said
    assert "Said" not in said


async def test_what_is_heard_after_the_end_is_in_the_results_and_never_in_the_ledger(
    app: App, tmp_path: Path
) -> None:
    """Nor when the file is made anew; it says how many voice notes waited."""
    await spoken(app, tmp_path)
    for number in range(12):
        await votes(app, f"voter {number}")
    early = await notes(app, "move")
    for note in early[:6]:
        await choose(app, note, "yes")
    await asyncio.sleep(0.01)
    await close(app, "OZT-SPOKEN")
    await asyncio.sleep(0.01)
    for note in (await notes(app, "move"))[:3]:
        await choose(app, note, "no")
    await final.enter_due(app)
    async with app.storage.reading() as tx:
        kept = await final.kept(tx, await row_of(app, "OZT-SPOKEN"))
    assert kept is not None

    def counts(file: str) -> list[Any]:
        (found,) = [t for t in json.loads(file)["tables"] if t["id"] == "q.move"]
        assert (
            "Voice notes that still wait to be heard and are not counted: 6." in found["note"]["en"]
        )
        return [cell for row in found["rows"] for cell in row[2:3]]

    assert [one.get("value") for one in counts(kept.body)] == [6, 0]
    # A clerk decides on a group: the file is made anew.
    async with app.storage.transaction() as tx:
        await tx.run("make_final_anew", consultation_id=(await row_of(app, "OZT-SPOKEN")).id)
    for note in (await notes(app, "move"))[:3]:
        await choose(app, note, "no")
    await final.enter_due(app)
    async with app.storage.reading() as tx:
        again = await final.kept(tx, await row_of(app, "OZT-SPOKEN"))
    assert again is not None
    assert counts(again.body) == counts(kept.body)
    # The page of the results has all twelve, and how many of them staff heard.
    shown = await table(app, "move")
    assert [row[2] for row in shown.rows] == [6, 6]
    assert [row[-1] for row in shown.rows] == [6, 6]
    status, page = await fetched(app, "/results/OZT-SPOKEN")
    assert status == 200
    assert "سمعها الموظفون" in page.decode() or "Heard by staff" in page.decode()
