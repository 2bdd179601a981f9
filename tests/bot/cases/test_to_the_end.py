"""What a citizen told, to its end: how it stands in their own words, whether it is done, and what others were told."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from bot.app.build import App
from bot.cases import reading, replies
from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from tests.bot.cases.test_handling import answers, case, council_of, entries, tells
from tests.bot.cases.test_handling import clock as clock
from tests.bot.outreach.test_broadcasts import pushed
from tests.citizen import Citizen, running


@pytest.fixture
async def app(
    tmp_path: Path, url: str, clock: Iterator[time_machine.Traveller]
) -> AsyncIterator[App]:
    async with running(tmp_path, url) as opened:
        yield opened


async def standing(citizen: Citizen, reference: str) -> str:
    """What the bot says of one's own contribution."""
    citizen.at = now_ms()
    return await citizen.says(reference)


async def told_done(app: App, clock: time_machine.Traveller, **what: str) -> tuple[Citizen, str]:
    """Somebody whose need staff call done, and who has read so."""
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    await answers(app, reference, state="done", **what)
    clock.shift(timedelta(minutes=1))
    amina.at = now_ms()
    return amina, reference


# --------------------------------------------------------------------------- how it stands


async def test_what_was_told_and_when_an_answer_comes_stand_in_the_status(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    said = await standing(amina, reference)
    assert "“No water since Monday”" in said
    # 15 days after the 21st of November.
    assert "answers you here by 06/12/2026" in said


async def test_the_thanks_say_when_an_answer_comes(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives("English", "OZT-NEEDS")
    for said in ("💧", "Tabounte", "No water"):
        await citizen.says(said)
    assert "within 15 days" in await citizen.taps("Send")


async def test_an_answer_that_is_late_is_called_late(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(days=16))
    said = await standing(amina, reference)
    assert "due by 06/12/2026" in said
    assert "answers you here by" not in said


async def test_what_the_council_said_and_what_comes_next_stand_in_the_status(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    await answers(app, reference, phrase="seen")
    clock.shift(timedelta(days=1))
    await answers(app, reference, state="planned", text="New pipes.", until="2027-03-15")
    assert "by 15/03/2027" in await amina.hears()
    said = await standing(amina, reference)
    assert "Status: planned" in said
    assert "22/11/2026" in said
    assert "New pipes." in said
    assert "by 15/03/2027" in said
    assert "When it is done, you will be asked here" in said


async def test_the_latest_two_answers_are_shown(app: App, clock: time_machine.Traveller) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    for number in range(3):
        clock.shift(timedelta(hours=1))
        await answers(app, reference, text=f"Answer {number}.")
    await amina.hears()
    said = await standing(amina, reference)
    assert "Answer 0." not in said
    assert "Answer 1." in said
    assert "Answer 2." in said


async def test_a_day_that_is_past_or_none_is_no_promise(
    app: App, clock: time_machine.Traveller
) -> None:
    _, reference = await tells(app, "amina", "No water since Monday")
    for until in ("2026-11-20", "soon", "2026-13-01"):
        with pytest.raises(NotAllowed):
            await answers(app, reference, state="planned", until=until)
    assert (await case(app, reference)).state == "received"


@pytest.mark.parametrize("state", ["planned", "done", "passed", "refused"])
async def test_details_can_be_added_whatever_has_become_of_it(
    app: App, clock: time_machine.Traveller, state: str
) -> None:
    amina, reference = await tells(app, "amina", "No water since Monday")
    clock.shift(timedelta(hours=1))
    await answers(app, reference, state=state, text="It is the agency's.")
    clock.shift(timedelta(minutes=1))
    await standing(amina, reference)
    await amina.taps("Add")
    assert "Added" in await amina.says("It is still dry")
    assert (await entries(app, reference))[-1] == ("added", "It is still dry")
    assert (await case(app, reference)).unread == 1


# --------------------------------------------------------------------------- is it done?


async def test_who_hears_that_it_is_done_is_asked_whether_it_is(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await told_done(app, clock)
    assert "Is it done?" in await amina.hears()
    assert [label.split(" ", 2)[2] for label in amina.labels] == [
        "Yes, it is done",
        "No, it is not",
    ]
    assert "Thank you" in await amina.taps("Yes, it is done")
    assert [what for what, _ in await entries(app, reference)] == ["status", "confirmed"]
    assert (await case(app, reference)).state == "done"


@pytest.mark.parametrize("no", ["[No, it is not]", "No", "2", "no it is not"])
async def test_a_no_opens_it_again_and_what_is_missing_goes_with_it(
    app: App, clock: time_machine.Traveller, no: str
) -> None:
    amina, reference = await told_done(app, clock)
    await amina.hears()
    said = await amina.says(no)
    assert "open again" in said
    assert "What is still missing?" in said
    row = await case(app, reference)
    assert (row.state, row.waiting, row.unread) == ("received", 1, 1)
    assert "Added" in await amina.says("Only one house has water")
    assert [what for what, _ in await entries(app, reference)] == ["status", "reopened", "added"]
    # The question is not put twice: it is done only when staff say so again.
    assert "Is it done?" not in await standing(amina, reference)


async def test_nothing_has_to_be_added_to_a_no(app: App, clock: time_machine.Traveller) -> None:
    amina, reference = await told_done(app, clock)
    await amina.hears()
    await amina.says("no")
    await amina.taps("Nothing more")
    assert (await case(app, reference)).state == "received"
    assert [what for what, _ in await entries(app, reference)] == ["status", "reopened"]


async def test_what_somebody_writes_instead_of_yes_or_no_reaches_the_desk(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await told_done(app, clock)
    await amina.hears()
    assert "they came but the tap still drips" in await amina.says(
        "they came but the tap still drips"
    )
    await amina.taps("Send")
    assert (await entries(app, reference))[-1] == ("answer", "they came but the tap still drips")


async def test_the_question_is_there_later_too(app: App, clock: time_machine.Traveller) -> None:
    amina, reference = await told_done(app, clock)
    await amina.hears()
    clock.shift(timedelta(days=3))
    said = await standing(amina, reference)
    assert "Is it done?" in said
    assert "open again" in await amina.taps("No, it is not")
    assert (await case(app, reference)).state == "received"


async def test_an_old_no_does_not_open_what_is_not_done(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, reference = await told_done(app, clock)
    await amina.hears()
    token = amina.token("No, it is not")
    await answers(app, reference, state="planned", text="Not yet, sorry.")
    await amina.does(token=token, event="tap")
    assert (await case(app, reference)).state == "planned"
    assert "reopened" not in [what for what, _ in await entries(app, reference)]


# --------------------------------------------------------------------------- two that say the same


async def together(app: App, one: str, other: str) -> None:
    async with app.storage.transaction() as tx:
        await replies.put_together(
            tx, council_of(app), await case(app, one), await case(app, other), "amal"
        )
    await pushed(app)


@pytest.mark.parametrize("answered_first", [True, False])
async def test_who_told_the_same_hears_what_was_answered_already(
    app: App, clock: time_machine.Traveller, answered_first: bool
) -> None:
    amina, first = await tells(app, "amina", "No water at the douar since Monday")
    brahim, second = await tells(app, "brahim", "There is no water at the douar")
    clock.shift(timedelta(hours=1))
    await answers(app, first, state="planned", text="New pipes in March.", until="2027-03-15")
    await amina.hears()
    clock.shift(timedelta(minutes=5))
    await together(app, *((second, first) if answered_first else (first, second)))
    heard = await brahim.hears()
    assert second in heard
    assert "told the same" in heard
    assert "New pipes in March." in heard
    assert "15/03/2027" in heard
    assert await amina.hears() == ""
    for reference in (first, second):
        assert (await case(app, reference)).state == "planned"


async def test_nobody_is_written_to_where_nothing_was_answered(
    app: App, clock: time_machine.Traveller
) -> None:
    amina, first = await tells(app, "amina", "No water at the douar since Monday")
    brahim, second = await tells(app, "brahim", "There is no water at the douar")
    clock.shift(timedelta(hours=1))
    await together(app, second, first)
    assert await amina.hears() == ""
    assert await brahim.hears() == ""


async def test_what_the_other_author_says_later_is_seen_where_staff_look(
    app: App, clock: time_machine.Traveller
) -> None:
    _, first = await tells(app, "amina", "No water at the douar since Monday")
    brahim, second = await tells(app, "brahim", "There is no water at the douar")
    clock.shift(timedelta(hours=1))
    await together(app, second, first)
    await answers(app, first, state="done")
    await brahim.hears()
    clock.shift(timedelta(minutes=1))
    brahim.at = now_ms()
    await brahim.says("no")
    await brahim.says("Our street has none")
    row = await case(app, first)
    assert (row.state, row.unread) == ("received", 1)
    async with app.storage.reading() as tx:
        shown = await reading.case_file(tx, row)
    assert [(one.what, one.text) for one in shown.entries][-2:] == [
        ("reopened", ""),
        ("added", "Our street has none"),
    ]
