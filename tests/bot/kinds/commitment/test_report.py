"""The half-year report: by province and council, what is late first, a page for all and one for each."""

import io
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import openpyxl
import pytest
import time_machine

from bot.app import site
from bot.app.build import App
from bot.consultations import definitions
from bot.core.localtime import now_ms
from bot.kinds.commitment import changes
from bot.reports.pdf import document_of
from bot.results import summaries
from flows.kinds.commitment.half_year import HalfYear
from flows.kinds.commitment.report import Promise, Promises, report
from flows.kinds.commitment.states import Standing
from tests.bot.kinds.commitment.towns import COMMUNES, PROMISE, PROVINCE
from tests.citizen import plain, running
from tests.staff_links import link_for
from tests.visitor import visitor

AUTUMN = HalfYear(2026, 2)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with time_machine.travel(moment, tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[App]:
    """Two communes of one province, one of another, and the council of the first province."""
    folder = tmp_path / "councils"
    folder.mkdir()
    for code, text in {**COMMUNES, "province": PROVINCE}.items():
        (folder / f"{code}.toml").write_text(text)
    async with running(tmp_path, councils=str(folder)) as found:
        yield found


async def promised(app: App, council: str, code: str, due: str, **more: Any) -> None:
    """A council promises something."""
    raw = {**msgspec.toml.decode(PROMISE), "council": council, "code": code, "due": due, **more}
    raw["title"] = {"fr": f"Promesse {code}", "en": f"Promise {code}"}
    id = next(id for id, one in app.register.all().items() if one.code == council)
    head, problems = definitions.check(raw, app.register.council(id))
    assert head is not None
    assert problems == []
    async with app.storage.transaction() as tx:
        await definitions.add(tx, app.register, msgspec.to_builtins(head), head)
        row = await app.register.by_code(tx, code)
        assert row is not None
        await definitions.open_consultation(tx, row, "amal")


async def said(app: App, code: str, state: str, **why: str) -> None:
    """Staff say how it stands."""
    async with app.storage.transaction() as tx:
        row = await app.register.by_code(tx, code)
        assert row is not None
        await changes.note(tx, row, state, why, "", "amal", now_ms())


async def got(app: App, council: str, path: str) -> bytes:
    """What an admin of a council is given."""
    base = app.config.public_url
    async with visitor(transport=httpx.ASGITransport(app=site.build(app)), base_url=base) as client:
        signed = await client.post(await link_for(app, council, "amal", "admin"))
        assert signed.status_code == 303
        answer = await client.get(f"/staff/commitments/report{path}")
        assert answer.status_code == 200
        return answer.content


def rows_of(book: Any, sheet: int) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book.worksheets[sheet].iter_rows()]


async def test_a_province_has_every_council_in_it_and_what_is_late_first(
    app: App, clock: time_machine.Traveller
) -> None:
    await promised(app, "tarmigt", "TRM-ONE", "2027-01-31")
    await promised(app, "tarmigt", "TRM-TWO", "2026-10-31")
    await promised(app, "tarmigt", "TRM-THREE", "2026-12-31", source="decision")
    await promised(app, "skoura", "SKR-ONE", "2026-12-31")
    await promised(app, "far", "FAR-ONE", "2026-12-31")
    await said(app, "SKR-ONE", "done", fr="Inauguré.")
    content = await got(
        app, "province", "/2026-H2.xlsx?lang=fr&of=region&title=Nos%20%E2%80%AEsuites"
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.properties.title == "Nos suites"
    everybody = "\n".join(str(row) for row in rows_of(book, 1))
    assert "Tarmigt" in everybody
    assert "Skoura" in everybody
    assert "Far" not in everybody
    pages = ["\n".join(str(row) for row in rows_of(book, n)) for n in range(len(book.worksheets))]
    (skoura,) = [page for page in pages if "Promesse SKR-ONE" in page]
    assert "Inauguré." in skoura
    assert "Fait" in skoura
    (tarmigt,) = [page for page in pages if "Promesse TRM-ONE" in page]
    assert tarmigt.index("Promesse TRM-TWO") < tarmigt.index("Promesse TRM-ONE")
    assert "En retard" in tarmigt
    # What does not come from a recommendation stands in the report about everything; each says which it is.
    assert any("recommandations" in str(row) and "Filtres" in str(row) for row in rows_of(book, 0))
    assert "TRM-THREE" not in tarmigt
    whole = openpyxl.load_workbook(
        io.BytesIO(await got(app, "tarmigt", "/2026-H2.xlsx?lang=fr&source=all&of=region"))
    )
    text = "\n".join(str(row) for n in range(len(whole.worksheets)) for row in rows_of(whole, n))
    assert "TRM-THREE" in text
    assert any("Filtres" in str(row) and "aucun" in str(row) for row in rows_of(whole, 0))
    # A commune has its own only, whatever is asked for.
    assert "SKR-ONE" not in text


async def test_it_tells_what_was_owed_in_the_half_year_as_it_stood_at_its_end(
    app: App, clock: time_machine.Traveller
) -> None:
    await promised(app, "tarmigt", "TRM-ONE", "2027-03-31")
    await promised(app, "tarmigt", "TRM-TWO", "2027-03-31")
    await said(app, "TRM-ONE", "done")
    clock.move_to(datetime(2027, 4, 15, 12, tzinfo=UTC))
    await promised(app, "tarmigt", "TRM-NEW", "2027-09-30")
    page = plain((await got(app, "tarmigt", "?lang=en&half=2026-H2")).decode())
    assert "second half of 2026" in page
    assert "As of 31/12/2026" in page
    assert "Promise TRM-ONE" in page
    assert "TRM-NEW" not in page
    assert "Late" not in page.partition("Promise TRM-TWO")[0].rpartition("<tr")[2]
    page = plain((await got(app, "tarmigt", "?lang=en&half=2027-H1")).decode())
    # What was settled before is not told again.
    assert "Promise TRM-ONE" not in page
    assert "Promise TRM-NEW" in page
    assert "Late" in page.partition("Promise TRM-TWO")[0].rpartition("<tr")[2]


async def test_councils_stand_by_province_and_each_has_a_page(app: App) -> None:
    all = {one.code: one for one in app.register.all().values()}
    commitment: Any = msgspec.convert(
        {**msgspec.toml.decode(PROMISE), "code": "X-Y", "council": "far", "due": "2026-12-31"},
        changes.Commitment,
    )
    made = report(
        "",
        AUTUMN,
        [
            Promises(all[code], [Promise(commitment, Standing())])
            for code in ("tarmigt", "far", "skoura")
        ],
        AUTUMN.first,
        "fr",
    )
    order = [table.id for table in made.tables]
    assert order == ["councils", "council_far", "council_skoura", "council_tarmigt"]
    document = document_of(made, "fr", summaries.facts_about(all["far"], "", 3))
    assert [one["apart"] for one in document["tables"]] == [False, True, True, True]


async def test_the_pdf_is_made_in_arabic_too(app: App) -> None:
    await promised(app, "tarmigt", "TRM-ONE", "2027-01-31")
    assert (await got(app, "tarmigt", "/2026-H2.pdf?lang=ar")).startswith(b"%PDF")


async def test_the_report_of_three_councils_is_opened_in_arabic_and_french(
    app: App, clock: time_machine.Traveller
) -> None:
    """A province of two communes and itself: one page for all and one for each, what is late first, a title of its own."""
    await promised(app, "tarmigt", "TRM-ONE", "2027-01-31")
    await promised(app, "tarmigt", "TRM-TWO", "2026-10-31")
    await promised(app, "skoura", "SKR-ONE", "2026-12-31")
    await promised(app, "province", "PRO-ONE", "2026-11-30")
    await said(app, "SKR-ONE", "done", fr="Inauguré.", ar="تم التدشين.")
    for language, late, why in (("fr", "En retard", "Inauguré."), ("ar", "متأخر", "تم التدشين.")):
        asked = f"lang={language}&of=region&title=Suites"
        content = await got(app, "province", f"/2026-H2.xlsx?{asked}")
        book = openpyxl.load_workbook(io.BytesIO(content))
        texts = [plain("\n".join(str(r) for r in rows_of(book, n))) for n in range(5)]
        assert len(book.worksheets) == 5
        assert all(code in texts[1] for code in ("Tarmigt", "Skoura", "Conseil provincial"))
        assert sum("Promesse TRM-TWO" in text for text in texts) == 1
        (tarmigt,) = [text for text in texts if "Promesse TRM-TWO" in text]
        assert late in tarmigt
        assert tarmigt.index("TRM-TWO") < tarmigt.index("TRM-ONE")
        assert any(why in text for text in texts)
        assert (await got(app, "province", f"/2026-H2.pdf?{asked}")).startswith(b"%PDF")


@pytest.mark.parametrize("text", ["2026-H3", "2026", "20261", "H1-2026"])
def test_what_is_no_half_year_is_said_so(text: str) -> None:
    with pytest.raises(ValueError, match="write one like 2026-H2"):
        HalfYear.parse(text)


def test_half_years_follow_one_another() -> None:
    assert HalfYear.parse("2026h1") == HalfYear(2026, 1)
    assert HalfYear(2026, 1).before == HalfYear(2025, 2)
    assert HalfYear(2026, 2).before == HalfYear(2026, 1)
    assert (HalfYear(2026, 1).end, HalfYear(2026, 2).end) == (
        HalfYear(2026, 2).first,
        HalfYear(2027, 1).first,
    )
