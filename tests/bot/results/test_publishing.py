"""What a public page remembers between two looks, and what it forgets."""

from pathlib import Path

import msgspec
import pytest

from bot.app.build import App, open_app
from bot.core.config import CouncilSettings
from bot.results import publishing
from bot.results.publishing import Records
from tests.bot.core.test_councils import councils_in
from tests.citizen import config_in, running


def records(app: App, seconds: float = 60) -> Records:
    """What pages show, kept for so long."""
    return Records(app.storage, app.register, app.channels, (), app.vault, seconds=seconds)


async def test_of_many_councils_the_one_looked_at_first_is_forgotten_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So memory has an end; whoever is looked at again is computed again."""
    monkeypatch.setattr(publishing, "COUNCILS", 2)
    places = {"one": "08.401.01.07", "two": "08.401.07.09", "three": "08.587.01.13"}
    folder = councils_in(tmp_path / "councils", places)
    config = msgspec.structs.replace(
        config_in(tmp_path), councils=CouncilSettings(str(folder), "one")
    )
    app = await open_app(config)
    try:
        kept = records(app)
        one, two, three = (id for id in app.register.all())
        for id, computed in ((one, 1), (two, 2), (one, 2), (three, 3), (two, 3), (one, 4)):
            await kept.of(id)
            assert kept.computed == computed
    finally:
        await app.close()


async def test_what_nobody_answered_meanwhile_is_not_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer more, and it is; one poll's does not have another's drawn again."""
    drawn: list[str] = []
    draw = publishing.drawn

    def counted(head: object, kind: str, *given: object, **more: object) -> object:
        drawn.append(kind)
        return draw(head, kind, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "drawn", counted)
    async with running(tmp_path) as app:
        for code in ("OZT-LIGHT", "OZT-PARK"):
            async with app.storage.transaction() as tx:
                row = await app.register.by_code(tx, code)
                assert row is not None
                await tx.run("set_consultation_state", id=row.id, state="closed")
        kept = records(app, seconds=0)
        await kept.of(app.register.default_id)
        first = sorted(drawn)
        assert len(first) >= 2
        await kept.of(app.register.default_id)
        assert sorted(drawn) == first
