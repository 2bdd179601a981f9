"""Every type of question in one poll: answered as people type, refused kindly, and summed up."""

import io
import json
from pathlib import Path

import openpyxl

from bot.app.build import App
from bot.consultations import definitions
from bot.results.shown import releases
from storage.rows.consultations import ConsultationByCode
from tests.checks import AllResponses
from tests.citizen import Citizen

POLL = """
kind = "poll"
code = "OZT-TYPES"
council = "example"
title = { en = "All types" }

[[questions]]
key = "yes"
type = "yes_no"
text = { en = "Do you agree?" }

[[questions]]
key = "rank"
type = "ranking"
text = { en = "What first?" }
choices = [
  { id = "water", text = { en = "Water", ary = "الما" } },
  { id = "roads", text = { en = "Roads", ary = "الطرقان" } },
  { id = "light", text = { en = "Light", ary = "الضو" } },
]

[[questions]]
key = "people"
type = "number"
lowest = 1
highest = 20
text = { en = "How many live in your home?" }

[[questions]]
key = "day"
type = "date"
earliest = 2026-12-01
latest = 2026-12-31
text = { en = "Which day suits you?" }

[[questions]]
key = "maybe"
type = "number"
optional = true
text = { en = "How many trees?" }
"""


async def opened(app: App, folder: Path) -> None:
    path = folder / "types.toml"
    path.write_text(POLL, "utf-8")
    by_code = {council.code: council for council in app.register.all().values()}
    raw, head = definitions.read_definition(path, by_code)
    async with app.storage.transaction() as tx:
        await definitions.add(tx, app.register, raw, head)
        row = await app.register.by_code(tx, "OZT-TYPES")
        assert row is not None
        await definitions.open_consultation(tx, row)


async def test_every_type_is_answered_shown_again_and_stored(app: App, tmp_path: Path) -> None:
    await opened(app, tmp_path)
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-TYPES")
    await citizen.verify(
        [
            ("n3am", "What first?"),
            ("[Light]", "Your answer so far: Light"),
            ("1", "How many live in your home?"),
            ("a few", "from 1 to 20"),
            ("٢٥", "from 1 to 20"),
            ("خمسة", "Which day suits you?"),
            ("someday", "for example: 15/03/2027"),
            ("3 janvier 2027", "outside what is asked"),
            ("15 دجنبر 2026", "How many trees?"),
            ("skip", "before they are sent"),
        ]
    )
    shown = citizen.heard[-1].text
    for part in ("1) ", "Light", "5", "2026-12-15", "not said"):
        assert part in shown
    await citizen.verify([("[Send]", "Reference")])
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-TYPES")
        assert row is not None
        stored = await tx.rows(AllResponses, consultation_id=row.id)
    assert json.loads(stored[0].body)["answers"] == {
        "yes": True,
        "rank": ["light", "water", "roads"],
        "people": "5",
        "day": "2026-12-15",
        "maybe": None,
    }


async def test_every_type_is_summed_up_in_every_download(app: App, tmp_path: Path) -> None:
    await opened(app, tmp_path)
    for number in range(12):
        citizen = Citizen(app, f"c{number}")
        await citizen.arrives(code="OZT-TYPES")
        for said in ("yes", "3 1 2", str(number % 6 + 1), "15/12/2026", str(number), "yes"):
            await citizen.says(said)
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-TYPES")
        assert row is not None
    made = {
        name: await releases.file_of(app.storage, app.register, row, name, "en")
        for name in ("xlsx", "csv", "json")
    }
    text = made["csv"].decode("utf-8-sig")
    for part in ("Do you agree?", "Yes;10;", "What first?", "Light;10", "Which day suits you?"):
        assert part in text
    tables = {table["id"]: table for table in json.loads(made["json"])["payload"]["tables"]}
    assert set(tables) >= {"q.yes", "q.rank", "q.people", "q.day", "q.maybe"}
    workbook = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))
    assert len(workbook.sheetnames) >= 6
