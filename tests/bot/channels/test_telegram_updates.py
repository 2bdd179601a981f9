"""Reading what Telegram sends: one update, one arrival, and nothing of it trusted."""

import json
from typing import Any

import pytest
from telegram import Message

from bot.channels.port import Arrival, BadWebhook, MediaRef
from bot.channels.telegram import Telegram
from bot.channels.telegram_updates import ALLOWED_UPDATES
from tests.emulators.telegram_api import person, private, says, taps
from tests.emulators.telegram_messages import album, in_topic

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


def test_a_pin_that_is_nowhere_has_a_name() -> None:
    """It is asked for again."""
    for latitude, longitude in ((90.1, 0), (-91, 0), (0, 180.1)):
        arrival = read(says(7, location={"latitude": latitude, "longitude": longitude}))
        assert (arrival.location, arrival.lost) == (None, "location")


def test_a_venue_is_a_location_with_a_name() -> None:
    pin = {"latitude": 34.02, "longitude": -6.84}
    venue = {"location": pin, "title": "Souk", "address": "Rue 5"}
    assert read(says(7, location=pin, venue=venue)).place == "Souk, Rue 5"


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
        ({"dice": {"emoji": "x", "value": 1}}, "dice"),
        ({"game": {"title": "g"}}, "game"),
        ({"story": {"id": 1}}, "story"),
        ({"checklist": {"title": "c"}}, "checklist"),
        ({"paid_media": {"star_count": 1}}, "paid_media"),
        ({"invoice": {"title": "i"}}, "invoice"),
        ({"giveaway": {"chats": []}}, "giveaway"),
        ({"rich_message": {"blocks": [{"type": "divider"}]}}, "rich_message"),
        ({"contact": {"phone_number": "1", "first_name": "x"}}, "contact"),
    ],
)
def test_content_that_is_not_understood_has_a_name(content: dict[str, Any], name: str) -> None:
    """A sticker or a poll is named, so that it can be answered."""
    assert read(says(7, **content)).unsupported == name


def test_the_words_under_what_is_not_understood_are_read() -> None:
    """Paid media have a caption."""
    arrival = read(says(7, paid_media={"star_count": 1}, caption="the road"))
    assert (arrival.unsupported, arrival.text) == ("paid_media", "the road")


def test_a_formatted_message_is_its_words() -> None:
    """Each block is a line; what is bold, a link or a quotation is words like others."""
    blocks = [
        {"type": "heading", "text": "The road", "size": 1},
        {"type": "paragraph", "text": ["It is ", {"type": "bold", "text": ["very"]}, " bad"]},
        {"type": "list", "items": [{"blocks": [{"type": "paragraph", "text": "a hole"}]}]},
        {"type": "divider"},
    ]
    assert read(says(7, rich_message={"blocks": blocks})).text == "The road\nIt is very bad\na hole"


def words_of(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


#: Every field of a message (Bot API 10.3) that is about something which happened, and nobody's words.
SERVICE = words_of("""
    new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo
    delete_chat_photo group_chat_created supergroup_chat_created channel_chat_created
    message_auto_delete_timer_changed migrate_to_chat_id migrate_from_chat_id pinned_message
    successful_payment refunded_payment users_shared user_shared chat_shared gift unique_gift
    gift_upgrade_sent connected_website write_access_allowed passport_data proximity_alert_triggered
    boost_added chat_background_set checklist_tasks_done checklist_tasks_added
    direct_message_price_changed forum_topic_created forum_topic_edited forum_topic_closed
    forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden giveaway_created
    giveaway_winners giveaway_completed managed_bot_created paid_message_price_changed
    poll_option_added poll_option_deleted suggested_post_approved suggested_post_approval_failed
    suggested_post_declined suggested_post_paid suggested_post_refunded video_chat_scheduled
    video_chat_started video_chat_ended video_chat_participants_invited web_app_data
    community_chat_added community_chat_removed community_chat_joined
    something_of_2027
""")


@pytest.mark.parametrize("name", SERVICE)
def test_service_messages_of_every_sort_are_no_messages(name: str) -> None:
    """What happened in the chat is nobody's answer; nor is what Telegram invents next."""
    for value in ({}, {"message_id": 1, "text": "pinned"}, True, 5, [{}]):
        assert BOT.read({"update_id": 1, **says(7, **{name: value})}, AT) == []


#: What is said about a message beside its content.
ABOUT = words_of("""
    message_thread_id direct_messages_topic sender_chat sender_boost_count sender_business_bot sender_tag
    guest_query_id business_connection_id forward_origin is_topic_message is_automatic_forward
    reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id
    reply_to_poll_option_id via_bot guest_bot_caller_user guest_bot_caller_chat edit_date
    has_protected_content is_from_offline is_paid_post media_group_id author_signature paid_star_count
    entities link_preview_options suggested_post_info effect_id caption_entities
    show_caption_above_media has_media_spoiler reply_markup receiver_user ephemeral_message_id
    forward_date forward_from forward_from_chat forward_from_message_id forward_sender_name
    forward_signature
""")

CONTENT = words_of("""
    text caption animation audio document live_photo paid_media photo sticker story video video_note voice
    checklist contact dice game poll venue location invoice giveaway rich_message
""")


def test_every_field_of_a_message_has_its_place() -> None:
    """Each that the library knows is content, a service message, or about the message."""
    known = {name for name in Message.__slots__ if not name.startswith("_")}
    # (`from` has another name in Python.)
    assert known - {"from_user"} <= {*SERVICE, *ABOUT, *CONTENT}


@pytest.mark.parametrize("update", ["message_reaction", "message_reaction_count", "of_2027"])
def test_a_reaction_is_no_message(update: str) -> None:
    """It is not asked for, and answers nothing if it comes all the same."""
    reaction = {"chat": private(7), "message_id": 4, "user": person(7), "date": 0}
    reaction |= {"old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "1"}]}
    assert BOT.read({"update_id": 1, update: reaction}, AT) == []
    assert update not in ALLOWED_UPDATES


def test_a_photo_of_an_album_says_so() -> None:
    """The messages of an album have its name; a text never has one."""
    first, second = (read(update) for update in album(7, "", "the road"))
    assert (first.album, second.album) == ("album-1", "album-1")
    assert (first.text, second.text) == ("", "the road")
    assert read(says(7, "words", media_group_id="album-1")).album is None


def test_what_is_written_in_a_topic_says_so() -> None:
    """A message, a tap and an edit; elsewhere a thread is no topic."""
    assert read(in_topic(says(7, "hello"), 55)).thread == "55"
    assert read(in_topic(taps(7, "t"), 55)).thread == "55"
    edited = in_topic(says(7, "hello"), 55)["message"]
    assert read({"edited_message": edited}).thread == "55"
    assert read(says(7, "hello", message_thread_id=55)).thread is None


def test_a_gif_keeps_its_words() -> None:
    """A GIF is a video without sound; it comes as a document too."""
    file = {"file_id": "a", "file_unique_id": "u", "mime_type": "video/mp4", "file_size": 5}
    arrival = read(says(7, animation=file, document=file, caption="the road"))
    assert (arrival.text, arrival.unsupported) == ("the road", None)
    assert [media.kind for media in arrival.media] == ["video"]


def test_a_video_note_is_a_video_and_a_changed_photo_is_not_fetched_again() -> None:
    """Of an edit only the words count."""
    note = {"file_id": "n", "file_unique_id": "u", "duration": 3, "length": 240}
    assert [media.kind for media in read(says(7, video_note=note)).media] == ["video"]
    photo = {"file_id": "p", "width": 1, "height": 1}
    edited = read({"edited_message": says(7, photo=[photo], caption="new words")["message"]})
    assert (edited.event, edited.text, edited.media) == ("edit", "new words", ())


def test_a_body_without_end_is_a_bad_one() -> None:
    """Not an error of ours."""
    with pytest.raises(BadWebhook):
        BOT.read(b'{"update_id":1,"message":{"poll":' + b"[" * 100_000, AT)


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
