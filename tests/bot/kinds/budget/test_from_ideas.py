"""A participatory budget in six weeks, from the form to the commitments: ideas in the chat, projects, votes, what follows."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec
import pytest
import time_machine

from bot.app.build import conversation_parts
from bot.consultations import definitions
from bot.conversation.erasure import erase
from bot.kinds.budget import ideas
from bot.kinds.budget.making import LONGEST_CODE
from flows.kinds.budget.six_weeks import IDEAS, WHOLE, six_weeks
from storage.rows import StoredConsultation
from storage.rows.cases import CaseByReference, EntriesOf
from tests.bot.kinds.openness.begun import bare, stopped
from tests.bot.kinds.worlds import WORDS, World, world
from tests.citizen import Citizen, audit_of

PATH = "/staff/budgets"
CODE = "OZT-BUDGET-2026"
FORM = {
    "title.fr": "Nos quartiers",
    "title.ar": "أحياؤنا",
    "code": CODE,
    "amount": "1 000 000",
    "ideas_first": "2026-11-23",
    "ideas_last": "2026-12-06",
    "vote_first": "2026-12-21",
    "vote_last": "2027-01-01",
    "result": "2027-01-04",
    "action": "begin",
}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("need", tmp_path, clock) as found:
        yield found


async def row_of(w: World, code: str = CODE) -> StoredConsultation:
    async with w.app.storage.reading() as tx:
        row = await w.app.register.by_code(tx, code)
    assert row is not None
    return row


async def does(
    client: httpx.AsyncClient, w: World, status: int = 303, code: str = CODE, **form: str
) -> str:
    """Send a form of the page; dots of names are written as `__`. Returns what the page says."""
    data = {name.replace("__", "."): value for name, value in form.items()}
    data.setdefault("version", str((await row_of(w, code)).version))
    answer = await client.post(f"{PATH}/{code}/do?lang=en", data=data)
    assert answer.status_code == status, answer.text
    return bare(answer.text)


async def opened(w: World, code: str) -> None:
    async with w.app.storage.transaction() as tx:
        await definitions.open_consultation(
            tx, await w.app.register.by_id(tx, (await row_of(w, code)).id)
        )


async def tells(w: World, name: str, text: str) -> tuple[Citizen, str]:
    citizen = await w.known(name)
    await citizen.starts(f"{CODE}-IDEAS")
    said = ""
    for reply in (text, "Tabounte", "[Send]"):
        said = await citizen.says(reply)
    while "Not now" in citizen.labels:
        await citizen.says("[Not now]")
    return citizen, said.split("Reference: ")[1].split()[0].rstrip(".")


async def state(w: World, reference: str) -> str:
    async with w.app.storage.reading() as tx:
        case = await tx.row(CaseByReference, reference=reference)
    assert case is not None
    return case.state


PROJECT = {
    "action": "project",
    "text__fr": "Une fontaine",
    "text__ar": "سقاية",
    "cost": "60 000",
    "gender": "one",
}


async def test_the_form_begins_with_six_weeks_and_counts_them_anew(w: World) -> None:
    async with w.browser() as client:
        page = (await client.get(f"{PATH}/new?lang=en")).text
        assert 'value="2026-11-23"' in page
        assert 'value="2027-01-04"' in page
        again = await client.post(
            f"{PATH}/new?lang=en", data={**FORM, "ideas_first": "2026-11-30", "action": "recount"}
        )
        assert 'value="2027-01-11"' in again.text
    assert WHOLE == 42
    calendar = six_weeks(datetime(2026, 11, 23, tzinfo=UTC).date())
    assert (calendar.ideas_last - calendar.ideas_first).days == IDEAS - 1
    assert (calendar.result - calendar.ideas_first).days == WHOLE


@pytest.mark.parametrize(
    ("role", "reads"), [("reader", False), ("elected", False), ("clerk", True), ("organizer", True)]
)
async def test_hidden_words_of_an_idea_are_read_by_who_may_hide_only(
    w: World, clock: time_machine.Traveller, role: str, reads: bool
) -> None:
    async with w.browser() as client:
        await client.post(f"{PATH}/new", data=FORM)
    await opened(w, f"{CODE}-IDEAS")
    clock.move_to(datetime(2026, 11, 24, 12, tzinfo=UTC))
    _, reference = await tells(w, "amina", "Qzwxyt une piscine")
    async with w.app.storage.transaction() as tx:
        case = await tx.row(CaseByReference, reference=reference)
        assert case is not None
        hiding = {"field": "words", "reason": "insult", "made_by": "amal", "at": 1}
        await tx.run("add_hiding", id=1, response_id=case.id, **hiding)
    async with w.browser(role) as client:
        page = (await client.get(f"{PATH}/{CODE}?lang=en")).text
        assert ("•••" in page) is not reads
        assert ("Qzwxyt" in page) is reads
    # The words of a project are for everybody: nothing hidden is offered for them.
    async with w.browser("organizer") as client:
        page = (await client.get(f"{PATH}/{CODE}/project?of={reference}")).text
        assert "Qzwxyt" not in page


async def test_a_second_press_of_the_same_form_tells_the_author_nothing_more(
    w: World, clock: time_machine.Traveller
) -> None:
    async with w.browser() as client:
        await client.post(f"{PATH}/new", data=FORM)
        await opened(w, f"{CODE}-IDEAS")
        clock.move_to(datetime(2026, 11, 24, 12, tzinfo=UTC))
    async with w.browser() as client:
        amina, reference = await tells(w, "amina", "Une piscine pour tous")
        page = (await client.get(f"{PATH}/{CODE}?lang=en")).text
        sent = re.findall(r'name="once" value="([^"]+)"', page)
        assert sent
        for once in (sent[-1], sent[-1], "1<2"):
            refused = {"reference": reference, "reason": "Trop cher", "once": once}
            await does(client, w, action="refuse", **refused)
    clock.move_to(datetime(2026, 11, 25, 12, tzinfo=UTC))
    await pushed_answers(w)
    assert (await amina.hears()).count("Trop cher") == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ideas_first": "2026-11-20"}, "The first day is past."),
        ({"ideas_first": "2026-11-21"}, ""),
        ({"ideas_last": "soon"}, "A day is missing, or is none."),
        ({"ideas_last": "2026-11-22"}, "The days are not one after another."),
        ({"vote_first": "2026-12-07"}, "Leave at least one day between ideas and vote"),
        ({"vote_first": "2026-12-08"}, ""),
        ({"vote_last": "2026-12-20"}, "The days are not one after another."),
        ({"result": "2027-01-01"}, "The days are not one after another."),
        ({"result": "2027-01-02"}, ""),
        ({"amount": "0"}, "This cannot be kept: amount"),
        ({"code": "lower case"}, "A code has capitals and digits"),
        ({"code": "A-" + "B" * (LONGEST_CODE - 1)}, "A code has capitals and digits"),
        ({"code": "A-" + "B" * (LONGEST_CODE - 2)}, ""),
        ({"code": "OZT-BUDGET"}, "is there already"),
    ],
)
async def test_what_is_wrong_with_the_form_is_said_and_nothing_is_kept(
    w: World, changed: dict[str, str], said: str
) -> None:
    async with w.browser() as client:
        answer = await client.post(f"{PATH}/new?lang=en", data={**FORM, **changed})
        assert answer.status_code == (422 if said else 303), answer.text
        assert said in bare(answer.text)
        if said:
            async with w.app.storage.reading() as tx:
                assert await w.app.register.by_code(tx, f"{CODE}-IDEAS") is None


async def test_from_ideas_to_commitments(w: World, clock: time_machine.Traveller) -> None:
    async with w.browser() as client:
        assert (await client.post(f"{PATH}/new", data=FORM)).status_code == 303
        await opened(w, f"{CODE}-IDEAS")
        clock.move_to(datetime(2026, 11, 24, 12, tzinfo=UTC))
    async with w.browser() as client:
        amina, first = await tells(w, "amina", "A tap near the school, call 0612345678")
        brahim, second = await tells(w, "brahim", "Water for the children at school")
        _, third = await tells(w, "omar", "An airport")
        page = bare((await client.get(f"{PATH}/{CODE}?lang=en")).text)
        assert "A tap near the school" in page
        assert "0612345678" not in page
        assert "04/01/2027" in page

        form = (await client.get(f"{PATH}/{CODE}/project?of={first}&lang=en")).text
        assert "A tap near the school" in form
        await does(client, w, of=first, words="Thank you", **PROJECT)
        await does(client, w, action="put", reference=second, project="p1")
        await does(client, w, 422, action="refuse", reference=third)
        await does(
            client, w, action="refuse", reference=third, reason="That is not the council's to build"
        )
        assert [await state(w, one) for one in (first, second, third)] == [
            "feasible",
            "feasible",
            "refused",
        ]
        clock.move_to(datetime(2026, 11, 25, 12, tzinfo=UTC))
        await pushed_answers(w)
        heard = await amina.hears()
        assert "possible, it goes to the vote" in heard
        assert "It goes to the vote as the project “سقاية”." in bare(heard)
        assert "Thank you" in heard
        assert "possible, it goes to the vote" in await brahim.hears()

    async with w.browser() as client:
        assert "A vote needs 2 projects" in await refused_opening(w)
        await does(
            client, w, action="project", text__fr="Un jardin", text__ar="حديقة", cost="950000"
        )
        await does(
            client, w, action="project", text__fr="Des lampes", text__ar="مصابيح", cost="100000"
        )
        raw = msgspec.json.decode((await row_of(w)).definition)
        assert [(one["id"], one["cost"]) for one in raw["projects"]] == [
            ("p1", 60_000),
            ("p2", 950_000),
            ("p3", 100_000),
        ]
        await opened(w, CODE)
        said = await does(client, w, 422, id="p1", **{**PROJECT, "cost": "70 000"})
        assert "its projects and costs no longer change" in said
        clock.move_to(datetime(2026, 12, 22, 12, tzinfo=UTC))
    async with w.browser() as client:
        for number in range(6):
            voter = await w.known(f"voter {number}")
            await voter.starts(CODE)
            for reply in ("1, 3", "[Send]"):
                heard = await voter.says(reply)
            assert "has been counted" in heard
        assert "The vote is not over." in await does(client, w, 422, action="tell")
        async with w.app.storage.transaction() as tx:
            await definitions.close_consultation(
                tx, await w.app.register.by_id(tx, (await row_of(w)).id)
            )
        page = bare((await client.get(f"{PATH}/{CODE}?lang=en")).text)
        assert "Tell 2 authors what the vote said" in page
        await does(client, w, action="tell")
        assert await state(w, first) == "chosen"
        assert "Write who answers for them" in await does(
            client, w, 422, action="promise", owner=" ", due="2027-12-31"
        )
        await does(client, w, action="promise", owner="Service de l’eau", due="2027-12-31")
        promised = [await row_of(w, f"{CODE}-P{n}") for n in (1, 3)]
        assert {one.state for one in promised} == {"draft"}
        page = (await client.get(f"{PATH}/{CODE}?lang=en")).text
        assert f"{CODE}-P1" in page
        assert "Make commitments" not in page


async def refused_opening(w: World) -> str:
    with pytest.raises(Exception, match="not opened") as error:
        await opened(w, CODE)
    return str(error.value)


async def pushed_answers(w: World) -> None:
    from tests.bot.outreach.test_broadcasts import pushed

    await pushed(w.app)


async def begun(w: World, client: httpx.AsyncClient) -> None:
    assert (await client.post(f"{PATH}/new", data=FORM)).status_code == 303


async def test_a_need_is_taken_in_and_becomes_a_project_and_its_author_is_told(w: World) -> None:
    async with w.browser() as client:
        await begun(w, client)
        said = await w.answered(await w.known("amina"))
        reference = said.split("Reference: ")[1].split()[0].rstrip(".")
        assert "under this reference" in await does(
            client, w, 422, action="take", reference="OZT-2026-999999"
        )
        await does(client, w, action="take", reference=reference.lower())
        await does(client, w, of=reference, **PROJECT)
        assert await state(w, reference) == "received"
        async with w.app.storage.reading() as tx:
            found = await ideas.ideas_of(tx, await row_of(w))
        assert [(one.reference, one.project) for one in found] == [(reference, "p1")]
        assert "take that out first" in await does(
            client, w, 422, action="refuse", reference=reference, reason="No"
        )
        await does(client, w, action="drop", id="p1")
        async with w.app.storage.reading() as tx:
            found = await ideas.ideas_of(tx, await row_of(w))
        assert [(one.reference, one.project) for one in found] == [(reference, "")]


async def test_a_project_that_is_taken_out_in_the_general_form_leaves_its_ideas_waiting(
    w: World,
) -> None:
    """And its id is not given to another, which would have them as its own."""
    async with w.browser() as client:
        await begun(w, client)
        said = await w.answered(await w.known("amina"))
        reference = said.split("Reference: ")[1].split()[0].rstrip(".")
        await does(client, w, action="take", reference=reference)
        await does(client, w, of=reference, **PROJECT)
        raw = {**msgspec.json.decode((await row_of(w)).definition), "projects": []}
        head, problems = definitions.check(raw, w.app.register.council(w.app.register.default_id))
        assert head is not None
        assert problems == []
        async with w.app.storage.transaction() as tx:
            await definitions.add(tx, w.app.register, raw, head)
        await does(client, w, **{**PROJECT, "text__fr": "Un jardin", "text__ar": "حديقة"})
        (project,) = msgspec.json.decode((await row_of(w)).definition)["projects"]
        assert project["id"] == "p2"
        async with w.app.storage.reading() as tx:
            (idea,) = await ideas.ideas_of(tx, await row_of(w))
        assert idea.project == ""


async def test_authors_of_needs_are_told_once_too_and_what_is_erased_is_not_taken(w: World) -> None:
    async with w.browser() as client:
        await begun(w, client)
        references = []
        for name in ("amina", "brahim"):
            said = await w.answered(await w.known(name))
            references.append(said.split("Reference: ")[1].split()[0].rstrip("."))
        async with w.app.storage.transaction() as tx:
            case = await tx.row(CaseByReference, reference=references[1])
            assert case is not None
            assert case.person_id is not None
            await erase(tx, w.app.vault, conversation_parts().own_data, case.person_id)
        await does(client, w, action="take", reference=references[0])
        await does(client, w, 422, action="take", reference=references[1])
        await does(client, w, of=references[0], **PROJECT)
        await does(client, w, **{**PROJECT, "text__fr": "Un jardin", "text__ar": "حديقة"})
    row = await row_of(w)
    async with w.app.storage.transaction() as tx:
        await tx.run("set_consultation_state", id=row.id, state="closed")
        row = await w.app.register.by_id(tx, row.id)
        assert await ideas.tell(tx, w.app.register, row, ["p1"], "amal") == 1
        assert await ideas.tell(tx, w.app.register, row, ["p1"], "amal") == 0
        entries = await tx.rows(EntriesOf, response_id=(await ideas.ideas_of(tx, row))[0].id)
    assert (
        sum("اختار التصويت" in entry.text or "was chosen" in entry.text for entry in entries) == 1
    )


async def test_nothing_leads_to_what_somebody_told_who_is_erased(w: World) -> None:
    async with w.browser() as client:
        await begun(w, client)
        citizen = await w.known("amina")
        said = await w.answered(citizen)
        reference = said.split("Reference: ")[1].split()[0].rstrip(".")
        await does(client, w, action="take", reference=reference)
        async with w.app.storage.transaction() as tx:
            case = await tx.row(CaseByReference, reference=reference)
            assert case is not None
            assert case.person_id is not None
            await erase(tx, w.app.vault, conversation_parts().own_data, case.person_id)
        async with w.app.storage.reading() as tx:
            assert await ideas.ideas_of(tx, await row_of(w)) == []


async def test_what_cannot_be_a_project_is_said_and_the_form_stays_as_it_was_typed(
    w: World,
) -> None:
    async with w.browser() as client:
        await begun(w, client)
        for changed, said in (
            ({"cost": "0"}, "above 0"),
            ({"cost": "much"}, "above 0"),
            ({"cost": "1000001"}, "This cannot be kept: projects[0].cost"),
            ({"text__fr": "", "text__ar": ""}, "This cannot be kept: projects[0].text"),
        ):
            page = await does(client, w, 422, **{**PROJECT, **changed})
            assert said in page
        assert "Somebody has changed it" in await does(client, w, 422, version="0", **PROJECT)
        await does(client, w, **PROJECT)
        assert "There is no such project." in await does(
            client, w, 422, action="put", reference="OZT-2026-000001", project="p9"
        )
        assert "No call of this council" in await does(
            client, w, 422, action="call", call="OZT-LIGHT"
        )
        await does(client, w, action="call", call="OZT-NEEDS")


async def test_what_people_told_is_read_on_the_record(w: World) -> None:
    async with w.browser() as client:
        await begun(w, client)
        said = await w.answered(await w.known("amina"))
        reference = said.split("Reference: ")[1].split()[0].rstrip(".")
        await does(client, w, action="take", reference=reference)
        for where in (f"{PATH}/{CODE}", f"{PATH}/{CODE}/project?of={reference}"):
            before = await seen(w)
            assert WORDS in (await client.get(where)).text
            assert await seen(w) == before + 1


async def seen(w: World) -> int:
    async with w.app.storage.reading() as tx:
        rows = await audit_of(tx, w.app.register.default_id)
    return sum(1 for row in rows if (row.action, row.object) == ("see", f"answers {CODE}"))


async def test_another_councils_vote_is_as_if_it_were_not_there(w: World) -> None:
    async with w.browser() as client:
        for path in (f"{PATH}/DRA-BUDGET", f"{PATH}/OZT-LIGHT", f"{PATH}/DRA-BUDGET/project"):
            assert (await client.get(path)).status_code == 404
        answer = await client.post(f"{PATH}/OZT-LIGHT/do", data={"action": "tell"})
        assert answer.status_code == 404
        listed = (await client.get(f"{PATH}?lang=en")).text
        assert "/staff/budgets/OZT-BUDGET" in listed
