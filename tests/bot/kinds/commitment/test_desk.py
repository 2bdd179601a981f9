"""What staff say of a commitment: kept with its date, public, and what may not be said."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine

from bot.consultations import amending
from bot.core.refusals import NotAllowed
from bot.kinds.commitment.changes import LONGEST_PROOF, LONGEST_WHY
from bot.staff import accounts
from storage.rows.people import PersonOfAddress
from tests.bot.kinds.worlds import World, world
from tests.citizen import NOON, audit_of, plain

#: The first moment after the last day of the example, 31 March 2027, in Morocco (UTC).
LATE = datetime(2027, 4, 1, 0, 0, tzinfo=UTC)

WHERE = "/staff/commitments/OZT-LAMPS"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("commitment", tmp_path, clock) as found:
        yield found


async def test_each_word_is_dated_kept_and_public(w: World) -> None:
    async with w.browser() as client:
        first = {"state": "started", "why.en": "The posts stand.", "proof": "https://example.org/p"}
        assert (await client.post(f"{WHERE}/do?lang=en", data=first)).status_code == 303
        w.clock.shift(timedelta(minutes=5))
        last = {"state": "given_up", "why.en": "There is no money for it."}
        assert (await client.post(f"{WHERE}/do?lang=en", data=last)).status_code == 303
        page = plain((await client.get(f"{WHERE}?lang=en")).text)
        assert page.index("There is no money for it.") < page.index("The posts stand.")
        assert "amal" in page
        public = plain((await client.get("/c/example?lang=en")).text)
        assert "Given up" in public
        assert "There is no money for it." in public
        (one,) = (await client.get("/c/example.json")).json()["commitments"]
        assert (one["state"], one["due"], one["proof"]) == ("given_up", "2027-03-31", None)
    said = await (await w.known("amina")).starts(w.code)
    assert "There is no money for it." in said
    async with w.app.storage.reading() as tx:
        noted = await audit_of(tx, w.app.register.default_id)
    assert [row.detail for row in noted if row.action == "note"] == ["given_up", "started"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"state": ""}, "Choose a state."),
        ({"state": "late"}, "Choose a state."),
        ({"state": "given_up"}, "Write the reason"),
        ({"state": "done", "why.en": "x" * (LONGEST_WHY + 1)}, "Write the reason"),
        ({"state": "done", "proof": "javascript:alert(1)"}, "Write a whole address"),
        ({"state": "done", "proof": "https://" + "x" * LONGEST_PROOF}, "Write a whole address"),
    ],
)
async def test_what_cannot_be_kept_is_refused_in_words(
    w: World, form: dict[str, str], said: str
) -> None:
    async with w.browser() as client:
        answer = await client.post(f"{WHERE}/do?lang=en", data=form)
        assert answer.status_code == 422
        assert said in answer.text
        assert "What was said" not in (await client.get(f"{WHERE}?lang=en")).text


async def test_as_much_as_may_be_said_is_kept(w: World) -> None:
    proof = "https://".ljust(LONGEST_PROOF, "x")
    async with w.browser() as client:
        form = {"state": "done", "why.en": "x" * LONGEST_WHY, "proof": proof}
        assert (await client.post(f"{WHERE}/do?lang=en", data=form)).status_code == 303
        assert proof in (await client.get(f"{WHERE}?lang=en")).text


async def test_a_second_press_says_nothing_twice(w: World) -> None:
    async with w.browser() as client:
        form = {"state": "started", "once": "123456789"}
        for _ in range(2):
            assert (await client.post(f"{WHERE}/do", data=form)).status_code == 303
        assert (await client.get(f"{WHERE}?lang=en")).text.count("By amal") == 1


async def test_a_clerk_reads_it_and_says_nothing(w: World) -> None:
    async with w.browser("clerk") as client:
        assert "Change the state" not in (await client.get(f"{WHERE}?lang=en")).text
        answer = await client.post(f"{WHERE}/do", data={"state": "done"})
        assert answer.status_code == 403


async def test_it_is_late_from_the_day_after_in_the_councils_time(w: World) -> None:
    w.clock.move_to(LATE - timedelta(minutes=1))
    async with w.browser() as client:
        assert "Late" not in plain((await client.get("/staff/commitments?lang=en")).text)
        w.clock.move_to(LATE)
        assert "Late" in plain((await client.get("/staff/commitments?lang=en")).text)
        (one,) = (await client.get("/c/example.json")).json()["commitments"]
        assert one["state"] == "late"


async def test_nothing_is_said_of_what_is_not_public_yet(w: World) -> None:
    async with w.app.storage.transaction() as tx:
        await tx.run("set_consultation_state", id=(await w.row()).id, state="draft")
    async with w.browser() as client:
        assert "Change the state" not in (await client.get(f"{WHERE}?lang=en")).text
        answer = await client.post(f"{WHERE}/do?lang=en", data={"state": "started"})
        assert answer.status_code == 422
        assert "This commitment is not public yet." in answer.text


async def test_the_desk_says_whether_anybody_is_reminded(w: World) -> None:
    async with w.browser() as client:
        page = (await client.get(f"{WHERE}?lang=en")).text
        assert "Nobody is reminded" in page
        await w.changed(owner="amal admin")
        chat = await w.known("amal")
        async with w.app.storage.transaction() as tx:
            member = await accounts.known(tx, w.app.register.default_id, "amal admin")
            row = await tx.row(PersonOfAddress, channel=chat.channel, address=chat.kept)
            assert row is not None
            await tx.run("set_staff_chat", id=member.id, person_id=row.person_id)
        page = (await client.get(f"{WHERE}?lang=en")).text
        assert "They are reminded in their own chat" in page


@pytest.mark.parametrize(
    "more",
    [
        {"due": "2028-01-01"},
        {"indicator": {"fr": "2 lampes", "ar": "مصباحان"}},
        {"place": {"fr": "Ailleurs"}},
        {"source": "project"},
    ],
)
async def test_what_was_promised_cannot_be_changed_once_it_is_open(
    w: World, more: dict[str, Any]
) -> None:
    """Else what is late would be in time, and who said "it is done" would have said it of something else."""
    async with w.app.storage.transaction() as tx:
        row = await w.app.register.by_code(tx, "OZT-LAMPS")
        assert row is not None
        raw = {**msgspec.json.decode(row.definition), **more}
        with pytest.raises(NotAllowed, match=next(iter(more))):
            await amending.amend(tx, w.app.register, row, raw, "amal")
        fresh = {**msgspec.json.decode(row.definition), "owner": "Service de la voirie"}
        assert await amending.amend(tx, w.app.register, row, fresh, "amal") == ["owner"]
