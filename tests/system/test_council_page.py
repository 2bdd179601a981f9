"""What a council's public page says, and what it keeps to itself."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from bot.consultations import amending
from bot.core.localtime import now_ms
from flows.wording.text import LANGUAGES
from storage.ids import new_id
from storage.rows.responses import ResponseByReference
from tests.citizen import running
from tests.system.town import (
    PATHS,
    SECRET,
    close,
    decide,
    deposit,
    id_of,
    need,
    reader,
    support,
    visible,
    vote,
)

# --------------------------------------------------------------------------- what it says


async def test_it_says_what_is_open_until_when_and_how_to_take_part(tmp_path: Path) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        async with app.storage.transaction() as tx:
            row = await app.register.by_code(tx, "OZT-LIGHT")
            assert row is not None
            raw = {**msgspec.json.decode(row.definition), "closes": "2030-12-15T00:00:00"}
            await tx.run(
                "change_consultation",
                id=row.id,
                definition=json.dumps(raw),
                opens_at=None,
                closes_at=1_923_523_200_000,
                opens_local=None,
                closes_local="2030-12-15 00:00 Africa/Casablanca",
            )
        page = (await client.get("/c/example?lang=en")).text
        assert "Street lighting (example)" in page
        assert "About 2 minutes" in page
        assert "Until 14/12/2030" in visible(page)
        assert "http://localhost:1/?c=OZT-LIGHT&amp;lang=en" in page
        assert "This is an example" in page
        data = (await client.get("/c/example.json")).json()
        # What ends first comes first.
        assert [one["code"] for one in data["open"]][:2] == ["OZT-WORKSHOP", "OZT-LIGHT"]
        assert data["open"][1]["closes_at"].startswith("2030-12-15T00:00:00")
        assert data["open"][1]["links"]["web"] == "http://localhost:1/?c=OZT-LIGHT"


async def test_a_petition_shows_how_far_it_is_and_what_became_of_it(tmp_path: Path) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        await support(app, [f"p{n}" for n in range(6)])
        await deposit(app, "OZT-PARK", 230, "agenda")
        page = visible((await client.get("/c/example?lang=en")).text)
        assert "6 people support it here." in page
        assert "The law asks for 200 signatures (law 113-14, art. 123)." in page
        assert "certainty" not in page
        assert "113-14" in page
        assert "Handed in to the council on 18/11/2026. Signatures counted that day: 230." in page
        assert "on the agenda of its session of 20/11/2026" in page
        (one,) = (await client.get("/c/example.json")).json()["petitions"]
        assert one["pledges"] == {"value": 6, "suppressed": False}
        assert one["law"]["certainty"] == "B"
        assert one["law"]["signatures"] == 200
        assert one["deposit"] == {
            "day": "2026-11-18",
            "signatures": {"value": 230, "suppressed": False},
            "outcome": "agenda",
            "outcome_day": "2026-11-20",
        }


async def test_needs_are_counted_by_theme_and_status_and_never_quoted(tmp_path: Path) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        first = await need(app, "a")
        await need(app, "b")
        await need(app, "c", f"A lamp {SECRET}", theme="2")
        async with app.storage.transaction() as tx:
            row = await tx.row(ResponseByReference, reference=first)
            assert row is not None
            await tx.run("set_response_state", id=row.id, state="planned", at=now_ms())
            await tx.run("case_answered", response_id=row.id, at=now_ms())
        page = visible((await client.get("/c/example?lang=en")).text)
        assert "3 needs were told. The council has answered 1 of them." in page
        assert re.search(r"Drinking water\s+2\s", page)
        assert re.search(r"planned\s+1\s", page)
        (one,) = (await client.get("/c/example.json")).json()["needs"]
        assert one["told"]["value"] == 3
        assert one["answered"]["value"] == 1
        themes = {part["id"]: part for part in one["themes"]}
        assert themes["water"]["count"] == {"value": 2, "suppressed": False}
        assert themes["water"]["share"] is None
        assert themes["water"]["voices"]["value"] == 2
        assert themes["roads"]["count"]["value"] == 0


async def test_a_result_comes_with_what_the_council_did_and_what_it_changed(tmp_path: Path) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        await vote(app, [f"v{n}" for n in range(6)])
        await close(app, "OZT-LIGHT")
        await decide(app, "OZT-LIGHT", en="Forty new lamps.", fr="Quarante lampes.")
        async with app.storage.transaction() as tx:
            await tx.run(
                "add_change",
                id=new_id(),
                consultation_id=await id_of(app, "OZT-LIGHT"),
                version=2,
                what="closes, title.zgh",
                made_by="Amina Staff",
                at=now_ms(),
            )
        page = visible((await client.get("/c/example?lang=en")).text)
        assert "6 people took part." in page
        assert "Good" in page
        assert "Forty new lamps." in page
        assert "Decided on 20/11/2026." in page
        assert "a later end · more languages" in page
        assert "Amina" not in page
        (one,) = (await client.get("/c/example.json")).json()["closed"]
        assert one["responses"] == {"value": 6, "suppressed": False}
        assert one["results"] == "http://localhost:1/results/OZT-LIGHT"
        assert one["changes"][0]["what"] == ["end", "languages"]
        assert one["closed_at"]
        result = await client.get("/results/OZT-LIGHT?lang=zgh")
        assert 'href="/c/example?lang=zgh"' in result.text
        assert 'lang="zgh" dir="ltr"' in result.text


async def test_what_was_put_away_or_is_a_draft_is_not_shown(tmp_path: Path) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        await close(app, "OZT-LIGHT")
        async with app.storage.transaction() as tx:
            row = await app.register.by_code(tx, "OZT-LIGHT")
            assert row is not None
            await amending.archive(tx, row)
            row = await app.register.by_code(tx, "OZT-PARK")
            assert row is not None
            await tx.run("set_consultation_state", id=row.id, state="draft")
        for path in PATHS:
            said = (await client.get(path)).text
            assert "OZT-LIGHT" not in said
            assert "OZT-PARK" not in said
            assert "OZT-NEEDS" in said or "feed" in path


# --------------------------------------------------------------------------- what it keeps to itself


async def test_fewer_than_five_are_nowhere_a_number(tmp_path: Path) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        await vote(app, ["v1", "v2", "v3"])
        await support(app, ["p1", "p2", "p3"])
        await deposit(app, "OZT-PARK", 3)
        await close(
            app,
            *("OZT-LIGHT", "OZT-PARK", "OZT-NEEDS", "OZT-CHARTER", "OZT-BUDGET", "OZT-WORKSHOP"),
            "OZT-LAMPS",
        )
        hidden = {"value": None, "suppressed": True}
        data = (await client.get("/c/example.json")).json()
        assert data["petitions"][0]["pledges"] == hidden
        assert data["petitions"][0]["deposit"]["signatures"] == hidden
        told = {one["code"]: one["responses"] for one in data["closed"]}
        assert told["OZT-LIGHT"] == told["OZT-PARK"] == hidden
        said = []
        for path in PATHS:
            for language in LANGUAGES:
                said.append((await client.get(f"{path}?lang={language}")).text)
        for text in said:
            # Addresses, ids, days, the numbers of laws and headings are no counts.
            bare = re.sub(r"<link[^>]*>|<id>[^<]*|<[^>]+>|https?://[^\s\"]*|.form.:1", " ", text)
            bare = re.sub(r"\d{4}-\d\d-\d\d[T0-9:+-]*|\d\d/\d\d/\d{4}|\d{2,}-\d+|\d{2,}", " ", bare)
            assert not re.search(r"(?<![\w-])[1-4](?![\w-])", bare), bare
        english = visible((await client.get("/c/example?lang=en")).text)
        assert "Fewer than 5 people support it here." in english
        assert "Signatures counted that day: fewer than 5." in english
        assert "took part." in english


async def test_no_word_of_a_citizen_and_no_name_of_staff_is_anywhere(tmp_path: Path) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        reference = await need(app, "a")
        await vote(app, [f"v{n}" for n in range(6)])
        await deposit(app, "OZT-PARK", 230, "refused")
        await close(app, "OZT-LIGHT", "OZT-NEEDS")
        for path in (*PATHS, *(f"{path}?lang=fr" for path in PATHS)):
            said = (await client.get(path)).text
            for word in (SECRET, SECRET.lower(), "Amina", "DEP-2026", "Reasons for", reference):
                assert word not in said, (path, word)


# --------------------------------------------------------------------------- how it is said


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_speaks_every_language_of_citizens(tmp_path: Path, language: str) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        page = await client.get(f"/c/example?lang={language}")
        direction = "rtl" if language in ("ar", "ary") else "ltr"
        assert f'<html lang="{language}" dir="{direction}">' in page.text
        # No entry of the staff's catalogue stands in: Tamazight readers would meet French.
        if language == "zgh":
            text = re.sub(
                r"<nav.*?</nav>|<p class=.small law.*?</p>|<[^>]+>|\([^)]*\)",
                "",
                page.text.split("<h1>")[1],
                flags=re.S,
            )
            text = re.sub(r"WhatsApp|Telegram|JSON", "", text)
            assert not re.search(r"[a-zA-Z]{4,}", text), re.findall(r"[a-zA-Z]{4,}", text)
        for name in ("ary", "ar", "fr", "zgh", "en"):
            assert f'hreflang="{name}"' in page.text
        feed = await client.get(f"/c/example/feed.xml?lang={language}")
        root = ElementTree.fromstring(feed.text)  # noqa: S314  # our own
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language


async def test_the_reader_of_a_browser_gets_its_language(tmp_path: Path) -> None:
    async with running(tmp_path) as app, reader(app) as client:
        for asked, language in (
            ("zgh", "zgh"),
            ("ary-MA, fr;q=0.8", "ary"),
            ("es, fr", "fr"),
            ("es", "ar"),
        ):
            page = await client.get("/c/example", headers={"accept-language": asked})
            assert f'<html lang="{language}"' in page.text
            assert "accept-language" in page.headers["vary"].lower()
        # Staff pages have no Tamazight: its readers get French there.
        desk = await client.get("/staff", headers={"accept-language": "zgh"})
        assert '<html lang="fr"' in desk.text
