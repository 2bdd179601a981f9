"""Axes and problems: named, put right, taken away; what citizens told is attached by its reference."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
import time_machine
from msgspec.structs import replace

from bot.core.refusals import NotAllowed
from bot.kinds.openness import attached, editing, keeping
from bot.kinds.openness.attached import MOST_ATTACHED
from flows.dialog.definition import REFERENCE
from flows.kinds.openness.programme import (
    LONGEST_NAME,
    LONGEST_NOTED,
    LONGEST_TEXT,
    MOST_AXES,
    MOST_NOTED,
    MOST_PROBLEMS,
    Project,
)
from flows.kinds.openness.sequence import sequence
from tests.bot.kinds.openness.begun import WHERE, begin, council, does, kept, stopped
from tests.bot.kinds.worlds import World
from tests.citizen import audit_of


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with council(tmp_path, clock) as found:
        async with found.browser() as client:
            await begin(client)
        yield found


async def test_axes_have_problems_with_what_a_workshop_proposed(w: World) -> None:
    async with w.browser() as client:
        await does(client, w, "/axes/do", action="axis", title__fr="Eau", title__ar="الماء")
        await does(
            client,
            w,
            "/axes/do",
            action="problem",
            axis="a1",
            title__fr="Coupures",
            about__fr="Chaque été",
            noted=" Un château d’eau \n\nDes citernes",
        )
        programme = (await kept(w)).programme
        assert programme.axes[0].title == {"fr": "Eau", "ar": "الماء"}
        (problem,) = programme.problems
        assert (problem.key, problem.axis) == ("p2", "a1")
        assert problem.noted == ("Un château d’eau", "Des citernes")
        page = (await client.get(f"{WHERE}/axes?lang=en")).text
        assert "Un château d’eau" in page
        # Nobody was asked yet: the log names nobody who has read answers.
        async with w.app.storage.reading() as tx:
            noted = await audit_of(tx, w.app.register.default_id)
        assert not [one for one in noted if one.object.startswith("answers")]
        await does(client, w, "/axes/do", action="problem", axis="a1", key="p2", title__fr="Fuites")
        await does(client, w, "/axes/do", action="axis", key="a1", title__fr="L’eau")
        programme = (await kept(w)).programme
        assert (programme.problems[0].title, programme.axes[0].title) == (
            {"fr": "Fuites"},
            {"fr": "L’eau"},
        )
        await does(client, w, "/axes/do", action="drop_problem", key="p2")
        await does(client, w, "/axes/do", action="drop_axis", key="a1")
        assert not (await kept(w)).programme.axes
        # A key that was given out comes never again.
        await does(client, w, "/axes/do", action="axis", title__fr="Routes")
        assert (await kept(w)).programme.axes[0].key == "a3"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"action": "axis", "title__fr": ""}, "Write a name"),
        ({"action": "axis", "title__fr": "x" * (LONGEST_NAME + 1)}, "Write a name"),
        ({"action": "axis", "title__fr": "Eau"}, "there already (\u2068Français\u2069)"),
        ({"action": "axis", "key": "a9", "title__fr": "Neuf"}, "not in the programme"),
        ({"action": "drop_axis", "key": "a1"}, "still problems or projects"),
        ({"action": "problem", "axis": "a9", "title__fr": "Neuf"}, "not in the programme"),
        ({"action": "problem", "axis": "a1", "title__fr": "Coupures"}, "there already"),
        (
            {"action": "problem", "axis": "a1", "title__fr": "y", "about__fr": "x" * (LONGEST_TEXT + 1)},
            "longer than 600",
        ),
        (
            {"action": "problem", "axis": "a1", "title__fr": "y", "noted": "x\n" * (MOST_NOTED + 1)},
            "lines at most",
        ),
        (
            {"action": "problem", "axis": "a1", "title__fr": "y", "noted": "x" * (LONGEST_NOTED + 1)},
            "lines at most",
        ),
        ({"action": "drop_problem", "key": "p9"}, "not in the programme"),
        ({"action": "attach", "key": "p2", "reference": "OZT-2026-999999"}, "no need with this"),
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_of_an_axis_is_refused_and_what_was_typed_stays(
    w: World, form: dict[str, str], said: str
) -> None:
    async with w.browser() as client:
        await does(client, w, "/axes/do", action="axis", title__fr="Eau")
        await does(client, w, "/axes/do", action="problem", axis="a1", title__fr="Coupures")
        before = await kept(w)
        page = await does(client, w, "/axes/do", 422, **form)
        assert said in page
        for typed in (form.get("about__fr"), form.get("reference")):
            assert not typed or typed in page
        assert await kept(w) == before


async def test_as_many_and_as_long_as_may_be(w: World) -> None:
    async with w.browser() as client:
        longest = {"title__fr": "n" * LONGEST_NAME, "about__fr": "x" * LONGEST_TEXT}
        noted = "\n".join(["x" * LONGEST_NOTED] * MOST_NOTED)
        await does(client, w, "/axes/do", action="axis", title__fr="Axe 0")
        await does(client, w, "/axes/do", action="problem", axis="a1", noted=noted, **longest)
        for number in range(1, MOST_AXES):
            await does(client, w, "/axes/do", action="axis", title__fr=f"Axe {number}")
        page = await does(client, w, "/axes/do", 422, action="axis", title__fr="Axe de trop")
        assert f"room for {MOST_AXES} at most" in page
        for number in range(1, MOST_PROBLEMS):
            await does(
                client, w, "/axes/do", action="problem", axis="a1", title__fr=f"Souci {number}"
            )
        page = await does(
            client, w, "/axes/do", 422, action="problem", axis="a1", title__fr="De trop"
        )
        assert f"room for {MOST_PROBLEMS} at most" in page


async def attached_to(w: World) -> list[str]:
    async with w.app.storage.reading() as tx:
        return list((await attached.attached(tx, await kept(w))).get("p2", ()))


async def told(w: World, name: str) -> str:
    """The reference of what somebody tells."""
    return REFERENCE.findall(await w.answered(await w.known(name)))[0]


async def with_problem(client: httpx.AsyncClient, w: World) -> None:
    await does(client, w, "/axes/do", action="axis", title__fr="Eau")
    await does(client, w, "/axes/do", action="problem", axis="a1", title__fr="Coupures")


async def test_what_a_citizen_told_is_attached_once_and_taken_away_again(w: World) -> None:
    reference = await told(w, "amina")
    async with w.browser() as client:
        await with_problem(client, w)
        form = {"key": "p2", "reference": reference.lower()}
        for _ in range(2):
            await does(client, w, "/axes/do", action="attach", **form)
        assert await attached_to(w) == [reference]
        page = (await client.get(f"{WHERE}/axes")).text
        assert f"/staff/needs/{reference}" in page
        page = await does(client, w, "/axes/do", 422, **{**form, "action": "attach", "key": "p9"})
        assert "not in the programme" in page
        await does(client, w, "/axes/do", action="detach", **form)
        assert await attached_to(w) == []


async def test_nothing_leads_from_a_programme_to_what_was_erased(w: World) -> None:
    amina = await w.known("amina")
    gone = REFERENCE.findall(await w.answered(amina))[0]
    stays = await told(w, "brahim")
    async with w.browser() as client:
        await with_problem(client, w)
        for reference in (gone, stays):
            await does(client, w, "/axes/do", action="attach", key="p2", reference=reference)
        assert await attached_to(w) == [gone, stays]
        for said in ("menu", "my data", "[Erase]", "[Erase]"):
            await amina.says(said)
        assert await attached_to(w) == [stays]
        assert gone not in (await client.get(f"{WHERE}/axes")).text
    await w.app.storage.forget_traces()
    held = b"".join(one.read_bytes() for one in w.folder.glob("test.sqlite*"))
    assert gone.encode() not in held
    assert stays.encode() in held


async def test_only_so_much_is_attached_to_one_problem(w: World) -> None:
    references = [await told(w, f"person {number}") for number in range(MOST_ATTACHED + 1)]
    async with w.browser() as client:
        await with_problem(client, w)
        for reference in references[:-1]:
            await does(client, w, "/axes/do", action="attach", key="p2", reference=reference)
        form = {"action": "attach", "key": "p2", "reference": references[-1]}
        page = await does(client, w, "/axes/do", 422, **form)
        assert f"room for {MOST_ATTACHED} at most" in page
        assert references[-1] in page
    assert await attached_to(w) == references[:-1]


def test_a_problem_goes_only_once_no_project_is_about_it() -> None:
    day = date(2027, 5, 3)
    made = editing.with_axis(editing.begun({"fr": "P"}, day, sequence(day)), "", {"fr": "E"})
    made = editing.with_problem(made, "", "a1", {"fr": "C"}, {}, "")
    project = Project("j3", "a1", {"fr": "Citernes"}, "p2")
    with pytest.raises(NotAllowed, match="still problems or projects"):
        editing.without_problem(replace(made, projects=(project,)), "p2")
    assert editing.without_problem(made, "p2").problems == ()


async def test_what_has_no_name_is_not_done_to_a_programme(w: World) -> None:
    async with w.browser() as client:
        for where in ("/do", "/axes/do", "/projects/do"):
            assert "nothing called" in await does(client, w, where, 422, action="burn")


async def test_two_presses_at_a_time_keep_one_change(w: World) -> None:
    seen = await kept(w)
    async with w.app.storage.transaction() as tx:
        title = {"fr": "Premier"}
        await keeping.change(tx, seen, "1", "amal", lambda was: editing.titled(was, title))
    with pytest.raises(NotAllowed, match="meanwhile"):
        async with w.app.storage.transaction() as tx:
            await keeping.change(tx, seen, "1", "said", lambda was: was)
    assert (await kept(w)).programme.title == {"fr": "Premier"}
