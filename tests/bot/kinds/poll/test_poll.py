"""A citizen answers the example poll."""

import msgspec
import pytest

from bot.app.build import App
from storage.rows.consultations import ConsultationByCode
from tests.checks import AllResponses
from tests.citizen import Citizen

ANSWER = [
    ("[Good]", "How is safety in your neighbourhood"),
    ("[Fair]", "Do you have a proposal?"),
    ("skip", "before they are sent"),
]


async def stored(app: App) -> list[dict[str, object]]:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        rows = await tx.rows(AllResponses, consultation_id=row.id)
    return [msgspec.json.decode(r.body)["answers"] for r in rows]


async def test_a_question_is_asked_only_under_its_condition_and_the_count_stays(app: App) -> None:
    citizen = Citizen(app)
    first = await citizen.arrives(code="OZT-LIGHT")
    assert "Question 1 of 4" in first
    await citizen.verify([("[Good]", "Question 3 of 4"), ("[Fair]", "Question 4 of 4")])


async def test_the_answers_are_shown_filed_once_and_can_be_changed_until_closing(
    app: App,
) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify([*ANSWER, ("[Send]", "Reference: OZT-2026-000001")])
    await citizen.says("[Not now]")
    said = await citizen.starts("OZT-LIGHT")
    assert "You have answered this already" in said
    assert "How is the lighting in your street at night? Good" in said
    await citizen.verify(
        [
            ("[Change my answers]", "How is the lighting"),
            ("weak", "Where is it missing most?"),
            ("2 et 3", "How is safety"),
            ("٢", "proposal"),
            ("more lamps please", "• Do you have a proposal"),
            ("send", "your answer has been changed. Reference: OZT-2026-000001"),
        ]
    )
    assert await stored(app) == [
        {
            "light": "weak",
            "where": ["bus", "market"],
            "safe": "2",
            "idea": {"text": "more lamps please", "media": []},
        }
    ]


async def test_back_over_the_condition_leaves_no_answer_of_the_other_branch(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify(
        [
            ("weak", "Where is it missing most?"),
            ("1, 2", "How is safety"),
            ("back", "Where is it missing most?"),
            ("retour", "How is the lighting"),
            ("good", "How is safety"),
            ("5", "proposal"),
            ("skip", "before they are sent"),
            ("[Send]", "Reference"),
        ]
    )
    assert await stored(app) == [{"light": "good", "safe": "5", "idea": None}]


async def test_a_double_tap_is_one_answer(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    token = citizen.token("Good")
    await citizen.does(token=token, event="tap")
    assert await citizen.does(token=token, event="tap") == ""
    await citizen.verify([("4", "Do you have a proposal?")])


async def test_a_tap_on_an_old_button_corrects_that_answer(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify([("[Good]", "How is safety")])
    answer = await citizen.taps("There is none", back=2)
    assert "Your earlier answer was changed" in answer
    assert "Where is it missing most?" in answer


async def test_a_button_of_a_finished_conversation_is_answered_and_changes_nothing(
    app: App,
) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    old = citizen.token("Weak")
    await citizen.verify([*ANSWER, ("[Send]", "Reference")])
    before = await stored(app)
    assert "earlier conversation" in await citizen.does(token=old, event="tap")
    assert await stored(app) == before


async def test_a_button_does_not_work_in_somebody_elses_chat(app: App) -> None:
    amina, brahim = Citizen(app, "amina"), Citizen(app, "brahim")
    await amina.arrives(code="OZT-LIGHT")
    await brahim.arrives(code="OZT-LIGHT")
    stolen = amina.token("Good")
    assert "earlier conversation" in await brahim.does(token=stolen, event="tap")
    assert "earlier conversation" in await brahim.does(token="forged", event="tap")


async def test_one_leaves_and_comes_back_where_one_was(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify(
        [
            ("[Good]", "How is safety"),
            ("menu", "What would you like to do"),
            ("[Say what the commune needs]", "What is it about?"),
            ("cancel", "Left."),
            ("resume", "What is it about?"),
        ]
    )
    assert "How is safety" in await citizen.starts("OZT-LIGHT")


async def test_a_conversation_that_interrupts_another_leads_back_to_it(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.says("[Good]")
    await citizen.starts("OZT-PARK")
    answer = await citizen.says("[No, thanks]")
    assert "Let us go on where we were" in answer
    assert "How is safety" in answer


async def test_after_three_answers_not_understood_the_way_out_is_named(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    for _ in range(2):
        assert "You can also write" not in await citizen.says("a bicycle")
    assert "You can also write “help”" in await citizen.says("a bicycle")


@pytest.mark.parametrize("said", ["مزيان", "bon", "ⵉⴼⵓⵍⴽⵉ", "GOOD", "1", "١", "first", "🙂", "1️⃣"])
async def test_a_choice_is_understood_in_every_language_and_script(app: App, said: str) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    assert "How is safety" in await citizen.says(said)


@pytest.mark.parametrize("said", ["lmadrasa", "ecole", "المدرسة", "school", "ⵜⵉⵏⵎⵍ"])
async def test_a_word_of_a_choice_is_understood_also_in_other_letters(app: App, said: str) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.says("weak")
    assert "How is safety" in await citizen.says(said)


async def test_a_sticker_is_answered_and_the_question_asked_again(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    answer = await citizen.does(unsupported="sticker")
    assert "cannot read this kind of message" in answer
    assert "How is the lighting" in answer


async def test_a_closed_poll_refuses_in_a_kind_sentence_also_in_mid_conversation(app: App) -> None:
    citizen, late = Citizen(app), Citizen(app, "late")
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify(ANSWER)
    await late.arrives()
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        await tx.run("set_consultation_state", id=row.id, state="closed")
    assert "is closed" in await citizen.says("[Send]")
    assert "is closed" in await late.starts("OZT-LIGHT")
    assert await stored(app) == []


async def test_an_edit_changes_nothing_and_says_how_to(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    answer = await citizen.does(event="edit", text="weak")
    assert "write “back”" in answer
    assert await citizen.says("[Good]")
