"""First contact: language, consent, and at once what the citizen came for."""

import pytest

from bot.app.build import App
from storage.rows.consultations import Consultations
from tests.citizen import Citizen


async def test_two_messages_stand_before_the_first_question_of_a_poll(app: App) -> None:
    citizen = Citizen(app)
    await citizen.starts("OZT-LIGHT")
    await citizen.verify(
        [
            ("[English]", "Your answers go to"),
            ("[I agree]", "How is the lighting in your street at night?"),
        ]
    )
    assert len(citizen.heard) == 3


async def test_the_first_message_says_who_speaks_what_about_and_how_long(app: App) -> None:
    citizen = Citizen(app)
    said = await citizen.does(start="OZT-LIGHT", language_hint="en-GB")
    assert "Tachawor" in said
    assert "Ouarzazate" in said
    assert "Street lighting (example): about 2 minutes" in said


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("francais", "fr"),
        ("بالعربية", "ar"),
        ("darija", "ary"),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "zgh"),
        ("anglais", "en"),
        ("الدارجة", "ary"),
    ],
)
async def test_a_language_can_be_asked_for_by_any_of_its_names(
    app: App, written: str, language: str
) -> None:
    citizen = Citizen(app)
    await citizen.starts()
    await citizen.says(written)
    assert citizen.heard[-1].language == language


async def test_the_language_proposed_is_the_one_the_first_message_is_in(app: App) -> None:
    citizen = Citizen(app)
    await citizen.says("Bonjour, je voudrais signaler un problème d'eau dans mon quartier")
    assert "🌐" in citizen.labels[-1]
    assert citizen.heard[-1].language == "fr"


async def test_a_yes_takes_the_language_that_was_proposed(app: App) -> None:
    citizen = Citizen(app)
    await citizen.does(text="bonjour", language_hint="fr")
    await citizen.verify([("oui", "Vos réponses vont au conseil")])


async def test_read_more_tells_the_rest_and_comes_back_to_the_consent(app: App) -> None:
    citizen = Citizen(app)
    await citizen.starts()
    await citizen.verify(
        [("english", "Your answers go to"), ("2", "How long"), ("1", "What would you like to do")]
    )


async def test_who_declines_is_left_alone_and_nothing_is_kept(app: App) -> None:
    citizen = Citizen(app)
    await citizen.starts("OZT-LIGHT")
    await citizen.verify([("english", "Your answers go to"), ("no", "That is fine")])
    async with app.storage.reading() as tx:
        rows = await tx.rows(Consultations)
    assert all(row.responses == 0 for row in rows)


async def test_who_declined_is_asked_again_when_coming_back(app: App) -> None:
    citizen = Citizen(app)
    await citizen.starts()
    await citizen.verify([("english", "Your answers"), ("no", "fine"), ("start", "Which language")])


async def test_who_agreed_is_not_asked_twice(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    assert "How is the lighting" in await citizen.starts("OZT-LIGHT")


async def test_a_code_that_does_not_exist_leads_to_what_is_open(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    assert "I do not know this consultation" in await citizen.starts("OZT-NOTHING")
    assert any("Street lighting" in label for label in citizen.labels)


async def test_changing_the_language_in_mid_question_asks_the_same_question_in_it(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.verify(
        [
            ("language", "Which language"),
            ("français", "Comment est l’éclairage dans votre rue"),
        ]
    )


async def test_a_code_typed_at_the_consent_does_not_lose_what_one_came_for(app: App) -> None:
    citizen = Citizen(app)
    await citizen.starts("OZT-PARK")
    await citizen.verify(
        [
            ("english", "Your answers go to"),
            ("menu", "Your answers go to"),
            ("language", "Which language"),
            ("english", "Your answers go to"),
            ("1", "Example representative"),
        ]
    )
