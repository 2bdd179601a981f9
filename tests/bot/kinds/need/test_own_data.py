"""Words of a need that were shown to others go when their author is erased."""

from pathlib import Path

import pytest

from bot.app.build import App
from tests.bot.kinds.need.test_need import file_need
from tests.citizen import Citizen

WORDS = 'The fountain "El Ksour" near Zqxhouse is dry \\ since Sunday 💧'


@pytest.mark.parametrize("over", [True, False])
async def test_words_that_were_shown_to_another_go_with_their_author(
    app: App, tmp_path: Path, over: bool
) -> None:
    """Out of the message that showed them, and out of a conversation in which they were found; what the other
    wrote and reads besides stays.
    """
    author = Citizen(app, "author", "telegram")
    await author.arrives()
    await file_need(author, WORDS)
    other = Citizen(app, "other", "telegram")
    await other.arrives()
    await other.starts("OZT-NEEDS")
    for said in ("water", "Tabounte"):
        await other.says(said)
    shown = await other.says("The fountain near El Ksour is dry since Sunday")
    assert "Zqxhouse" in shown
    if over:
        await other.says("[Send]")
    await author.says("menu")
    for said in ("my data", "[Erase]", "[Erase]"):
        await author.says(said)
    await app.storage.forget_traces()
    content = b"".join(path.read_bytes() for path in tmp_path.glob("test.sqlite*"))
    assert b"Zqxhouse" not in content
    assert b"El Ksour is dry since Sunday" in content
    if not over:
        assert "Reference: OZT-2026-" in await other.says("[Send]")
