"""Groups of a meeting: made on the desk, looked at, told once in the chat, joined by who comes later."""

from pathlib import Path

import httpx

from bot.consultations import definitions
from bot.kinds.meeting.rows import GroupsOf
from flows.kinds.meeting.definition import MOST_GROUPS
from tests.bot.kinds.meeting.places import CODE, HOUR, STARTS, Workshop, digest_in, workshop
from tests.bot.kinds.meeting.test_desk import browser
from tests.citizen import Citizen, plain

PAGE = f"/staff/meetings/{CODE}/groups"


async def signed_up(w: Workshop, count: int) -> list[Citizen]:
    people = [await w.known(f"person {n}") for n in range(count)]
    for one in people:
        await w.signs_up(one)
    return people


async def groups_in(client: httpx.AsyncClient) -> dict[str, int]:
    """Number at the door -> group, of the first point in the file."""
    lines = (await client.get(f"{PAGE}.csv?lang=en")).text.lstrip("\ufeff").splitlines()
    assert lines[0] == "Point,Group,Number"
    return {code: int(number) for _, number, code in (line.rsplit(",", 2) for line in lines[1:])}


async def pressed(client: httpx.AsyncClient, **form: str) -> httpx.Response:
    return await client.post(f"{PAGE}/do?lang=en", data=form)


async def test_groups_are_made_looked_at_told_once_and_joined_by_who_comes_later(
    tmp_path: Path, url: str
) -> None:
    async with workshop(tmp_path, url, groups=3, items=[]) as w, browser(w, "organizer") as client:
        people = await signed_up(w, 7)
        assert (await pressed(client, action="make")).status_code == 303
        page = (await client.get(f"{PAGE}?lang=en")).text
        assert "The groups differ at most by: size 1" in plain(page)
        first = await groups_in(client)
        assert sorted(first.values()) in (
            [1, 1, 1, 2, 2, 3, 3],
            [1, 1, 2, 2, 2, 3, 3],
            [1, 1, 2, 2, 3, 3, 3],
        )
        # Nobody hears of it before they are told, and what they will read is shown.
        await w.look()
        assert await people[0].hears() == ""
        assert "Your group" not in await people[0].says(CODE)
        assert "Your group: 3" in plain(page)
        assert "People who will be told, by day: 7." in plain(page)
        # Somebody is moved by hand: what was looked at is not what would be told.
        code = next(code for code, number in first.items() if number != 3)
        assert (await pressed(client, action="move", item="", who=code, to="3")).status_code == 303
        assert (await pressed(client, action="tell", digest=digest_in(page))).status_code == 409
        page = (await client.get(f"{PAGE}?lang=en")).text
        assert f"{code}*" in page
        assert (await pressed(client, action="tell", digest=digest_in(page))).status_code == 303
        await w.look()
        heard = [await one.hears() for one in people]
        assert all("Your group: " in one for one in heard)
        assert sum("Your group: 3" in one for one in heard) == sum(
            number == 3 for number in (await groups_in(client)).values()
        )
        await w.look()
        assert await people[0].hears() == ""
        said = await people[0].says(CODE)
        assert "Your group: " in said
        # Who comes later is in a smallest group at once, and told it in the same breath.
        late = await w.known("late")
        assert "Your group: " in await w.signs_up(late)
        assert len(await groups_in(client)) == 8
        await w.look()
        assert await late.hears() == ""
        # Who is moved afterwards hears of it, and nobody else.
        number = (await groups_in(client))[code]
        await pressed(client, action="move", item="", who=code, to=str(number % 3 + 1))
        await w.look()
        heard = [await one.hears() for one in [*people, late]]
        assert sum("Your group: " in one for one in heard) == 1


async def test_groups_are_made_anew_for_each_point_that_has_them(tmp_path: Path) -> None:
    items = [
        {"key": "a", "text": {"en": "Morning"}, "grouped": True},
        {"key": "b", "text": {"en": "Noon"}},
        {"key": "c", "text": {"en": "Evening"}, "grouped": True},
    ]
    async with (
        workshop(tmp_path, groups=2, items=items) as w,
        browser(w, "organizer") as client,
    ):
        (amina,) = await signed_up(w, 1)
        await pressed(client, action="make")
        page = (await client.get(f"{PAGE}?lang=en")).text
        await pressed(client, action="tell", digest=digest_in(page))
        await w.look()
        heard = await amina.hears()
        assert "Your group for “Morning”: " in heard
        assert "Your group for “Evening”: " in heard
        assert "Noon" not in heard
        # The reminder says it again.
        await w.look(STARTS - 47 * HOUR)
        assert "Your group for “Evening”: " in await amina.hears()


async def test_the_file_of_groups_holds_no_formula(tmp_path: Path) -> None:
    items = [{"key": "a", "text": {"en": "=1+1"}, "grouped": True}]
    async with (
        workshop(tmp_path, groups=2, items=items) as w,
        browser(w, "organizer") as client,
    ):
        await signed_up(w, 1)
        await pressed(client, action="make")
        _, *lines = (await client.get(f"{PAGE}.csv?lang=en")).text.splitlines()
        assert [line.partition(",")[0] for line in lines] == ["'=1+1"]


async def test_who_gives_the_place_back_is_in_no_group(tmp_path: Path, url: str) -> None:
    async with workshop(tmp_path, url, groups=2) as w, browser(w, "organizer") as client:
        people = await signed_up(w, 4)
        await pressed(client, action="make")
        await w.gives_back(people[0])
        assert len(await groups_in(client)) == 3
        await w.signs_up(people[0])
        assert sorted((await groups_in(client)).values()) == [1, 1, 2, 2]
        await people[1].says("my data")
        await people[1].says("[Erase my data]")
        await people[1].says("[Erase my data]")
        assert len(await groups_in(client)) == 3


async def test_who_waits_after_it_was_called_off_is_in_no_group(tmp_path: Path, url: str) -> None:
    """It is open again with one place: the other had kept their group, and was on the file of groups."""
    async with workshop(tmp_path, url, seats=2, groups=2) as w, browser(w, "organizer") as client:
        await signed_up(w, 2)
        await pressed(client, action="make")
        assert len(await groups_in(client)) == 2
        await w.closed()
        await w.look()
        await w.changed(seats=1)
        async with w.app.storage.transaction() as tx:
            await definitions.open_consultation(tx, await w.row(), "amal")
        await w.look()
        async with w.app.storage.reading() as tx:
            rows = await tx.rows(GroupsOf, consultation_id=(await w.row()).id)
        assert len(rows) == 1


async def test_what_cannot_be_is_said(tmp_path: Path) -> None:
    async with workshop(tmp_path, groups=2, items=[]) as w, browser(w, "organizer") as client:
        await signed_up(w, 2)
        await pressed(client, action="make")
        code = next(iter(await groups_in(client)))
        for who, to, said in (
            ("00001", "1", "Nobody in these groups"),
            (code, "3", "from 1 to 2"),
            (code, "0", "from 1 to 2"),
        ):
            answer = await pressed(client, action="move", item="", who=who, to=to)
            assert answer.status_code == 409
            assert said in plain(answer.text)
        await w.changed(groups=3)
        page = (await client.get(f"{PAGE}?lang=en")).text
        assert "make them again" in page
        await w.changed(groups=0)
        answer = await pressed(client, action="make")
        assert "This meeting has no groups" in answer.text
        await w.closed()
        assert "is not open" in (await pressed(client, action="make")).text


async def test_a_clerk_sees_groups_and_does_not_make_them(tmp_path: Path) -> None:
    async with workshop(tmp_path, groups=2) as w, browser(w, "clerk") as client:
        assert (await client.get(PAGE)).status_code == 200
        assert (await pressed(client, action="make")).status_code == 403
    assert MOST_GROUPS == 50


async def test_women_and_men_and_members_of_bodies_are_mixed(tmp_path: Path, url: str) -> None:
    """By what they told of themselves, and what staff are shown says only how even it is."""
    async with workshop(tmp_path, url, groups=2) as w, browser(w, "organizer") as client:
        people = await signed_up(w, 8)
        for number, one in enumerate(people):
            await one.says("my data")
            await one.says("[Change my profile]")
            await one.says("30")
            await one.says(("Woman", "Man")[number < 4])
            await one.says("cancel")
        await pressed(client, action="make")
        page = (await client.get(f"{PAGE}?lang=en")).text
        assert "size 0, women and men 0, bodies 0, ages 0." in plain(page)
        assert "Woman" not in page


async def test_the_sheet_to_be_signed_is_a_pdf_by_group(tmp_path: Path) -> None:
    """In Arabic and French, with every number, and for a meeting that nobody signed up to yet."""
    async with workshop(tmp_path, groups=2, items=[]) as w, browser(w, "organizer") as client:
        for language in ("ar", "fr"):
            answer = await client.get(f"/staff/meetings/{CODE}/sheet.pdf?lang={language}")
            assert answer.content.startswith(b"%PDF")
        await signed_up(w, 40)
        empty = len(answer.content)
        await pressed(client, action="make")
        answer = await client.get(f"/staff/meetings/{CODE}/sheet.pdf?lang=ar")
        assert answer.headers["content-type"] == "application/pdf"
        assert len(answer.content) > empty
        (tmp_path / "sheet.pdf").write_bytes(answer.content)
