"""The WhatsApp channel against a Twilio on the loopback: what citizens see, what failures mean."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from typing import Any

import msgspec
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
    OutsideWindow,
    Refused,
    SendError,
    Status,
    Template,
    TooLarge,
    Transient,
    Uncertain,
    Unfit,
    Unreachable,
)
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_errors import MEANINGS
from bot.channels.whatsapp_resources import MOST_KEPT
from tests.emulators.twilio_api import TwilioApi

NOW = 1_795_000_000_000
CITIZEN = "+212612345678"


#: WhatsApp lets a business write freely for so long after the citizen has, ms.
DAY = 24 * 3_600_000


@pytest.fixture
async def api() -> AsyncIterator[TwilioApi]:
    """A Twilio of this test's own, to which the citizen has just written."""
    async with TwilioApi(clock=lambda: NOW) as running:
        running.message(CITIZEN, "salam")
        yield running


def connect(api: TwilioApi, **options: Any) -> WhatsApp:
    """A channel to it."""
    options = {
        "public_url": "https://consult.example.ma",
        "status_url": "https://consult.example.ma/status",
        "base_url": api.base_url,
        "clock": lambda: NOW,
        "interactive": False,
        **options,
    }
    return WhatsApp(api.account_sid, [api.auth_token], api.number, **options)


@pytest.fixture
async def channel(api: TwilioApi) -> AsyncIterator[WhatsApp]:
    """The channel with choices as numbers."""
    made = connect(api)
    yield made
    await made.close()


@pytest.fixture
async def rich(api: TwilioApi) -> AsyncIterator[WhatsApp]:
    """The channel with buttons and lists."""
    made = connect(api, interactive=True)
    yield made
    await made.close()


def out(
    text: str = "سؤال", *, id: int = 1, to: str = CITIZEN, last_in_at: int = NOW, **more: Any
) -> Envelope:
    """An outgoing message on its way to the citizen, who has just written."""
    message = OutgoingMessage(text=text, **{"language": "ar", "choose": "اختر", **more})
    return Envelope(id=id, account="", address=to, message=message, last_in_at=last_in_at)


def choices(*labels: str) -> tuple[Button, ...]:
    """Numbered buttons."""
    return tuple(Button(f"t{n}", label, n) for n, label in enumerate(labels, start=1))


def test_it_is_a_channel() -> None:
    """The class keeps the port's protocol."""
    made: Channel = WhatsApp("AC1", ["t"], "+1", public_url="https://a.ma")
    assert made.name == "whatsapp"
    with pytest.raises(ValueError, match="list"):
        WhatsApp("AC1", "one-string", "+1", public_url="https://a.ma")


# What citizens see


async def test_a_text_with_our_id(api: TwilioApi, channel: WhatsApp) -> None:
    """A text goes out as it is; the status address carries our own id."""
    sid = await channel.send(out("*1 < 2*", id=41))
    (sent,) = api.sent
    assert (sent.sid, sent.to, sent.text) == (sid, CITIZEN, "*1 < 2*")
    assert sent.status_callback == "https://consult.example.ma/status?id=41"


async def test_retry_options_of_the_status_address_stay_behind(api: TwilioApi) -> None:
    """Our id goes into the query, before Twilio's options."""
    made = connect(api, status_url="https://a.ma/s?x=1#rc=3&rp=5xx,ct,rt")
    await made.send(out(id=41))
    assert api.sent[0].status_callback == "https://a.ma/s?x=1&id=41#rc=3&rp=5xx,ct,rt"
    await made.close()


async def test_a_hidden_number_is_answered(api: TwilioApi, channel: WhatsApp) -> None:
    """A business-scoped id is an address like any other."""
    api.message("MA.1a2b3c", "salam")
    await channel.send(out(to="MA.1a2b3c"))
    assert (api.sent[0].to, api.sent[0].error) == ("MA.1a2b3c", None)


async def test_choices_are_numbers_where_it_is_set(api: TwilioApi, channel: WhatsApp) -> None:
    """Numbers always work: they need no content at Twilio."""
    await channel.send(out(buttons=choices("نعم", "لا")))
    assert api.sent[0].text == "سؤال\n\n1 نعم\n2 لا"
    assert api.contents == {}


async def test_a_long_text_comes_in_parts(api: TwilioApi, channel: WhatsApp) -> None:
    """Over 1600 a text is cut, in order; only the last part reports to our id."""
    text = "\n\n".join(f"{n} " + "كلمة " * 80 for n in range(10))
    last = await channel.send(out(text, buttons=choices("نعم")))
    assert len(api.sent) == 4
    assert last == api.sent[-1].sid
    assert [sent.status_callback is None for sent in api.sent] == [True, True, True, False]
    assert "".join("".join(sent.text for sent in api.sent).split()) == "".join(
        f"{text} 1 نعم".split()
    )


async def test_three_short_choices_are_quick_replies(api: TwilioApi, rich: WhatsApp) -> None:
    """Up to three labels of up to 20 are buttons with our tokens."""
    await rich.send(out('قل "نعم"\nأو لا', buttons=choices("نعم", "لا", "ع" * 20)))
    (sent,) = api.sent
    assert sent.text == 'قل "نعم"\nأو لا'
    assert sent.labels == ["1 نعم", "2 لا", "ع" * 20]
    assert sent.tokens == ["t1", "t2", "t3"]
    assert "twilio/quick-reply" in api.contents[str(sent.template)]["types"]


async def test_ten_choices_are_a_list(api: TwilioApi, rich: WhatsApp) -> None:
    """Up to ten choices are a list; a label too long for a title is whole in the description."""
    long = "النقل الحضري والطرق والأرصفة"
    await rich.send(out(buttons=choices(*"أبتثجحخد", long, "ماء")))
    (sent,) = api.sent
    assert len(sent.labels) == 10
    assert sent.labels[8] == "9 النقل الحضري والطرق و…"
    assert sent.form["items"][8]["description"] == long
    assert sent.form["button"] == "اختر"
    assert sent.tokens[9] == "t10"


@pytest.mark.parametrize(
    "message",
    [
        {"buttons": choices(*"أبتثجحخدذرز")},
        {"buttons": choices("ن" * 73)},
        {"buttons": choices(*"أبتث"), "choose": ""},
        {"buttons": choices(*"أبتث"), "choose": "ا" * 21},
        {"buttons": (Button("t" * 201, "نعم"),)},
        {"buttons": (Button("t1", "نعم"), Button("t2", "نعم"))},
    ],
)
async def test_what_does_not_fit_becomes_numbers(
    api: TwilioApi, rich: WhatsApp, message: dict[str, Any]
) -> None:
    """Too many, too long, twice the same, or no word for the list's button: all in the text."""
    await rich.send(out(**message))
    assert api.sent[0].template is None
    assert all(button.full in api.sent[0].text for button in message["buttons"])


async def test_a_long_text_with_choices(api: TwilioApi, rich: WhatsApp) -> None:
    """A content's body holds 1024; what is before goes as plain messages."""
    await rich.send(out("كلمة " * 300, buttons=choices("نعم")))
    assert [sent.tokens for sent in api.sent] == [[], ["t1"]]
    assert all(len(sent.text) <= 1024 for sent in api.sent)


async def test_one_content_serves_all_questions_of_a_shape(api: TwilioApi, rich: WhatsApp) -> None:
    """Text and tokens are variables: the same labels need one content at Twilio only."""
    await rich.send(out("one", buttons=(Button("a1", "نعم"), Button("a2", "لا"))))
    await rich.send(out("two", buttons=(Button("b1", "نعم"), Button("b2", "لا"))))
    await rich.send(out("three", buttons=(Button("c1", "نعم"),)))
    assert [(sent.text, sent.tokens) for sent in api.sent] == [
        ("one", ["a1", "a2"]),
        ("two", ["b1", "b2"]),
        ("three", ["c1"]),
    ]
    assert len(api.contents) == 2


async def test_a_refused_content_becomes_numbers_for_good(
    api: TwilioApi, rich: WhatsApp, caplog: pytest.LogCaptureFixture
) -> None:
    """If Twilio refuses a content, numbers take over, and it is not asked for again."""
    api.fail_next(400, 20001, "content")
    await rich.send(out(buttons=choices("نعم")))
    await rich.send(out(buttons=choices("نعم")))
    assert [sent.text for sent in api.sent] == ["سؤال\n\n1 نعم"] * 2
    assert "choices as numbers" in caplog.text


async def test_contents_are_created_once_and_known_after_a_restart(
    api: TwilioApi, rich: WhatsApp
) -> None:
    """Another process finds them by their names, and creates none twice."""
    labels = [("نعم", "لا"), ("أ", "ب")]
    for pair in labels * 2:
        await rich.send(out(buttons=choices(*pair)))
    assert len(api.contents) == 2
    after = connect(api, interactive=True)
    await after.templates()
    for pair in labels:
        await after.send(out(buttons=choices(*pair)))
    assert len(api.contents) == 2
    assert all(sent.tokens == ["t1", "t2"] for sent in api.sent)
    await after.close()


async def test_two_hundred_contents_are_kept_and_the_least_used_goes_first(
    api: TwilioApi, rich: WhatsApp
) -> None:
    """At Twilio, too; what is removed is created again when it is needed."""
    for number in range(MOST_KEPT):
        await rich.send(out(buttons=choices(f"x{number}")))
    first, second = list(api.contents)[:2]
    await rich.send(out(buttons=choices("x0")))
    assert len(api.contents) == MOST_KEPT
    await rich.send(out(buttons=choices("one more")))
    assert len(api.contents) == MOST_KEPT
    assert first in api.contents
    assert second not in api.contents
    await rich.send(out(buttons=choices("x1")))
    assert api.sent[-1].labels == ["1 x1"]


@pytest.mark.parametrize("code", [63005, 63013, 21655])
async def test_a_form_that_is_refused_is_said_to_have_a_plainer_one(
    api: TwilioApi, rich: WhatsApp, code: int
) -> None:
    """Then the words go with numbers; plain words that are refused are refused."""
    api.fail_next(400, code, "create")
    with pytest.raises(Unfit):
        await rich.send(out(buttons=choices("نعم", "لا")))
    plain = msgspec.structs.replace(out(buttons=choices("نعم", "لا")), plain=True)
    await rich.send(plain)
    assert api.sent[-1].text == "سؤال\n\n1 نعم\n2 لا"
    api.fail_next(400, code, "create")
    with pytest.raises(Refused) as caught:
        await rich.send(msgspec.structs.replace(plain, id=9))
    assert not isinstance(caught.value, Unfit) or code == 63005


async def test_a_file_that_is_refused_leaves_its_words(api: TwilioApi, channel: WhatsApp) -> None:
    """A recording that cannot be fetched does not swallow the question."""
    made = connect(api, media_url="https://a.ma/media")
    message = out(media=(OutMedia("voice", "q1.ogg", "audio/ogg"),))
    api.fail_next(400, 63019, "create")
    with pytest.raises(Unfit):
        await made.send(message)
    await made.send(msgspec.structs.replace(message, plain=True))
    assert [(sent.text, sent.media) for sent in api.sent] == [("سؤال", [])]
    await made.close()


async def test_a_content_that_failed_by_the_line_is_tried_again(
    api: TwilioApi, rich: WhatsApp
) -> None:
    """A broken line costs the buttons of one message only."""
    api.reset_next("content")
    await rich.send(out(buttons=choices("نعم")))
    await rich.send(out(buttons=choices("نعم")))
    assert [sent.tokens for sent in api.sent] == [[], ["t1"]]


# Files


async def test_files_need_a_public_address(api: TwilioApi, channel: WhatsApp) -> None:
    """Without one the text goes alone; a file alone is refused."""
    voice = OutMedia("voice", "prompts/q 1.ogg", "audio/ogg")
    await channel.send(out(media=(voice,)))
    assert (api.sent[0].text, api.sent[0].media) == ("سؤال", [])
    with pytest.raises(Refused, match="public address"):
        await channel.send(out("", media=(voice,)))


async def test_files_go_one_by_one(api: TwilioApi) -> None:
    """A picture carries its text; a recording cannot, so the text follows. CSV is refused."""
    made = connect(api, media_url="https://consult.example.ma/media/")
    await made.send(out(media=(OutMedia("photo", "a b.jpg", "image/jpeg"),)))
    await made.send(out(media=(OutMedia("voice", "q.ogg", "audio/ogg"),)))
    prefix = "https://consult.example.ma/media/"
    assert [(sent.text, sent.media) for sent in api.sent] == [
        ("سؤال", [f"{prefix}a%20b.jpg"]),
        ("", [f"{prefix}q.ogg"]),
        ("سؤال", []),
    ]
    with pytest.raises(Refused, match="CSV"):
        await made.send(out(media=(OutMedia("document", "a.csv", "text/csv"),)))
    await made.close()


async def test_a_file_is_fetched_and_forgotten(api: TwilioApi, channel: WhatsApp) -> None:
    """A file is read with our credentials, and deleted at Twilio once we have it."""
    fields = api.add_file(b"OggS!", "audio/ogg")
    (arrival,) = channel.read(api.message(CITIZEN, "", **fields), NOW)
    assert isinstance(arrival, Arrival)
    (media,) = arrival.media
    assert media.kind == "voice"
    assert await channel.fetch(media, 5) == (b"OggS!", "audio/ogg")
    with pytest.raises(TooLarge):
        await channel.fetch(media, 4)
    await channel.forget(media)
    assert api.files == {}
    with pytest.raises(Transient):
        await channel.fetch(media, 5)


async def test_a_file_may_come_after_the_message_that_names_it(
    api: TwilioApi, channel: WhatsApp
) -> None:
    """What Twilio does not have yet can be asked for again."""
    fields = api.add_file(b"OggS!", "audio/ogg", late=2)
    (arrival,) = channel.read(api.message(CITIZEN, "", **fields), NOW)
    assert isinstance(arrival, Arrival)
    for _ in range(2):
        with pytest.raises(Transient, match="404"):
            await channel.fetch(arrival.media[0], 9)
    assert await channel.fetch(arrival.media[0], 9) == (b"OggS!", "audio/ogg")


async def test_forgetting_is_best_effort(
    api: TwilioApi, channel: WhatsApp, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that cannot be deleted is a line in the log; a strange address is left alone."""
    url = f"{api.base_url}/2010-04-01/Accounts/{api.account_sid}/Messages/MM1/Media/ME1"
    await channel.forget(MediaRef("photo", url))
    assert "stays at Twilio" in caplog.text
    await channel.forget(MediaRef("photo", "https://elsewhere.example/Messages/a/Media/b"))


async def test_credentials_go_to_twilio_only(api: TwilioApi, channel: WhatsApp) -> None:
    """A file at another address is not asked for; a redirect is followed without credentials."""
    for url in ("https://elsewhere.example/file", "file:///etc/passwd", f"{api.base_url}@evil/"):
        with pytest.raises(Refused, match="not Twilio's"):
            await channel.fetch(MediaRef("photo", url), 100)
    fields = api.add_file(b"x", "image/jpeg")
    path = fields["MediaUrl0"].removeprefix(api.base_url)
    api.moved[path] = f"http://localhost:{api.port}/elsewhere/a.jpg"
    assert (await channel.fetch(MediaRef("photo", fields["MediaUrl0"]), 100))[0] == b"moved"
    assert api.seen_elsewhere == [None]


async def test_failures_of_fetching(api: TwilioApi, channel: WhatsApp) -> None:
    """A broken line or a failing server can be tried again; wrong credentials stop."""
    fields = api.add_file(b"x", "image/jpeg")
    media = MediaRef("photo", fields["MediaUrl0"])
    for _ in range(2):  # aiohttp itself tries a GET once more: nothing is done twice by it
        api.reset_next("file")
    with pytest.raises(Transient):
        await channel.fetch(media, 100)
    api.fail_next(500, 0, "file")
    with pytest.raises(Transient):
        await channel.fetch(media, 100)
    api.fail_next(401, 20003, "file")
    with pytest.raises(Halted):
        await channel.fetch(media, 100)


# The window


async def test_the_window_is_decided_before_sending(api: TwilioApi, channel: WhatsApp) -> None:
    """24 hours after the last message nothing free goes out: 63016, without asking Twilio."""
    await channel.send(out(last_in_at=NOW - DAY + 1))
    for last_in_at in (NOW - DAY, 0):
        with pytest.raises(Refused, match="63016"):
            await channel.send(out(last_in_at=last_in_at))
    assert len(api.sent) == 1


async def test_outside_the_window_the_template_goes(api: TwilioApi) -> None:
    """The approved template goes with its variables, in the citizen's language or a near one."""
    sids = {name: api.approve(f"{name}: {{{{1}}}}") for name in ("fr", "ar")}
    approved = [
        Template(name="invitation", language=code, sid=sid, state="approved", variables=1)
        for code, sid in sids.items()
    ]
    made = connect(api, templates=approved)
    for language in ("fr", "ar", "ary", "zgh"):
        await made.send(
            out(
                language=language,
                last_in_at=0,
                template="invitation",
                variables={"1": 'حي "أكدال"'},
            )
        )
    assert [sent.text for sent in api.sent] == [
        f'{name}: حي "أكدال"' for name in ("fr", "ar", "ar", "fr")
    ]
    assert all(sent.error is None for sent in api.sent)
    with pytest.raises(Refused, match="no approved template named 'other'"):
        await made.send(out(last_in_at=0, template="other"))
    await made.close()


async def test_a_closed_window_may_also_be_told_later(api: TwilioApi, channel: WhatsApp) -> None:
    """If Twilio knows better, the message is taken, and 63016 comes as a signed status."""
    got: list[Arrival | Status] = []

    async def webhook(request: web.Request) -> web.Response:
        form = [(name, str(value)) for name, value in (await request.post()).items()]
        made = connect(api, public_url=f"http://127.0.0.1:{port}")
        assert made.valid_signature(str(request.rel_url), form, request.headers)
        got.extend(made.read([*form, *request.query.items()], NOW))
        return web.Response()

    application = web.Application()
    application.router.add_post("/status", webhook)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    made = connect(api, status_url=f"http://127.0.0.1:{port}/status")
    sid = await made.send(out(to="+212600000000", id=41))
    assert await api.report(sid, "undelivered") == 200
    (status,) = got
    assert isinstance(status, Status)
    assert (status.provider_id, status.id, status.state) == (sid, 41, "failed")
    assert isinstance(status.problem, OutsideWindow)
    await made.close()
    await runner.cleanup()


# What failures mean


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ((63003, 63024, 21211, 21614, 63014, 21610), Unreachable),
        ((63018, 20429, 30001, 21611), Later),
        ((63032, 63049, 63013, 63027, 63028, 63029), Refused),
        ((63005, 63019, 63021, 63030, 11751, 12300, 21620), Unfit),
        ((63016,), OutsideWindow),
        ((20003, 63001, 63007, 63020, 63051), Halted),
    ],
)
async def test_error_codes(
    api: TwilioApi, channel: WhatsApp, codes: tuple[int, ...], kind: type[SendError]
) -> None:
    """Each code that the providers' page lists asks for what the page says."""
    for code in codes:
        api.fail_next(400, code)
        with pytest.raises(kind):
            await channel.send(out())
    assert api.sent == []


def test_the_table_of_codes_is_complete() -> None:
    """All codes of the providers' page, and no other, have a meaning."""
    assert len(MEANINGS) == 29
    opted_out = [str(MEANINGS[code](str(code))) for code in (63014, 21610)]
    assert opted_out == ["63014 opted out", "21610 opted out"]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, 20429, Later),
        (429, 0, Later),
        (401, 20003, Halted),
        (401, 0, Halted),
        (400, 21617, Refused),
        (404, 20404, Refused),
        (500, 20500, Uncertain),
        (502, 0, Uncertain),
        (503, 20503, Transient),
        (504, 0, Uncertain),
    ],
)
async def test_statuses(
    api: TwilioApi, channel: WhatsApp, status: int, code: int, kind: type[SendError]
) -> None:
    """429 is safe to try again; a 5xx may hide a created message, but for 503."""
    api.fail_next(status, code)
    with pytest.raises(kind):
        await channel.send(out())


async def test_a_slow_down_holds_the_account(api: TwilioApi, channel: WhatsApp) -> None:
    """Twilio's limits are counted for the number, so everybody waits."""
    api.fail_next(429, 20429)
    with pytest.raises(Later) as caught:
        await channel.send(out())
    assert caught.value.everyone
    assert caught.value.seconds > 0


async def test_an_error_page_is_no_answer(api: TwilioApi, channel: WhatsApp) -> None:
    """A page instead of JSON counts by its status."""
    api.answer_next(429, "<html>")
    with pytest.raises(Later):
        await channel.send(out())
    api.answer_next(200, "<html>")
    with pytest.raises(Uncertain):
        await channel.send(out())


@pytest.mark.parametrize("after", [False, True])
async def test_a_hanging_call_is_ended_by_us(api: TwilioApi, after: bool) -> None:
    """twilio's own timeout is ignored by its async client; ours ends the call as uncertain."""
    made = connect(api, timeout=0.3)
    api.hang_next(after=after)
    with pytest.raises(Uncertain):
        await made.send(out())
    assert len(api.sent) == after
    await made.close()


async def test_a_broken_line_is_uncertain_a_refused_one_transient(
    api: TwilioApi, channel: WhatsApp
) -> None:
    """A message that was taken before the line broke is uncertain; without a server, it waits."""
    api.reset_next(after=True)
    with pytest.raises(Uncertain):
        await channel.send(out())
    gone = connect(api, base_url="http://127.0.0.1:9")
    with pytest.raises(Transient):
        await gone.send(out())
    await gone.close()


async def test_a_retry_goes_on_where_it_broke_off(api: TwilioApi, channel: WhatsApp) -> None:
    """If part two of three was refused for now, the next try begins with part two."""
    text = "a" * 1600 + " " + "b" * 1600 + " c"
    api.fail_next(429, 20429, skip=1)
    with pytest.raises(Later):
        await channel.send(out(text, id=9))
    await channel.send(out("hello", id=8))
    await channel.send(out(text, id=9))
    assert [sent.text[0] for sent in api.sent] == ["a", "h", "b", "c"]


async def test_errors_and_logs_hold_no_secret_and_no_number(
    api: TwilioApi, channel: WhatsApp, caplog: pytest.LogCaptureFixture
) -> None:
    """No error, no error behind an error and no log line at DEBUG has the token or the citizen."""
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    await channel.send(out())
    await channel.missed(NOW)
    for code in (21211, 21617, 20003, 20429):
        api.answer_next(400, f'{{"code": {code}, "message": "{CITIZEN} سؤال", "status": 400}}')
        with pytest.raises(SendError) as caught:
            await channel.send(out())
        seen.append("".join(traceback.format_exception(caught.value)))
        assert caught.value.__context__ is None
    everything = "\n".join(seen) + caplog.text
    assert api.auth_token not in everything
    assert CITIZEN[1:] not in everything
    assert "سؤال" not in everything


# Links, missed messages, loops


async def test_link_and_acknowledging(channel: WhatsApp) -> None:
    """A link opens the app with the payload typed in; WhatsApp's buttons need no receipt."""
    assert channel.link("حاجة 1&x") == (
        "https://wa.me/14155238886?text=%D8%AD%D8%A7%D8%AC%D8%A9%201%26x"
    )
    await channel.acknowledge("anything")


async def test_messages_of_an_outage_are_read_afterwards(api: TwilioApi, channel: WhatsApp) -> None:
    """Twilio's own retries last seconds; its list gives the messages that no webhook brought."""
    api.message(CITIZEN, "", **api.add_file(b"x", "image/jpeg"))
    first, second = await channel.missed(NOW)
    assert (first.text, first.address, first.at) == ("salam", CITIZEN, NOW)
    assert first.external_id == api.received[0]["MessageSid"]
    assert [media.type for media in second.media] == ["image/jpeg"]
    assert (await channel.fetch(second.media[0], 10))[0] == b"x"


def test_the_client_is_made_in_the_running_loop() -> None:
    """A channel may be made before any loop runs, and may serve one loop after the other."""

    async def one(made: WhatsApp, api: TwilioApi) -> None:
        async with api:
            made._base_url = api.base_url
            api.message(CITIZEN)
            await made.send(out())
            await made.close()

    first, second = TwilioApi(clock=lambda: NOW), TwilioApi(clock=lambda: NOW)
    made = connect(first, base_url="")
    for api in (first, second):
        asyncio.run(one(made, api))
    assert [len(api.sent) for api in (first, second)] == [1, 1]


@pytest.mark.parametrize(
    ("message", "form", "labels"),
    [
        ({}, "text", ()),
        ({"buttons": choices("نعم", "لا")}, "buttons", ("1 نعم", "2 لا")),
        ({"buttons": choices(*"أبتث")}, "list", ("1 أ", "2 ب", "3 ت", "4 ث")),
        ({"buttons": choices(*"أبتث"), "choose": "ا"}, "list", ("1 أ", "2 ب", "3 ت", "4 ث")),
        ({"buttons": choices(*"أبتث"), "choose": "ا" * 20}, "list", ("1 أ", "2 ب", "3 ت", "4 ث")),
        ({"buttons": choices(*"أبتث"), "choose": ""}, "numbers", ()),
        ({"buttons": choices(*"أبتث"), "choose": "ا" * 21}, "numbers", ()),
        ({"buttons": choices(*"أبتثجحخدذر")}, "list", None),
        ({"buttons": choices(*"أبتثجحخدذرز")}, "numbers", ()),
    ],
)
async def test_the_preview_shows_what_a_phone_would(
    rich: WhatsApp, channel: WhatsApp, message: dict[str, Any], form: str, labels: Any
) -> None:
    """Its form and its labels; without buttons at Twilio, choices are numbers in the text."""
    shown = rich.shows(out(**message).message)
    assert shown.form == form
    assert labels is None or shown.labels == labels
    simple = channel.shows(out(**message).message)
    assert (simple.form, simple.labels) == ("numbers" if "buttons" in message else "text", ())
    for button in message.get("buttons", ()):
        assert button.full in simple.messages[-1]


async def test_the_preview_says_what_is_cut_and_what_cannot_be_sent(
    rich: WhatsApp, channel: WhatsApp
) -> None:
    """A long text comes in parts; a file needs a public address."""
    for one in (rich, channel):
        long = one.shows(out("كلمة " * 900, buttons=choices("نعم")).message)
        assert len(long.messages) > 1
        assert "split" in long.notes
        assert one.shows(out("كلمة").message).notes == ()
        file = OutMedia("photo", "x.jpg", "image/jpeg")
        assert "no_files" in one.shows(out(media=(file,)).message).notes


@pytest.mark.parametrize("body", ["", "{}", '{"sid": null}', "null", "[]", '"x"', "<html>"])
async def test_an_answer_that_is_no_message_is_no_message_sent(
    api: TwilioApi, channel: WhatsApp, body: str
) -> None:
    """It may have been sent all the same: it is tried again, and never called sent."""
    api.answer_next(201, body, "create")
    with pytest.raises(Uncertain):
        await channel.send(out())
    await channel.send(out())
    assert len(api.sent) == 1


@pytest.mark.parametrize("status", [302, 400, 403, 404, 407, 408, 413, 451])
async def test_a_refusal_that_is_not_twilios_refuses_nothing(
    api: TwilioApi, channel: WhatsApp, status: int
) -> None:
    """A proxy or a captive portal says nothing of the message."""
    api.answer_next(status, "<html>no</html>", "create")
    with pytest.raises(Uncertain):
        await channel.send(out())


async def test_a_long_text_whose_choices_are_refused_is_not_said_twice(
    api: TwilioApi, rich: WhatsApp
) -> None:
    """The last part comes again with numbers, and no other."""
    parts = [f"{n} " + "x" * 900 for n in range(3)]
    message = out("\n\n".join(parts), buttons=choices("a", "b"))
    api.fail_next(400, 63005, "create", skip=2)
    with pytest.raises(Unfit):
        await rich.send(message)
    await rich.send(msgspec.structs.replace(message, plain=True))
    assert [sent.text[:1] for sent in api.sent] == ["0", "1", "2"]
    assert api.sent[-1].text.endswith("1 a\n2 b")


async def test_what_is_left_of_a_message_is_sent_as_it_was_cut(
    api: TwilioApi, rich: WhatsApp
) -> None:
    """Also where the choices became numbers meanwhile."""
    message = out("\n\n".join(f"{n} " + "x" * 900 for n in range(3)), buttons=choices("a"))
    api.fail_next(503, 20503, "create", skip=1)
    with pytest.raises(Transient):
        await rich.send(message)
    api.fail_next(503, 20503, "content")
    await rich.send(message)
    assert [sent.text[:1] for sent in api.sent] == ["0", "1", "2"]
