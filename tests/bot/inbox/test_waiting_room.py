"""What cannot be handled yet waits in its chat, and in its chat only."""

import asyncio
from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from bot.app.build import App
from bot.channels.port import Arrival
from bot.conversation import turn
from bot.inbox import waiting_room
from bot.inbox.waiting_room import WaitingRoom
from storage.rows.responses import ResponseByReference
from tests.bot.inbox.late import JPEG, Clock, Late, at_words, late_app
from tests.checks import Quarantined, WaitingStates
from tests.citizen import Citizen
from tests.pictures import photo
from tests.system.conftest import until


async def test_a_file_that_is_not_there_yet_is_asked_for_again(tmp_path: Path) -> None:
    """The provider is told at once that the message has arrived, and the answer follows."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)
        clock.open.clear()
        assert await citizen.does(media=(late.late(3),)) == ""
        async with app.storage.reading() as tx:
            assert [row.state for row in await tx.rows(WaitingStates)] == ["waiting"]
        clock.open.set()
        await app.conversations.waiting.idle()
        assert "📷 photo" in await citizen.hears()
        assert clock.pauses == [1, 2]
        async with app.storage.reading() as tx:
            assert await tx.rows(WaitingStates) == []
        await app.conversations.close()
        assert len(late.forgotten) == 1


@pytest.mark.parametrize(("tries", "kept"), [(7, True), (8, False)])
async def test_a_file_is_asked_for_during_a_minute(tmp_path: Path, tries: int, kept: bool) -> None:
    """Once with the message, once when it waits, and six times in sixty seconds; then it is lost."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)
        await citizen.does(media=(late.late(tries),))
        await app.conversations.waiting.idle()
        heard = await citizen.hears()
        assert ("📷 photo" in heard) is kept
        assert ("Please send it again" in heard) is not kept
        assert sum(clock.pauses) == 60


async def test_what_was_written_with_a_lost_file_is_not_lost(tmp_path: Path) -> None:
    """The words are the answer, and the citizen hears what is missing."""
    async with late_app(tmp_path) as (app, late, _):
        citizen = await at_words(app)
        await citizen.does(text="a deep hole in our road", media=(late.late(99),))
        await app.conversations.waiting.idle()
        heard = await citizen.hears()
        assert "a deep hole in our road" in heard
        assert "Please send it again" in heard


async def test_of_two_files_the_one_that_is_there_is_fetched_once(tmp_path: Path) -> None:
    """And both are kept, in their order."""
    async with late_app(tmp_path) as (app, late, _):
        citizen = await at_words(app)
        await citizen.does(media=(late.late(2), late.late(0)))
        await app.conversations.waiting.idle()
        assert late.asked == 4
        kept = [path for path in app.media.folder.iterdir() if path.is_file()]
        assert len(kept) == 2


async def test_later_messages_of_the_chat_keep_their_order_and_others_go_on(
    tmp_path: Path,
) -> None:
    """A minute of one chat is nobody else's."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen, other = await at_words(app), await at_words(app, "other")
        clock.open.clear()
        first = citizen.arrival(media=(late.late(2),))
        second = citizen.arrival(text="Send")
        await app.conversations.receive([first])
        await app.conversations.receive([second])
        assert await citizen.hears() == ""
        assert "no light in the whole street" in await other.says("no light in the whole street")
        assert await citizen.hears() == ""
        clock.open.set()
        await app.conversations.waiting.idle()
        heard = await citizen.hears()
        assert "📷 photo" in heard
        assert heard.index("📷 photo") < heard.index("Reference: OZT-2026-")


async def test_a_message_that_stood_in_line_while_the_first_try_failed_waits_too(
    tmp_path: Path,
) -> None:
    """Both arrive together."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)
        clock.open.clear()
        photo = citizen.arrival(media=(late.late(2),))
        await app.conversations.receive([photo, citizen.arrival(text="Send")])
        assert await citizen.hears() == ""
        clock.open.set()
        await app.conversations.waiting.idle()
        heard = await citizen.hears()
        assert heard.index("📷 photo") < heard.index("Reference: OZT-2026-")


async def test_a_download_that_hangs_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a moment the provider is told that the message has arrived."""
    monkeypatch.setattr(waiting_room, "PATIENCE", 0.01)
    async with late_app(tmp_path) as (app, late, _):
        citizen = await at_words(app)
        late.answering.clear()
        assert await citizen.does(media=(late.late(0),)) == ""
        async with app.storage.reading() as tx:
            assert len(await tx.rows(WaitingStates)) == 1
        late.answering.set()
        await app.conversations.waiting.idle()
        assert "📷 photo" in await citizen.hears()


async def test_a_photo_that_came_twice_is_kept_once(tmp_path: Path) -> None:
    """Of the other nobody would know whose it is."""
    async with late_app(tmp_path) as (app, late, _):
        citizen = await at_words(app)
        arrival = citizen.arrival(media=(late.late(0), late.late(0)))
        again = msgspec.structs.replace(arrival, media=(late.late(0),))
        await app.conversations.receive([arrival])
        await app.conversations.receive([again])
        assert len([path for path in app.media.folder.iterdir() if path.is_file()]) == 2


async def test_what_waits_survives_a_restart(tmp_path: Path) -> None:
    """Whoever starts takes it up, in its order."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)
        clock.open.clear()
        photo: Arrival = citizen.arrival(media=(late.late(2),))
        await app.conversations.receive([photo, citizen.arrival(text="Send")])
    async with late_app(tmp_path) as (again, late, clock):
        late._uploads[photo.media[0].ref] = JPEG
        await again.conversations.waiting.take_up()
        await again.conversations.waiting.idle()
        citizen.app = again
        heard = await citizen.hears()
        assert heard.index("📷 photo") < heard.index("Reference: OZT-2026-")


async def test_a_message_that_waits_and_comes_again_is_handled_once(tmp_path: Path) -> None:
    """Twilio calls again when an answer is slow."""
    async with late_app(tmp_path) as (app, late, _):
        citizen = await at_words(app)
        arrival = citizen.arrival(media=(late.late(3),))
        for _ in range(3):
            await app.conversations.receive([arrival])
        await app.conversations.waiting.idle()
        await app.conversations.receive([arrival])
        await app.conversations.waiting.idle()
        assert (await citizen.hears()).count("📷 photo") == 1


async def test_two_processes_that_see_to_one_chat_answer_it_once(tmp_path: Path) -> None:
    """Whoever claims the row first handles it."""
    async with late_app(tmp_path) as (app, late, clock):
        other = WaitingRoom(
            app.storage, app.media, app.conversations._reception._enqueue, clock.sleep
        )
        citizen = await at_words(app)
        clock.open.clear()
        await app.conversations.receive([citizen.arrival(media=(late.late(2),), text="a hole")])
        await other.take_up()
        clock.open.set()
        await asyncio.gather(app.conversations.waiting.idle(), other.idle())
        assert (await citizen.hears()).count("a hole") == 1


async def test_while_the_database_is_away_what_waits_goes_on_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked at again after a moment."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)
        whole = app.conversations.waiting._rows
        troubles = iter([OSError("away"), OSError("away")])

        async def rows(chat: tuple[str, str, str]) -> object:
            if trouble := next(troubles, None):
                raise trouble
            return await whole(chat)

        monkeypatch.setattr(app.conversations.waiting, "_rows", rows)
        await citizen.does(media=(late.late(1),))
        await app.conversations.waiting.idle()
        assert clock.pauses == [5, 5]
        assert "📷 photo" in await citizen.hears()


def place_of(file: Path) -> int:
    """Which photo of an album a file is."""
    with Image.open(file) as picture:
        return max(picture.size) - 100


def album_of(citizen: Citizen, late: Late, *captions: str, tries: int = 0) -> list[Arrival]:
    """Photos that were chosen together, in the order in which they were sent."""
    return [
        citizen.arrival(
            media=(late.late(tries, photo(100 + place)),),
            text=caption,
            album="album-1",
            external_id=str(98 + place),
        )
        for place, caption in enumerate(captions)
    ]


async def within_two_seconds(app: App, clock: Clock, arrivals: list[Arrival]) -> None:
    """One call for each, as Telegram makes them, and then nothing more comes."""
    clock.open.clear()
    for arrival in arrivals:
        await app.conversations.receive([arrival])
    clock.open.set()
    await app.conversations.waiting.idle()


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_an_album_is_one_contribution_whatever_the_order(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    """Its photos are in their order, and the words under any of them are said once."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)
        photos = album_of(citizen, late, "", "a deep hole", "")
        await within_two_seconds(app, clock, [photos[place] for place in order])
        heard = await citizen.hears()
        assert heard.count("a deep hole") == 1
        assert heard.count("📷 photo") == 3
        assert "Reference: OZT-2026-" in await citizen.says("Send")
        async with app.storage.reading() as tx:
            row = await tx.row(ResponseByReference, reference="OZT-2026-000001")
        assert row is not None
        files = msgspec.json.decode(row.body)["words"]["media"]
        contents = [place_of(app.media.folder / one["name"]) for one in files]
        assert contents == [0, 1, 2]


async def test_an_album_waits_for_what_still_comes(tmp_path: Path) -> None:
    """Two seconds after its last photo it is whole; what else is written stands behind it."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)
        photos = album_of(citizen, late, "", "a deep hole", "")
        clock.open.clear()
        await app.conversations.receive([photos[0]])
        # It waits already when the second comes, however busy the machine is.
        await until(lambda: clock.pauses == [2])
        await app.conversations.receive([citizen.arrival(text="Send")])
        await app.conversations.receive([photos[1]])
        clock.step()
        await until(lambda: len(clock.pauses) == 2)
        await app.conversations.receive([photos[2]])
        clock.open.set()
        await app.conversations.waiting.idle()
        heard = await citizen.hears()
        assert heard.count("📷 photo") == 3
        assert heard.index("a deep hole") < heard.index("Reference: OZT-2026-")
        assert clock.pauses == [2, 2, 2]


async def test_photos_of_an_album_may_be_there_late(tmp_path: Path) -> None:
    """They are asked for again like others."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)
        first, second = album_of(citizen, late, "a hole", "", tries=2)
        clock.open.clear()
        await app.conversations.receive([first])
        # It waits already when the second comes, however busy the machine is.
        await until(lambda: clock.pauses == [2])
        await within_two_seconds(app, clock, [second])
        assert (await citizen.hears()).count("📷 photo") == 2
        assert clock.pauses == [2, 2, 1, 2]


async def test_photos_sent_one_by_one_are_no_album(tmp_path: Path) -> None:
    """Each is answered; and two albums are two."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)
        one, two = album_of(citizen, late, "first", "second")
        two = msgspec.structs.replace(two, album="album-2")
        await within_two_seconds(app, clock, [one, two])
        assert (await citizen.hears()).count("📷 photo") == 1


async def test_an_album_comes_again_and_is_handled_once(tmp_path: Path) -> None:
    """While it waits, and afterwards."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)
        photos = album_of(citizen, late, "a hole", "")
        await within_two_seconds(app, clock, [*photos, *photos])
        await within_two_seconds(app, clock, photos)
        assert (await citizen.hears()).count("a hole") == 1
        async with app.storage.reading() as tx:
            assert await tx.rows(WaitingStates) == []


async def test_an_album_that_cannot_be_handled_is_put_aside_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And handled again whole."""
    async with late_app(tmp_path) as (app, late, clock):
        citizen = await at_words(app)

        async def broken(*given: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patched:
            patched.setattr(turn, "handle", broken)
            photos = album_of(citizen, late, "a hole", "")
            await within_two_seconds(app, clock, photos)
        assert "Something broke" in await citizen.hears()
        async with app.storage.reading() as tx:
            (row,) = await tx.rows(Quarantined)
        assert row.payload.count('"kind":"photo"') == 2
