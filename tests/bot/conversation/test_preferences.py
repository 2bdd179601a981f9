"""What somebody sets is what is shown to them the next time, and what was set before stays."""

import re
from collections.abc import Sequence

import pytest

from bot.app.build import App
from tests.citizen import Citizen

#: How a council writes as long as nobody has said anything.
USUAL = {"How often": "The council decides", "Time of day": "At any time", "Themes": "All themes"}


async def settings(citizen: Citizen, name: str = "Done") -> dict[str, str]:
    """What the settings say, line by line; then one of their buttons is tapped."""
    said = await citizen.says("/settings")
    await citizen.taps(name)
    found = re.findall("• ([^:]+): (.*(?:\n• [^:]+$)*)", said, re.MULTILINE)
    return {name: value.replace("• ", "").strip() for name, value in found}


@pytest.mark.parametrize(
    ("name", "taps", "now"),
    [
        ("How often", ["At most 1 a week"], "At most 1 a week"),
        ("How often", ["At most 3 a week"], "At most 3 a week"),
        ("How often", ["No invitations"], "No invitations"),
        ("How often", ["The council decides"], "The council decides"),
        ("Time of day", ["In the morning"], "In the morning"),
        ("Time of day", ["In the afternoon"], "In the afternoon"),
        ("Time of day", ["In the evening"], "In the evening"),
        ("Time of day", ["At any time"], "At any time"),
        ("Themes", ["Drinking water", "Done"], "Drinking water"),
        ("Themes", ["All themes", "Done"], "All themes"),
    ],
)
async def test_what_is_set_holds_from_then_on(
    citizen: Citizen, name: str, taps: Sequence[str], now: str
) -> None:
    """Each line of the settings by itself, twice in a row; the others stay as they were."""
    for tap in (
        ("Time of day", "In the evening") if name != "Time of day" else ("How often", "2 a week")
    ):
        await (settings(citizen, tap) if tap in USUAL else citizen.taps(tap))
    before = await settings(citizen)
    for _ in range(2):
        await settings(citizen, name)
        for tap in taps:
            await citizen.taps(tap)
    after = await settings(citizen)
    assert after == {**before, name: now}


async def test_a_council_is_muted_and_heard_again(citizen: Citizen) -> None:
    """The settings say so each time."""
    assert await settings(citizen, "Stop the messages") == USUAL | await settings(citizen)
    assert "does not write to you first" in await citizen.says("/settings")
    assert "writes to you again" in await citizen.taps("Receive them again")
    assert "This is how" in await citizen.says("/settings")


async def test_from_the_settings_one_comes_to_ones_places(app: App) -> None:
    """And out of them without a change."""
    citizen = Citizen(app)
    await citizen.arrives()
    before = await settings(citizen)
    await citizen.says("/settings")
    assert "You follow" in await citizen.taps("My places")
    await citizen.says("cancel")
    assert await settings(citizen) == before


@pytest.mark.parametrize("language", ["العربية", "الدارجة", "Français", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "English"])
async def test_among_the_languages_ones_own_comes_first(app: App, language: str) -> None:
    """So that who came there by mistake goes on with one tap."""
    citizen = Citizen(app)
    await citizen.arrives(language)
    await citizen.says("/language")
    assert language in citizen.labels[0]
    assert len([label for label in citizen.labels if language in label]) == 1
