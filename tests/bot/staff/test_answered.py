"""Who erases themselves and answers again from the same address is counted once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.build import App
from bot.app.kept.housekeeping import keep_house
from storage.rows.consultations import ConsultationByCode
from tests.checks import AllResponses
from tests.citizen import Citizen, running


@pytest.fixture
async def app(tmp_path: Path, url: str) -> AsyncIterator[App]:
    """An application on each database."""
    async with running(tmp_path, url) as running_app:
        yield running_app


async def answers(citizen: Citizen, light: str = "good") -> None:
    await citizen.arrives(code="OZT-LIGHT")
    for said in (light, "4", "skip", "[Send]"):
        await citizen.says(said)


async def erases(citizen: Citizen) -> None:
    await citizen.says("my data")
    await citizen.says("[Erase my data]")
    assert "has been erased" in await citizen.says("[Erase my data]")


async def stored(app: App, code: str = "OZT-LIGHT") -> list[AllResponses]:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        return await tx.rows(AllResponses, consultation_id=row.id)


async def standing(app: App, code: str = "OZT-LIGHT") -> int:
    return sum(one.state != "withdrawn" for one in await stored(app, code))


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "web"])
async def test_one_account_that_erases_itself_and_answers_again_is_counted_once(
    app: App, channel: str
) -> None:
    """Ten times; the latest answer is the one that counts, and others' are untouched."""
    await answers(Citizen(app, "somebody else", channel))
    citizen = Citizen(app, "amina", channel)
    for _ in range(10):
        await answers(citizen, "good")
        await erases(citizen)
        assert await standing(app) == 2
    await answers(citizen, "I do not know")
    found = await stored(app)
    assert [one.state for one in found] == ["received"] + ["withdrawn"] * 10 + ["received"]
    assert '"unknown"' in found[-1].body
    await citizen.says("[Not now]")
    assert "You have 1 contribution" in await citizen.says("my contributions")


async def test_who_is_erased_and_does_not_come_back_stays_counted(app: App) -> None:
    citizen = Citizen(app, "amina", "telegram")
    await answers(citizen)
    await erases(citizen)
    await answers(Citizen(app, "other", "telegram"))
    assert await standing(app) == 2


async def test_support_of_a_petition_that_was_erased_is_not_counted_twice(app: App) -> None:
    citizen = Citizen(app, "amina", "telegram")
    for _ in range(3):
        await citizen.arrives(code="OZT-PARK")
        await citizen.says("[I support it]")
        await citizen.says("[Not now]")
        await erases(citizen)
    assert await standing(app, "OZT-PARK") == 1


async def test_another_consultation_is_another_one(app: App) -> None:
    citizen = Citizen(app, "amina", "telegram")
    await answers(citizen)
    await erases(citizen)
    await citizen.arrives(code="OZT-PARK")
    await citizen.says("[I support it]")
    assert (await standing(app), await standing(app, "OZT-PARK")) == (1, 1)


async def test_the_digests_say_nothing_and_go_when_it_is_closed(app: App) -> None:
    citizen = Citizen(app, "amina", "telegram")
    await answers(citizen)
    async with app.storage.reading() as tx:
        assert await tx.rows("answered_kept") == []
    await erases(citizen)
    async with app.storage.reading() as tx:
        ((chat,),) = [tuple(row) for row in await tx.rows("answered_kept")]
    assert len(chat) == 32
    assert citizen.address not in chat
    await keep_house(app)
    async with app.storage.transaction() as tx:
        assert len(await tx.rows("answered_kept")) == 1
        await tx.run("close_for_test", code="OZT-LIGHT")
    await keep_house(app)
    async with app.storage.reading() as tx:
        assert await tx.rows("answered_kept") == []
