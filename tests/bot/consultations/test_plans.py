"""What a second person reads of a message before they agree to it: all that will be done."""

from datetime import date

from bot.app.build import App
from bot.app.commands.console import checker_of
from bot.consultations import plans
from flows.dialog.outreach import Audience, When
from storage.rows.consultations import ConsultationByCode


async def test_when_it_goes_and_what_becomes_of_it_if_that_is_missed_is_agreed_to(app: App) -> None:
    """Whoever moves it later, or has it sent late after all, asks anew."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
    assert row is not None

    def plan(when: When | None, late: str = "run", hours: int = 0) -> object:
        return plans.of_message(
            checker_of(app).previewer,
            row.council_id,
            "invitation",
            Audience(languages=("fr",)),
            row,
            7,
            when=when,
            late=late,
            spread_ms=hours * 3_600_000,
        ).when

    weekly = When(every="week", days="mon", until=date(2026, 12, 24), time="09:00")
    assert plan(None) == {}
    assert plan(None, hours=2) == {"spread_hours": 2}
    told = {"every": "week", "days": "mon", "until": "2026-12-24", "time": "09:00"}
    assert plan(weekly) == {**told, "late": "run"}
    assert plan(weekly, "skip", 3) == {**told, "late": "skip", "spread_hours": 3}
