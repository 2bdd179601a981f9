"""Commands and languages that are asked for in a few words; doubts that are asked back in a conversation."""

import pytest

from bot.app.build import App
from tests.bot.kinds.need.test_need import file_need
from tests.citizen import Citizen, plain


async def at_the_place(app: App) -> Citizen:
    """Somebody who is asked where it is."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.says("water")
    return citizen


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("je me suis trompé de réponse", "How is the lighting"),
        ("revenir à la question d'avant", "How is the lighting"),
        ("je ne comprends pas", "“stop”"),
        ("ما فهمت والو", "“stop”"),
        ("retour au menu", "What would you like to do"),
    ],
)
async def test_a_command_in_a_few_words_is_obeyed(app: App, said: str, heard: str) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.says("1")
    assert heard in await citizen.says(said)


@pytest.mark.parametrize(
    ("said", "heard"), [("parle français", "Comment"), ("English please", "How is the lighting")]
)
async def test_a_language_asked_for_by_its_name_is_spoken_at_once(
    app: App, said: str, heard: str
) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    assert heard in await citizen.says(said)


async def test_where_own_words_are_wanted_a_command_in_a_few_words_is_asked_back(app: App) -> None:
    citizen = await at_the_place(app)
    await citizen.verify(
        [
            ("revenir en arrière", "what do you mean?"),
            ("[my answer]", "in your own words"),
            ("The road is broken", "revenir en arrière"),
        ]
    )


async def test_a_doubtful_choice_is_asked_back_and_settled_by_one_tap(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.verify(
        [
            ("pas l'eau", "Did you mean"),
            ("[Something else]", "What is it about"),
            ("l'eau ou la route", "Did you mean"),
        ]
    )
    assert len(citizen.labels) == 3
    await citizen.verify([("2", "Where"), ("back", "What is it about"), ("bghit lma", "Where")])


async def test_the_end_of_a_reference_is_no_choice_of_the_menu(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    said = await citizen.says("٠٠٠٠٠١")
    assert "What is it about" not in said
    assert "1 " in citizen.labels[0]


async def test_whoever_types_the_end_of_their_own_reference_means_it(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    said = await file_need(citizen, "No water since Monday")
    assert "000001" in said
    assert "Reference: OZT-2026-000001" in plain(await citizen.says("٠٠٠٠٠١"))


async def test_at_the_last_look_who_was_wrong_about_the_place_is_asked_for_it_again(
    app: App,
) -> None:
    citizen = await at_the_place(app)
    await citizen.says("Tarmigt")
    await citizen.says("The tap is dry")
    await citizen.verify(
        [
            ("لا غلطت فالبلاصة", "Where"),
            ("Tabounte", "Tabounte"),
            ("je me suis trompé", "before it is sent"),
            ("[Place]", "Where"),
        ]
    )


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ((), ["nearest to what you want to say", "1 to 8"]),
        (("1",), ["Where can one see it", "“skip”"]),
        (("1", "Tarmigt"), ["What is missing", "voice note"]),
        (("1", "Tarmigt", "The tap is dry"), ["Read it once more"]),
    ],
)
async def test_whoever_does_not_understand_gets_the_question_in_other_words(
    app: App, before: tuple[str, ...], shown: list[str]
) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-NEEDS")
    for said in before:
        await citizen.says(said)
    choices = citizen.labels
    answer = await citizen.says("ما فهمت والو")
    for part in (*shown, "“stop”"):
        assert part in answer
    assert citizen.labels == choices


async def test_at_the_menu_help_names_every_word_that_works(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    assert "“my data”" in await citizen.says("help")


@pytest.mark.parametrize(
    ("said", "heard"),
    [("français", "Que voulez-vous faire"), ("العربية", "ماذا تريد"), ("tamazight", "ⵎⴰ")],
)
async def test_the_bare_name_of_a_language_is_spoken_at_the_menu(
    app: App, said: str, heard: str
) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    assert heard in await citizen.says(said)


@pytest.mark.parametrize(
    ("said", "heard"),
    [("العربية", "كيف"), ("français", "comment vous"), ("Darija", "كيفاش"), ("Tamazight", "ⵎⴰⵎⴽ")],
)
async def test_the_bare_name_of_a_language_is_spoken_where_it_is_no_answer(
    app: App, said: str, heard: str
) -> None:
    """In the middle of a poll it was not understood."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.says("1")
    told = await citizen.says(said)
    assert heard in told
    assert "is not an answer" not in told


async def test_the_name_of_a_language_in_own_words_is_an_answer(app: App) -> None:
    citizen = await at_the_place(app)
    await citizen.says("Tabounte")
    await citizen.says("français")
    assert "français" in await citizen.hears() + "".join(m.text for m in citizen.heard)
    assert "Send" in " ".join(citizen.labels)


@pytest.mark.parametrize("said", ["je sais pas", "لا أعرف", "ma3raftch", "I don't know"])
async def test_who_does_not_know_the_place_skips_it(app: App, said: str) -> None:
    citizen = await at_the_place(app)
    assert "own words" in await citizen.says(said)
    assert said not in await citizen.says("The tap is dry")


@pytest.mark.parametrize("said", ["quoi ?", "شنو", "what do you mean?"])
async def test_a_puzzled_word_is_no_place(app: App, said: str) -> None:
    citizen = await at_the_place(app)
    assert "Where can one see it" in await citizen.says(said)
