"""Projects on cards: written, consulted about, decided on, promised once; what may not be is refused."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest
import time_machine

from bot.consultations import amending, definitions
from bot.kinds.openness.cards import WHOLE
from flows.kinds.openness.programme import (
    LONGEST_INDICATOR,
    LONGEST_LINE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_COST,
    MOST_PROJECTS,
)
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode
from tests.bot.kinds.openness.begun import CODE, WHERE, bare, begin, council, does, kept, stopped
from tests.bot.kinds.worlds import World
from tests.citizen import audit_of

DO = "/projects/do"

#: The afternoon after the session.
VOTED = datetime(2027, 5, 4, 15, tzinfo=UTC)

CARD = {
    "action": "project",
    "about": "a1 p2",
    "title__fr": "Citernes",
    "title__ar": "خزانات الماء",
    "solution__fr": "Dix citernes dans les douars",
    "principle__participation": "on",
    "result": "services",
    "cost": "500 000",
    "funding": "Budget communal",
    "owner": "Service de l’eau",
    "partners": "ONEE",
    "first": "2027-06-01",
    "last": "2028-12-31",
    "indicator__fr": "Dix citernes en service",
}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with council(tmp_path, clock) as found:
        async with found.browser() as client:
            await begin(client)
            await does(client, found, "/axes/do", action="axis", title__fr="Eau")
            await does(client, found, "/axes/do", action="problem", axis="a1", title__fr="Coupures")
        yield found


async def row_of(w: World, code: str) -> StoredConsultation | None:
    async with w.app.storage.reading() as tx:
        return await tx.row(ConsultationByCode, code=code)


async def test_a_card_holds_what_the_network_asks_for(w: World) -> None:
    async with w.browser() as client:
        form = await client.get(f"{WHERE}/projects/card?problem=p2")
        assert '<option value="a1 p2" selected>' in form.text
        await does(client, w, DO, **CARD)
        (project,) = (await kept(w)).programme.projects
        assert (project.key, project.axis, project.problem) == ("j3", "a1", "p2")
        assert (project.cost, project.result) == (500_000, "services")
        assert project.principles == ("participation",)
        assert (project.first, project.last) == (date(2027, 6, 1), date(2028, 12, 31))
        page = bare((await client.get(f"{WHERE}/projects?lang=fr")).text)
        for shown in ("Axe : Eau", "Problématique : Coupures", "Coût : 500 000 DH", "ONEE",
                      "Principe : Participation citoyenne", "De meilleurs services"):  # fmt: skip
            assert shown in page
        card = (await client.get(f"{WHERE}/projects/card?key=j3")).text
        assert 'value="Citernes"' in card
        assert 'value="2028-12-31"' in card
        await does(client, w, DO, **{**CARD, "key": "j3", "progress": "٤٠", "cost": ""})
        (project,) = (await kept(w)).programme.projects
        assert (project.progress, project.cost) == (40, None)
        await does(client, w, DO, action="drop_project", key="j3")
        assert not (await kept(w)).programme.projects


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"about": "a9"}, "not in the programme"),
        ({"about": "a1 p9"}, "not in the programme"),
        ({"about": "a4 p2"}, "in another axis"),
        ({"title__fr": "", "title__ar": ""}, "Write a name"),
        ({"title__fr": "x" * (LONGEST_TITLE + 1)}, "Write a name"),
        ({"key": "", "title__fr": "Citernes"}, "there already"),
        ({"solution__fr": "x" * (LONGEST_TEXT + 1)}, "longer than 600"),
        ({"indicator__fr": "x" * (LONGEST_INDICATOR + 1)}, "longer than 300"),
        ({"owner": "x" * (LONGEST_LINE + 1)}, "at most each"),
        ({"funding": "x" * (LONGEST_LINE + 1)}, "at most each"),
        ({"partners": "x" * (LONGEST_LINE + 1)}, "at most each"),
        ({"cost": "much"}, "Write the cost"),
        ({"cost": "-5"}, "Write the cost"),
        ({"cost": str(MOST_COST + 1)}, "Write the cost"),
        ({"cost": "9" * 40}, "Write the cost"),
        ({"progress": str(WHOLE + 1)}, "Write a progress"),
        ({"progress": "half"}, "Write a progress"),
        ({"result": "glory"}, "Choose a result"),
        ({"last": ""}, "the last not before the first"),
        ({"last": "2027-05-31"}, "the last not before the first"),
        ({"first": "soon"}, "the last not before the first"),
    ],
)
async def test_what_cannot_be_a_card_is_refused_and_what_was_typed_stays(
    w: World, form: dict[str, str], said: str
) -> None:
    async with w.browser() as client:
        await does(client, w, DO, **CARD)
        await does(client, w, "/axes/do", action="axis", title__fr="Routes")
        before = await kept(w)
        page = await does(client, w, DO, 422, **{**CARD, "key": "j3", **form})
        assert said in page
        assert "ONEE" in page or "partners" in form
        assert await kept(w) == before


async def test_as_much_as_a_card_may_hold_and_as_many_as_there_may_be(w: World) -> None:
    async with w.browser() as client:
        most = {"title__fr": "t" * LONGEST_TITLE, "solution__fr": "x" * LONGEST_TEXT,
                "indicator__fr": "x" * LONGEST_INDICATOR, "owner": "x" * LONGEST_LINE,
                "cost": str(MOST_COST), "progress": str(WHOLE), "last": CARD["first"]}  # fmt: skip
        await does(client, w, DO, **{**CARD, **most})
        for number in range(1, MOST_PROJECTS):
            more = {"title__fr": f"Projet {number}", "title__ar": ""}
            await does(client, w, DO, **{**CARD, **more})
        page = await does(client, w, DO, 422, **{**CARD, "title__fr": "De trop", "title__ar": ""})
        assert f"room for {MOST_PROJECTS} at most" in page
        # The whole programme can be consulted about.
        await does(client, w, "/do", action="ask", part="draft")
    assert await row_of(w, f"{CODE}-DRAFT") is not None


async def test_the_draft_has_an_article_for_each_card_and_is_made_once(w: World) -> None:
    async with w.browser() as client:
        assert "nothing to ask about" in await does(
            client, w, "/do", 422, action="ask", part="draft"
        )
        await does(client, w, DO, **CARD)
        for _ in range(2):
            await does(client, w, "/do", action="ask", part="draft")
        assert (await client.get(f"/staff/c/{CODE}-DRAFT-2")).status_code == 404
    row = await row_of(w, f"{CODE}-DRAFT")
    assert row is not None
    raw = msgspec.json.decode(row.definition)
    (article,) = raw["articles"]
    assert (article["key"], article["number"]) == ("j3", "1")
    assert article["title"] == {"fr": "Citernes", "ar": "خزانات الماء"}
    assert "Coût\u00a0: 500\u00a0000 DH" in article["text"]["fr"]
    assert "الكلفة: 500\u00a0000 درهم" in article["text"]["ar"]
    # Who answers for it may be a member of staff.
    assert "Service de l’eau" not in row.definition
    assert (raw["opens"], raw["closes"]) == ("2027-03-16T00:00:00", "2027-04-06T00:00:00")


async def test_a_project_that_people_are_asked_about_stays(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, DO, **CARD)
        await does(client, w, "/do", action="ask", part="draft")
    w.clock.move_to(datetime(2027, 3, 18, 12, tzinfo=UTC))
    async with w.app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code=f"{CODE}-DRAFT")
        assert row is not None
        await definitions.open_consultation(tx, row)
    async with w.browser() as client:
        page = await does(client, w, DO, 422, action="drop_project", key="j3")
        assert "it cannot be taken away" in page


async def test_what_the_council_approves_is_promised_once(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, DO, **CARD)
        other = {"title__fr": "Puits", "title__ar": "", "first": "", "last": ""}
        await does(client, w, DO, **{**CARD, **other})
        await does(client, w, DO, **{**CARD, "title__fr": "Refusé", "title__ar": ""})
        page = await does(client, w, DO, 422, action="promise")
        assert "has not approved any project yet" in page
    w.clock.move_to(VOTED)
    async with w.browser() as client:
        voted = {"action": "decide", "day": "2027-05-03"}
        yes = {"approved__j3": "on", "approved__j4": "on"}
        await does(client, w, DO, **voted, **yes)
        assert [one.approved for one in (await kept(w)).programme.projects] == [True, True, False]
        assert "03/05/2027" in (await client.get(f"{WHERE}/projects")).text
        for _ in range(2):
            await does(client, w, DO, action="promise")
        first, second = await row_of(w, f"{CODE}-P1"), await row_of(w, f"{CODE}-P2")
        assert first is not None
        assert second is not None
        assert first.state == "draft"
        raw = msgspec.json.decode(first.definition)
        assert raw["title"] == {"fr": "Citernes", "ar": "خزانات الماء"}
        assert (raw["due"], raw["owner"]) == ("2028-12-31", "Service de l’eau")
        assert (raw["source"], raw["reference"]) == ("project", "2027-05-03")
        # Without a calendar of its own it is followed for two years.
        assert msgspec.json.decode(second.definition)["due"] == "2029-05-02"
        for code in (f"{CODE}-P3", f"{CODE}-P1-2", f"{CODE}-P2-2"):
            assert await row_of(w, code) is None
        page = (await client.get(f"{WHERE}/projects?lang=en")).text
        assert f"{CODE}-P1" in page
        assert "Prepare the commitments" not in page
        # It stays approved, however the programme is changed.
        page = await does(client, w, DO, 422, **voted, approved__j3="on")
        assert "it stays approved" in page
        assert "it stays approved" in await does(client, w, "/do", 422, action="undo")
        page = await does(client, w, DO, 422, action="drop_project", key="j3")
        assert "has decided on this project" in page
        # One more that is approved later becomes one more.
        await does(client, w, DO, **voted, **yes, approved__j5="on")
        await does(client, w, DO, action="promise")
        assert await row_of(w, f"{CODE}-P3") is not None


async def test_a_promise_that_was_deleted_as_a_draft_is_made_anew(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, DO, **CARD)
    w.clock.move_to(VOTED)
    async with w.browser() as client:
        await does(client, w, DO, action="decide", day="2027-05-03", approved__j3="on")
        await does(client, w, DO, action="promise")
        async with w.app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code=f"{CODE}-P1")
            assert row is not None
            await amending.delete(tx, row)
        await does(client, w, DO, action="promise")
    assert await row_of(w, f"{CODE}-P1") is not None


async def test_nothing_is_promised_where_a_card_lacks_who_answers_for_it(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, DO, **CARD)
        lacks = {"title__fr": "Puits", "title__ar": ""}
        await does(client, w, DO, **{**CARD, **lacks, "owner": ""})
    w.clock.move_to(VOTED)
    async with w.browser() as client:
        yes = {"approved__j3": "on", "approved__j4": "on"}
        await does(client, w, DO, action="decide", day="2027-05-03", **yes)
        page = bare(await does(client, w, DO, 422, action="promise"))
        assert "The card “Puits” lacks who answers for it" in page
        assert await row_of(w, f"{CODE}-P1") is None
        await does(client, w, DO, **{**CARD, **lacks, "key": "j4", "indicator__fr": ""})
        assert "lacks who answers" in await does(client, w, DO, 422, action="promise")
        await does(client, w, DO, **{**CARD, **lacks, "key": "j4"})
        await does(client, w, DO, action="promise")
    assert await row_of(w, f"{CODE}-P2") is not None


async def test_a_decision_has_a_day_that_has_been_and_something_to_decide_on(w: World) -> None:
    async with w.browser() as client:
        page = await does(client, w, DO, 422, action="decide", day="2026-11-21")
        assert "There are no projects yet." in page
        await does(client, w, DO, **CARD)
        for day in ("", "2026-11-22"):
            page = await does(client, w, DO, 422, action="decide", day=day, approved__j3="on")
            assert "Write the day of the sitting" in page
        # It has not begun: the day is a slip, or the steps are of another year.
        first = (await kept(w)).programme.steps[0].first
        w.clock.move_to(datetime.combine(first, time(12), UTC))
        async with w.browser() as later:
            before = (first - timedelta(days=1)).isoformat()
            page = await does(later, w, DO, 422, action="decide", day=before, approved__j3="on")
            assert "before the first step of the programme" in page
            await does(later, w, DO, action="decide", day=first.isoformat(), approved__j3="on")


async def test_all_commitments_are_opened_with_one_press_as_they_were_looked_at(w: World) -> None:
    """What people will read of each stands there first; one that changed since is looked at again."""
    async with w.browser() as client:
        await does(client, w, DO, **CARD)
        more = {"title__fr": "Puits", "title__ar": "آبار"}
        await does(client, w, DO, **{**CARD, **more})
    w.clock.move_to(VOTED)
    async with w.browser() as client:
        yes = {"approved__j3": "on", "approved__j4": "on"}
        await does(client, w, DO, action="decide", day="2027-05-03", **yes)
        assert "Open the commitments" not in (await client.get(f"{WHERE}/projects?lang=en")).text
        await does(client, w, DO, action="promise")
        page = (await client.get(f"{WHERE}/projects?lang=en")).text
        assert "Open 2 commitments" in page
        looked = page[page.index('id="open"') :]
        assert "خزانات الماء" in bare(looked)
        assert "Dix citernes en service" in bare(looked)
        (digest,) = re.findall(r'name="digest" value="([^"]+)"', page)
        await does(client, w, DO, 422, action="open", digest="0" * 16)
        async with w.app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code=f"{CODE}-P2")
            assert row is not None
            await amending.delete(tx, row)
        await does(client, w, DO, 422, action="open", digest=digest)
        first = await row_of(w, f"{CODE}-P1")
        assert first is not None
        assert first.state == "draft"
        await does(client, w, DO, action="promise")
        page = (await client.get(f"{WHERE}/projects?lang=en")).text
        (digest,) = re.findall(r'name="digest" value="([^"]+)"', page)
        await does(client, w, DO, action="open", digest=digest)
        for number in (1, 2):
            opened = await row_of(w, f"{CODE}-P{number}")
            assert opened is not None
            assert opened.state == "open"
        assert "Open the commitments" not in (await client.get(f"{WHERE}/projects?lang=en")).text
    async with w.app.storage.reading() as tx:
        logged = await audit_of(tx, w.app.register.default_id)
    assert ("open", f"{CODE}-P2") in [(one.action, one.object) for one in logged]


async def test_where_one_invites_people_none_is_opened(w: World) -> None:
    """That is done on its own page, where a second person may have to agree."""
    async with w.browser() as client:
        await does(client, w, DO, **CARD)
    w.clock.move_to(VOTED)
    async with w.browser() as client:
        await does(client, w, DO, action="decide", day="2027-05-03", approved__j3="on")
        await does(client, w, DO, action="promise")
        async with w.app.storage.transaction() as tx:
            row = await tx.row(ConsultationByCode, code=f"{CODE}-P1")
            assert row is not None
            raw = {**msgspec.json.decode(row.definition), "outreach": {"invite": True}}
            head, problems = definitions.check(raw, w.app.register.council(row.council_id))
            assert problems == []
            assert head is not None
            await definitions.add(tx, w.app.register, msgspec.to_builtins(head), head)
        page = (await client.get(f"{WHERE}/projects?lang=en")).text
        (digest,) = re.findall(r'name="digest" value="([^"]+)"', page)
        page = bare(await does(client, w, DO, 422, action="open", digest=digest))
        assert f"None was opened: {CODE}-P1 needs a look on its own page first." in page


async def test_a_clerk_reads_cards_takes_them_away_and_writes_none(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, DO, **CARD)
    async with w.browser("clerk") as client:
        page = (await client.get(f"{WHERE}/projects?lang=fr")).text
        assert "Citernes" in page
        assert "Noter la décision" not in page
        assert (await client.get(f"{WHERE}/projects/card")).status_code == 403
        assert (await client.get(f"{WHERE}/projects.csv")).status_code == 200
    w.clock.shift(timedelta(minutes=1))
