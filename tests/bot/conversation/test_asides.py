"""What people say besides is answered in one line, and the open question comes again, shorter."""

import pytest

from bot.app.build import App
from tests.bot.kinds.need.test_need import file_need
from tests.citizen import Citizen

QUESTION = "How is the lighting"


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("salam", "Hello"),
        ("merci beaucoup", "You are welcome"),
        ("who are you?", "automatic assistant"),
        ("wach fabor", "It is free"),
        ("شكون كيقرا هادشي", "read it"),
        ("is it safe", "not published"),
        ("combien de temps ça prend ?", "a few minutes"),
        ("foqach kat7el ljama3a", "opening hours"),
        ("message envoyé par erreur", "back"),
        ("بدلت النمرة", "new number"),
        ("bande d'incapables", "Something is clearly wrong"),
        ("¿habla español?", "français"),
    ],
)
async def test_it_is_answered_and_the_question_comes_again(
    app: App, citizen: Citizen, said: str, answered: str
) -> None:
    """The answer that was given before stands, and the next one fits."""
    await citizen.says("OZT-LIGHT")
    answer = await citizen.says(said)
    assert answered in answer
    assert QUESTION in answer
    assert "I did not understand" not in answer
    assert "Where is it missing" in await citizen.says("2")


async def test_the_question_comes_again_without_what_was_said_before_it(app: App) -> None:
    """Who greets at the first question is not told twice who speaks."""
    citizen = Citizen(app)
    first = await citizen.starts()
    again = await citizen.says("salam")
    assert len(again) < len(first) / 2
    assert first.splitlines()[-1] in again or again.splitlines()[-1] in first


async def test_what_fits_is_an_answer_and_no_aside(app: App, citizen: Citizen) -> None:
    """In somebody's own words thanks may be all they want to say; a need with courtesies is a need."""
    await citizen.verify([("OZT-NEEDS", "What is it about"), ("water", "Where")])
    assert "in your own words" in await citizen.says("hay salam")
    review = await citizen.says("bonjour, l'eau est coupée, merci")
    assert "before it is sent" in review
    assert "Hello" not in review


async def test_at_the_menu_a_greeting_is_answered_and_the_menu_stays(
    app: App, citizen: Citizen
) -> None:
    """And a need is taken as before."""
    await citizen.says("menu")
    answer = await citizen.says("bonjour")
    assert "Hello" in answer
    assert "What would you like to do" in answer
    assert "Where" in await citizen.says("the water is cut in our street since monday")


async def test_where_a_request_is_is_told_to_its_author_alone(app: App, citizen: Citizen) -> None:
    """By its whole reference, its end, or in a sentence; a stranger's tells nothing."""
    reference = await file_need(citizen, "the water is cut every evening")
    for said in (
        f"ma référence est {reference}",
        "006".replace("6", reference[-1]),
        "where is my request OZT 2026 1",
    ):
        assert reference in await citizen.says(said)
        await citizen.says("cancel")
    stranger = Citizen(app, "brahim")
    await stranger.arrives()
    await stranger.says("OZT-LIGHT")
    answer = await stranger.says(f"where is my request {reference.replace('-', ' ')}")
    assert "no message of yours" in answer
    assert QUESTION in answer
    assert "water" not in answer.lower()


async def test_a_number_that_answers_is_no_reference(app: App, citizen: Citizen) -> None:
    """In somebody's own words, and as the name of a street, it stays what it is."""
    await file_need(citizen, "the water is cut every evening")
    await citizen.verify([("OZT-NEEDS", "What is it about"), ("water", "Where")])
    assert "in your own words" in await citizen.says("rue 000001")
    assert "before it is sent" in await citizen.says("the tap of number 000001 is broken")


async def test_who_asks_without_a_reference_sees_what_they_sent(app: App, citizen: Citizen) -> None:
    """All of it, to choose from."""
    await file_need(citizen, "the water is cut every evening")
    await citizen.says("OZT-LIGHT")
    answer = await citizen.says("avez-vous reçu mon message")
    assert "Which one" in answer
    assert any("the water is cut" in label for label in citizen.labels)


@pytest.mark.parametrize(
    "said",
    [
        "je veux parler à quelqu'un",
        "je veux porter plainte contre un agent",
        "بغيت نسخة من الميزانية",
        "quand est la prochaine session du conseil ?",
        "comment lancer une pétition",
        "بغيت نقدم ملتمس",
    ],
)
async def test_what_is_for_the_council_is_kept_and_the_question_comes_back(
    app: App, citizen: Citizen, said: str
) -> None:
    """Asked first in the middle of another question; sent in the words it was written in."""
    await citizen.says("OZT-LIGHT")
    assert "Do we send it to the council" in await citizen.says(said)
    answer = await citizen.says("no")
    assert QUESTION in answer
    await citizen.says(said)
    await citizen.says("yes")
    shown = ""
    for reply in ("other", "Tabounte"):
        if "before it is sent" not in shown:
            shown = await citizen.says(reply)
    assert said in shown
    assert "OZT-2026-" in await citizen.says("[Send]")


async def test_before_they_agree_what_is_for_the_council_goes_with_the_first_message(
    app: App,
) -> None:
    """Nothing is answered in the place of the welcome, and nothing is sent without a yes."""
    citizen = Citizen(app)
    answer = await citizen.says("je veux parler à quelqu'un")
    assert "assistant automatique" not in answer
    assert answer


async def test_a_pin_with_a_greeting_is_no_aside(app: App, citizen: Citizen) -> None:
    """What came with it is looked at first."""
    await citizen.says("OZT-LIGHT")
    assert "Hello" not in await citizen.does(text="bonjour", location=(31.0, -6.9))


async def test_where_something_hangs_on_the_answer_nothing_is_an_aside(
    app: App, citizen: Citizen
) -> None:
    """Who tells of a fire is asked whether to report it, and nothing else."""
    await citizen.says("OZT-LIGHT")
    await citizen.says("the house is on fire")
    assert "Hello" not in await citizen.says("bonjour")
