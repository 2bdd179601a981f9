"""Files that were made to do harm, brought by staff: nobody else waits, and the page says what was wrong."""

import asyncio
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from bot.core.config import Config
from bot.core.foreign.worker import DOCUMENTS
from tests.system.staffed import busy_town, config_of
from tests.visitor import visitor


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils."""
    return config_of(tmp_path)


def workbook(cells: int) -> bytes:
    """A sheet of a few hundred kilobytes with millions of cells in it."""
    plain, out = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(plain)
    row = "<row>" + '<c t="n"><v>1</v></c>' * 150 + "</row>"
    with (
        zipfile.ZipFile(plain) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            content = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                head, _, tail = content.partition("<sheetData")
                tail = tail.partition("</worksheet>")[0].partition("/>")[2]
                content = f"{head}<sheetData>{row * (cells // 150)}</sheetData>{tail}</worksheet>"
            new.writestr(name, content)
    return out.getvalue()


async def test_a_workbook_of_millions_of_cells_stops_nobody(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DOCUMENTS, "_seconds", 1.5)
    # A process that has begun keeps the time that it was given.
    DOCUMENTS.close()
    content = await asyncio.to_thread(workbook, 2_500_000)
    assert len(content) < 400_000
    async with (
        busy_town(config) as full,
        visitor(base_url=full.address, timeout=60) as clerk,
        visitor(base_url=full.address, timeout=60) as citizen,
    ):
        await full.sign_in(clerk, "amal", "clerk")
        bringing = asyncio.create_task(
            clerk.post(
                f"/staff/petitions/{full.petition}/import",
                files={"file": ("signatures.xlsx", content)},
                headers={"accept-language": "en"},
            )
        )
        served = 0
        while not bringing.done():
            assert (await citizen.get("/")).status_code == 200
            served += 1
            await asyncio.sleep(0.05)
        answer = await bringing
        assert answer.status_code == 422
        assert "too much time or memory" in answer.text
        # One that reads the file itself answers once or twice meanwhile.
        assert served > 10
    DOCUMENTS.close()
