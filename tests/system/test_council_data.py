"""A council's public record for programs and feeds, and how all of it is served."""

import asyncio
import json
import re
import uuid
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.app.build import sections
from bot.results.public_record import Record
from bot.results.publishing import Records
from bot.web.frame.headers import CONTENT_POLICY, content_policy
from flows.wording.text import LANGUAGES
from storage.rows.consultations import ConsultationByCode
from tests.citizen import running
from tests.system.town import (
    PATHS,
    close,
    decide,
    deposit,
    need,
    reader,
    support,
    vote,
)

ATOM = "{http://www.w3.org/2005/Atom}"


async def test_the_form_of_the_data_is_as_documented(tmp_path: Path) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        await need(app, "a")
        await vote(app, [f"v{n}" for n in range(6)])
        await support(app, ["p1"])
        await deposit(app, "OZT-PARK", 230, "refused")
        await decide(app, "OZT-LIGHT", en="Forty new lamps.")
        await close(app, "OZT-LIGHT")
        data = (await client.get("/c/example.json")).json()
    assert data["form"] == 1
    assert set(data) == {
        "form",
        "council",
        "open",
        "petitions",
        "needs",
        "budgets",
        "meetings",
        "closed",
        "ledger",
        "commitments",
        "programmes",
    }
    # What is of today is told tomorrow.
    assert data["ledger"] is None
    assert set(data["council"]) == {"code", "name", "contact", "example", "page"}
    assert set(data["open"][0]) == {
        "code", "kind", "title", "minutes", "opened_at", "closes_at", "links", "counted",
    }  # fmt: skip
    petition = data["petitions"][0]
    assert set(petition) == {
        "code", "title", "demand", "state", "pledges", "signatures", "awaiting", "law",
        "deposit", "counted",
    }  # fmt: skip
    assert set(petition["law"]) == {
        "signatures", "each_province", "article", "certainty", "citation",
    }  # fmt: skip
    assert set(petition["deposit"]) == {"day", "signatures", "outcome", "outcome_day"}
    needs = data["needs"][0]
    assert set(needs) == {"code", "title", "state", "told", "answered", "themes", "states"}
    assert set(needs["themes"][0]) == {"id", "name", "count", "share", "voices"}
    assert set(needs["states"][0]) == {"id", "name", "count", "share"}
    closed = data["closed"][0]
    assert set(closed) == {
        "code", "kind", "title", "closed_at", "responses", "headline", "results", "decisions",
        "changes", "counted", "file", "sha256",
    }  # fmt: skip
    assert set(closed["headline"]) == set(LANGUAGES)
    assert set(closed["decisions"][0]) == {"texts", "day", "noted_at"}
    assert not re.search("[\u2066-\u2069]", json.dumps(data, ensure_ascii=False))
    documented = (Path(__file__).parents[2] / "docs" / "public-data.md").read_text("utf-8")

    def keys(value: Any, at: str = "") -> set[str]:
        if isinstance(value, list):
            return set().union(*(keys(one, at) for one in value))
        if not isinstance(value, dict) or set(value) <= {*LANGUAGES, "web"}:
            return set()
        return set(value).union(*(keys(one) for one in value.values()))

    missing = {key for key in keys(data) if f"`{key}`" not in documented}
    assert missing == set()


async def test_the_feed_is_atom_and_its_ids_stay(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await vote(app, [f"v{n}" for n in range(6)])
        await close(app, "OZT-LIGHT")
        await decide(app, "OZT-LIGHT", en="Lamps \x0b& <b>more</b>")
        await deposit(app, "OZT-PARK", 230)
        async with reader(app) as client:
            first = await client.get("/c/example/feed.xml?lang=en")
        # Another process of the same deployment says the same.
        async with reader(app) as client:
            again = await client.get("/c/example/feed.xml?lang=en")
    assert first.content == again.content
    assert first.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(first.content)  # noqa: S314  # our own
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Commune of Ouarzazate (example)"
    rels = {link.get("rel") for link in root.findall(f"{ATOM}link")}
    assert rels == {"self", "alternate"}
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    assert len(entries) == len(set(ids)) == 9  # six open, one closed, one decision, one deposit
    for entry, id in zip(entries, ids, strict=True):
        assert uuid.UUID(id.removeprefix("urn:uuid:"))
        assert entry.findtext(f"{ATOM}title")
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", entry.findtext(f"{ATOM}updated") or ""
        )
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert (link.get("href") or "").startswith("http://localhost:1/")
    assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    assert any("Lamps & <b>more</b>" in (e.findtext(f"{ATOM}summary") or "") for e in entries)


# --------------------------------------------------------------------------- how it is served


@pytest.mark.parametrize("path", PATHS)
async def test_an_answer_stands_for_a_minute_and_is_not_sent_twice(
    tmp_path: Path, path: str
) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        first = await client.get(path)
        assert first.status_code == 200
        assert first.headers["cache-control"] == "public, max-age=60"
        assert "set-cookie" not in first.headers
        asked = {"if-none-match": f'"other", W/{first.headers["etag"]}'}
        again = await client.get(path, headers=asked)
        assert again.status_code == 304
        assert again.content == b""
        for name in ("etag", "cache-control", "content-security-policy"):
            assert again.headers[name] == first.headers[name]
        for answer in (first, again):
            assert len(answer.headers.get_list("content-security-policy")) == 1
            shared = answer.headers.get("access-control-allow-origin")
            assert shared == ("*" if path.endswith(("json", "xml")) else None)
        head = await client.head(path)
        assert head.status_code == 200
        assert head.headers["etag"] == first.headers["etag"]
        assert (await client.get(path, headers={"if-none-match": '"x"'})).status_code == 200
        cookie = await client.get(f"{path}?lang=fr")
        assert "set-cookie" not in cookie.headers


@pytest.mark.parametrize("path", PATHS)
async def test_a_council_is_found_in_capitals_and_an_unknown_one_is_not(
    tmp_path: Path, path: str
) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        moved = await client.get(path.replace("example", "ExamPLE") + "?lang=fr")
        assert moved.status_code == 301
        assert moved.headers["location"] == f"{path}?lang=fr"
        for odd in ("nowhere", "%3Cb%3E", "..%2fexample", "x" * 300, "%00"):
            missing = await client.get(path.replace("example", odd))
            assert missing.status_code == 404
            assert "<b>" not in missing.text


def needs(record: Record) -> tuple[Any, ...]:
    """The section of needs."""
    return next(items for section, items in record.sections if section.key == "needs")


async def test_a_hundred_who_come_at_once_have_it_computed_once(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        records = Records(app.storage, app.register, app.channels, sections(), app.vault)
        id = app.register.default_id
        found = await asyncio.gather(*(records.of(id) for _ in range(100)))
        assert records.computed == 1
        assert all(one is found[0] for one in found)
        # What was drawn from the responses is kept until one of them changes.
        old = Records(app.storage, app.register, app.channels, sections(), app.vault, seconds=0)
        before = needs((await old.of(id)).record)[0].themes[0].name
        assert needs((await old.of(id)).record)[0].themes[0].name is before
        await need(app, "a")
        assert needs((await old.of(id)).record)[0].told == 1
        assert old.computed == 3


async def test_an_error_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path) as app:
        records = Records(app.storage, app.register, app.channels, sections(), app.vault)
        id = app.register.default_id
        with monkeypatch.context() as broken:
            broken.setattr("bot.results.publishing.is_open", lambda row, at: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                await records.of(id)
        assert (await records.of(id)).record.code == "example"


async def test_it_reads_the_same_from_both_databases(tmp_path: Path, url: str) -> None:
    async with running(tmp_path, url) as app, reader(app) as client:
        await need(app, "a")
        await vote(app, [f"v{n}" for n in range(5)])
        await support(app, [f"p{n}" for n in range(5)])
        await deposit(app, "OZT-PARK", 230, "refused")
        await decide(app, "OZT-LIGHT", en="Forty new lamps.")
        await close(app, "OZT-LIGHT")
        data = (await client.get("/c/example.json")).json()
        assert data["needs"][0]["told"]["value"] == 1
        assert data["petitions"][0]["pledges"]["value"] == 5
        assert data["closed"][0]["responses"]["value"] == 5
        assert data["closed"][0]["closed_at"]


def test_a_policy_never_says_what_somebody_wrote_into_an_origin() -> None:
    assert content_policy() == CONTENT_POLICY
    allowed = content_policy(["https://www.example.ma", "http://localhost:8000"])
    assert allowed.endswith("frame-ancestors 'self' https://www.example.ma http://localhost:8000")
    for evil in ("https://a.ma; script-src *", "*", "https://a.ma\r\nset-cookie: x", "https:"):
        assert content_policy([evil]) == CONTENT_POLICY


async def test_no_way_is_shown_on_which_nobody_can_take_part(tmp_path: Path) -> None:
    """The open page, where an account is asked for."""
    async with running(tmp_path) as app, reader(app) as client:
        async with app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
            assert row is not None
            raw = json.loads(row.definition) | {"take_part": "A1"}
            await tx.run("redefine", code="OZT-LIGHT", definition=json.dumps(raw))
        data = (await client.get("/c/example.json")).json()
        ways = {one["code"]: set(one["links"]) for one in data["open"]}
        assert ways["OZT-LIGHT"] == set()
        assert ways["OZT-PARK"] == {"web"}


async def test_the_public_page_says_which_level_counts(tmp_path: Path) -> None:
    """Beside what is open, under what has closed, and of petitions; nothing where everything counts."""
    async with running(tmp_path) as app, reader(app) as client:
        before = (await client.get("/c/example?lang=en")).text
        assert "counts." not in before
        async with app.storage.transaction() as tx:
            for code, least in (("OZT-LIGHT", "A1"), ("OZT-PARK", "A2")):
                row = await tx.row(ConsultationByCode, code=code)
                assert row is not None
                raw = json.loads(row.definition) | {"counted": least}
                await tx.run("redefine", code=code, definition=json.dumps(raw))
    async with running(tmp_path) as app, reader(app) as client:
        page = (await client.get("/c/example?lang=en")).text
        assert page.count("Only what is confirmed by Telegram or WhatsApp counts.") == 1
        # Where it is open, and in its own section.
        assert (
            page.count("Only who signed with the national card from Telegram or WhatsApp counts.")
            == 2
        )
        await close(app, "OZT-LIGHT")
    async with running(tmp_path) as app, reader(app) as client:
        page = (await client.get("/c/example?lang=en")).text
        assert page.count("Only what is confirmed by Telegram or WhatsApp counts.") == 1
