"""The Telegram channel against a Bot API on the loopback: what citizens see, what failures mean."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.channels.port import (
    Arrival,
    Button,
    Channel,
    Envelope,
    Halted,
    Later,
    MediaRef,
    OutgoingMessage,
    OutMedia,
    Refused,
    SendError,
    Status,
    TooLarge,
    Transient,
    Uncertain,
    Unreachable,
)
from bot.channels.telegram import Telegram
from tests.emulators.telegram_api import TelegramApi, says, taps


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    """A Bot API of this test's own."""
    async with TelegramApi() as running:
        yield running


@pytest.fixture
async def bot(api: TelegramApi, tmp_path: Path) -> AsyncIterator[Telegram]:
    """The channel, connected to it."""
    channel = Telegram(
        api.token,
        "main",
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        media_folder=tmp_path,
        clock=lambda: 5,
    )
    yield channel
    await channel.close()


def out(text: str = "سؤال", *, id: int = 1, chat: int = 7, **more: Any) -> Envelope:
    """An outgoing message on its way to a chat."""
    message = OutgoingMessage(text=text, language="ar", **more)
    return Envelope(id=id, account="main", address=str(chat), message=message)


def choices(*labels: str) -> tuple[Button, ...]:
    """Numbered buttons."""
    return tuple(Button(f"t{n}", label, n) for n, label in enumerate(labels, start=1))


def test_it_is_a_channel() -> None:
    """The class keeps the port's protocol."""
    channel: Channel = Telegram("1:x", "main")
    assert channel.name == "telegram"


def test_a_wrong_token_is_not_repeated() -> None:
    """A malformed token is refused at once, and not printed."""
    with pytest.raises(ValueError, match="token") as caught:
        Telegram("my-secret", "main")
    assert "my-secret" not in str(caught.value)


# What citizens see


async def test_a_text_is_plain(api: TelegramApi, bot: Telegram) -> None:
    """What a person wrote is never markup: no parse mode, no escaping, no preview of links."""
    assert await bot.send(out("<b>1 < 2</b> & *x* https://a.ma")) == "1"
    assert api.sent[0].text == "<b>1 < 2</b> & *x* https://a.ma"
    assert "parse_mode" not in api.calls[0].parameters
    assert api.calls[0].parameters["link_preview_options"] == {"is_disabled": True}


async def test_short_choices_share_rows(api: TelegramApi, bot: Telegram) -> None:
    """Short labels stand three or two in a row, long ones alone; labels have their number."""
    await bot.send(out(buttons=choices("نعم", "لا", "ربما", "بلا")))
    assert [len(row) for row in api.sent[0].buttons] == [3, 1]
    assert api.sent[0].labels[0] == "1 نعم"
    assert api.sent[0].tokens == ["t1", "t2", "t3", "t4"]
    await bot.send(out(buttons=choices("النقل والطرق", "الماء")))
    assert [len(row) for row in api.sent[1].buttons] == [2]
    await bot.send(out(buttons=choices("المساحات الخضراء والحدائق", "الماء")))
    assert [len(row) for row in api.sent[2].buttons] == [1, 1]


async def test_a_long_text_comes_in_parts(api: TelegramApi, bot: Telegram) -> None:
    """Over 4096 UTF-16 units a text is cut, in order, with the buttons on the last part."""
    text = "\n\n".join(f"{n} " + "😀" * 500 for n in range(10))
    last = await bot.send(out(text, buttons=choices("نعم")))
    assert last == str(len(api.sent))
    assert [bool(sent.buttons) for sent in api.sent] == [False, False, True]
    assert "".join("".join(sent.text for sent in api.sent).split()) == "".join(text.split())


async def test_over_a_hundred_choices_become_numbers(api: TelegramApi, bot: Telegram) -> None:
    """Telegram takes 100 buttons; with more, all stand as numbers in the text."""
    await bot.send(out(buttons=choices(*["حي"] * 100)))
    await bot.send(out(buttons=choices(*["حي"] * 101)))
    assert [len(sent.labels) for sent in api.sent] == [100, 0]
    assert api.sent[1].text.endswith("101 حي")


@pytest.mark.parametrize("token", ["", "é" * 33])
async def test_a_token_of_over_64_bytes_is_our_mistake(
    api: TelegramApi, bot: Telegram, token: str
) -> None:
    """A token that Telegram would refuse raises at once, counted in bytes; nothing is sent."""
    with pytest.raises(ValueError, match="1 to 64 bytes"):
        await bot.send(out(buttons=(Button(token, "x"),)))
    await bot.send(out(buttons=(Button("é" * 32, "x"),)))
    assert len(api.calls) == 1


async def test_a_pin_is_asked_for_by_a_keyboard(api: TelegramApi, bot: Telegram) -> None:
    """Where a pin or a number is wanted and nothing is to be chosen, one button sends it."""
    await bot.send(out(wants=("location", "photo"), buttons=(Button("t1", "تخطي"),)))
    assert api.sent[0].buttons == [
        [{"text": "📍", "request_location": True}],
        [{"text": "تخطي"}],
    ]
    assert api.sent[0].markup["one_time_keyboard"]
    await bot.send(out(wants=("phone",)))
    assert api.sent[1].buttons == [[{"text": "📱", "request_contact": True}]]


async def test_choices_win_over_asking_for_a_pin(api: TelegramApi, bot: Telegram) -> None:
    """A choice keeps its token, so inline buttons win over the keyboard that asks for a pin."""
    await bot.send(out(wants=("location",), buttons=choices("أكدال", "حسان")))
    assert api.sent[0].tokens == ["t1", "t2"]


async def test_the_keyboard_goes_when_it_is_done(api: TelegramApi, bot: Telegram) -> None:
    """A message without choices takes away what asked for a pin before."""
    await bot.send(out())
    assert api.sent[0].markup == {"remove_keyboard": True}


async def test_files_are_uploaded(api: TelegramApi, bot: Telegram, tmp_path: Path) -> None:
    """A recording is uploaded from the media folder, with the text as caption and the buttons."""
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "q1.ogg").write_bytes(b"OggS")
    voice = OutMedia("voice", "prompts/q1.ogg", "audio/ogg")
    await bot.send(out("استمع", media=(voice,), buttons=choices("نعم")))
    (sent,) = api.sent
    assert (sent.method, sent.file, sent.file_name) == ("sendVoice", b"OggS", "q1.ogg")
    assert (sent.text, sent.tokens) == ("استمع", ["t1"])


async def test_a_long_caption_follows_the_file(
    api: TelegramApi, bot: Telegram, tmp_path: Path
) -> None:
    """A text over 1024 units is no caption; it follows, with the buttons. File names are kept."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    document = OutMedia("document", "a.pdf", "application/pdf", 'ال\n"نتائج.pdf')
    await bot.send(out("ن" * 1025, media=(document,), buttons=choices("نعم")))
    assert [sent.method for sent in api.sent] == ["sendDocument", "sendMessage"]
    assert api.sent[0].file_name == "ال__نتائج.pdf"
    assert [bool(sent.tokens) for sent in api.sent] == [False, True]


@pytest.mark.parametrize(
    ("size", "method"),
    [(10_000_000, "sendPhoto"), (10_000_001, "sendDocument"), (50_000_001, "sendMessage")],
)
async def test_a_photo_over_10_mb_goes_as_a_document(
    api: TelegramApi, bot: Telegram, tmp_path: Path, size: int, method: str
) -> None:
    """What is larger than any file may be goes as its words; it is never uploaded."""
    with (tmp_path / "big.jpg").open("wb") as file:
        file.truncate(size)
    await bot.send(out(media=(OutMedia("photo", "big.jpg", "image/jpeg"),)))
    assert [sent.method for sent in api.sent] == [method]
    assert len(api.calls) == 1


async def test_a_file_that_is_missing_leaves_its_words(api: TelegramApi, bot: Telegram) -> None:
    """A file without words is refused, before anything is called."""
    photo = OutMedia("photo", "missing.jpg", "image/jpeg")
    await bot.send(out("words", media=(photo,), buttons=choices("نعم")))
    (sent,) = api.sent
    assert (sent.method, sent.text, sent.tokens) == ("sendMessage", "words", ["t1"])
    with pytest.raises(Refused):
        await bot.send(out("", media=(photo,)))
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("refuses", "method"), [("no_voice", "sendDocument"), ("no_files", "sendMessage")]
)
@pytest.mark.parametrize("words", ["short", "long " * 250], ids=["caption", "text"])
async def test_a_voice_note_refused_by_privacy_settings_does_not_swallow_the_question(
    api: TelegramApi, bot: Telegram, tmp_path: Path, refuses: str, method: str, words: str
) -> None:
    """It goes as a document, else the question stands alone; its buttons work."""
    (tmp_path / "q1.ogg").write_bytes(b"OggS")
    getattr(api, refuses).add(7)
    voice = OutMedia("voice", "q1.ogg", "audio/ogg")
    await bot.send(out(words, media=(voice,), buttons=choices("نعم")))
    assert api.sent[0].method == method
    assert api.sent[-1].text.split() == words.split()
    assert [sent.tokens for sent in api.sent][-1] == ["t1"]
    assert sum(bool(sent.file) for sent in api.sent) == (refuses == "no_voice")


async def test_buttons_that_are_refused_are_numbers(api: TelegramApi, bot: Telegram) -> None:
    """The question is asked all the same."""
    api.fail_next(400, "Bad Request: BUTTON_DATA_INVALID")
    await bot.send(out("سؤال", buttons=choices("نعم", "لا")))
    (sent,) = api.sent
    assert (sent.text, sent.tokens) == ("سؤال\n\n1 نعم\n2 لا", [])


async def test_files_come_from_the_media_folder_only(bot: Telegram) -> None:
    """A path cannot lead out of the folder."""
    with pytest.raises(ValueError, match="out of the media folder"):
        await bot.send(out(media=(OutMedia("document", "../../etc/passwd", "text/plain"),)))


async def test_nothing_is_refused(bot: Telegram) -> None:
    """An outgoing message without text and file is not sent."""
    with pytest.raises(Refused):
        await bot.send(out("  "))


# What failures mean


async def test_429_holds_the_chat_for_as_long_as_it_says(api: TelegramApi, bot: Telegram) -> None:
    """It does not say whether the chat or the bot had too many; nothing was sent."""
    api.fail_next(429, retry_after=30)
    with pytest.raises(Later) as caught:
        await bot.send(out())
    assert (caught.value.seconds, caught.value.everyone, api.sent) == (30, False, [])


async def test_429_without_a_pause_still_waits(api: TelegramApi, bot: Telegram) -> None:
    """A 429 of a server in front of the Bot API says no time; some seconds are waited."""
    api.answer_next(429, "<html>")
    with pytest.raises(Later) as caught:
        await bot.send(out())
    assert caught.value.seconds > 0


async def test_who_cannot_be_reached(api: TelegramApi, bot: Telegram) -> None:
    """Blocked, gone, never started, unknown: unreachable, each with its reason."""
    api.blocked.add(1)
    api.deactivated.add(2)
    api.known = {1, 2, 4}
    reasons = {}
    for chat in (1, 2, 3):
        with pytest.raises(Unreachable) as caught:
            await bot.send(out(chat=chat))
        reasons[chat] = caught.value.why
    assert reasons == {1: "blocked", 2: "deactivated", 3: "chat not found"}
    for words, why in (
        ("Forbidden: bot can't initiate conversation with a user", "not started"),
        ("Forbidden: new reason", "forbidden"),
    ):
        api.fail_next(403, words, method="sendMessage")
        with pytest.raises(Unreachable, match=why):
            await bot.send(out(chat=4))


async def test_400_refuses_this_message_without_its_words(api: TelegramApi, bot: Telegram) -> None:
    """Other 400s concern this message; what Telegram quotes of it is left out."""
    for _ in range(2):
        api.fail_next(400, 'Bad Request: can\'t parse "my phone is 0612"')
    with pytest.raises(Refused) as caught:
        await bot.send(out())
    assert caught.value.why == '400 Bad Request: can\'t parse "…"'


async def test_a_group_that_moves_is_refused(api: TelegramApi, bot: Telegram) -> None:
    """Only groups migrate, and groups are not written to."""
    for _ in range(2):
        api.fail_next(400, "Bad Request: group chat was upgraded", migrate_to=-1001)
    with pytest.raises(Refused):
        await bot.send(out())


@pytest.mark.parametrize("code", [401, 404, 409])
async def test_a_token_that_does_not_work_halts(api: TelegramApi, bot: Telegram, code: int) -> None:
    """An unknown token, and a second instance with ours, stop the account."""
    api.fail_next(code, "Unauthorized")
    with pytest.raises(Halted) as caught:
        await bot.send(out())
    assert api.token not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(500, Uncertain), (502, Uncertain), (503, Transient), (504, Uncertain)],
)
async def test_5xx(api: TelegramApi, bot: Telegram, status: int, expected: type[SendError]) -> None:
    """A gateway's error may hide a delivered message; 503 is refused at the door."""
    api.answer_next(status, "")
    with pytest.raises(expected):
        await bot.send(out())


async def test_a_broken_line_is_uncertain_a_refused_one_transient(
    api: TelegramApi, bot: Telegram
) -> None:
    """A message that was taken before the line broke is uncertain; without a server, it waits."""
    api.reset_next(after=True)
    with pytest.raises(Uncertain) as caught:
        await bot.send(out())
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    gone = Telegram(api.token, "main", base_url="http://127.0.0.1:9/bot")
    with pytest.raises(Transient):
        await gone.send(out())
    await gone.close()


async def test_a_retry_goes_on_where_it_broke_off(api: TelegramApi, bot: Telegram) -> None:
    """If part two of three was refused for now, the next try begins with part two."""
    long = out("a" * 4096 + " " + "b" * 4096 + " c", id=9)
    api.fail_next(429, retry_after=1, skip=1)
    with pytest.raises(Later):
        await bot.send(long)
    await bot.send(out("hello", id=8))
    await bot.send(long)
    assert [sent.text[0] for sent in api.sent] == ["a", "h", "b", "c"]


# Taps, files, links


async def test_a_tap_is_acknowledged_once(api: TelegramApi, bot: Telegram) -> None:
    """The receipt of a tap ends its waiting sign; a query that is too old is no error."""
    update_id = api.push(taps(7, "t1", "query-9"))
    (arrival,) = bot.read({"update_id": update_id, **taps(7, "t1", "query-9")}, 5)
    assert isinstance(arrival, Arrival)
    assert arrival.receipt is not None
    await bot.acknowledge(arrival.receipt)
    await bot.acknowledge(arrival.receipt)
    assert api.answered_queries == ["query-9"]


async def test_other_failures_of_acknowledging_are_told(api: TelegramApi, bot: Telegram) -> None:
    """Whoever acknowledges learns that the bot has to slow down."""
    api.fail_next(429, retry_after=1)
    with pytest.raises(Later):
        await bot.acknowledge("q")
    api.fail_next(400, "Bad Request: something else")
    with pytest.raises(Refused):
        await bot.acknowledge("q")


async def test_a_file_is_fetched(api: TelegramApi, bot: Telegram) -> None:
    """The bytes come with a media type that the bytes themselves prove."""
    ref = api.add_file(b"OggS" + b"x" * 10, "voice/file_1.oga")
    assert await bot.fetch(MediaRef("voice", ref), 100) == (b"OggS" + b"x" * 10, "audio/ogg")


async def test_files_beyond_the_limit(api: TelegramApi, bot: Telegram) -> None:
    """Too large by its own word, by its bytes, or for bots (20 MB): TooLarge each time."""
    ref = api.add_file(b"x" * 101, "documents/file_1.bin")
    huge = api.add_file(b"x" * 20_000_001, "documents/file_2.bin")
    for media, limit in (
        (MediaRef("document", ref, size=101), 100),
        (MediaRef("document", ref), 100),
        (MediaRef("document", huge), 10**9),
        (MediaRef("document", huge, size=20_000_001), 10**9),
    ):
        with pytest.raises(TooLarge) as caught:
            await bot.fetch(media, limit)
        assert caught.value.limit == min(limit, 20_000_000)
    assert [call.method for call in api.calls] == ["getFile", "getFile"]


async def test_failures_of_fetching(api: TelegramApi, bot: Telegram) -> None:
    """A broken line can be tried again, an unknown file cannot; the link is never told."""
    ref = api.add_file(b"x", "documents/secret_path.bin")
    # aiohttp itself tries a GET once more, on a fresh connection: nothing is done twice by it.
    for method in ("getFile", "download", "download"):
        api.reset_next(method)
    for _ in range(2):
        with pytest.raises(Transient) as caught:
            await bot.fetch(MediaRef("document", ref), 100)
        assert "secret_path" not in str(caught.value)
    with pytest.raises(Refused):
        await bot.fetch(MediaRef("document", "no-such-file"), 100)
    api.answer_next(404, "gone", "download")
    with pytest.raises(Refused):
        await bot.fetch(MediaRef("document", ref), 100)


async def test_links(api: TelegramApi, bot: Telegram) -> None:
    """A link needs the username, which the start brings, and a payload that Telegram takes."""
    assert bot.link("need-1") is None
    assert await bot.start() == "tachawor_bot"
    assert bot.link("need-1") == "https://t.me/tachawor_bot?start=need-1"
    for payload in ("", "a b", "é", "a" * 65):
        with pytest.raises(ValueError, match="64"):
            bot.link(payload)


async def test_start_with_an_unknown_token_halts(api: TelegramApi) -> None:
    """A token that Telegram does not know is found out at the start, and not printed."""
    stranger = Telegram("1:stranger", "main", base_url=api.base_url)
    with pytest.raises(Halted) as caught:
        await stranger.start()
    assert "stranger" not in str(caught.value)
    await stranger.close()


# Webhook, commands, health


async def test_the_webhook_asks_for_what_is_read(api: TelegramApi, bot: Telegram) -> None:
    """The webhook is set with its secret and an explicit list of updates."""
    await bot.set_webhook("http://127.0.0.1:1/telegram", "s3cret_-")
    assert api.webhook == {
        "url": "http://127.0.0.1:1/telegram",
        "secret_token": "s3cret_-",
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }


async def test_addresses_that_telegram_does_not_call() -> None:
    """Without https, at another port, or with a strange secret, no webhook is set."""
    bot = Telegram("1:x", "main", base_url="https://api.telegram.org/bot")
    for url in ("http://a.ma/x", "https://a.ma:9443/x"):
        with pytest.raises(ValueError, match="https"):
            await bot.set_webhook(url, "s")
    with pytest.raises(ValueError, match="secret"):
        await bot.set_webhook("https://a.ma:8443/x", "a b")


async def test_the_webhook_gets_updates_until_it_says_200(api: TelegramApi, bot: Telegram) -> None:
    """A failed webhook is called again with the same update and the secret, and health shows it."""
    api._retry_seconds = (0, 0, 0)
    got: list[tuple[str | None, Any]] = []
    enough = asyncio.Event()

    async def webhook(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        got.append((secret, bot.read(await request.read(), 5)))
        if len(got) == 3:
            enough.set()
        return web.Response(status=500 if len(got) == 1 else 200)

    application = web.Application()
    application.router.add_post("/hook", webhook)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", "s")
    api.push(says(7, "one"))
    api.push(says(7, "two"))
    await enough.wait()
    assert [(secret, arrivals[0].text) for secret, arrivals in got] == [
        ("s", "one"),
        ("s", "one"),
        ("s", "two"),
    ]
    assert (await bot.health()).last_error == "Wrong response from the webhook: 500"
    await runner.cleanup()


async def test_health_counts_what_waits(api: TelegramApi, bot: Telegram) -> None:
    """Updates that nobody took are counted."""
    api.push(says(7, "one"))
    health = await bot.health()
    assert (health.pending, health.last_error, health.last_error_at) == (1, None, None)


async def test_commands_in_the_languages_that_telegram_knows(
    api: TelegramApi, bot: Telegram
) -> None:
    """Arabic is everybody's default; Darija and Tamazight have no code; 100 are the most."""
    with pytest.raises(ValueError, match="100"):
        await bot.set_commands({"ar": [(f"c{n}", "x") for n in range(101)]})
    words = {"ar": "القائمة", "fr": "Menu", "en": "Menu", "ary": "المينو", "zgh": "ⵓⵎⵓⵖ"}
    await bot.set_commands({language: [("menu", name)] for language, name in words.items()})
    assert {language: listed[0]["description"] for language, listed in api.commands.items()} == {
        "": "القائمة",
        "ar": "القائمة",
        "fr": "Menu",
        "en": "Menu",
    }


# Polling


class Enough(Exception):
    """Ends a poll that has been seen enough of."""


async def polled(
    bot: Telegram,
    handle: Any,
    pauses: list[float] | None = None,
    *,
    most: int = 9,
    aside: list[tuple[bytes, str]] | None = None,
) -> None:
    """Poll until `handle` or the pauses have had enough; what cannot be read goes to `aside`."""

    async def put_aside(body: bytes, problem: str) -> None:
        if aside is None:
            raise AssertionError("everything can be read")
        aside.append((body, problem))

    async def sleep(seconds: float) -> None:
        if pauses is None:
            raise AssertionError("no pause was expected")
        pauses.append(seconds)
        if len(pauses) >= most:
            raise Enough

    task = asyncio.create_task(bot.poll(handle, put_aside, wait=1, sleep=sleep))
    try:
        await task
    except (Enough, asyncio.CancelledError):
        return


async def test_polling_confirms_after_the_commit(api: TelegramApi, bot: Telegram) -> None:
    """Updates are confirmed by the next request only, after what handles them has returned."""
    api.webhook = {"url": "http://127.0.0.1:1/old"}
    texts: list[str] = []
    api.pending.append({"update_id": 50, **says(7, "one")})
    api.pending.append({"update_id": 60, **says(7, "two")})

    async def handle(arrivals: list[Arrival | Status]) -> None:
        waiting = {str(update["update_id"]) for update in api.pending}
        assert waiting >= {a.external_id for a in arrivals if isinstance(a, Arrival)}
        texts.extend(a.text for a in arrivals if isinstance(a, Arrival))
        if len(texts) == 2:
            api.pending.append({"update_id": 61, **says(7, "three")})
        if len(texts) == 3:
            raise asyncio.CancelledError

    await polled(bot, handle)
    assert texts == ["one", "two", "three"]
    asked = [call.parameters for call in api.calls if call.method == "getUpdates"]
    assert [parameters.get("offset") for parameters in asked] == [None, 61]
    assert asked[0]["allowed_updates"][0] == "message"
    assert not api.webhook


async def test_what_was_not_kept_comes_again(
    api: TelegramApi, bot: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    """If keeping fails, the same updates come again, and the log repeats nothing of them."""
    api.push(says(7, "secret"))
    tries: list[str] = []

    async def handle(arrivals: list[Arrival | Status]) -> None:
        tries.extend(a.text for a in arrivals if isinstance(a, Arrival))
        if len(tries) == 3:
            raise asyncio.CancelledError
        raise RuntimeError(f"cannot store {tries[-1]}")

    pauses: list[float] = []
    await polled(bot, handle, pauses)
    assert tries == ["secret"] * 3
    assert pauses == [1, 2]
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


async def test_polling_backs_off_by_doubling_up_to_30_s(
    api: TelegramApi, bot: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    """A line that stays broken is tried at 1, 2, 4 ... 30 seconds; a 429 at what it says."""
    for _ in range(7):
        api.reset_next("getUpdates")
    pauses: list[float] = []

    async def handle(arrivals: list[Arrival | Status]) -> None:
        raise AssertionError("nothing came")

    await polled(bot, handle, pauses, most=7)
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    api.fail_next(429, retry_after=45, method="getUpdates")
    pauses.clear()
    await polled(bot, handle, pauses, most=1)
    assert pauses == [45]
    assert api.token not in caplog.text


async def test_a_second_instance_is_named_in_the_log(
    api: TelegramApi, bot: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    """A 409 says that somebody else polls, and is tried again: the other may be on its way out."""
    api.fail_next(409, "Conflict: terminated by other getUpdates request", method="getUpdates")
    pauses: list[float] = []

    async def handle(arrivals: list[Arrival | Status]) -> None:
        raise AssertionError("nothing came")

    await polled(bot, handle, pauses, most=1)
    assert "another instance polls" in caplog.text


async def test_polling_ends_if_the_token_is_wrong(api: TelegramApi, bot: Telegram) -> None:
    """Without a token that works there is nothing to wait for."""
    api.fail_next(401, "Unauthorized", method="getUpdates")

    async def handle(arrivals: list[Arrival | Status]) -> None:
        raise AssertionError("nothing came")

    with pytest.raises(Halted):
        await polled(bot, handle)


async def test_polling_puts_aside_what_it_cannot_read_and_goes_on(
    api: TelegramApi, bot: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    """An unknown shape, or half a character, holds up nobody; groups are passed over silently."""
    caplog.set_level(logging.INFO, "bot")
    api.push({"message": {"text": "secret"}})
    group = says(7, "in a group")
    group["message"]["chat"] = {"id": -1, "type": "group"}
    api.push(group)
    api.push(says(8, "half \ud83d"))
    api.push(says(7, "fine"))
    texts: list[str] = []
    aside: list[tuple[bytes, str]] = []

    async def handle(arrivals: list[Arrival | Status]) -> None:
        texts.extend(a.text for a in arrivals if isinstance(a, Arrival))
        if texts[-1] == "the next":
            raise asyncio.CancelledError
        api.push(says(7, "the next"))

    await polled(bot, handle, aside=aside)
    assert texts == ["fine", "the next"]
    assert [json.loads(body)["message"]["text"] for body, _ in aside] == ["secret", "half \ud83d"]
    assert "secret" not in caplog.text + aside[0][1]
    offsets = [call.parameters.get("offset") for call in api.calls if call.method == "getUpdates"]
    assert offsets == [None, 1005]


async def test_what_could_not_be_put_aside_comes_again(api: TelegramApi, bot: Telegram) -> None:
    """It is confirmed to Telegram once it is kept."""
    api.push({"message": 5})
    tries = 0

    async def put_aside(body: bytes, problem: str) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OSError
        raise asyncio.CancelledError

    async def handle(arrivals: list[Arrival | Status]) -> None:
        raise AssertionError("nothing can be read")

    async def sleep(seconds: float) -> None:
        assert seconds == 1

    with pytest.raises(asyncio.CancelledError):
        await bot.poll(handle, put_aside, wait=1, sleep=sleep)
    assert tries == 2


@pytest.mark.parametrize(
    ("buttons", "typed"),
    [
        ((), True),
        (tuple(Button(f"t{n}", f"label {n}") for n in range(4)), True),
        (tuple(Button(f"t{n}", f"label {n}") for n in range(5)), False),
        ((Button("t1", "x" * 24),), True),
        ((Button("t1", "x" * 25),), False),
        ((Button("t1", "x", 1),), False),
    ],
)
async def test_a_keyboard_for_a_pin_holds_up_to_four_short_labels(
    api: TelegramApi, bot: Telegram, buttons: tuple[Button, ...], typed: bool
) -> None:
    """A label is typed by its button there; choices with numbers need their tokens."""
    await bot.send(out(wants=("location",), buttons=buttons))
    first = api.sent[0].buttons[0][0] if api.sent[0].buttons else {}
    assert ("request_location" in first) is typed
    assert len(api.sent[0].buttons) == (1 + len(buttons) if typed else len(api.sent[0].buttons))
    assert api.sent[0].tokens == ([] if typed else [button.token for button in buttons])


@pytest.mark.parametrize("result", ["{}", "true", "[]", "null", '"x"'])
async def test_an_answer_that_is_no_message_is_no_message_sent(
    api: TelegramApi, bot: Telegram, result: str
) -> None:
    """It may have been sent all the same: it is tried again."""
    api.answer_next(200, f'{{"ok":true,"result":{result}}}', "sendMessage")
    with pytest.raises(Uncertain):
        await bot.send(out())


@pytest.mark.parametrize("status", [302, 400, 403, 407, 408, 413, 451])
async def test_a_refusal_that_is_not_telegrams_refuses_nothing(
    api: TelegramApi, bot: Telegram, status: int
) -> None:
    """Nobody is unreachable because a proxy says 403."""
    api.answer_next(status, "<html>no</html>", "sendMessage")
    with pytest.raises(Uncertain):
        await bot.send(out())


async def test_refused_buttons_of_a_full_message_are_numbers_all_the_same(
    api: TelegramApi, bot: Telegram
) -> None:
    """In a message of their own, where they do not fit; in the topic in which it was asked."""
    api.fail_next(400, "Bad Request: BUTTON_DATA_INVALID", method="sendMessage")
    labels = [f"choice {n}" for n in range(8)]
    await bot.send(out("x" * 4074, buttons=choices(*labels), thread="5"))
    said = "".join(sent.text for sent in api.sent)
    assert all(label in said for label in labels)
    assert [call.parameters["message_thread_id"] for call in api.calls] == [5] * len(api.sent)
