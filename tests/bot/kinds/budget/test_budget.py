"""A citizen reads about projects, votes, looks at the sum, and changes the vote."""

from bot.app.build import App
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
