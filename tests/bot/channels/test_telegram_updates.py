"""Reading what Telegram sends: one update, one arrival, and nothing of it trusted."""

import json
from typing import Any

import pytest

from bot.channels.port import Arrival, BadWebhook, MediaRef
from bot.channels.telegram import Telegram
from tests.emulators.telegram_api import person, private, says, taps

AT = 1_795_000_000_000
BOT = Telegram("110201543:x", "main")


def read(update: dict[str, Any]) -> Arrival:
    """The one arrival of an update, which reads the same as bytes and decoded."""
    update = {"update_id": 77, **update}
    (arrival,) = BOT.read(json.dumps(update).encode(), AT)
    assert BOT.read(update, AT) == [arrival]
    assert isinstance(arrival, Arrival)
    return arrival


def test_a_message() -> None:
    """A text comes with who, where, when, and the language of the app as a hint."""
    assert read(says(7, "السلام عليكم", language="fr")) == Arrival(
        channel="telegram",
        account="main",
        external_id="77",
        address="7",
        at=AT,
        text="السلام عليكم",
        language_hint="fr",
    )


def test_language_hint_is_optional() -> None:
    """An app that does not tell its language is no obstacle."""
    assert read(says(7, "salam", language=None)).language_hint is None


@pytest.mark.parametrize(
    ("text", "start", "rest"),
    [
        ("/start need-aZ_9", "need-aZ_9", ""),
        ("/start", "", ""),
        ("/start@tachawor_bot p1", "p1", ""),
        ("/start صباح الخير", "", "صباح الخير"),
        ("/start " + "a" * 65, "", "a" * 65),
        ("/starting", None, "/starting"),
    ],
)
def test_deep_links(text: str, start: str | None, rest: str) -> None:
    """/start carries a payload of 1 to 64 letters; whatever else is behind it stays words."""
    arrival = read(says(7, text))
    assert (arrival.start, arrival.text) == (start, rest)


def test_a_tap_carries_token_and_receipt() -> None:
    """A tap is known by its update, answered by its query, and its data is only a token."""
    arrival = read(taps(7, "t:123\n<b>", "query-9"))
    assert (arrival.event, arrival.token, arrival.receipt) == ("tap", "t:123\n<b>", "query-9")
    assert (arrival.external_id, arrival.address, arrival.text) == ("77", "7", "")


def test_a_tap_on_an_old_message() -> None:
    """Of an old message Telegram gives only the chat; its buttons still work."""
    update = taps(7, "t1")
    update["callback_query"]["message"] = {"chat": private(7), "message_id": 4, "date": 0}
    assert read(update).token == "t1"


def test_an_edit() -> None:
    """A changed message says so; "/start" in it starts nothing."""
    update = {"edited_message": says(7, "/start x")["message"]}
    arrival = read(update)
    assert (arrival.event, arrival.text, arrival.start) == ("edit", "/start x", None)


@pytest.mark.parametrize(("status", "event"), [("kicked", "blocked"), ("member", "unblocked")])
def test_blocking(status: str, event: str) -> None:
    """Telegram tells who blocks the bot and who takes it back."""
    member = {"user": person(1), "status": status}
    update = {"my_chat_member": {"chat": private(7), "from": person(7), "new_chat_member": member}}
    assert read(update).event == event


def test_only_ones_own_contact_is_a_phone() -> None:
    """A card proves a number only if it is the sender's own; anybody can pass on another's."""
    card = {"phone_number": "212 612345678", "first_name": "F", "user_id": 7}
    assert read(says(7, contact=card)).phone == "+212612345678"
    for other in ({**card, "user_id": 8}, {"phone_number": "1", "first_name": "F"}):
        arrival = read(says(7, contact=other))
        assert (arrival.phone, arrival.unsupported) == (None, "contact")


def test_a_pin() -> None:
    """A location is latitude and longitude."""
    pin = {"latitude": 34.02, "longitude": -6.84}
    assert read(says(7, location=pin)).location == (34.02, -6.84)


def test_a_live_location_speaks_once() -> None:
    """A shared live location keeps being edited; that is no message each time."""
    moved = says(7, location={"latitude": 34.0, "longitude": -6.8, "live_period": 900})["message"]
    assert BOT.read({"update_id": 1, "edited_message": moved}, AT) == []


def test_a_photo_in_the_largest_size_that_may_be_fetched() -> None:
    """Of a photo's sizes, the largest up to 20 MB; its caption is the text."""
    sizes = [
        {"file_id": f"p{side}", "file_unique_id": "u", "width": side, "height": side}
        | {"file_size": size}
        for side, size in ((90, 2_000), (800, 90_000), (4000, 21_000_000))
    ]
    arrival = read(says(7, photo=sizes, caption="حفرة"))
    assert arrival.media == (MediaRef("photo", "p800", "image/jpeg", 90_000),)
    assert arrival.text == "حفرة"


@pytest.mark.parametrize(
    ("field", "kind", "kind_of_file"),
    [
        ("voice", "voice", "audio/ogg"),
        ("audio", "audio", "audio/mpeg"),
        ("document", "document", "application/pdf"),
        ("video", "video", "video/mp4"),
    ],
)
def test_files(field: str, kind: str, kind_of_file: str) -> None:
    """Recordings, documents and videos come as references, as Telegram states them."""
    file = {"file_id": "f1", "file_unique_id": "u", "mime_type": kind_of_file, "file_size": 5}
    content: dict[str, Any] = {field: {**file, "duration": 3, "file_name": "a.b"}}
    (media,) = read(says(7, **content)).media
    assert media == MediaRef(kind, "f1", kind_of_file, 5, 3, "a.b")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ({"sticker": {"file_id": "s"}}, "sticker"),
        ({"poll": {"id": "1"}}, "poll"),
        ({"animation": {"file_id": "a"}, "document": {"file_id": "a"}}, "animation"),
        ({"something_of_2027": {}}, "unknown"),
    ],
)
def test_what_is_not_understood_has_a_name(content: dict[str, Any], name: str) -> None:
    """A sticker or whatever Telegram invents next is named, so that it can be answered."""
    assert read(says(7, **content)).unsupported == name


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_groups_are_not_heard(kind: str) -> None:
    """Only private chats are read: no message, tap or membership of a group."""
    group = {"id": -100, "type": kind, "title": "G"}
    message = {**says(7, "hello")["message"], "chat": group}
    tap = taps(7, "t")
    tap["callback_query"]["message"]["chat"] = group
    member = {"chat": group, "from": person(7), "new_chat_member": {"status": "kicked"}}
    for update in ({"message": message}, {"edited_message": message}, {"my_chat_member": member}):
        assert BOT.read({"update_id": 1, **update}, AT) == []
    assert BOT.read({"update_id": 1, **tap}, AT) == []
    assert BOT.read({"update_id": 1, "channel_post": message}, AT) == []


def test_notices_of_the_app_are_no_messages() -> None:
    """Pinning a message or setting a timer says nothing to us."""
    update = {"update_id": 1, **says(7, pinned_message={"message_id": 1})}
    assert BOT.read(update, AT) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"update_id": "x"}',
        b'{"update_id":1,"message":{"text":"secret"}}',
    ],
)
def test_a_bad_body_repeats_nothing(body: bytes) -> None:
    """A body that is no update is BadWebhook, without any of what it held."""
    with pytest.raises(BadWebhook) as caught:
        BOT.read(body, AT)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_wrong_type_is_named_by_its_place() -> None:
    """The error tells where the body is wrong, not what is there."""
    update = says(7, "0612345678")
    update["message"]["chat"]["id"] = "0612345678"
    with pytest.raises(BadWebhook, match=r"message\.chat\.id") as caught:
        BOT.read({"update_id": 1, **update}, AT)
    assert "0612345678" not in str(caught.value)
