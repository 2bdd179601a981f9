"""A crowd that tells of danger on the open page does not ring staff's chats for each; nothing real is held back."""

from bot.app.build import App
from bot.conversation.doing.danger_alerts import ONE_BY_ONE, TOGETHER_MS, TOLD_AT
from storage.rows.cases import DangersTold
from tests.bot.conversation.test_danger import clerk, reported, someone
from tests.citizen import Citizen, plain

FIRE = "there is a fire at the market"


async def told(app: App, name: str, at: int, *, channel: str = "web", words: str = FIRE) -> None:
    """Somebody new tells of a danger."""
    citizen = Citizen(app, name, channel, at)
    await citizen.arrives()
    await citizen.says(words)
    await reported(citizen)


async def rings(chat: Citizen) -> list[str]:
    """What a chat of staff's was told since it was last asked."""
    before = len(chat.heard)
    await chat.hears()
    return [plain(message.text) for message in chat.heard[before:]]


async def test_six_hundred_dangers_of_a_script_ring_a_few_times(app: App) -> None:
    """The first three each, then the tenth and the thirtieth, with how many there are."""
    salma = await clerk(app, "Salma", "clerk")
    for number in range(32):
        await told(app, f"script {number}", salma.at + 1000 * number)
    heard = await rings(salma)
    assert ["within ten minutes" in text for text in heard] == [False] * ONE_BY_ONE + [True] * 2
    assert "(fire or gas): 10. " in heard[3]
    assert "(fire or gas): 30. " in heard[4]
    assert {10, 30, 100, 300} < TOLD_AT
    # All of them are on the desk.
    async with app.storage.reading() as tx:
        counts = {"council_id": app.register.default_id, "danger": "fire", "since": 0}
        (counted,) = await tx.rows(DangersTold, **counts)
    assert counted.n == 32


async def test_another_danger_and_an_account_are_told_of_at_once(app: App) -> None:
    salma = await clerk(app, "Salma", "clerk")
    for number in range(5):
        await told(app, f"script {number}", salma.at + 1000 * number)
    assert len(await rings(salma)) == 3
    await told(app, "amina", salma.at, channel="telegram")
    await told(app, "brahim", salma.at, words="my neighbour hits his wife every night")
    heard = await rings(salma)
    assert len(heard) == 2
    assert all(text.startswith("🚨 Urgent message: OZT-2026-") for text in heard)


async def test_while_it_goes_on_it_is_told_once_in_ten_minutes(app: App) -> None:
    salma = await clerk(app, "Salma", "clerk")
    for number in range(8):
        await told(app, f"script {number}", salma.at + 1000 * number)
    assert len(await rings(salma)) == 3
    # (The third but one of a burst is the first to rest: it rests from the last that was due.)
    await told(app, "before", salma.at + TOGETHER_MS - 60_000)
    assert await rings(salma) == []
    await told(app, "after", salma.at + TOGETHER_MS + 5000)
    assert len(await rings(salma)) == 1


async def test_after_the_burst_each_is_told_again(app: App) -> None:
    salma = await clerk(app, "Salma", "clerk")
    for number in range(5):
        await told(app, f"script {number}", salma.at + 1000 * number)
    assert len(await rings(salma)) == 3
    for number in range(2):
        await told(app, f"later {number}", salma.at + 2 * TOGETHER_MS)
    heard = await rings(salma)
    assert ["within ten minutes" in text for text in heard] == [False, False]
    assert await someone(app) is not None
