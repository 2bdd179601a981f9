"""What may become of a consultation in each of its states, and the moment at which its end is past."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine

from bot.app.build import App
from bot.consultations import amending, definitions
from bot.core.localtime import local
from bot.core.refusals import NotAllowed
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from tests.bot.consultations.test_whole_life import changed
from tests.citizen import NOON, Citizen, running

STATES = ("draft", "open", "closed", "archived")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and what moves it."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[App]:
    """The application at noon."""
    async with running(tmp_path) as opened:
        yield opened


async def poll(app: App, state: str = "", **more: Any) -> StoredConsultation:
    """The example poll, in a state; `more` is changed in its row."""
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        if state:
            await tx.run("set_consultation_state", id=row.id, state=state)
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
    assert row is not None
    return msgspec.structs.replace(row, **more)


async def done(app: App, act: Any, row: StoredConsultation) -> str:
    """The state after it, or "refused"."""
    try:
        async with app.storage.transaction() as tx:
            await act(tx, row)
    except NotAllowed:
        return "refused"
    async with app.storage.reading() as tx:
        after = await tx.row(ConsultationByCode, code="OZT-LIGHT")
    return after.state if after is not None else "gone"


@pytest.mark.parametrize(
    ("act", "after"),
    [
        (definitions.open_consultation, ("open", "refused", "open", "refused")),
        (definitions.close_consultation, ("refused", "closed", "refused", "refused")),
        (amending.archive, ("archived", "refused", "archived", "refused")),
    ],
    ids=["open", "close", "archive"],
)
@pytest.mark.parametrize("number", range(4), ids=STATES)
async def test_each_state_allows_what_makes_sense_and_nothing_else(
    app: App, act: Any, after: tuple[str, ...], number: int
) -> None:
    """A draft is opened, an open one closed, a closed one opened again or put away."""
    assert await done(app, act, await poll(app, STATES[number])) == after[number]


async def test_only_what_nobody_has_met_is_deleted(app: App) -> None:
    """An open one is closed first; what somebody answered is kept."""
    assert await done(app, amending.delete, await poll(app, "open")) == "refused"
    assert await done(app, amending.delete, await poll(app, "closed")) == "refused"
    assert await done(app, amending.delete, await poll(app, "draft")) == "gone"


async def test_what_somebody_has_begun_to_answer_is_not_deleted(app: App) -> None:
    """Even if it is a draft again."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.says("good")
    for state in ("draft", "archived"):
        assert await done(app, amending.delete, await poll(app, state)) == "refused"


async def test_who_presses_second_is_told_that_somebody_was_faster(app: App) -> None:
    """Two members read the same page; one closing is counted, not two."""
    row = await poll(app, "open")
    assert await done(app, definitions.close_consultation, row) == "closed"
    with pytest.raises(NotAllowed, match="at this moment by somebody else"):
        async with app.storage.transaction() as tx:
            await definitions.close_consultation(tx, row)


@pytest.mark.parametrize(("ms", "after"), [(-1, "refused"), (0, "refused"), (1, "open")])
async def test_nothing_is_opened_whose_end_has_come(app: App, ms: int, after: str) -> None:
    """A millisecond before its end it can still be answered; at its end not."""
    row = await poll(app, "draft", closes_at=NOON + ms)
    assert await done(app, definitions.open_consultation, row) == after


def ends(ms: int) -> str:
    """A local wall time so long after noon."""
    return local(NOON + ms).replace(tzinfo=None).isoformat()


async def amended(app: App, state: str, **more: Any) -> list[str] | str:
    """What was changed of the poll in a state, or the refusal."""
    row = await poll(app, state)
    raw = {**msgspec.json.decode(row.definition), **more}
    try:
        async with app.storage.transaction() as tx:
            return await amending.amend(tx, app.register, row, raw, "amal")
    except NotAllowed as error:
        return str(error)


@pytest.mark.parametrize(("seconds", "may"), [(-1, False), (0, False), (1, True)])
async def test_a_later_end_is_one_that_has_not_come(
    app: App, clock: time_machine.Traveller, seconds: int, may: bool
) -> None:
    """A second after now; not now."""
    await changed(app, "OZT-LIGHT", closes=ends(1000))
    clock.shift(timedelta(days=1))
    said = await amended(app, "open", closes=ends(24 * 3_600_000 + seconds * 1000))
    assert (said == ["closes"]) is may, said


async def test_of_an_opened_consultation_only_harmless_things_change(app: App) -> None:
    """Questions stay; of an archived one nothing changes; no change is none."""
    row = await poll(app)
    title = {**msgspec.json.decode(row.definition)["title"], "fr": "Autre chose"}
    assert "can no longer change: title.fr" in await amended(app, "open", title=title)
    assert "is archived" in await amended(app, "archived", closes=ends(3_600_000))
    assert await amended(app, "open") == []


async def test_a_copy_needs_a_code_that_nobody_has(app: App) -> None:
    """In capitals or not."""
    row = await poll(app)
    async with app.storage.transaction() as tx:
        for taken in ("OZT-LIGHT", "OZT-NEEDS"):
            with pytest.raises(NotAllowed, match="already"):
                await amending.copy(tx, app.register, row, taken)
        head = await amending.copy(tx, app.register, row, "ozt-light2")
    assert head.code == "OZT-LIGHT2"


async def test_what_reaches_its_end_is_closed_then_and_not_before(
    app: App, clock: time_machine.Traveller
) -> None:
    """A second before it is open; at its end it is closed, once."""
    await changed(app, "OZT-LIGHT", closes=ends(60_000))
    async with app.storage.transaction() as tx:
        assert await definitions.close_due(tx, NOON + 59_999) == []
        assert await definitions.close_due(tx, NOON + 60_000) == ["OZT-LIGHT"]
        assert await definitions.close_due(tx, NOON + 60_000) == []
