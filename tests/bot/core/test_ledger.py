"""What an outsider can tell from a council's ledger, and from what they noted of it before."""

import importlib.util
import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.app import site
from bot.app.build import App
from bot.core import ledger
from bot.core.localtime import moment
from bot.core.vault import open_vault
from storage.rows.staff import LedgerOf
from tests.citizen import Citizen
from tests.visitor import visitor

VERIFIER = Path(__file__).parents[3] / "docs" / "verify_ledger.py"


def loaded() -> Any:
    """The verifier as a module."""
    spec = importlib.util.spec_from_file_location("verify_ledger", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify = loaded()


def chained(entries: list[str]) -> list[dict[str, Any]]:
    """A ledger of these entries."""
    head, made = ledger.BEGINNING, []
    for number, entry in enumerate(entries, 1):
        head = ledger.chain(head, entry)
        made.append({"number": number, "entry": entry, "head": head})
    return made


def some_entries(chance: random.Random) -> list[str]:
    return [
        json.dumps({"what": "signature", "petition": "P", "digest": f"{chance.random()}", "at": at})
        for at in range(chance.randrange(3, 10))
    ]


def in_order(records: list[dict[str, Any]], *noted: str) -> bool:
    """Whether the verifier finds nothing."""
    try:
        heads, _ = verify.check(json.dumps(one) for one in records)
    except (ValueError, KeyError, TypeError):
        return False
    return all(one in heads for one in noted)


Harm = Callable[[list[dict[str, Any]], random.Random], None]


def _change_entry(records: list[dict[str, Any]], chance: random.Random) -> None:
    one = chance.choice(records)
    at = chance.randrange(len(one["entry"]))
    other = chance.choice([c for c in "0123456789abc" if c != one["entry"][at]])
    one["entry"] = one["entry"][:at] + other + one["entry"][at + 1 :]


def _change_head(records: list[dict[str, Any]], chance: random.Random) -> None:
    one = chance.choice(records)
    at = chance.randrange(64)
    one["head"] = one["head"][:at] + chance.choice("ghij") + one["head"][at + 1 :]


def _leave_out(records: list[dict[str, Any]], chance: random.Random) -> None:
    del records[chance.randrange(len(records))]


def _cut_tail(records: list[dict[str, Any]], chance: random.Random) -> None:
    del records[chance.randrange(len(records)) :]


def _swap(records: list[dict[str, Any]], chance: random.Random) -> None:
    at = chance.randrange(len(records) - 1)
    records[at], records[at + 1] = records[at + 1], records[at]


def _put_in(records: list[dict[str, Any]], chance: random.Random) -> None:
    records.insert(chance.randrange(len(records)), dict(chance.choice(records)))


HARMS: tuple[Harm, ...] = (_change_entry, _change_head, _leave_out, _cut_tail, _swap, _put_in)


def test_ten_thousand_tamperings_are_found_with_the_last_head_that_was_noted() -> None:
    chance = random.Random(1)
    missed = 0
    for number in range(10_000):
        records = chained(some_entries(chance))
        noted = records[-1]["head"]
        assert in_order(records, noted)
        harm = HARMS[number % len(HARMS)]
        harm(records, chance)
        missed += in_order(records, noted)
    assert missed == 0


def test_a_hundred_insiders_who_chain_everything_anew_are_found_with_any_head_after_their_change() -> (
    None
):
    """What they left as it was before their change is in order, and nothing after it is."""
    chance = random.Random(2)
    for _ in range(100):
        entries = some_entries(chance)
        before = chained(entries)
        changed = list(entries)
        at = chance.randrange(len(changed))
        how = chance.choice(("leave out", "change", "put in", "cut"))
        if how == "leave out":
            del changed[at]
        elif how == "change":
            changed[at] = changed[at].replace("signature", "withdrawn")
        elif how == "put in":
            changed.insert(at, changed[at].replace('"at"', '"later": 1, "at"'))
        else:
            del changed[at:]
        rewritten = chained(changed)
        assert in_order(rewritten)
        for number, record in enumerate(before):
            assert in_order(rewritten, record["head"]) is (number < at)


def test_the_verifiers_own_signatures_are_those_of_the_library() -> None:
    """A right one is right; another key, text, signature, or one that is no number of the curve's, is not."""
    chance = random.Random(3)
    for _ in range(20):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        key = private.public_key().public_bytes_raw().hex()
        text = chance.randbytes(chance.randrange(80)).hex()
        made = private.sign(text.encode())
        assert verify.signed(key, text, made.hex())
        wrong = bytearray(made)
        wrong[chance.randrange(64)] ^= 1 << chance.randrange(8)
        more = made[:32] + (int.from_bytes(made[32:], "little") + verify.ORDER).to_bytes(
            32, "little"
        )
        for other_key, other_text, signature in (
            (key, text + "x", made.hex()),
            (key, text, bytes(wrong).hex()),
            (key, text, more.hex()),
            (chance.randbytes(32).hex(), text, made.hex()),
            (key, text, made.hex()[:-2]),
            (key, text, "no hex at all"),
        ):
            assert not verify.signed(other_key, other_text, signature)


def test_a_statement_is_signed_with_a_key_of_its_own(tmp_path: Path) -> None:
    """The same secret signs the same, another one does not."""
    one, same, other = (open_vault(s, tmp_path / "no") for s in ("a" * 32, "a" * 32, "b" * 32))
    said = ledger.statement("OZT", "0" * 64, "2026-11-27")
    assert one.sign(said) == same.sign(said) != other.sign(said)
    assert verify.signed(one.public_key, said, one.sign(said))
    assert not verify.signed(other.public_key, said, one.sign(said))


def opened(app: App) -> httpx.AsyncClient:
    """Who reads the public pages."""
    return visitor(transport=httpx.ASGITransport(site.build(app)), base_url="http://localhost:1")


SIGNS = ("[I support it]", "[Sign officially]", "Amina El Idrissi", "KB204971", "Agdz", "yes", "no")


async def signed_by(app: App, name: str, card: str) -> Citizen:
    citizen = Citizen(app, name, "telegram")
    await citizen.arrives(code="OZT-PARK")
    for said in SIGNS:
        await citizen.says(card if said == "KB204971" else said)
    return citizen


async def written(app: App, folder: Path) -> Path:
    """The ledger as the command writes it."""
    async with app.storage.reading() as tx:
        rows = await tx.rows(LedgerOf, council_id=app.register.default_id)
    path = folder / "ledger.jsonl"
    lines = (json.dumps({"number": r.number, "entry": r.entry, "head": r.head}) for r in rows)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def verified(path: Path, *words: str) -> str:
    """What the verifier says, with nothing but Python."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(path), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


async def test_what_was_published_is_found_in_the_ledger_later_and_not_in_a_rewritten_one(
    app: App, tmp_path: Path
) -> None:
    """A reader saves the council's data; the council rewrites its history, and has every key on its server."""
    await signed_by(app, "amina", "KB204971")
    await signed_by(app, "brahim", "KB204972")
    page = opened(app)
    async with page:
        saved = tmp_path / "example.json"
        saved.write_text((await page.get("/c/example.json")).text)
        html = (await page.get("/c/example?lang=en")).text
        feed = (await page.get("/c/example/feed.xml")).text
        async with app.storage.transaction() as tx:
            row = await app.register.by_code(tx, "OZT-LIGHT")
            assert row is not None
            await tx.run("set_consultation_state", id=row.id, state="closed")
        results = (await page.get("/results/OZT-LIGHT?lang=en")).text
    told = json.loads(saved.read_text())["ledger"]
    assert set(told) == {"head", "day", "signature", "key"}
    assert told["head"] in html
    assert told["head"] in results
    (kept,) = ElementTree.fromstring(feed).iter("{urn:tachawor:ledger}head")  # noqa: S314 - ours
    assert kept.attrib == told
    assert "its state at the beginning of" in html
    await signed_by(app, "chaima", "KB204973")
    path = await written(app, tmp_path)
    key = f"key={told['key']}"
    good = verified(path, str(saved), told["head"], key, "OZT-PARK=3")
    assert "In order: 3 entries" in good
    assert "OZT-PARK: 3 signatures stand" in good
    # One signature is left out, and everything chained and signed anew.
    entries = [json.loads(line)["entry"] for line in path.read_text().splitlines()]
    rewritten = chained([entries[0], entries[2]])
    path.write_text("".join(json.dumps(one) + "\n" for one in rewritten))
    assert "In order" in verified(path)
    for noted in ((str(saved),), (told["head"],), ("OZT-PARK=3",)):
        assert "NOT IN ORDER" in verified(path, *noted)
    for name, wrong, why in (
        ("head", "0" * 64, "signature"),
        ("day", "2026-01-01", "signature"),
        ("key", "0" * 64, "signature"),
    ):
        data = json.loads(saved.read_text())
        data["ledger"][name] = wrong
        changed = tmp_path / "changed.json"
        changed.write_text(json.dumps(data))
        assert why in verified(path, str(changed))
    assert "another key" in verified(path, str(saved), f"key={'0' * 64}")


async def test_the_ledger_says_that_a_signature_was_erased_or_withdrawn(
    app: App, tmp_path: Path
) -> None:
    """And who else claims the card stands from then on, with an entry of its own."""
    amina = await signed_by(app, "amina", "KB204971")
    brahim = await signed_by(app, "brahim", "KB204972")
    await signed_by(app, "impostor", "KB204971")
    for said in ("menu", "my data", "[Erase]", "[Erase]"):
        await amina.says(said)
    for said in ("my contributions", "1", "[Take it back]", "[Take it back]"):
        await brahim.says(said)
    path = await written(app, tmp_path)
    whats = [
        json.loads(json.loads(line)["entry"])["what"] for line in path.read_text().splitlines()
    ]
    assert whats == ["signature", "signature", "disputed", "erased", "signature", "withdrawn"]
    assert "OZT-PARK: 1 signatures stand" in verified(path)


async def test_a_council_whose_ledger_is_empty_publishes_no_head(app: App, tmp_path: Path) -> None:
    """And who saved that is told that it checks nothing."""
    async with opened(app) as page:
        saved = (await page.get("/c/example.json")).text
        assert json.loads(saved)["ledger"] is None
        assert "nothing was changed" not in (await page.get("/c/example?lang=en")).text
    (tmp_path / "empty.json").write_text(saved)
    await signed_by(app, "amina", "KB204971")
    said = verified(await written(app, tmp_path), str(tmp_path / "empty.json"))
    assert "nothing is checked by them" in said
    assert "In order: 1 entries" in said


async def test_the_head_changes_once_a_day_and_tells_no_number(app: App) -> None:
    """Who looks again and again cannot count signatures that are too few to be told."""
    id, day = app.register.default_id, 86_400_000
    morning = moment(datetime(2026, 11, 27))  # noqa: DTZ001  # wall time

    async def head(at: int) -> str:
        async with app.storage.reading() as tx:
            found = await ledger.signed_head(tx, app.vault, id, "OZT", at)
        return "" if found is None else found.head

    async def adds(at: int) -> None:
        async with app.storage.transaction() as tx:
            await ledger.append(tx, id, {"what": "signature"}, at)

    await adds(morning - 1)
    first = await head(morning)
    for at in (morning, morning + 5000, morning + day - 1):
        await adds(at)
        assert await head(at) == await head(morning + day - 1) == first
    assert await head(morning - 1) == ""
    assert await head(morning + day) not in (first, "")


@pytest.mark.parametrize("words", [(), ("no such file",)])
def test_the_verifier_says_how_it_is_used_and_what_it_cannot_read(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert ("python3 verify_ledger.py" if not words else "NOT CHECKED") in done.stderr


@pytest.mark.parametrize("content", [b"<!doctype html>", b'{"council": {"code": "OZ', b"\xff\xfe"])
def test_a_file_that_is_no_data_says_nothing_of_the_ledger(tmp_path: Path, content: bytes) -> None:
    """A page saved in place of its data, or a download that was cut off: the ledger is not to blame."""
    book, saved = tmp_path / "ledger.jsonl", tmp_path / "saved.json"
    book.write_text("\n".join(map(json.dumps, chained(["{}"]))), "utf-8")
    saved.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(book), str(saved)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"NOT CHECKED: {saved}")
