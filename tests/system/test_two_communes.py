"""Within a region: a need is the same as another only in the same commune, and never as one's own."""

from pathlib import Path

import pytest

from bot.core.config import Config
from bot.core.localtime import now_ms
from tests.citizen import Citizen
from tests.system.staffed import config_of, tell, town

WORDS = "La route de l’école est coupée depuis lundi"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A commune and a region."""
    return config_of(tmp_path)


async def review(app: object, name: str, commune: str, words: str = WORDS) -> str:
    """What somebody of a commune reads before their need is sent."""
    citizen = Citizen(app, name, at=now_ms())  # type: ignore[arg-type]
    await citizen.arrives("Français", "DRA-NEEDS")
    for said in ("1", commune, "passer"):
        await citizen.says(said)
    return await citizen.says(words)


async def test_the_same_words_of_another_commune_are_not_offered(config: Config) -> None:
    """Zagora's road is not Agdz's; told in Zagora it is offered."""
    async with town(config) as quiet:
        await tell(quiet.app, "amina", WORDS, prefix="DRA")
        assert "1 personne" in await review(quiet.app, "brahim", "Zagora")
        assert "1 personne" not in await review(quiet.app, "clara", "Agdz")


async def test_ones_own_need_is_not_offered_to_be_joined(config: Config) -> None:
    """Who tells it twice is one person."""
    async with town(config) as quiet:
        citizen = Citizen(quiet.app, "amina", at=now_ms())
        await citizen.arrives("Français", "DRA-NEEDS")
        for said in ("1", "Zagora", "passer", WORDS):
            await citizen.says(said)
        await citizen.says("[Envoyer]")
        await citizen.starts("DRA-NEEDS")
        for said in ("1", "Zagora", "passer"):
            await citizen.says(said)
        assert "1 personne" not in await citizen.says(WORDS)
