"""What came of it is told: results, decisions, a later end, the status of one's own need."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine

from bot.app.build import App
from bot.app.commands.console import checker_of
from bot.cases import replies
from bot.consultations import amending, definitions
from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from bot.outreach import broadcasts, schedule
from bot.outreach.schedule import Schedule
from flows.dialog.outreach import Audience, When
from flows.kinds import check
from flows.wording import render
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from storage.rows.people import FollowsOf
from storage.rows.prompts import PromptsAbout
from tests.bot.outreach.test_broadcasts import known, pushed, states
from tests.checks import AllFollows
from tests.citizen import NOON, Citizen, running


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, url: str, clock: time_machine.Traveller) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def row_of(app: App, code: str) -> StoredConsultation:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=code)
    assert row is not None
    return row


async def changed(app: App, code: str, **more: Any) -> None:
    """Bring a consultation back to a draft with other values, and open it."""
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        await tx.run("set_consultation_state", id=row.id, state="draft")
        raw = {**msgspec.json.decode(row.definition), **more}
        council = app.register.council(row.council_id)
        head, problems = definitions.check(raw, council)
        assert head is not None
        assert problems == []
        await definitions.add(tx, app.register, msgspec.to_builtins(head), head)
        fresh = await app.register.by_id(tx, row.id)
        await definitions.open_consultation(tx, fresh, "amal")


def timetable(app: App) -> Schedule:
    async def body(consultation_id: int) -> Any:
        return await app.result_body(consultation_id)

    return Schedule(app.storage, body)


async def tick(app: App) -> list[str]:
    """What the running server does every few seconds. Returns the outcomes."""
    async with app.storage.transaction() as tx:
        await definitions.close_due(tx, now_ms())
    ran = await timetable(app).run_due()
    await pushed(app)
    return [f"{one.outcome} {one.reason}".strip() for one in ran]


async def answer(citizen: Citizen) -> None:
    await citizen.says("OZT-LIGHT")
    await citizen.verify([("1", ""), ("5", ""), ("skip", ""), ("[Send]", "counted")])
    await citizen.says("not now")


async def test_a_whole_life_by_itself(app: App, clock: time_machine.Traveller) -> None:
    """Opened, invited, reminded, closed, told: nobody does anything after the opening."""
    people = [await known(app, name) for name in ("amina", "brahim", "chama")]
    await changed(
        app,
        "OZT-LIGHT",
        closes="2026-12-05T00:00:00",
        outreach={"invite": True, "reminders": [{"before_closing": 4}, {"before_closing": 1}]},
    )
    assert await tick(app) == ["ran"]
    for person in people:
        assert "Street lighting" in await person.hears()
    await answer(people[0])
    clock.move_to(datetime(2026, 11, 30, 18, 0, 30, tzinfo=UTC))
    assert await tick(app) == ["ran"]
    assert await people[0].hears() == ""
    assert "reminder" in (await people[1].hears()).lower()
    clock.move_to(datetime(2026, 12, 3, 18, 0, 30, tzinfo=UTC))
    assert await tick(app) == ["ran"]
    assert "last reminder" in (await people[1].hears()).lower()
    clock.move_to(datetime(2026, 12, 5, 9, 1, tzinfo=UTC))
    assert await tick(app) == ["ran"]
    told = await people[0].hears()
    assert "has closed" in told
    assert "/results/OZT-LIGHT" in told
    assert await people[1].hears() == ""
    assert (await row_of(app, "OZT-LIGHT")).state == "closed"
    assert await tick(app) == []


async def test_a_missed_reminder_comes_late_and_not_after_the_end(
    app: App, clock: time_machine.Traveller
) -> None:
    brahim = await known(app, "brahim")
    await changed(
        app,
        "OZT-LIGHT",
        closes="2026-12-05T00:00:00",
        outreach={"invite": True, "reminders": [{"before_closing": 7}, {"before_closing": 1}]},
    )
    await tick(app)
    await brahim.hears()
    clock.move_to(datetime(2026, 11, 29, 10, tzinfo=UTC))  # the machine was off since the 27th
    assert await tick(app) == ["late"]
    assert "reminder" in (await brahim.hears()).lower()
    clock.move_to(datetime(2026, 12, 6, 10, tzinfo=UTC))  # and again, beyond the end
    assert await tick(app) == []
    assert await brahim.hears() == ""


async def test_a_later_end_is_told_to_who_answered_and_moves_the_reminders(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, brahim = await known(app, "amina"), await known(app, "brahim")
    outreach = {"invite": True, "reminders": [{"before_closing": 1}]}
    await changed(app, "OZT-LIGHT", closes="2026-12-05T00:00:00", outreach=outreach)
    await tick(app)
    await brahim.hears()
    await amina.hears()
    await answer(amina)
    row = await row_of(app, "OZT-LIGHT")
    raw = {**msgspec.json.decode(row.definition), "closes": "2026-12-12T00:00:00"}
    async with app.storage.transaction() as tx:
        done = await amending.amend(tx, app.register, row, raw, "amal")
        planned = await tx.rows(PromptsAbout, consultation_id=row.id)
    assert done == ["closes"]
    assert [p.what for p in planned if p.state == "active"] == ["last"]
    await tick(app)
    assert "11/12/2026" in await amina.hears()
    assert await brahim.hears() == ""
    clock.move_to(datetime(2026, 12, 10, 18, 1, tzinfo=UTC))
    assert await tick(app) == ["ran"]
    assert "last reminder" in (await brahim.hears()).lower()


@pytest.mark.parametrize(
    ("key", "value"),
    [("closes", "2026-12-01T00:00:00"), ("title", {"fr": "Autre chose"}), ("minutes", 9)],
)
async def test_what_would_falsify_answers_can_no_longer_change(
    app: App, key: str, value: Any
) -> None:
    await changed(app, "OZT-LIGHT", closes="2026-12-05T00:00:00")
    row = await row_of(app, "OZT-LIGHT")
    raw = {**msgspec.json.decode(row.definition), key: value}
    with pytest.raises(NotAllowed, match=key):
        async with app.storage.transaction() as tx:
            await amending.amend(tx, app.register, row, raw, "amal")


async def test_what_means_the_same_is_no_change_of_an_opened_consultation(app: App) -> None:
    row = await row_of(app, "OZT-LIGHT")
    raw = msgspec.json.decode(row.definition)
    raw["title"]["fr"] += "\n"
    raw["questions"][1]["when"]["any_of"].reverse()
    raw["outreach"] = {**raw.get("outreach", {}), "late": "run", "result": True, "audience": {}}
    del raw["minutes"]
    async with app.storage.transaction() as tx:
        assert await amending.amend(tx, app.register, row, raw, "amal") == []
    assert (await row_of(app, "OZT-LIGHT")).version == row.version


async def test_the_wording_of_a_choice_stays_and_another_language_may_come(app: App) -> None:
    row = await row_of(app, "OZT-LIGHT")
    raw = msgspec.json.decode(row.definition)
    choice = raw["questions"][0]["choices"][0]["text"]
    choice["fr"] = "Excellent"
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed, match=r"choices\[0\]\.text\.fr"):
            await amending.amend(tx, app.register, row, raw, "amal")


async def test_a_decision_is_told_to_everyone_who_took_part(app: App) -> None:
    amina, brahim = await known(app, "amina"), await known(app, "brahim")
    await answer(amina)
    row = await row_of(app, "OZT-LIGHT")
    async with app.storage.transaction() as tx:
        id = await broadcasts.draft(
            tx,
            row.council_id,
            "decision",
            Audience(),
            made_by="amal",
            consultation_id=row.id,
            body={"texts": {"en": "Adopted.", "fr": "Adopté."}, "day": "2026-10-07"},
        )
        await broadcasts.start(tx, id)
    await pushed(app)
    told = await amina.hears()
    assert "Adopted." in told
    assert "07/10/2026" in told
    assert await brahim.hears() == ""


async def test_the_author_of_a_need_is_told_each_time_its_status_changes(app: App) -> None:
    amina = Citizen(app, "amina", at=now_ms())
    await amina.arrives(code="OZT-NEEDS")
    await amina.verify(
        [("💧", ""), ("Tabounte", ""), ("No water since Monday", ""), ("[Send]", "OZT-2026-")]
    )
    await amina.says("not now")
    council_id = (await row_of(app, "OZT-NEEDS")).council_id
    for state, note in (("studied", ""), ("refused", "The well is private.")):
        async with app.storage.transaction() as tx:
            await replies.set_status(
                tx, app.register, council_id, "ozt-2026-000001", state, note, "amal"
            )
        await pushed(app)
        told = await amina.hears()
        assert "OZT-2026-000001" in told
        assert "No water since Monday" in told
        assert note in told
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed, match="needs a word"):
            await replies.set_status(
                tx, app.register, council_id, "OZT-2026-000001", "passed", "", "amal"
            )


async def test_two_processes_run_an_occurrence_once(app: App) -> None:
    await known(app, "amina")
    await changed(app, "OZT-LIGHT", outreach={"invite": True})
    ran = await asyncio.gather(timetable(app).run_due(), timetable(app).run_due())
    assert sorted(len(one) for one in ran) == [0, 1]
    await pushed(app)
    (id,) = [one.broadcast_id for part in ran for one in part]
    assert id is not None
    assert await states(app, id) == {"sent": 1}


async def test_who_joins_is_welcomed_days_later_even_if_the_machine_was_off(
    app: App, clock: time_machine.Traveller
) -> None:
    row = await row_of(app, "OZT-LIGHT")
    async with app.storage.transaction() as tx:
        await schedule.add(
            tx,
            row.council_id,
            "invitation",
            When(after_joining=3, time="10:00"),
            made_by="amal",
            consultation=row,
        )
    amina = await known(app, "amina")
    clock.shift(timedelta(days=1))
    brahim = await known(app, "brahim")
    clock.shift(timedelta(days=4))
    assert "late" in await tick(app)
    await pushed(app)
    assert "Street lighting" in await amina.hears()
    assert "Street lighting" in await brahim.hears()


async def test_who_took_part_is_told_wherever_they_live(app: App) -> None:
    amina = await known(app, "amina")
    await answer(amina)
    async with app.storage.transaction() as tx:
        (person,) = {row.person_id for row in await tx.rows(AllFollows)}
        for follow in await tx.rows(FollowsOf, person_id=person):
            await tx.run("unfollow", person_id=person, place=follow.place)
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        await definitions.close_consultation(tx, row)
    await tick(app)
    assert "has closed" in await amina.hears()


async def test_a_closed_one_is_prolonged_silently_and_told_when_it_opens_again(
    app: App, clock: time_machine.Traveller
) -> None:
    amina = await known(app, "amina")
    await changed(app, "OZT-LIGHT", closes="2026-11-25T00:00:00")
    await answer(amina)
    clock.move_to(datetime(2026, 11, 25, 10, tzinfo=UTC))
    await tick(app)
    assert "has closed" in await amina.hears()
    row = await row_of(app, "OZT-LIGHT")
    raw = msgspec.json.decode(row.definition)
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed, match="is past"):
            await amending.amend(
                tx, app.register, row, {**raw, "closes": "2026-11-25T08:00:00"}, "amal"
            )
        await amending.amend(
            tx, app.register, row, {**raw, "closes": "2026-12-20T00:00:00"}, "amal"
        )
    await tick(app)
    assert await amina.hears() == ""
    async with app.storage.transaction() as tx:
        await definitions.open_consultation(tx, await app.register.by_id(tx, row.id))
    await tick(app)
    assert "19/12/2026" in await amina.hears()


async def test_one_without_an_end_is_told_when_it_opens_again(app: App) -> None:
    """Nobody was told, and the page of that message failed: there was no end to tell."""
    amina = await known(app, "amina")
    await changed(app, "OZT-LIGHT", closes=None)
    await answer(amina)
    async with app.storage.transaction() as tx:
        await definitions.close_consultation(tx, await row_of(app, "OZT-LIGHT"), "amal")
    await tick(app)
    await amina.hears()
    async with app.storage.transaction() as tx:
        await definitions.open_consultation(tx, await row_of(app, "OZT-LIGHT"), "amal")
    await tick(app)
    said = await amina.hears()
    assert "is open again" in said
    assert "no end is fixed" in said


async def test_a_closing_ends_what_still_waited(app: App, clock: time_machine.Traveller) -> None:
    await known(app, "amina")
    clock.shift(timedelta(hours=10))  # quiet hours
    id = await broadcast(app)
    row = await row_of(app, "OZT-LIGHT")
    await pushed(app)
    assert await states(app, id) == {"queued": 1}
    async with app.storage.transaction() as tx:
        await definitions.close_consultation(tx, row)
    assert await states(app, id) == {"dropped": 1}


async def test_later_promises_only_what_can_come(app: App, clock: time_machine.Traveller) -> None:
    amina = await known(app, "amina")
    await changed(app, "OZT-LIGHT", closes="2026-11-21T12:25:00", outreach={"invite": True})
    await tick(app)
    await amina.hears()
    assert "once more. To answer, write OZT-LIGHT" in await amina.taps("Later today")
    brahim = await known(app, "brahim")
    await changed(app, "OZT-LIGHT", closes="2026-12-21T12:40:00")
    id = await broadcast(app)
    await pushed(app)
    await brahim.hears()
    first = brahim.token("Later today")
    assert "16:" in await brahim.does(token=first, event="tap")
    clock.shift(timedelta(hours=4, minutes=2))
    await pushed(app)
    assert "Street lighting" in await brahim.hears()
    assert "once more. To answer" in await brahim.does(token=first, event="tap")
    assert (await states(app, id))["sent"] >= 2


async def broadcast(app: App) -> int:
    row = await row_of(app, "OZT-LIGHT")
    async with app.storage.transaction() as tx:
        id = await broadcasts.draft(
            tx,
            row.council_id,
            "invitation",
            Audience(),
            made_by="amal",
            consultation_id=row.id,
        )
        await broadcasts.start(tx, id)
    return id


async def test_a_reminder_that_cannot_come_is_asked_about(app: App) -> None:
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        await tx.run("set_consultation_state", id=row.id, state="draft")
        reminders = [{"on": "2020-01-01T10:00:00"}, {"before_closing": 1}]
        more = {"closes": "2026-12-05T00:00:00", "outreach": {"reminders": reminders}}
        raw = {**msgspec.json.decode(row.definition), **more}
        head, problems = check(raw, app.register.council(row.council_id))
        assert head is not None
        assert problems == []
        await definitions.add(tx, app.register, msgspec.to_builtins(head), head)
        fresh = await app.register.by_id(tx, row.id)
        found, _ = await checker_of(app).of_consultation(tx, fresh, sending=False)
    said = [render(finding.text, "en") for finding in found]
    assert [text for text in said if "reminder" in text.lower()] == [
        "The reminder of 01/01/2020 10:00 is past, or after the end: it will not go. "
        "Choose another day."
    ]
