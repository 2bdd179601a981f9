"""What an organizer sees of a consultation's questions before anybody answers."""

import pytest

from bot.app.build import App
from bot.app.commands.console import checker_of
from bot.consultations.previewing import Preview
from storage.rows.consultations import ConsultationByCode


async def previewed(app: App, code: str) -> list[Preview]:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
    assert row is not None
    return checker_of(app).previewer.consultation(row, "en")


@pytest.mark.parametrize("code", ["OZT-BUDGET", "OZT-WORKSHOP"])
async def test_what_can_be_asked_again_and_again_is_shown_once(app: App, code: str) -> None:
    """Who reads about projects, or about a meeting, comes back to the same choices as often as they like."""
    shown = [
        (preview.message.text, tuple(button.label for button in preview.message.buttons))
        for preview in await previewed(app, code)
    ]
    assert len(shown) == len(set(shown))


async def test_a_meeting_shows_the_questions_of_who_signs_up(app: App) -> None:
    keys = [preview.key for preview in await previewed(app, "OZT-WORKSHOP")]
    assert {"do.1", "item", "needs", "needs.which", "send"} <= set(keys)
