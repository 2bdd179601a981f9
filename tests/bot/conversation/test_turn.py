"""What one message means: a command, a code, a reference, or an answer."""

import pytest

from bot.app.build import App
from bot.consultations import definitions
from tests.citizen import Citizen, plain


async def test_a_code_begins_its_consultation_alone_or_at_the_end_of_four_words(
    app: App, citizen: Citizen
) -> None:
    """In a longer sentence it is part of what somebody says."""
    assert "How is the lighting" in await citizen.says("ozt-light")
    await citizen.says("cancel")
    assert "How is the lighting" in await citizen.says("I want poll OZT-LIGHT")
    await citizen.says("cancel")
    await citizen.says("OZT-NEEDS")
    answer = await citizen.says("they told me of OZT-LIGHT")
    assert "How is the lighting" not in answer


async def test_a_consultation_that_is_not_there_is_said(app: App, citizen: Citizen) -> None:
    """By link; typed, it is a word like any other."""
    assert "I do not know this consultation" in await citizen.starts("OZT-NOPE")


async def test_help_repeats_the_question_and_changes_no_answer(app: App, citizen: Citizen) -> None:
    """Whoever asks for help stands where they stood."""
    question = await citizen.says("OZT-LIGHT")
    assert question.splitlines()[-1] in await citizen.says("help")
    assert "Where is it missing" in await citizen.says("2")


async def test_an_edited_message_changes_nothing(app: App, citizen: Citizen) -> None:
    """The question stands; the citizen is told that the first version counts."""
    await citizen.says("OZT-LIGHT")
    answer = await citizen.does(event="edit", text="3")
    assert "How is the lighting" in answer
    assert "Where is it missing" in await citizen.says("2")


async def test_the_way_out_is_named_after_three_that_were_not_understood(
    app: App, citizen: Citizen
) -> None:
    """Not after two; and once somebody is understood it is counted anew."""
    await citizen.says("OZT-LIGHT")
    for _ in range(2):
        assert "cancel" not in await citizen.does(unsupported="sticker")
    assert "cancel" in await citizen.does(unsupported="sticker")
    await citizen.says("2")
    assert "cancel" not in await citizen.does(unsupported="sticker")


@pytest.mark.parametrize("payload", ["s_1_0-abc", "b_1_0-abc", "s_zz_0-abc"])
async def test_a_link_that_is_not_good_is_refused_and_the_chat_goes_on(
    app: App, citizen: Citizen, payload: str
) -> None:
    """Whether it leads to staff or onto a list."""
    await citizen.says("OZT-LIGHT")
    answer = await citizen.starts(payload)
    assert "no longer" in answer or "expired" in answer or "too old" in answer
    assert "How is the lighting" in answer


async def test_back_at_the_first_question_says_so(app: App, citizen: Citizen) -> None:
    """And asks it again."""
    await citizen.says("OZT-LIGHT")
    assert "How is the lighting" in await citizen.says("back")


async def test_nothing_to_resume_and_nothing_to_cancel_are_said(app: App, citizen: Citizen) -> None:
    """Words that always work say so where they have nothing to do."""
    await citizen.says("skip")
    assert await citizen.says("cancel")
    assert await citizen.says("resume")


async def test_the_words_under_what_cannot_be_read_are_the_answer(
    app: App, citizen: Citizen
) -> None:
    """And it is said that the rest was not read."""
    await citizen.says("OZT-LIGHT")
    answer = await citizen.does(unsupported="paid_media", text="2")
    assert "Where is it missing" in answer
    assert "I cannot read this kind of message" in answer


async def test_a_question_about_another_consultation_says_about_which(app: App) -> None:
    """What was opened is over: the question that waits is not about that one."""
    amina = Citizen(app)
    await amina.arrives(code="OZT-LIGHT")
    async with app.storage.transaction() as tx:
        row = await app.register.by_code(tx, "OZT-PARK")
        assert row is not None
        await definitions.close_consultation(tx, row, "amal")
    said = plain(await amina.says("OZT-PARK"))
    over, _, rest = said.partition("Let us go on where we were.")
    assert "is closed" in over
    assert rest.strip().startswith("Street lighting")
    # Of the same one nothing needs to be said.
    async with app.storage.transaction() as tx:
        row = await app.register.by_code(tx, "OZT-LIGHT")
        assert row is not None
        await definitions.close_consultation(tx, row, "amal")
    assert "Let us go on" not in await amina.says("OZT-LIGHT")
