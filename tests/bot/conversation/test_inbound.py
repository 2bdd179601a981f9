"""One message, one transaction: duplicates, batches, bugs of ours, files."""

import asyncio
from typing import Any, cast

import pytest

from bot.app.build import App
from bot.channels.port import Envelope, MediaRef
from bot.core.foreign.pictures import cleaned
from bot.inbox import deadline
from bot.outbox.waiting import Parcel
from bot.staff import put_aside
from storage.database import batch
from storage.rows.arrivals import QuarantinedOf
from storage.rows.outbox import Transcript
from storage.rows.people import MediaOf
from tests.checks import AddressStates, MessageStates, Quarantined
from tests.citizen import Citizen
from tests.pictures import JPEG as JPEG

OGG = b"OggS" + b"0" * 100
ZIP = b"PK\x03\x04" + b"0" * 100


async def test_a_message_delivered_twice_is_one_answer(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    arrival = citizen.arrival(text="good", external_id="update-1")
    assert "How is safety" in await citizen.receive(arrival)
    assert await citizen.receive(arrival) == ""


async def test_messages_that_arrive_together_share_one_commit(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizens = [Citizen(app, f"citizen {n}") for n in range(20)]
    commits = 0
    transaction = app.storage.transaction

    def counted() -> Any:
        nonlocal commits
        commits += 1
        return transaction()

    monkeypatch.setattr(app.storage, "transaction", counted)
    await app.conversations.receive([c.arrival(start="OZT-LIGHT") for c in citizens])
    assert commits <= 2
    assert all([await c.hears() for c in citizens])


async def test_two_messages_of_one_chat_in_one_batch_are_taken_in_order(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    said = await citizen.receive(citizen.arrival(text="good"), citizen.arrival(text="4"))
    assert "Do you have a proposal?" in said


def looked_up(app: App) -> dict[str, Any]:
    """The look-ups of a running bot, by name."""
    return cast(dict[str, Any], app.conversations.parts.look_ups)


async def test_a_bug_of_ours_keeps_everything_typed_and_apologises_and_the_chat_goes_on(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.says("good")

    async def broken(*given: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    with monkeypatch.context() as patched:
        patched.setitem(looked_up(app), "open_consultations", broken)
        assert "Something broke on our side" in await citizen.says("menu")
    async with app.storage.reading() as tx:
        rows = await tx.rows(Quarantined)
    assert len(rows) == 1
    assert '"menu"' in rows[0].payload
    trace = app.vault.open(rows[0].trace, f"inbox/{rows[0].id}/trace")
    assert "ZeroDivisionError: a bug of ours" in trace
    assert "How is safety" in await citizen.says("resume")


async def test_a_message_that_fails_does_not_hold_up_the_others_of_its_batch(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlucky, lucky = Citizen(app, "unlucky"), Citizen(app, "lucky")
    await unlucky.arrives()
    await lucky.arrives(code="OZT-LIGHT")

    async def broken(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(looked_up(app), "contributions", broken)
    await asyncio.gather(
        app.conversations.receive([unlucky.arrival(text="my contributions")]),
        app.conversations.receive([lucky.arrival(text="good")]),
    )
    assert "Something broke" in await unlucky.hears()
    assert "How is safety" in await lucky.hears()


async def test_a_message_that_is_never_done_is_put_aside_at_the_first_time(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler that waits for ever holds nobody else up; what it was at is handled again by staff."""
    monkeypatch.setattr(deadline, "SECONDS", 0.3)
    monkeypatch.setattr(deadline, "TICK", 0.05)
    stuck, before, after = (Citizen(app, name) for name in ("stuck", "before", "after"))
    for citizen in (stuck, before, after):
        await citizen.arrives(code="OZT-LIGHT")
    tried = 0
    look_up = looked_up(app)["open_consultations"]

    async def endless(context: Any, *given: object) -> Any:
        nonlocal tried
        if context.contact.address == stuck.address:
            tried += 1
            await asyncio.Event().wait()
        return await look_up(context, *given)

    with monkeypatch.context() as patched:
        patched.setitem(looked_up(app), "open_consultations", endless)
        await app.conversations.receive(
            [
                before.arrival(text="good"),
                stuck.arrival(text="menu"),
                after.arrival(text="good"),
                stuck.arrival(text="good"),
            ]
        )
    said = await stuck.hears()
    assert "Something broke on our side" in said
    assert "How is safety" in said
    assert "How is safety" in await before.hears()
    assert "How is safety" in await after.hears()
    async with app.storage.reading() as tx:
        (row,) = await tx.rows(Quarantined)
    assert (row.tries, tried) == (1, 1)
    async with app.storage.reading() as tx:
        (found,) = await tx.rows(QuarantinedOf, council_id=app.register.default_id, or_none=1)
    assert await app.conversations.replay(found)
    assert "What would you like to do" in await stuck.hears()


async def test_staff_who_try_again_what_is_never_done_get_an_answer(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "SECONDS", 0.2)
    monkeypatch.setattr(deadline, "TICK", 0.05)
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")

    async def endless(*given: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setitem(looked_up(app), "open_consultations", endless)
    await citizen.says("menu")
    async with app.storage.reading() as tx:
        (found,) = await tx.rows(QuarantinedOf, council_id=app.register.default_id, or_none=1)
    assert not await app.conversations.replay(found)


async def send_file(citizen: Citizen, content: bytes, kind: str = "document", **more: Any) -> str:
    ref = citizen.app.web.upload(content, kind)
    return await citizen.does(media=(ref,), **more)


async def at_words(app: App) -> Citizen:
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-NEEDS")
    await citizen.verify([("1", "Where exactly?"), ("skip", "own words")])
    return citizen


async def test_a_photo_is_kept_outside_the_database_under_a_name_nobody_guesses(app: App) -> None:
    citizen = await at_words(app)
    assert "📷 photo" in await send_file(citizen, JPEG, "photo")
    kept = [path for path in app.media.folder.iterdir() if path.is_file()]
    assert [path.read_bytes() for path in kept] == [cleaned(JPEG, "image/jpeg")]
    assert len(kept[0].stem) >= 32


async def test_a_voice_note_is_an_answer(app: App) -> None:
    citizen = await at_words(app)
    assert "🎤 voice note" in await send_file(citizen, OGG, "voice")


@pytest.mark.parametrize("content", [ZIP, b"%PDF-1.7\n", b"<svg onload=x>", b"MZ\x90\x00", b"text"])
async def test_a_file_is_taken_by_what_it_is_not_by_what_it_is_called(
    app: App, content: bytes
) -> None:
    citizen = await at_words(app)
    answer = await send_file(citizen, content, "photo")
    assert "Send a photo or a voice note" in answer
    assert "own words" in answer
    assert not [path for path in app.media.folder.iterdir() if path.is_file()]


async def test_a_file_that_is_too_large_is_refused_with_the_limit(app: App) -> None:
    citizen = await at_words(app)
    answer = await citizen.does(media=(MediaRef("photo", "never fetched", size=50_000_000),))
    assert "at most 10 MB" in answer


async def test_a_file_that_did_not_arrive_is_asked_for_again(app: App) -> None:
    citizen = await at_words(app)
    answer = await citizen.does(media=(MediaRef("photo", "lost"),))
    assert "Please send it again" in answer
    assert "📷 photo" in await send_file(citizen, JPEG, "photo")


@pytest.mark.parametrize(
    ("lost", "told"), [("file", "The file did not"), ("location", "The location did not")]
)
async def test_words_that_came_with_something_unreadable_are_the_answer(
    app: App, lost: str, told: str
) -> None:
    """What is missing is told after them, and alone it is asked for again."""
    citizen = await at_words(app)
    alone = await citizen.does(lost=lost)
    assert told in alone
    assert "own words" in alone
    heard = await citizen.does(text="the pump is broken", lost=lost)
    assert "the pump is broken" in heard
    assert told in heard


async def test_forgetting_somebody_removes_their_files(app: App) -> None:
    citizen = await at_words(app)
    await send_file(citizen, JPEG, "photo", text="see the leak")
    await citizen.says("[Send]")
    await citizen.says("[Not now]")
    for said in ("my data", "[Erase my data]", "[Erase my data]"):
        await citizen.says(said)
    assert not [path for path in app.media.folder.iterdir() if path.is_file()]


async def test_blocking_the_bot_is_remembered_and_forgotten_when_one_writes_again(app: App) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    await citizen.does(event="blocked")
    async with app.storage.reading() as tx:
        states = await tx.rows(AddressStates)
    assert [row.state for row in states] == ["closed"]
    assert await citizen.says("menu")
    async with app.storage.reading() as tx:
        states = await tx.rows(AddressStates)
    assert [row.state for row in states] == ["open"]


async def test_what_became_of_a_message_survives_the_rollback_of_another(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = Citizen(app)
    await citizen.arrives()
    async with app.storage.reading() as tx:
        last = (await tx.rows(Transcript, channel="web", address=citizen.address, after=0, most=1))[
            0
        ]
    envelope = Envelope(
        id=last.id, account="web", address=citizen.address, message=citizen.heard[-1]
    )
    app.delivery._settle(Parcel(envelope, 0), "delivered")

    async def broken(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(looked_up(app), "contributions", broken)
    assert "Something broke" in await citizen.says("my contributions")
    await citizen.says("help")
    async with app.storage.reading() as tx:
        states = {row.state: row.n for row in await tx.rows(MessageStates, channel="web")}
    assert states["delivered"] == 1


async def test_a_file_of_a_message_that_was_put_aside_is_still_known(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = await at_words(app)

    async def broken(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(looked_up(app), "similar_needs", broken)
    assert "Something broke" in await send_file(citizen, JPEG, "photo")
    async with app.storage.reading() as tx:
        quarantined = await tx.rows(Quarantined)
        kept = await tx.rows(MediaOf, person_id=quarantined[0].person_id)
    assert [row.kind for row in kept] == ["photo"]


async def test_what_was_put_aside_is_handled_again_and_its_answer_is_not_waited_for(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The open page hears at once; a second time there is nothing to handle."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")

    async def broken(*given: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setitem(looked_up(app), "open_consultations", broken)
        await citizen.says("menu")
    async with app.storage.reading() as tx:
        (row,) = await put_aside.messages(tx, app.register, app.register.default_id)
    told: list[str] = []
    app.conversations.listeners.append(lambda channel, address: told.append(address))
    assert await app.conversations.replay(row)
    assert told == [citizen.address]
    assert "What would you like to do" in await citizen.hears()
    assert await app.conversations.replay(row)
    assert told == [citizen.address]
    assert await citizen.hears() == ""


async def test_traces_are_wiped_when_somebody_was_erased_and_not_else(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It costs the database a look at every page."""
    wiped = 0

    async def forget() -> None:
        nonlocal wiped
        wiped += 1

    monkeypatch.setattr(app.storage, "forget_traces", forget)
    citizen = Citizen(app)
    await citizen.arrives()
    assert wiped == 0
    for said in ("my data", "[Erase my data]", "yes"):
        await citizen.says(said)
    await asyncio.sleep(0)
    assert wiped == 1


async def test_only_who_said_stop_gets_nothing_that_is_on_its_way(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others write takes nothing back from their chat."""
    hushed: list[tuple[str, str]] = []
    monkeypatch.setattr(app.delivery, "hush", lambda *chat: hushed.append(chat))
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.says("good")
    assert hushed == []
    await citizen.says("stop")
    assert hushed == [("web", citizen.address)]


@pytest.mark.parametrize(
    ("missed", "told"),
    [(0, ""), (1, "An answer of ours did not reach you."), (2, "2 answers of ours did not")],
)
async def test_who_missed_answers_is_told_once_when_they_write(
    app: App, missed: int, told: str
) -> None:
    """Before anything else; what they wrote is handled all the same."""
    citizen = Citizen(app)
    await citizen.arrives(code="OZT-LIGHT")
    where = {"channel": "web", "account": "web", "address": citizen.address}
    async with app.storage.transaction() as tx:
        await tx.run("count_missed", rows=batch([{**where, "n": missed}]))
    said = await citizen.says("good")
    assert ("did not reach" in said) is bool(told)
    assert said.startswith(told)
    assert "How is safety" in said
    assert "did not reach" not in await citizen.says("4")
