"""The consultation about solutions is made once, asks about each problem, and its words stand with the problem."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import time_machine

from bot.consultations import amending, definitions
from bot.core.refusals import NotAllowed
from bot.kinds.openness import making
from bot.kinds.openness.solutions import MOST_SHOWN
from bot.staff import open_answers
from flows.kinds.outline import PROPOSE, Outline
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from tests.bot.kinds.openness.begun import CODE, WHERE, bare, begin, council, does, kept, stopped
from tests.bot.kinds.worlds import World
from tests.citizen import audit_of, plain

ASKED = f"{CODE}-IDEAS"

#: Within the days of the step, and its last minute.
IN_ITS_DAYS = datetime(2027, 2, 18, 12, tzinfo=UTC)
LAST_MOMENT = datetime(2027, 2, 22, 23, 59, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with council(tmp_path, clock) as found:
        async with found.browser() as client:
            await begin(client)
            titles = {"title__fr": "Eau", "title__ar": "الماء"}
            await does(client, found, "/axes/do", action="axis", **titles)
            for fr, ar in (("Coupures", "انقطاع الماء"), ("Fuites", "تسرب الماء")):
                more = {"title__fr": fr, "title__ar": ar}
                await does(client, found, "/axes/do", action="problem", axis="a1", **more)
        yield found


async def _row(w: World) -> StoredConsultation | None:
    async with w.app.storage.reading() as tx:
        return await tx.row(ConsultationByCode, code=ASKED)


async def opened(w: World) -> None:
    """Make the consultation and open it in its days."""
    async with w.browser() as client:
        await does(client, w, "/do", action="ask", part="solutions")
    w.clock.move_to(IN_ITS_DAYS)
    async with w.app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code=ASKED)
        assert row is not None
        await definitions.open_consultation(tx, row)


async def told(w: World, name: str, which: str, *words: str) -> None:
    """Somebody proposes something about the problems that they choose."""
    citizen = await w.known(name)
    await citizen.starts(ASKED)
    await citizen.says(which)
    for said in words:
        await citizen.says(said)
    await citizen.says("skip")
    await citizen.says("[Send]")


async def test_it_is_made_once_as_a_draft_with_a_question_for_each_problem(w: World) -> None:
    async with w.browser() as client:
        for _ in range(2):
            answer = await client.post(
                f"{WHERE}/do", data={"action": "ask", "part": "solutions", "version": "4"}
            )
            assert answer.headers["location"] == f"/staff/c/{ASKED}"
        assert (await client.get(f"/staff/c/{ASKED}-2")).status_code == 404
        assert ASKED in (await client.get(WHERE)).text
    row = await _row(w)
    assert row is not None
    assert row.state == "draft"
    raw = msgspec.json.decode(row.definition)
    assert (raw["opens"], raw["closes"]) == ("2027-02-16T00:00:00", "2027-02-23T00:00:00")
    assert raw["title"] == {
        "ar": "برنامج الانفتاح: ما الحلول؟",
        "fr": "Programme d’ouverture\u00a0: quelles solutions\u00a0?",
    }
    which, cuts, leaks, besides = raw["questions"]
    assert [one["id"] for one in which["choices"]] == ["p2", "p3"]
    assert cuts["when"] == {"question": "which", "any_of": ["p2"]}
    assert cuts["text"]["fr"].startswith("Coupures\u00a0: que proposez-vous")
    assert leaks["text"]["ar"].startswith("تسرب الماء: ماذا تقترح؟")
    assert besides["key"] == "besides"


async def test_one_problem_alone_is_asked_about_at_once(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, "/axes/do", action="drop_problem", key="p3")
        await does(client, w, "/do", action="ask", part="solutions")
    row = await _row(w)
    assert row is not None
    keys = [one["key"] for one in msgspec.json.decode(row.definition)["questions"]]
    assert keys == ["p2", "besides"]


async def test_where_the_draft_was_deleted_it_is_made_anew_and_another_code_is_left_alone(
    w: World,
) -> None:
    async with w.browser() as client:
        await does(client, w, "/do", action="ask", part="solutions")
        async with w.app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code=ASKED)
            assert row is not None
            await amending.copy(tx, w.app.register, row, f"{CODE}-OTHER")
            await amending.delete(tx, row)
            other = await tx.row(ConsultationByCode, code=f"{CODE}-OTHER")
            assert other is not None
            await amending.copy(tx, w.app.register, other, ASKED)
        await does(client, w, "/do", action="ask", part="solutions")
        assert f"{ASKED}-2" in (await client.get(WHERE)).text


async def test_nothing_is_asked_without_problems_or_after_its_days(w: World) -> None:
    async with w.browser() as client:
        for part in ("draft", "nothing"):
            page = await does(client, w, "/do", 422, action="ask", part=part)
            assert "nothing to ask about yet" in page
    w.clock.move_to(LAST_MOMENT + timedelta(minutes=1))
    async with w.browser() as client:
        page = await does(client, w, "/do", 422, action="ask", part="solutions")
        assert "The days of this step are over" in page
        for key in ("p2", "p3"):
            await does(client, w, "/axes/do", action="drop_problem", key=key)
        page = await does(client, w, "/do", 422, action="ask", part="solutions")
        assert "nothing to ask about yet" in page


async def test_on_the_last_day_it_can_still_be_made(w: World) -> None:
    w.clock.move_to(LAST_MOMENT)
    async with w.browser() as client:
        await does(client, w, "/do", action="ask", part="solutions")
    assert await _row(w) is not None


async def test_what_people_propose_stands_with_its_problem_masked_and_moderated(w: World) -> None:
    await opened(w)
    async with w.browser() as client:
        for number in range(4):
            await told(w, f"person {number}", "1", f"Réservoir {number}")
        page = (await client.get(f"{WHERE}/axes?lang=en")).text
        assert "Fewer than five people" in page
        assert "Réservoir" not in page
        await told(w, "person 4", "1, 2", "Appelez-moi au 0612345678", "Changer les tuyaux")
        page = (await client.get(f"{WHERE}/axes?lang=en")).text
        assert page.count("Réservoir") == 4
        assert "0612345678" not in page
        assert "Changer les tuyaux" not in page
        async with w.app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code=ASKED)
            assert row is not None
            questions = await open_answers.questions_of(tx, w.app.vault, row)
            cuts = next(one for one in questions if one.field == "p2")
            token = next(one.token for one in cuts.answers if one.text == "Réservoir 0")
            await open_answers.hide(tx, questions, token, "insult", "amal")
        page = (await client.get(f"{WHERE}/axes?lang=en")).text
        assert page.count("Réservoir") == 3
    async with w.app.storage.reading() as tx:
        noted = await audit_of(tx, w.app.register.default_id)
    assert ("see", f"answers {CODE}") in [(row.action, row.object) for row in noted]


async def test_so_many_solutions_are_shown_and_the_rest_stands_with_all_answers(w: World) -> None:
    await opened(w)
    for number in range(MOST_SHOWN + 1):
        await told(w, f"person {number}", "1", f"Réservoir {number}")
    async with w.browser() as client:
        page = (await client.get(f"{WHERE}/axes?lang=en")).text
        assert page.count("Réservoir") == MOST_SHOWN
        assert f"/staff/c/{ASKED}/answers?q=p2" in page


async def test_a_problem_that_people_are_asked_about_stays(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, "/do", action="ask", part="solutions")
        # A draft would ask about it: it is deleted first.
        page = await does(client, w, "/axes/do", 422, action="drop_problem", key="p2")
        assert (
            f"is prepared (\u2068{ASKED}\u2069)" in page
            or ASKED in page.partition("is prepared")[2][:40]
        )
        assert "changed since" not in (await client.get(f"{WHERE}?lang=en")).text
        w.clock.shift(timedelta(seconds=1))
        await does(client, w, "/axes/do", action="problem", axis="a1", title__fr="Puits")
        page = (await client.get(f"{WHERE}?lang=en")).text
        assert "The programme was changed since" in page
        # What the last change was of, before it is undone.
        assert "the problems</form>" in page
    await opened(w)
    async with w.browser() as client:
        page = await does(client, w, "/axes/do", 422, action="drop_problem", key="p2")
        assert "it cannot be taken away" in page
        # Nor does it go by putting the programme back.
        assert "it cannot be taken away" in await does(client, w, "/do", 422, action="undo")
        assert len((await kept(w)).programme.problems) == 3


async def test_what_no_kind_could_ask_is_refused_with_what_is_wrong(w: World) -> None:
    seen = await kept(w)
    empty = Outline(ASKED, {"fr": "Rien"})
    with pytest.raises(NotAllowed, match=r"not prepared: .*at least one question"):
        async with w.app.storage.transaction() as tx:
            await making.made(tx, w.app.register, seen, "solutions", PROPOSE, empty)
    assert await _row(w) is None


async def test_nothing_is_made_of_a_programme_that_was_changed_meanwhile(w: World) -> None:
    seen = await kept(w)
    async with w.browser() as client:
        await does(client, w, "/do", action="title", title__fr="Autre")
    with pytest.raises(NotAllowed, match="meanwhile"):
        async with w.app.storage.transaction() as tx:
            await making.ask(tx, w.app.register, seen, "solutions")
    assert await _row(w) is None


async def test_today_says_what_ends_soon_and_in_which_step_nobody_was_asked(w: World) -> None:
    async with w.browser() as client:
        assert (
            "programmes" not in plain((await client.get("/staff?lang=en")).text).split("<main")[1]
        )
    w.clock.move_to(IN_ITS_DAYS)
    async with w.browser() as client:
        page = bare((await client.get("/staff?lang=en")).text)
        assert "People’s solutions · Last day 22/02/2027" in page
        assert "nobody was asked" not in page
    w.clock.move_to(LAST_MOMENT + timedelta(minutes=1))
    async with w.browser() as client:
        page = bare((await client.get("/staff?lang=en")).text)
        assert "Their days are over and nobody was asked: People’s solutions" in page
