"""An organizer begins a programme: the sequence is looked at first, moved, kept, put back."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine

from bot.kinds.openness.keeping import LONGEST_CODE
from bot.kinds.openness.reading import OFFERED, YEARS
from flows.kinds.openness.programme import LONGEST_NAME
from flows.kinds.openness.sequence import sequence
from tests.bot.kinds.openness.begun import (
    CODE,
    PATH,
    SESSION,
    TITLE,
    WHERE,
    begin,
    council,
    does,
    kept,
    stopped,
)
from tests.bot.kinds.worlds import World
from tests.citizen import audit_of, plain


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with council(tmp_path, clock) as found:
        yield found


async def programmes(w: World) -> str:
    async with w.browser() as client:
        return plain((await client.get(f"{PATH}?lang=en")).text)


async def test_the_sequence_is_seen_before_anything_is_kept(w: World) -> None:
    async with w.browser() as client:
        asked = {**TITLE, "code": CODE, "month": SESSION, "action": "look"}
        page = (await client.post(f"{PATH}/new?lang=en", data=asked)).text
        assert 'name="first.solutions" value="2027-02-16"' in page
        assert 'name="last.draft" value="2027-04-05"' in page
        assert "art. 33" in page
        assert "too near" not in plain(page).split("Look before you begin")[1]
        # "Begin" without having looked shows the sequence first.
        asked["action"] = "begin"
        assert (await client.post(f"{PATH}/new", data=asked)).status_code == 200
    assert "There is no programme yet." in await programmes(w)
    async with w.browser() as client:
        await begin(client)
    async with w.app.storage.reading() as tx:
        noted = await audit_of(tx, w.app.register.default_id)
    assert [row.object for row in noted if row.action == "save"] == [CODE]
    assert TITLE["title.ar"] in await programmes(w)
    assert (await kept(w)).programme.session == date(2027, 5, 3)


async def test_a_second_press_begins_no_second_programme(w: World) -> None:
    async with w.browser() as client:
        form = {**TITLE, "code": CODE, "session": SESSION, "action": "look"}
        page = (await client.post(f"{PATH}/new", data=form)).text
        steps = sequence(date.fromisoformat(SESSION))
        days = {f"first.{one.key}": one.first.isoformat() for one in steps}
        days |= {f"last.{one.key}": one.last.isoformat() for one in steps}
        assert all(day in page for day in days.values())
        once = {**form, **days, "counted": SESSION, "action": "begin", "once": "1234567"}
        for _ in range(2):
            assert (await client.post(f"{PATH}/new", data=once)).status_code == 303
        assert (await client.get(PATH)).text.count(f'href="{WHERE}"') == 1


async def test_a_session_too_near_says_which_steps_do_not_fit_and_which_session_does(
    w: World,
) -> None:
    async with w.browser() as client:
        asked = {**TITLE, "code": CODE, "session": "2027-02-01", "action": "look"}
        page = plain((await client.post(f"{PATH}/new?lang=en", data=asked)).text)
        assert "Steps that do not fit any more:</strong> Axes and problems" in page
        assert 'everything fits: <span class="range" dir="ltr">03/05/2027' in page
        offered = (await client.get(f"{PATH}/new?lang=en")).text
        assert offered.count("there is time enough") + offered.count("too near") == OFFERED
        assert "February 2027 · too near" in offered
        assert "May 2027 · there is time enough" in offered


@pytest.mark.parametrize(
    ("session", "said"),
    [
        ("2026-11-20", "The session has been."),
        ("2026-11-21", "The session is too near."),
        ("2026-11-22", "The session is too near."),
    ],
)
async def test_a_session_that_has_been_is_not_called_near(
    w: World, session: str, said: str
) -> None:
    async with w.browser() as client:
        asked = {**TITLE, "code": CODE, "session": session, "action": "look"}
        page = (await client.post(f"{PATH}/new?lang=en", data=asked)).text
        assert page.count("The session has been.") + page.count("The session is too near.") == 1
        assert said in page


async def test_a_code_that_can_be_none_is_named_at_the_first_look(w: World) -> None:
    async with w.browser() as client:
        asked = {**TITLE, "code": "../x<b>", "session": SESSION, "action": "look"}
        answer = await client.post(f"{PATH}/new?lang=en", data=asked)
        assert answer.status_code == 422
        assert "OZT-OPEN-2027" in answer.text


async def test_another_session_is_looked_at_anew_by_its_month_or_its_day(w: World) -> None:
    """What was changed last counts, and the days of an earlier look give way to it."""
    asked = {**TITLE, "code": CODE, "action": "look"}
    days = {f"{edge}.{one.key}": str(getattr(one, edge)) for one in sequence(date(2027, 5, 3)) for edge in ("first", "last")}  # fmt: skip
    async with w.browser() as client:
        for more, session in (
            ({"month": "2027-10-01"}, "2027-10-01"),
            ({"month": "2027-05-03"}, "2027-05-03"),
            ({"month": "", "session": "2027-05-04"}, "2027-05-04"),
            ({"month": "2027-05-03", "session": "2027-05-06"}, "2027-05-06"),
        ):
            form = {**asked, "session": "2027-05-03", "counted": "2027-05-03", **days, **more}
            page = (await client.post(f"{PATH}/new", data=form)).text
            assert f'name="counted" value="{session}"' in page
            first = sequence(date.fromisoformat(session))[0].first
            assert f'name="first.axes" value="{first}"' in page
        # A month beside a day that was typed is forgotten: it cannot win by a second press.
        assert '<option value="2027-05-03" selected>' not in page


async def test_a_month_without_an_ordinary_session_is_told_with_the_rule(w: World) -> None:
    async with w.browser() as client:
        asked = {**TITLE, "code": CODE, "session": "2027-06-07", "action": "look"}
        page = plain((await client.post(f"{PATH}/new?lang=en", data=asked)).text)
        assert "no ordinary session in this month" in page
        assert "Ordinary sessions in February, May and October" in page
        assert "anfaspress" in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"session": ""}, "Choose the session"),
        ({"session": "soon"}, "Choose the session"),
        ({"session": f"{YEARS.stop}-01-01"}, "Choose the session"),
        ({"session": f"{YEARS.start - 1}-01-01"}, "Choose the session"),
        ({"title.ar": "", "title.fr": " "}, "Write a name"),
        ({"title.fr": "x" * (LONGEST_NAME + 1)}, "Write a name"),
        ({"first.draft": ""}, "a first and a last day for each"),
        ({"last.draft": SESSION}, "out of order"),
        ({"first.solutions": "2027-01-01"}, "out of order"),
        ({"first.followed": SESSION}, "out of order"),
        ({"code": "nothing"}, "Write a code"),
        ({"code": "OZT-" + "A" * (LONGEST_CODE - 3)}, "Write a code"),
        ({"code": "OZT-2027-000001"}, "Write a code"),
    ],
)
async def test_what_cannot_be_begun_is_refused_and_what_was_typed_stays(
    w: World, form: dict[str, str], said: str
) -> None:
    days = {}
    for one in sequence(date.fromisoformat(SESSION)):
        days |= {f"first.{one.key}": one.first.isoformat(), f"last.{one.key}": one.last.isoformat()}
    whole = {**TITLE, "code": CODE, "session": SESSION, "counted": SESSION, **days}
    async with w.browser() as client:
        sent = {**whole, "action": "begin", **form}
        answer = await client.post(f"{PATH}/new?lang=en", data=sent)
        assert answer.status_code == 422
        assert said in answer.text
        # What is to be put right can be: every day stands in a field.
        assert (
            f'type="date" id="last.draft" name="last.draft" value="{sent["last.draft"]}"'
            in answer.text
        )
        assert 'value="begin"' not in answer.text
    assert "There is no programme yet." in await programmes(w)


async def test_a_code_is_taken_once_in_every_council(w: World) -> None:
    async with w.browser() as client:
        await begin(client, code="OZT-" + "A" * (LONGEST_CODE - 4))
        await begin(client)
        form = {**TITLE, "code": CODE.lower(), "session": SESSION, "action": "look"}
        page = await client.post(f"{PATH}/new", data=form)
        assert page.status_code == 200
        days = {}
        for one in sequence(date.fromisoformat(SESSION)):
            days |= {f"first.{one.key}": str(one.first), f"last.{one.key}": str(one.last)}
        form |= {**days, "counted": SESSION, "action": "begin"}
        answer = await client.post(f"{PATH}/new?lang=en", data=form)
        assert answer.status_code == 422
        assert "with this code already" in answer.text


async def test_a_consultations_code_is_no_programmes(w: World) -> None:
    """Links and references begin with it: they would lead to two things."""
    form = {**TITLE, "code": "OZT-NEEDS", "session": SESSION, "counted": SESSION, "action": "begin"}
    for one in sequence(date.fromisoformat(SESSION)):
        form |= {f"first.{one.key}": str(one.first), f"last.{one.key}": str(one.last)}
    async with w.browser() as client:
        answer = await client.post(f"{PATH}/new?lang=en", data=form)
    assert answer.status_code == 422
    assert "A consultation has the code" in answer.text
    assert "There is no programme yet." in await programmes(w)


async def test_each_step_moves_and_the_last_change_can_be_undone(w: World) -> None:
    async with w.browser() as client:
        await begin(client)
        steps = (await kept(w)).programme.steps
        days = {}
        for one in steps:
            days |= {f"first__{one.key}": str(one.first), f"last__{one.key}": str(one.last)}
        days["last__solutions"] = "2027-02-28"
        whole = {"session": SESSION, "counted": SESSION, **days}
        await does(client, w, "/do", action="plan", **whole)
        assert (await kept(w)).programme.step("solutions").last == date(2027, 2, 28)
        await does(client, w, "/do", action="undo")
        assert (await kept(w)).programme.steps == steps
        await does(client, w, "/do", action="undo")
        assert (await kept(w)).programme.step("solutions").last == date(2027, 2, 28)
        await does(client, w, "/do", action="recount", **{**whole, "session": "2027-10-04"})
        assert (await kept(w)).programme.steps == sequence(date(2027, 10, 4))
        # Another session alone has the steps counted anew too.
        await does(client, w, "/do", action="plan", **whole)
        assert (await kept(w)).programme.session == date(2027, 5, 3)


async def test_nothing_is_undone_where_nothing_was_changed(w: World) -> None:
    async with w.browser() as client:
        await begin(client)
        assert "There is no change" in await does(client, w, "/do", 422, action="undo")


async def test_two_people_do_not_overwrite_each_other(w: World) -> None:
    async with w.browser() as client:
        await begin(client)
        new = {"title__fr": "Autre nom"}
        await does(client, w, "/do", action="title", version="1", **new)
        page = await does(client, w, "/do", 422, action="title", version="1", title__fr="Troisième")
        assert "changed the programme meanwhile" in page
        assert "Troisième" in page
        assert (await kept(w)).programme.title == {"fr": "Autre nom"}


async def test_a_clerk_reads_a_programme_and_changes_nothing(w: World) -> None:
    async with w.browser() as client:
        await begin(client)
    async with w.browser("clerk") as client:
        page = (await client.get(f"{WHERE}?lang=en")).text
        assert "16/02/2027" in page
        assert "Keep these days" not in page
        assert (await client.post(f"{WHERE}/do", data={"action": "undo"})).status_code == 403
        assert (await client.get(f"{PATH}/new")).status_code == 403
