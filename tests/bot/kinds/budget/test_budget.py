"""A citizen reads about projects, votes, looks at the sum, and changes the vote."""

from bot.app.build import App
from storage.rows.consultations import ConsultationByCode
from tests.citizen import Citizen


async def test_who_wants_to_reads_first(app: App, citizen: Citizen) -> None:
    await citizen.starts("OZT-BUDGET")
    await citizen.verify(
        [
            ("[Read first]", "Which project do you want to read about?"),
            ("school toilets", "Three for girls and three for boys"),
            ("lamps", "Twenty lamp posts"),
            ("[Choose now]", "3 projects at most."),
            ("6", "The last is 5."),
            ("1, 2, 3, 4", "at most"),
            ("toilets and the library", "Together: 180 000 DH."),
            ("[Send]", "your vote has been counted"),
        ]
    )


async def test_too_many_names_are_refused_as_a_choice(app: App, citizen: Citizen) -> None:
    """They were taken for something that is told besides, and offered as a need."""
    await citizen.starts("OZT-BUDGET")
    await citizen.says("[Choose now]")
    said = await citizen.says("school toilets, lamps on the way, library, garden")
    assert "3 at most" in said
    said = await citizen.says("school toilets, lamps on the way, football field")
    assert "Send the numbers" in said


async def test_a_vote_is_changed_and_kept(app: App, citizen: Citizen) -> None:
    await citizen.starts("OZT-BUDGET")
    await citizen.verify(
        [("[Choose now]", "at most"), ("2", "Lamps on the way"), ("[Send]", "has been counted")]
    )
    await citizen.says("[Not now]") if "Not now" in citizen.labels else None
    await citizen.starts("OZT-BUDGET")
    await citizen.verify(
        [
            ("[Change my vote]", "Read about them first"),
            ("[Choose now]", "at most"),
            ("1 and 5", "Together"),
            ("[Send]", "your vote has been changed"),
        ]
    )


async def test_who_changes_a_vote_when_it_ends_is_told_that_the_first_counts(
    app: App, citizen: Citizen
) -> None:
    """It was only said that the vote is over."""
    await citizen.starts("OZT-BUDGET")
    await citizen.verify(
        [("[Choose now]", "at most"), ("2", "Lamps on the way"), ("[Send]", "has been counted")]
    )
    await citizen.says("[Not now]") if "Not now" in citizen.labels else None
    await citizen.starts("OZT-BUDGET")
    await citizen.verify(
        [
            ("[Change my vote]", "Read about them first"),
            ("[Choose now]", "at most"),
            ("1", "School toilets"),
        ]
    )
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-BUDGET")
        assert row is not None
        await tx.run("set_consultation_state", id=row.id, state="closed")
    said = await citizen.says("[Send]")
    assert "is closed" in said
    assert "It stays as it is." in said
