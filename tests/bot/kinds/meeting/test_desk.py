"""The desk of meetings: who is there, the sheet; and the calendar file that everybody may have."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar

from bot.app import site
from bot.kinds.meeting.desk import MOST_CODES
from flows.kinds.meeting.definition import MOST_SEATS
from flows.kinds.meeting.results import Seats
from tests.bot.kinds.meeting.places import CODE, STARTS, Workshop, workshop
from tests.citizen import audit_of
from tests.staff_links import link_for
from tests.visitor import visitor


@asynccontextmanager
async def browser(w: Workshop, role: str = "clerk") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=site.build(w.app))
    async with visitor(transport=transport, base_url=w.app.config.public_url) as client:
        if role:
            answer = await client.post(await link_for(w.app, "example", f"amal {role}", role))
            assert answer.status_code == 303
        yield client


async def test_who_is_there_is_noted_once_and_a_wrong_number_is_named(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w) as client:
        said = [await w.signs_up(await w.known(name)) for name in ("amina", "brahim", "chadi")]
        codes = [re.findall(r"\d{5}", one)[-1] for one in said]
        page = await client.get(f"/staff/meetings/{CODE}?lang=en")
        assert "At the door" in page.text
        where = f"/staff/meetings/{CODE}/do?lang=en"
        typed = f"{codes[0]}, {codes[1]}\n{codes[0]}"
        answer = await client.post(where, data={"action": "codes", "codes": typed})
        assert answer.status_code == 303
        assert await w.places() == Seats(had=3, present=2)
        # Eastern Arabic digits are digits; one that nobody has is named, the other counts.
        eastern = codes[2].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        answer = await client.post(where, data={"action": "codes", "codes": f"{eastern} 00001"})
        assert answer.status_code == 422
        assert "belong to nobody at this meeting" in answer.text
        assert ">00001<" in answer.text
        assert await w.places() == Seats(had=3, present=3)
        # A number that was typed by mistake is taken back; the others stay, and it can be noted again.
        answer = await client.post(where, data={"action": "absent", "codes": f"{codes[0]} 00001"})
        assert answer.status_code == 422
        assert "1 person is no longer noted" in answer.text
        assert "noted." not in answer.text.replace("no longer noted.", "")
        assert await w.places() == Seats(had=3, present=2)
        answer = await client.post(where, data={"action": "absent", "codes": codes[1]})
        page = await client.get(answer.headers["location"], params={"lang": "en"})
        assert await w.places() == Seats(had=3, present=1)
        await client.post(where, data={"action": "codes", "codes": codes[0]})
        assert await w.places() == Seats(had=3, present=2)
        async with w.app.storage.reading() as tx:
            noted = await audit_of(tx, w.app.register.default_id)
        assert [row.detail for row in noted if row.action == "door"] == [
            "1 present", "1 taken back", "1 taken back", "1 present", "2 present",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        ("", 422),
        ("nobody", 422),
        (" ".join(str(10_000 + n) for n in range(MOST_CODES + 1)), 422),
    ],
)
async def test_some_numbers_are_typed_and_not_too_many(
    tmp_path: Path, codes: str, status: int
) -> None:
    async with workshop(tmp_path) as w, browser(w) as client:
        where = f"/staff/meetings/{CODE}/do?lang=en"
        answer = await client.post(where, data={"action": "codes", "codes": codes})
        assert answer.status_code == status
        assert "Type at least one number" in answer.text


async def test_as_many_numbers_as_may_be_typed_are_looked_up(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w) as client:
        codes = " ".join(str(10_000 + n) for n in range(MOST_CODES))
        answer = await client.post(
            f"/staff/meetings/{CODE}/do?lang=en", data={"action": "codes", "codes": codes}
        )
        assert "belong to nobody" in answer.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0", 0),
        ("١٢", 12),
        (str(MOST_SEATS), MOST_SEATS),
        (str(MOST_SEATS + 1), None),
        ("-1", None),
    ],
)
async def test_how_many_came_besides_is_a_number(
    tmp_path: Path, typed: str, kept: int | None
) -> None:
    async with workshop(tmp_path) as w, browser(w) as client:
        answer = await client.post(
            f"/staff/meetings/{CODE}/do?lang=en", data={"action": "others", "others": typed}
        )
        assert answer.status_code == (303 if kept is not None else 422)
        assert (await w.places()).others == (kept or 0)
        if kept:
            # As many as were typed are said to be noted.
            assert answer.headers["location"].endswith(f"?done={kept}")


async def test_a_meeting_without_points_has_no_heading_for_them(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w) as client:
        assert "<h2>Programme</h2>" in (await client.get(f"/staff/meetings/{CODE}?lang=en")).text
        await w.changed(items=[], groups=0)
        assert "Programme</h2>" not in (await client.get(f"/staff/meetings/{CODE}?lang=en")).text


async def test_a_reader_sees_how_many_come_and_no_numbers(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "reader") as client:
        await w.signs_up(await w.known("amina"))
        page = await client.get(f"/staff/meetings/{CODE}?lang=en")
        assert page.status_code == 200
        assert "At the door" not in page.text
        assert (await client.get(f"/staff/meetings/{CODE}/sheet")).status_code == 403
        where = f"/staff/meetings/{CODE}/do"
        assert (await client.post(where, data={"codes": "12345"})).status_code == 403


async def test_the_sheet_has_a_line_for_each_place_and_empty_ones(tmp_path: Path) -> None:
    async with workshop(tmp_path, seats=1) as w, browser(w) as client:
        said = [await w.signs_up(await w.known(name)) for name in ("amina", "brahim")]
        page = (await client.get(f"/staff/meetings/{CODE}/sheet?lang=en")).text
        assert re.findall(r"\d{5}", said[0])[-1] in page
        assert page.count("<tr>") == 1 + 1 + 20
        listed = (await client.get("/staff/meetings?lang=en")).text
        assert CODE in listed


async def test_what_is_no_meeting_is_not_there(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "admin") as client:
        for code in ("OZT-LIGHT", "OZT-NOTHING"):
            assert (await client.get(f"/staff/meetings/{code}")).status_code == 404
            assert (await client.get(f"/staff/meetings/{code}/sheet")).status_code == 404
            assert (await client.post(f"/staff/meetings/{code}/do")).status_code == 404
            assert (await client.get(f"/calendar/{code}.ics")).status_code == 404


async def test_the_calendar_file_is_in_utc_and_the_same_event_for_ever(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "") as client:
        first = await client.get(f"/calendar/{CODE}.ics?lang=fr")
        assert first.headers["content-type"].startswith("text/calendar")
        (event,) = Calendar.from_ical(first.content).walk("VEVENT")
        assert int(event["dtstart"].dt.timestamp() * 1000) == STARTS
        assert b"DTSTART:20270410T090000Z" in first.content
        assert "Maison de la culture" in str(event["location"])
        assert str(event["status"]) == "CONFIRMED"
        await w.changed(
            starts="2027-04-17T09:00:00", ends="2027-04-17T15:00:00", closes="2027-04-24T00:00:00"
        )
        (moved,) = Calendar.from_ical((await client.get(f"/calendar/{CODE}.ics")).content).walk(
            "VEVENT"
        )
        assert str(moved["uid"]) == str(event["uid"])
        assert int(moved["sequence"]) == int(event["sequence"]) + 1
        w.move_to(STARTS - 60_000)
        await w.closed()
        (off,) = Calendar.from_ical((await client.get(f"/calendar/{CODE}.ics")).content).walk(
            "VEVENT"
        )
        assert str(off["status"]) == "CANCELLED"
        # Nothing was amended: a calendar takes the cancellation for it was made later.
        assert (off["sequence"], off["dtstamp"].dt) > (moved["sequence"], moved["dtstamp"].dt)


async def test_a_meeting_that_is_not_open_yet_has_no_calendar_file(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "") as client:
        async with w.app.storage.transaction() as tx:
            await tx.run("set_consultation_state", id=(await w.row()).id, state="draft")
        assert (await client.get(f"/calendar/{CODE}.ics")).status_code == 404
