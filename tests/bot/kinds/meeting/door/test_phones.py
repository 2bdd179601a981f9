"""Telephones at the door: who may have one, for how long, and what the desk shows of them."""

import re
from pathlib import Path

import httpx
import pytest

from bot.core.refusals import NotAllowed
from bot.kinds.meeting.door import phones
from bot.kinds.meeting.door.phones import LONGEST_HOLDER, MOST_PHONES, SENDS_MS
from tests.bot.kinds.meeting.door.test_arrivals import ENDS, let_in, sends
from tests.bot.kinds.meeting.places import CODE, MORNING, STARTS, workshop
from tests.bot.kinds.meeting.test_desk import browser
from tests.bot.kinds.meeting.test_outcomes import TODAY
from tests.citizen import plain

PAGE = f"/staff/meetings/{CODE}/phones"


async def pressed(client: httpx.AsyncClient, **form: str) -> httpx.Response:
    return await client.post(f"{PAGE}/do?lang=en", data=form)


async def test_a_link_is_shown_once_opens_one_meeting_and_can_be_taken_back(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "clerk") as client:
        form = {"action": "let in", "name": "Hassan", "once": "77"}
        answer = await pressed(client, **form)
        (secret,) = re.findall(r'href="[^"]*/door#([^"]+)"', answer.text)
        assert "<svg" in answer.text
        # Neither the page that is opened again nor a second press shows it, or makes another.
        assert secret not in (await client.get(PAGE)).text
        again = await pressed(client, **form)
        assert "/door#" not in again.text
        assert again.text.count('name="action" value="end"') == 1
        assert (await sends(client, secret)).json()["meeting"] == CODE
        (id,) = re.findall(r'name="id" value="(\d+)"', again.text)
        ended = await pressed(client, action="end", id=id)
        assert "The link was taken back" in ended.text
        assert (await sends(client, secret)).status_code == 410


async def test_a_secret_that_nobody_has_opens_nothing(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "") as client:
        assert (await sends(client, "x" * 32)).status_code == 410
        assert "Amina" not in (await client.get("/door?lang=en")).text


async def test_some_days_after_the_end_a_telephone_sends_no_more(tmp_path: Path) -> None:
    async with workshop(tmp_path, **TODAY) as w, browser(w, "") as client:
        secret = await let_in(w)
        w.move_to(ENDS + SENDS_MS - 1)
        assert (await sends(client, secret)).status_code == 200
        w.move_to(ENDS + SENDS_MS)
        assert (await sends(client, secret)).status_code == 410


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST_HOLDER + 1)])
async def test_it_is_said_whose_a_telephone_is(tmp_path: Path, name: str) -> None:
    async with workshop(tmp_path) as w, browser(w, "clerk") as client:
        answer = await pressed(client, action="let in", name=name)
        assert answer.status_code == 422
        assert "Write who holds the telephone" in plain(answer.text)


async def test_there_are_so_many_telephones_at_most(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "clerk") as client:
        for _ in range(MOST_PHONES):
            await let_in(w)
        answer = await pressed(client, action="let in", name="Hassan")
        assert answer.status_code == 422
        assert f"There are {MOST_PHONES} telephones already" in answer.text
        async with w.app.storage.transaction() as tx:
            row = await w.row()
            first = (await phones.phones_of(tx, row.id))[0]
            await phones.take_back(tx, row.id, first.id, MORNING)
        assert (await pressed(client, action="let in", name="Hassan")).status_code == 200


async def test_a_meeting_that_is_closed_has_no_door(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w:
        await w.closed()
        async with w.app.storage.transaction() as tx:
            with pytest.raises(NotAllowed):
                await phones.let_in(tx, w.app.vault, await w.row(), "Hassan", "amal", STARTS)


async def test_a_name_that_was_noted_twice_is_marked_and_struck_out(tmp_path: Path) -> None:
    async with workshop(tmp_path, **TODAY) as w, browser(w, "clerk") as client:
        secret = await let_in(w)
        twice = [{"entry": one, "at": 1, "name": "Lahcen"} for one in ("a", "b")]
        await sends(client, secret, others=[*twice, {"entry": "c", "at": 1, "name": ""}])
        page = (await client.get(f"{PAGE}?lang=en")).text
        assert page.count("Twice?") == 2
        id = re.findall(r'value="drop"><input type="hidden" name="id" value="(\d+)"', page)[0]
        page = (await pressed(client, action="drop", id=id)).text
        assert "Twice?" not in page
        assert "Lahcen" in page
        assert (await w.places()).noted == 2


async def test_what_is_another_councils_is_not_there(tmp_path: Path) -> None:
    async with workshop(tmp_path) as w, browser(w, "admin") as client:
        for code in ("OZT-LIGHT", "OZT-NOTHING"):
            assert (await client.get(f"/staff/meetings/{code}/phones")).status_code == 404
            assert (await client.post(f"/staff/meetings/{code}/phones/do")).status_code == 404
