"""A reply that quotes an earlier message answers the question which that message asked."""

from bot.app.build import App
from bot.channels.telegram_updates import read_update
from tests.citizen import Citizen


async def message_that_asked(app: App, key: str) -> str:
    """What the provider calls the last message that asked this question."""
    async with app.storage.transaction() as tx:
        await tx.run("name_messages")
        rows = await tx.rows("questions_sent")
    return [row["provider_id"] for row in rows if row["asked_key"] == key][-1]


async def quotes(app: App, citizen: Citizen, key: str, text: str) -> str:
    """Reply to the message that asked a question."""
    return await citizen.does(text=text, replied_to=await message_that_asked(app, key))


async def test_an_answered_question_that_is_quoted_is_answered_again(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("Tabounte", "own words")])
    assert "own words" in await quotes(app, citizen, "place", "Tarmigt")
    said = await citizen.says("No water since Monday")
    assert "Tarmigt" in said
    assert "Tabounte" not in said


async def test_quoting_what_is_asked_now_is_an_answer_like_any_other(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.says("water")
    assert "own words" in await quotes(app, citizen, "place", "Tabounte")


async def test_a_question_of_a_conversation_that_waits_is_answered_where_it_was(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.verify([("water", "Where"), ("my contributions", "not contributed")])
    await citizen.starts("OZT-LIGHT")
    assert "own words" in await quotes(app, citizen, "place", "Tabounte")


async def test_a_question_that_is_open_no_more_is_asked_about(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify([("1", ""), ("5", ""), ("skip", ""), ("[Send]", "counted")])
    await citizen.says("[Not now]")
    await citizen.starts("OZT-NEEDS")
    await citizen.says("water")
    assert "what do you mean?" in await quotes(app, citizen, "q.light", "in front of the mosque")
    assert "own words" in await citizen.says("[my answer]")


async def test_what_another_person_was_asked_is_nobody_elses_to_answer(app: App) -> None:
    amina, brahim = Citizen(app), Citizen(app, "brahim")
    await amina.arrives(code="OZT-NEEDS")
    await amina.says("water")
    await brahim.arrives(code="OZT-LIGHT")
    assert "own words" not in await quotes(app, brahim, "place", "Tabounte")


def test_telegram_says_which_message_is_quoted() -> None:
    update = {
        "update_id": 1,
        "message": {
            "message_id": 9, "date": 1, "text": "Tarmigt",
            "chat": {"id": 5, "type": "private"}, "from": {"id": 5, "language_code": "fr"},
            "reply_to_message": {"message_id": 7},
        },
    }  # fmt: skip
    (arrival,) = read_update(update, "bot", 0)
    assert arrival.replied_to == "7"
    update["message"].pop("reply_to_message")
    (arrival,) = read_update(update, "bot", 0)
    assert arrival.replied_to is None
