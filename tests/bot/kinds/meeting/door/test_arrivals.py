"""What a telephone at the door sends: noted once, told from what is no telephone's, names kept for a time."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.kinds.meeting.door import arrivals, phones
from bot.kinds.meeting.door.arrivals import (
    EARLY_MS,
    EMPTIED_MS,
    LONGEST_NAME,
    MOST_SENT,
    NAMED_MS,
)
from bot.kinds.meeting.rows import ThereOf
from flows.kinds.meeting.results import Seats
from tests.bot.kinds.meeting.places import HOUR, MORNING, Workshop, workshop
from tests.bot.kinds.meeting.test_desk import browser
from tests.bot.kinds.meeting.test_outcomes import TODAY
from tests.citizen import audit_of

STARTS = MORNING + 4 * HOUR
ENDS = STARTS + HOUR // 3


async def let_in(w: Workshop, name: str = "Hassan") -> str:
    """The secret of a telephone."""
    async with w.app.storage.transaction() as tx:
        return await phones.let_in(tx, w.app.vault, await w.row(), name, "amal", MORNING)


async def sends(client: httpx.AsyncClient, key: str, **more: Any) -> httpx.Response:
    return await client.post("/door/sync", json={"key": key, **more})


async def named(w: Workshop) -> list[str]:
    async with w.app.storage.reading() as tx:
        found = await arrivals.walk_ins(tx, w.app.vault, (await w.row()).id)
    return [name for _, name in found]


async def test_two_telephones_and_the_desk_note_the_same_person_once(
    tmp_path: Path, url: str
) -> None:
    async with workshop(tmp_path, url, **TODAY) as w, browser(w, "") as client:
        code = re.findall(r"\d{5}", await w.signs_up(await w.known("amina")))[-1]
        one, two = await let_in(w), await let_in(w, "Zineb")
        w.move_to(STARTS + HOUR // 6)
        first = {"code": code, "at": STARTS}
        walked = {"entry": "aa01", "at": STARTS, "name": "  Lahcen\n Aït Ali "}
        answer = await sends(client, one, arrivals=[first], others=[walked])
        assert answer.json()["taken"] == [code]
        # What was sent already comes again where the answer got lost.
        for key in (one, two):
            again = {"code": code, "at": STARTS + 1000}
            answer = await sends(client, key, arrivals=[again], others=[walked])
            assert (answer.json()["taken"], answer.json()["entries"]) == ([code], ["aa01"])
        assert await w.places() == Seats(had=1, present=1, noted=1)
        assert await named(w) == ["Lahcen Aït Ali"]
        async with w.app.storage.reading() as tx:
            (seat,) = await tx.rows(ThereOf, consultation_id=(await w.row()).id)
            noted = await audit_of(tx, w.app.register.default_id)
        assert seat.present_at == STARTS
        door = [(row.actor, row.detail) for row in noted if row.action == "door"]
        assert door[-1] == ("amal: Hassan", "2 noted")


async def test_a_telephone_holds_no_codes_and_no_names(tmp_path: Path) -> None:
    async with workshop(tmp_path, **TODAY) as w, browser(w, "") as client:
        code = re.findall(r"\d{5}", await w.signs_up(await w.known("amina")))[-1]
        key = await let_in(w)
        answer = await sends(client, key)
        known = answer.json()
        assert known["codes"] == [arrivals.digest(known["salt"], code)]
        assert code not in answer.text
        assert known["empty"] == ENDS + EMPTIED_MS
        await sends(client, key, others=[{"entry": "a", "at": STARTS, "name": "Lahcen"}])
        assert "Lahcen" not in (await sends(client, key)).text


async def test_a_clock_that_goes_wrong_is_not_believed(tmp_path: Path) -> None:
    async with workshop(tmp_path, **TODAY) as w, browser(w, "") as client:
        said = [await w.signs_up(await w.known(name)) for name in ("amina", "brahim")]
        early, late = (re.findall(r"\d{5}", one)[-1] for one in said)
        key = await let_in(w)
        w.move_to(STARTS + HOUR)
        both = [{"code": early, "at": 0}, {"code": late, "at": STARTS + 90 * HOUR}]
        assert (await sends(client, key, arrivals=both)).status_code == 200
        async with w.app.storage.reading() as tx:
            rows = await tx.rows(ThereOf, consultation_id=(await w.row()).id)
        at = {row.code: row.present_at for row in rows}
        assert at == {early: STARTS - EARLY_MS, late: STARTS + HOUR}


@pytest.mark.parametrize(
    "sent",
    [
        {"arrivals": [{"code": f"{10_000 + n}", "at": 1} for n in range(MOST_SENT + 1)]},
        {"arrivals": [{"code": "1234a", "at": 1}]},
        {"arrivals": [{"code": "12345", "at": -1}]},
        {"others": [{"entry": "", "at": 1}]},
        {"others": [{"entry": "a", "at": 1, "name": "x" * (LONGEST_NAME + 1)}]},
        {"others": "everybody"},
    ],
)
async def test_what_our_page_does_not_send_is_refused(tmp_path: Path, sent: Any) -> None:
    async with workshop(tmp_path, **TODAY) as w, browser(w, "") as client:
        assert (await sends(client, await let_in(w), **sent)).status_code == 400


async def test_as_much_as_may_be_sent_is_looked_up(tmp_path: Path) -> None:
    async with workshop(tmp_path, **TODAY) as w, browser(w, "") as client:
        many = [{"code": f"{10_000 + n}", "at": STARTS} for n in range(MOST_SENT)]
        answer = await sends(client, await let_in(w), arrivals=many)
        assert len(answer.json()["unknown"]) == MOST_SENT
        longest = [
            {"entry": f"{n}", "at": STARTS, "name": "ⵣ" * LONGEST_NAME} for n in range(MOST_SENT)
        ]
        assert (await sends(client, await let_in(w), others=longest)).status_code == 200


async def test_names_are_forgotten_and_the_count_stays(tmp_path: Path, url: str) -> None:
    async with workshop(tmp_path, url, **TODAY) as w, browser(w, "") as client:
        await sends(
            client, await let_in(w), others=[{"entry": "a", "at": STARTS, "name": "Lahcen"}]
        )
        await w.look(ENDS + NAMED_MS - 1)
        assert await named(w) == ["Lahcen"]
        await w.look(ENDS + NAMED_MS)
        assert await named(w) == [""]
        assert (await w.places()).noted == 1
