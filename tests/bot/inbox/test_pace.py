"""Who sends too much is answered later, in order; nothing is lost, and nobody else waits for it."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from bot.app.build import open_app
from bot.channels.port import Arrival, MediaRef
from bot.channels.webchat import Pulled
from bot.conversation import turn
from bot.conversation.context import Context
from bot.core.localtime import now_ms
from bot.inbox import pace
from bot.inbox.reception import TURN
from flows.dialog.facts import ChatLimits, CouncilLimits, Limits, NetworkLimits
from tests.bot.inbox.late import JPEG, late_app
from tests.checks import WaitingStates
from tests.citizen import Citizen, config_in, limit_to
from tests.system.conftest import until

#: Five at once, and then one a minute.
FIVE = Limits(chat=ChatLimits(messages="5 + 60/h"))


class Now(Citizen):
    """Somebody who writes at this moment, however often."""

    def arrival(self, **what: object) -> Arrival:
        self.at = now_ms() - 1000
        return super().arrival(**what)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is handled, in its order."""
    found: list[str] = []
    handle = turn.handle

    async def noted(context: Context) -> None:
        found.append(context.arrival.text)
        await handle(context)

    monkeypatch.setattr(turn, "handle", noted)
    return found


async def test_ten_thousand_lines_of_one_chat_cost_the_others_nothing(
    tmp_path: Path, heard: list[str]
) -> None:
    """They come first, and who writes meanwhile is answered within the next batch."""
    async with late_app(tmp_path) as (app, _, clock):
        spam, other = Now(app, "spam"), Now(app, "other")
        await other.arrives()
        clock.open.clear()
        heard.clear()
        lines = [spam.arrival(text=f"line {number}") for number in range(10_000)]
        at = now_ms() + 60_000
        lines = [msgspec.structs.replace(line, at=at) for line in lines]
        flood = asyncio.create_task(app.conversations.receive(lines))
        await until(lambda: len(heard) >= 8)
        await app.conversations.receive([other.arrival(text="menu")])
        assert heard.index("menu") <= 120
        # The provider is told that all of it has arrived.
        await flood
        assert len(heard) == 121
        async with app.storage.reading() as tx:
            waiting = await tx.rows(WaitingStates)
        assert len(waiting) == 10_000 - 120


async def test_of_each_chat_some_are_taken_in_its_turn(tmp_path: Path, heard: list[str]) -> None:
    """Eight of one, then the other's."""
    async with late_app(tmp_path) as (app, _, _):
        one, other = Now(app, "one"), Now(app, "other")
        all_of_them = [one.arrival(text=f"line {number}") for number in range(20)]
        await app.conversations.receive([*all_of_them, other.arrival(text="hello")])
        assert TURN == 8
        assert heard.index("hello") == 8
        assert [said for said in heard if said != "hello"] == [f"line {n}" for n in range(20)]


async def test_what_is_over_a_chats_limit_is_answered_later_in_its_order(
    tmp_path: Path, url: str, heard: list[str]
) -> None:
    """Five at once, the sixth a minute after the first, the seventh a minute later."""
    async with late_app(tmp_path, url) as (app, _, clock):
        limit_to(app, FIVE)
        citizen, other = Now(app), Now(app, "other")
        clock.open.clear()
        texts = [f"line {number}" for number in range(8)]
        await citizen.receive(*(citizen.arrival(text=text) for text in texts[:5]))
        assert heard == texts[:5]
        for text in texts[5:]:
            await citizen.says(text)
        assert heard == texts[:5]
        await other.says("menu")
        assert heard[-1] == "menu"
        clock.step()
        await until(lambda: "line 5" in heard)
        assert clock.pauses[0] == pytest.approx(60, abs=3)
        clock.open.set()
        await app.conversations.waiting.idle()
        assert [text for text in heard if text != "menu"] == texts
        # (The clock of the test stands still.)
        assert clock.pauses[1:] == pytest.approx([120, 180], abs=3)


async def test_after_the_pause_there_is_no_limit_left(tmp_path: Path) -> None:
    """Who wrote five and waits a minute writes on at once."""
    async with late_app(tmp_path) as (app, _, clock):
        limit_to(app, FIVE)
        citizen = Citizen(app)
        for _ in range(5):
            await citizen.says("hello")
        citizen.at += 56_000 - 1000
        assert await citizen.says("menu") != ""
        assert clock.pauses == []


async def test_what_waits_survives_the_process_with_its_files(tmp_path: Path) -> None:
    """Files of the open page come with the message, and are nowhere else."""
    async with late_app(tmp_path) as (app, late, clock):
        limit_to(app, Limits(chat=ChatLimits(uploads="2 + 60/h")))
        citizen = Now(app)
        await citizen.arrives(code="OZT-NEEDS")
        await citizen.verify([("1", "Where exactly?"), ("skip", "own words")])
        clock.open.clear()
        await citizen.does(
            text="a hole", media=(late.upload(JPEG, "photo"), late.upload(JPEG, "photo"))
        )
        assert await citizen.does(media=(late.upload(JPEG, "photo"),)) == ""
        assert await citizen.does(text="Send") == ""
    app = await open_app(
        config_in(tmp_path),
        {"web": Pulled("web", "web"), "terminal": Pulled("terminal", "terminal")},
    )
    try:
        await app.conversations.waiting.take_up()
        await app.conversations.waiting.idle()
        citizen.app = app
        said = await citizen.hears()
        assert "could not" not in said
        async with app.storage.reading() as tx:
            assert await tx.rows(WaitingStates) == []
            assert len(await tx.rows("files_kept")) == 3
    finally:
        await app.close()


@pytest.mark.parametrize(("number", "waits"), [(2, False), (3, True)])
async def test_files_have_a_limit_of_their_own(tmp_path: Path, number: int, waits: bool) -> None:
    async with late_app(tmp_path) as (app, late, clock):
        limit_to(app, Limits(chat=ChatLimits(uploads="2 + 60/h")))
        clock.open.clear()
        citizen = Now(app)
        await citizen.arrives()
        files = tuple(late.upload(JPEG, "photo") for _ in range(number))
        assert (await citizen.does(media=files) == "") is waits
        clock.open.set()
        await app.conversations.waiting.idle()


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (Limits(network=NetworkLimits(messages="2 + 6/h")), {}),
        (Limits(network=NetworkLimits(people="2 + 6/h")), {}),
        (Limits(council=CouncilLimits(people="2 + 6/h")), {"network": None}),
    ],
    ids=["messages of a network", "people of a network", "people of a council"],
)
async def test_more_than_two_who_come_at_once_wait_a_minute_at_most(
    tmp_path: Path, url: str, made: Limits, what: dict[str, None]
) -> None:
    """Ten minutes ahead of the limit, and yet nobody waits for longer because of others."""
    assert pace.LONGEST_WAIT_MS == 60_000
    async with late_app(tmp_path, url) as (app, _, clock):
        limit_to(app, made)
        clock.open.clear()
        people = [Now(app, f"citizen {number}") for number in range(3)]
        said = [await one.does(text="hello", **{"network": "n", **what}) for one in people]
        assert [bool(text) for text in said] == [True, True, False]
        # Who waits is nobody yet.
        async with app.storage.reading() as tx:
            assert len(await tx.rows("people_kept")) == 2
        clock.open.set()
        await app.conversations.waiting.idle()
        assert clock.pauses == pytest.approx([60], abs=2)
        assert await people[2].hears() != ""


async def test_files_of_a_network_have_a_limit(tmp_path: Path) -> None:
    async with late_app(tmp_path) as (app, late, clock):
        limit_to(app, Limits(network=NetworkLimits(uploads="1 + 6/h")))
        one, other = Now(app), Now(app, "other")
        for citizen in (one, other):
            await citizen.arrives()
        clock.open.clear()

        def photo() -> tuple[MediaRef, ...]:
            return (late.upload(JPEG, "photo"),)

        assert await one.does(media=photo(), network="n") != ""
        assert await other.does(media=photo(), network="n") == ""
        assert await one.does(text="menu", network="n") != ""
        clock.open.set()
        await app.conversations.waiting.idle()


async def test_what_waits_keeps_its_network_until_it_is_handled(tmp_path: Path) -> None:
    """Else who floods would be of no network."""
    async with late_app(tmp_path) as (app, _, clock):
        limit_to(app, Limits(chat=ChatLimits(messages="1 + 60/h")))
        clock.open.clear()
        citizen = Now(app)
        for text in ("one", "two", "three"):
            await citizen.does(text=text, network="digest of a network")
        async with app.storage.reading() as tx:
            kept = [row[1] for row in await tx.rows("payloads_kept")]
        assert ["digest of a network" in payload for payload in kept] == [False, True, True]
        clock.open.set()
        await app.conversations.waiting.idle()
        async with app.storage.reading() as tx:
            kept = [row[1] for row in await tx.rows("payloads_kept")]
        assert len(kept) == 3
        assert not any("digest of a network" in payload for payload in kept)


async def test_what_is_new_stands_behind_what_waits_in_another_process(
    tmp_path: Path, url: str, heard: list[str]
) -> None:
    """Though its own moment would be within the limit."""
    async with late_app(tmp_path, url) as (app, _, clock):
        limit_to(app, FIVE)
        clock.open.clear()
        citizen = Now(app)
        for number in range(7):
            await citizen.says(f"line {number}")
        # As if the lines that wait were another process's.
        await app.conversations.waiting.close()
        app.conversations.waiting._lines.clear()
        later = msgspec.structs.replace(citizen.arrival(text="later"), at=now_ms() + 70_000)
        await app.conversations.receive([later])
        assert heard == [f"line {number}" for number in range(5)]
        clock.open.set()
        await app.conversations.waiting.take_up()
        await app.conversations.waiting.idle()
        assert heard == [*(f"line {number}" for number in range(7)), "later"]
