"""A citizen tells a need: files it, joins others, follows it, takes it back."""

import pytest

from bot.app.build import App
from storage.rows.consultations import Consultations
from storage.rows.responses import ResponseByReference
from tests.citizen import Citizen

TELL = [("[Say what the commune needs]", "What is it about?")]


async def file_need(citizen: Citizen, words: str, place: str = "Tabounte") -> str:
    await citizen.starts("OZT-NEEDS")
    await citizen.verify(
        [("water", "Where exactly?"), (place, "your own words"), (words, "before it is sent")]
    )
    answer = await citizen.says("[Send]")
    assert "Reference: OZT-2026-" in answer
    reference = answer.split("Reference: ")[1].split()[0]
    if "A few short questions" in answer:
        await citizen.says("[Not now]")
    return reference


async def test_a_need_is_filed_with_a_reference_and_shown_before_it_counts(
    citizen: Citizen,
) -> None:
    await citizen.verify(
        [
            *TELL,
            ("💧", "Where exactly?"),
            ("Tabounte, near the school", "your own words"),
            ("No water since Monday", "• Message: No water since Monday"),
            ("[Send]", "Reference: OZT-2026-000001"),
        ]
    )


async def test_any_answer_can_be_corrected_at_the_review(citizen: Citizen) -> None:
    await citizen.verify(
        [
            *TELL,
            ("1", "Where exactly?"),
            ("skip", "your own words"),
            ("No water", "• Place: not said"),
            ("[Correct]", "before it is sent"),
            ("[Place]", "Where exactly?"),
            ("Tabounte", "• Place: Tabounte"),
            ("yes", "Reference: OZT-2026-000001"),
        ]
    )


async def test_a_need_that_is_dropped_is_not_filed(citizen: Citizen) -> None:
    await citizen.verify(
        [*TELL, ("1", "Where"), ("skip", "words"), ("No water", "before"), ("no", "Not sent")]
    )
    async with citizen.app.storage.reading() as tx:
        assert all(row.responses == 0 for row in await tx.rows(Consultations))


async def test_the_same_need_nearby_is_offered_and_a_voice_is_added_once(app: App) -> None:
    first, second = Citizen(app, "amina"), Citizen(app, "brahim")
    await first.arrives()
    await second.arrives()
    reference = await file_need(first, "The water is cut every evening, call 0612345678")
    await second.starts("OZT-NEEDS")
    await second.verify([("water", "Where exactly?"), ("tabounte", "your own words")])
    review = await second.says("water is cut every evening")
    assert "1 person said something like this" in review
    assert "0612345678" not in review
    assert reference in await second.says("[Add my voice]")
    await first.says(reference)
    assert "2 people say this" in first.heard[-1].text
    await second.says("[Not now]")
    await second.starts("OZT-NEEDS")
    await second.verify(
        [("water", "Where"), ("tabounte", "words"), ("water is cut every evening", "2")]
    )
    assert "already" in await second.says("[Add my voice]")


async def test_a_need_of_another_theme_is_not_taken_for_the_same(app: App) -> None:
    first, second = Citizen(app, "amina"), Citizen(app, "brahim")
    await first.arrives()
    await second.arrives()
    await file_need(first, "The water is cut every evening")
    await second.starts("OZT-NEEDS")
    await second.verify([("roads", "Where"), ("Tabounte", "words")])
    assert "like this" not in await second.says("The water is cut every evening")


async def test_the_status_is_told_to_who_writes_the_reference_in_any_digits(
    citizen: Citizen,
) -> None:
    await file_need(citizen, "No water")
    await citizen.verify([("ozt-٢٠٢٦-٠٠٠٠٠١", "Status: received")])


async def test_a_reference_that_does_not_exist_is_answered_with_an_example(
    citizen: Citizen,
) -> None:
    await citizen.verify([("OZT-2026-999999", "I do not know the reference")])


async def test_somebody_elses_reference_tells_nothing(app: App) -> None:
    first, second = Citizen(app, "amina"), Citizen(app, "brahim")
    await first.arrives()
    await second.arrives()
    reference = await file_need(first, "No water")
    await second.verify([(reference, "I do not know the reference")])
    await second.verify([(f"where is my request {reference}?", "no message of yours")])


async def test_words_can_be_added_later_and_the_need_taken_back(citizen: Citizen) -> None:
    reference = await file_need(citizen, "No water")
    await citizen.verify(
        [
            ("my contributions", "You have 1 contribution"),
            ("1", "Status: received"),
            ("[Add details]", "What would you like to add?"),
            ("It is worse now", f"Added to {reference}"),
            (reference, "Status: received"),
            ("[Take it back]", f"Take back {reference}?"),
            ("[Take it back]", "was taken back"),
        ]
    )
    async with citizen.app.storage.reading() as tx:
        row = await tx.row(ResponseByReference, reference=reference)
    assert row is not None
    assert row.state == "withdrawn"
    assert "It is worse now" in row.body


async def test_a_pin_is_kept_and_shown_as_a_pin(citizen: Citizen) -> None:
    await citizen.verify([*TELL, ("1", "Where exactly?")])
    await citizen.does(location=(30.92, -6.91))
    assert "📍 pin on the map" in await citizen.says("No water at this corner")


@pytest.mark.parametrize("nothing", ["", "…", "🙂🙂", "\u202e\u202d", "\x00\x00", "   "])
async def test_what_has_no_words_is_asked_for_again_kindly(citizen: Citizen, nothing: str) -> None:
    await citizen.verify([*TELL, ("1", "Where"), ("skip", "words")])
    assert "your own words" in await citizen.says(nothing)


async def test_hidden_signs_are_taken_out_of_what_people_write(citizen: Citizen) -> None:
    await citizen.verify([*TELL, ("1", "Where"), ("skip", "words")])
    await citizen.says("wa\u202eter\x00 is cut")
    assert "water is cut" in citizen.heard[-1].text


async def test_a_text_that_is_too_long_is_named_with_its_length(citizen: Citizen) -> None:
    await citizen.verify([*TELL, ("1", "Where"), ("skip", "words")])
    answer = await citizen.says("a" * 10_000)
    assert "10 000 characters" in answer
    assert "8 000" in answer


async def test_back_leaves_the_choice_of_what_to_correct(citizen: Citizen) -> None:
    await citizen.verify([*TELL, ("1", "Where"), ("skip", "words"), ("No water", "before")])
    await citizen.says("[Correct something]")
    assert citizen.labels[0].startswith("1 ✏️ Theme")
    await citizen.says("back")
    assert "1 ✅ Send" in citizen.labels
    await citizen.says("[Correct something]")
    await citizen.says("[Back]")
    assert "Reference" in await citizen.says("[Send]")


async def test_the_number_on_the_skip_button_skips(citizen: Citizen) -> None:
    await citizen.verify([*TELL, ("1", "Where exactly?")])
    assert citizen.labels == ["1 ⏭️ Skip"]
    await citizen.verify([("1", "your own words")])


async def test_do_not_send_is_never_understood_as_send(citizen: Citizen) -> None:
    await citizen.verify([*TELL, ("1", "Where"), ("skip", "words"), ("No water", "before")])
    assert "Reference" not in await citizen.says("don't send")
    assert "Reference" not in await citizen.says("ne pas envoyer")


async def test_two_similar_needs_are_offered_at_a_time(app: App) -> None:
    """Three say it; a phone shows two and what the citizen has written."""
    for name in ("amina", "brahim", "clara"):
        citizen = Citizen(app, name)
        await citizen.arrives()
        await file_need(citizen, "The water is cut every evening")
    last = Citizen(app, "driss")
    await last.arrives(code="OZT-NEEDS")
    await last.verify([("water", "Where exactly?"), ("tabounte", "your own words")])
    await last.says("water is cut every evening")
    assert sum("Add to no." in label for label in last.labels) == 2
