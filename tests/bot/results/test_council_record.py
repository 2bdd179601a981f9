"""The figures of a council as a file: each under the id by which programs know it."""

from bot.app.build import App
from bot.results import council_record
from flows.statistics.summary import Summary
from tests.bot.kinds.need.test_need import file_need
from tests.citizen import Citizen


async def made(app: App) -> Summary:
    """The record of the example council."""
    async with app.storage.reading() as tx:
        found, _ = await council_record.summary(app.register, tx, app.register.default_id)
    return found


async def test_tables_columns_and_figures_have_the_ids_that_are_documented(app: App) -> None:
    """They do not depend on the language."""
    for number in range(5):
        citizen = Citizen(app, f"citizen {number}")
        await citizen.arrives()
        await file_need(citizen, f"No water since Monday {number}")
    found = await made(app)
    assert [figure.id for figure in found.figures] == [
        "open", "closed", "needs", "overdue", "decisions",
    ]  # fmt: skip
    assert [figure.value for figure in found.figures] == [7, 0, 5, 0, 0]
    tables = {table.id: table for table in found.tables}
    assert list(tables) == ["states", "consultations"]
    assert [column.id for column in tables["states"].columns] == ["id", "name", "count"]
    assert [column.id for column in tables["consultations"].columns] == [
        "code", "title", "kind", "state", "responses", "opened", "closes", "decisions",
    ]  # fmt: skip
    assert {row[0]: row[2] for row in tables["states"].rows}["received"] == 5
    assert {row[0] for row in tables["consultations"].rows} == {
        "OZT-BUDGET",
        "OZT-CHARTER",
        "OZT-LIGHT",
        "OZT-NEEDS",
        "OZT-PARK",
        "OZT-WORKSHOP",
        "OZT-LAMPS",
    }
