"""What an organizer hears about a broadcast that has ended: every number that is one, and no zero."""

from typing import Any

import pytest

from bot.app.build import App
from bot.outreach import broadcasts, organizers
from bot.outreach.broadcasts import Progress
from flows.wording import render
from flows.wording.text import LANGUAGES, Text
from storage.rows.broadcasts import EndBroadcasts

STATES = {"sent": 11, "delivered": 12, "read": 13, "uncertain": 14, "failed": 15, "dropped": 16}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("states", "more", "numbers"),
    [
        (STATES, {"answered": 21, "opted_out": 22}, {81, *STATES.values(), 21, 22}),
        ({"sent": 11}, {}, {11}),
        ({"sent": 11, "failed": 0}, {"opted_out": 22}, {11, 22}),
        ({"dropped": 16}, {"answered": 21}, {16, 21}),
    ],
)
async def test_each_number_is_told_in_every_language(
    app: App, monkeypatch: pytest.MonkeyPatch, language: str,
    states: dict[str, int], more: dict[str, int], numbers: set[int],
) -> None:  # fmt: skip
    """To who began it, at their council."""
    heard: list[tuple[int, str, Text]] = []

    async def progress(tx: object, id: int) -> Progress | None:
        if id != 7:
            return None
        return Progress(
            7, "OZT-X", "invitation", "done", "amal", 1, 2, False, states, {}, {}, **more
        )

    async def tell(self: object, council_id: int, name: str, text: Text, **given: Any) -> None:
        heard.append((council_id, name, text))

    monkeypatch.setattr(broadcasts, "progress", progress)
    monkeypatch.setattr(organizers.StaffChats, "tell", tell)
    for id in (7, 8):
        await app.staff_chats.tell_end(EndBroadcasts(id, 3, None, "invitation", "amal"))
    ((council, name, text),) = heard
    assert (council, name) == (3, "amal")
    said = render(text, language)
    assert "OZT-X" in said
    assert {
        int(word) for word in "".join(c if c.isdigit() else " " for c in said).split()
    } == numbers
