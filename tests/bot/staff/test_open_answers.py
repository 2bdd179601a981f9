"""Open answers as staff read them: all of them, each once, and those alike side by side."""

import pytest

from bot.app.build import App
from bot.staff import open_answers
from storage.rows.consultations import ConsultationByCode
from tests.citizen import Citizen


async def said(app: App, *words: str) -> None:
    """Each by another citizen."""
    for number, text in enumerate(words):
        citizen = Citizen(app, f"citizen {number}")
        await citizen.arrives(code="OZT-LIGHT")
        for one in ("[Good]", "[Fair]", text, "[Send]"):
            await citizen.says(one)


async def question(app: App) -> open_answers.OpenQuestion:
    """The open question of the poll with its answers."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        (found,) = await open_answers.questions_of(tx, app.vault, row)
    return found


@pytest.mark.parametrize("page", [1, 2, 3, 5, 6, 7, 100])
async def test_every_answer_is_read_once_however_many_are_read_at_a_time(
    app: App, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    """In an order that does not tell when they came."""
    words = ["more lamps", "a wall", "new poles", "less noise", "benches", "an open gate"]
    await said(app, *words)
    monkeypatch.setattr(open_answers, "PAGE", page)
    found = await question(app)
    assert [answer.text for answer in found.answers] == sorted(words)
    assert found.asked == len(words)


async def test_answers_that_say_about_the_same_stand_side_by_side_and_one_alone_does_not(
    app: App,
) -> None:
    """The largest group first."""
    same = [f"more lamps near the school {end}" for end in ("please", "now", "quickly")]
    other = ["clean water for the upper quarter", "clean water for the upper quarter soon"]
    await said(app, *same, *other, "benches in the shade")
    groups = open_answers.grouped(await question(app))
    assert [{answer.text for answer in group.answers} for group in groups] == [
        set(same),
        set(other),
    ]
