"""The public page of a programme: what stands there, what does not, and how the council's page leads there."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import time_machine

from bot.app import site
from bot.consultations import definitions
from flows.dialog.definition import REFERENCE
from storage.rows.consultations import ConsultationByCode
from tests.bot.kinds.openness.begun import CODE, bare, begin, council, does, stopped
from tests.bot.kinds.openness.test_projects import CARD, DO, VOTED
from tests.bot.kinds.openness.test_solutions import IN_ITS_DAYS
from tests.bot.kinds.worlds import World

PAGE = f"/c/example/programmes/{CODE}"

#: The first moment of the consultation about solutions.
FIRST = datetime(2027, 2, 16, tzinfo=UTC)

#: The first minute after the consultation about solutions.
OVER = datetime(2027, 2, 23, 0, 1, tzinfo=UTC)


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
            more = {
                "title__fr": "Coupures",
                "title__ar": "انقطاع الماء",
                "noted": "Un château d’eau",
            }
            await does(client, found, "/axes/do", action="problem", axis="a1", **more)
            await does(client, found, DO, **{**CARD, "title__fr": "Citernes", "progress": "40"})
        yield found


async def seen(w: World, path: str = PAGE) -> httpx.Response:
    """A page as somebody sees it who comes for the first time, a minute later."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=site.build(w.app)), base_url="http://localhost:1"
    ) as client:
        return await client.get(path)


async def data(w: World) -> Any:
    """The same for programs."""
    return (await seen(w, f"{PAGE}.json")).json()


async def opened(w: World, code: str) -> None:
    async with w.app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code=code)
        assert row is not None
        await definitions.open_consultation(tx, row)


async def test_only_what_is_shown_to_everybody_is_public(w: World) -> None:
    for path in (PAGE, f"{PAGE}.json", f"/c/nobody/programmes/{CODE}", "/c/example/programmes/X-1"):
        assert (await seen(w, path)).status_code == 404
    assert (await seen(w, "/c/example.json")).json()["programmes"] == []
    async with w.browser() as client:
        await does(client, w, "/do", action="show")
    answer = await seen(w, f"{PAGE}?lang=fr")
    assert answer.status_code == 200
    assert "max-age=60" in answer.headers["cache-control"]
    for there in ("Eau", "Coupures", "Citernes", "Avancement : 40 %", "500 000 DH", "03/05/2027"):
        assert there in bare(answer.text)
    for secret in ("château", "Service de l’eau", "amal"):
        assert secret not in answer.text
        assert secret not in (await seen(w, f"{PAGE}.json")).text
    page = (await seen(w, "/c/example?lang=fr")).text
    assert f'href="{PAGE}?lang=fr"' in page
    (one,) = (await seen(w, "/c/example.json")).json()["programmes"]
    assert (one["code"], one["session"], one["step"]) == (CODE, "2027-05-03", None)
    async with w.browser() as client:
        await does(client, w, "/do", action="hide")
    assert (await seen(w)).status_code == 404


async def test_who_has_it_already_is_told_that_nothing_has_changed(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, "/do", action="show")
        for path in (f"{PAGE}?lang=fr", f"{PAGE}.json"):
            tag = (await client.get(path)).headers["etag"]
            again = await client.get(path, headers={"if-none-match": tag})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize("language", ["zgh", "ary", "fr"])
async def test_what_is_not_there_is_said_in_every_language_of_citizens(
    w: World, language: str
) -> None:
    answer = await seen(w, f"{PAGE}-NOT?lang={language}")
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text


async def test_the_page_stands_for_a_minute_however_often_it_is_asked_for(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, "/do", action="show")
        assert "Citernes" in (await client.get(f"{PAGE}?lang=fr")).text
        await does(client, w, DO, action="drop_project", key="j3")
        assert "Citernes" in (await client.get(f"{PAGE}?lang=fr")).text
    assert "Citernes" not in (await seen(w, f"{PAGE}?lang=fr")).text


@pytest.mark.parametrize(("people", "count"), [(4, None), (5, 5)])
async def test_how_many_took_part_is_told_once_it_is_over_and_only_of_five(
    w: World, people: int, count: int | None
) -> None:
    async with w.browser() as client:
        await does(client, w, "/do", action="ask", part="solutions")
        await does(client, w, "/do", action="show")
    assert (await data(w))["consultations"] == []
    await opened(w, f"{CODE}-IDEAS")
    # Nobody can take part before its first day.
    w.clock.move_to(FIRST - timedelta(minutes=1))
    assert (await data(w))["consultations"] == []
    w.clock.move_to(FIRST)
    assert [one["state"] for one in (await data(w))["consultations"]] == ["open"]
    w.clock.move_to(IN_ITS_DAYS)
    for number in range(people):
        citizen = await w.known(f"person {number}")
        await citizen.starts(f"{CODE}-IDEAS")
        await citizen.says("Une citerne")
        await citizen.says("skip")
        await citizen.says("[Send]")
    (asked,) = (await data(w))["consultations"]
    assert (asked["state"], asked["people"]) == ("open", None)
    page = (await seen(w)).text
    assert f'href="/c/example?lang=ar#o-{CODE}-IDEAS"' in page
    w.clock.move_to(OVER)
    async with w.app.storage.transaction() as tx:
        await definitions.close_due(tx, int(OVER.timestamp() * 1000))
    (asked,) = (await data(w))["consultations"]
    assert asked["people"] == {"value": count, "suppressed": count is None}
    page = bare((await seen(w, f"{PAGE}?lang=en")).text)
    assert ("5 people took part" if count else "Fewer than 5 people took part") in page


async def test_a_project_stands_as_its_commitment_does(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, "/do", action="show")
    w.clock.move_to(VOTED)
    async with w.browser() as client:
        await does(client, w, DO, action="decide", day="2027-05-03", approved__j3="on")
        (project,) = (await data(w))["axes"][0]["projects"]
        assert (project["approved"], project["state"], project["progress"]) == (True, None, 40)
        await does(client, w, DO, action="promise")
        # A draft is nobody's business yet.
        (project,) = (await data(w))["axes"][0]["projects"]
        assert project["state"] is None
        await opened(w, f"{CODE}-P1")
        (project,) = (await data(w))["axes"][0]["projects"]
        assert (project["state"], project["since"]) == ("planned", None)
        where = f"/staff/commitments/{CODE}-P1/do"
        assert (await client.post(where, data={"state": "done"})).status_code == 303
    (project,) = (await data(w))["axes"][0]["projects"]
    assert (project["state"], project["since"], project["progress"]) == ("done", "2027-05-04", 100)
    page = bare((await seen(w, f"{PAGE}?lang=en")).text)
    assert "Progress: 100%" in page
    assert "Approved by the council at the sitting of 03/05/2027" in page


async def test_a_project_is_late_from_the_day_after_its_last(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, "/do", action="show")
    w.clock.move_to(VOTED)
    async with w.browser() as client:
        await does(client, w, DO, action="decide", day="2027-05-03", approved__j3="on")
        await does(client, w, DO, action="promise")
        await opened(w, f"{CODE}-P1")
    w.clock.move_to(datetime(2028, 12, 31, 23, 59, tzinfo=UTC))
    assert (await data(w))["axes"][0]["projects"][0]["state"] == "planned"
    w.clock.shift(timedelta(minutes=1))
    assert (await data(w))["axes"][0]["projects"][0]["state"] == "late"


@pytest.mark.parametrize(("count", "shown"), [(4, None), (5, 5)])
async def test_what_was_told_is_counted_from_five_on(
    w: World, count: int, shown: int | None
) -> None:
    async with w.browser() as client:
        for number in range(count):
            said = await w.answered(await w.known(f"person {number}"))
            reference = REFERENCE.findall(said)[0]
            await does(client, w, "/axes/do", action="attach", key="p2", reference=reference)
        await does(client, w, "/do", action="show")
    (problem,) = (await data(w))["axes"][0]["problems"]
    assert problem["attached"] == {"value": shown, "suppressed": shown is None}
    page = bare((await seen(w, f"{PAGE}?lang=en")).text)
    assert ("5 needs of people" in page) == (shown is not None)
    assert REFERENCE.search(page) is None


async def test_everything_of_the_data_is_documented(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, "/do", action="show")
    documented = (Path(__file__).parents[4] / "docs" / "public-data.md").read_text("utf-8")

    def keys(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(keys, value))
        if not isinstance(value, dict) or set(value) <= {"ar", "fr", "en", "ary", "zgh"}:
            return set()
        return set(value).union(*map(keys, value.values()))

    assert {key for key in keys(await data(w)) if f"`{key}`" not in documented} == set()
