"""What pages look up about consultations, broadcasts and plans: their own council's, within limits."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from bot.app.build import App
from bot.consultations import deciding, history, listing
from bot.core.numbers import next_number
from bot.core.refusals import NotAllowed
from bot.outreach import broadcasts, lists, prompts, schedule
from flows.dialog.outreach import Audience, When
from storage.rows import StoredConsultation
from tests.bot.cases.test_handling import tells
from tests.citizen import NOON, running

HOUR = 3_600_000


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path) as opened:
        yield opened


async def stored(app: App, code: str = "OZT-LIGHT") -> StoredConsultation:
    async with app.storage.reading() as tx:
        row = await listing.consultation(tx, app.register.default_id, code)
    assert row is not None
    return row


async def test_a_consultation_is_found_by_its_own_council_only_in_capitals_or_not(app: App) -> None:
    row = await stored(app, "ozt-light")
    async with app.storage.reading() as tx:
        assert await listing.consultation(tx, row.council_id + 1, row.code) is None
        assert await listing.consultation(tx, row.council_id, "OZT-NOTHING") is None
        codes = [one.code for one in await listing.consultations_of(tx, row.council_id)]
        assert row.code in codes
        assert await listing.consultations_of(tx, row.council_id + 1) == []


async def test_a_draft_is_none_that_citizens_met(app: App) -> None:
    row = await stored(app)
    async with app.storage.transaction() as tx:
        assert row.code in [c.code for c in await listing.met_by_citizens(tx, row.council_id)]
        await tx.run("set_consultation_state", id=row.id, state="draft")
        assert row.code not in [c.code for c in await listing.met_by_citizens(tx, row.council_id)]


async def test_what_closes_soon_is_what_ends_from_now_on_and_before_the_limit(app: App) -> None:
    row = await stored(app)
    ends = NOON + HOUR
    values = {"opens_at": None, "opens_local": None, "closes_at": ends, "closes_local": "13:00"}
    async with app.storage.transaction() as tx:
        await tx.run("change_consultation", id=row.id, definition=row.definition, **values)

        async def closing(at: int, until: int) -> bool:
            found = await listing.closing(tx, row.council_id, at, until)
            return row.code in [one.code for one in found]

        assert await closing(ends, ends + 1)
        assert await closing(ends - HOUR, ends + 1)
        assert not await closing(ends - HOUR, ends)
        assert not await closing(ends + 1, ends + HOUR)
        assert await listing.closing(tx, row.council_id + 1, 0, 2**62) == []


async def every(app: App) -> list[StoredConsultation]:
    async with app.storage.reading() as tx:
        return [*await listing.consultations_of(tx, app.register.default_id)]


async def test_what_came_in_today_is_a_part_of_what_came_in_lately(app: App) -> None:
    council_id = app.register.default_id
    await tells(app, "amina", "No water")
    async with app.storage.reading() as tx:
        (one,) = await listing.came_in(tx, council_id, 0, 0)
        assert (one.consultation.kind, one.today, one.lately) == ("need", 1, 1)
        (one,) = await listing.came_in(tx, council_id, 2**62, 0)
        assert (one.today, one.lately) == (0, 1)
        assert await listing.came_in(tx, council_id, 2**62, 2**62) == []
        assert await listing.came_in(tx, council_id + 1, 0, 0) == []
        told = await listing.consultation(tx, council_id, one.consultation.code)
        assert told is not None
        assert await history.responses(tx, told.id) == 1


async def test_a_history_tells_of_its_own_consultation_only(app: App) -> None:
    row = await stored(app)
    other = next(one for one in await every(app) if one.id != row.id)
    async with app.storage.transaction() as tx:
        for one in (row, other):
            await deciding.decide(tx, one, {"en": f"About {one.code}"}, None, "amal", NOON)
            await schedule.add(
                tx,
                one.council_id,
                "reminder",
                When(on=datetime.fromisoformat("2099-01-01T12:00")),
                made_by="amal",
                consultation=one,
                or_now=True,
            )
        found = await history.history(tx, row)
    assert [one.texts for one in found.decisions] == [f'{{"en":"About {row.code}"}}']
    assert {one.code for one in found.sent} == {row.code}
    assert {one.code for one in found.planned} == {row.code}
    assert (found.responses, found.ran, found.changes) == (0, [], [])


@pytest.mark.parametrize(
    ("texts", "day", "why"),
    [
        ({}, None, "decision"),
        ({"en": "We decided."}, "soon", "'soon' is no day"),
        ({"en": "We decided."}, "2026-11-22", "has not come yet"),
    ],
)
def test_a_decision_needs_words_and_a_day_that_has_come(
    texts: dict[str, str], day: str | None, why: str
) -> None:
    with pytest.raises(NotAllowed, match=why):
        deciding.check_decision(texts, day, date(2026, 11, 21))
    deciding.check_decision({"en": "We decided."}, "2026-11-21", date(2026, 11, 21))


async def test_a_decision_is_a_draft_to_who_took_part(app: App) -> None:
    row = await stored(app)
    async with app.storage.transaction() as tx:
        id = await deciding.decide(tx, row, {"en": "Yes."}, "2026-11-21", "amal", NOON)
        draft = await broadcasts.broadcast(tx, row.council_id, id)
    assert draft is not None
    assert (draft.what, draft.state, draft.code) == ("decision", "draft", row.code)
    assert draft.body == '{"texts":{"en":"Yes."},"day":"2026-11-21"}'


async def test_a_broadcast_is_found_by_its_own_council_only(app: App) -> None:
    council_id = app.register.default_id
    async with app.storage.transaction() as tx:
        id = await broadcasts.draft(tx, council_id, "notice", Audience(), made_by="amal")
        second = await broadcasts.draft(tx, council_id, "notice", Audience(), made_by="amal")
        row = await broadcasts.broadcast(tx, council_id, id)
        assert row is not None
        assert await broadcasts.broadcast(tx, council_id + 1, id) is None
        assert await broadcasts.broadcast(tx, council_id, 1) is None
        assert await broadcasts.consultation_of(tx, row) is None
        assert [one.id for one in await broadcasts.sent(tx, council_id, 9)] == [second, id]
        assert [one.id for one in await broadcasts.sent(tx, council_id, 1)] == [second]
        assert await broadcasts.sent(tx, council_id + 1, 9) == []
        assert await broadcasts.running(tx, council_id, 9) == []
        await broadcasts.start(tx, id)
        assert [one.id for one in await broadcasts.running(tx, council_id, 9)] == [id]


async def test_what_is_planned_is_found_by_its_own_council_until_it_is_stopped(app: App) -> None:
    council_id = app.register.default_id
    async with app.storage.transaction() as tx:
        before = len(await prompts.planned(tx, council_id))
        when = When(on=datetime.fromisoformat("2099-01-01T12:00"))
        id = await schedule.add(tx, council_id, "notice", when, made_by="amal")
        assert await prompts.prompt(tx, council_id, id) is not None
        assert await prompts.prompt(tx, council_id + 1, id) is None
        assert await prompts.prompt(tx, council_id, 1) is None
        assert len(await prompts.planned(tx, council_id)) == before + 1
        await prompts.stop(tx, id)
        assert len(await prompts.planned(tx, council_id)) == before
        assert await prompts.ran(tx, council_id, 20) == []


async def test_a_council_sees_no_lists_of_another(app: App) -> None:
    council_id = app.register.default_id
    read = lists.read_content(b"phone\n0612345678\n")
    async with app.storage.transaction() as tx:
        await lists.fill(
            tx, app.vault, "+212600000000", council_id, "Traders", "imported", read, "Form", "amal"
        )
        (kept,) = [one for one in await lists.lists_of(tx, council_id) if one.name == "Traders"]
        assert kept.members == 1
        assert await lists.lists_of(tx, council_id + 1) == []


async def test_a_number_is_given_once_under_its_name(app: App) -> None:
    async with app.storage.transaction() as tx:
        assert [await next_number(tx, "form 1") for _ in range(3)] == [1, 2, 3]
        assert await next_number(tx, "form 2") == 1
