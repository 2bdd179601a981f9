"""Reading what Twilio posts, and knowing that it is Twilio who posts."""

import pytest
from twilio.request_validator import (  # type: ignore[import-untyped]
    HMAC_SHA256,
    RequestValidator,
)

from bot.channels.port import Arrival, BadWebhook, MediaRef, OutsideWindow, Status
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_webhooks import RETRY_FRAGMENT

AT = 1_795_000_000_000
PUBLIC = "https://consult.example.ma"
CHANNEL = WhatsApp(
    "AC1",
    ["new-token", "old-token"],
    "+14155238886",
    public_url=PUBLIC,
    shared_keys=["shared-key"],
)
SID = f"SM{1:032x}"
OTHER = f"SM{9:032x}"
FORM = {
    "MessageSid": SID,
    "From": "whatsapp:+212612345678",
    "To": "whatsapp:+14155238886",
    "Body": "salam",
    "NumMedia": "0",
}


def read(**fields: str) -> Arrival:
    """The arrival of a form with these fields changed."""
    (arrival,) = CHANNEL.read({**FORM, **fields}, AT)
    assert isinstance(arrival, Arrival)
    return arrival


def signed(
    form: dict[str, str],
    by: str = "new-token",
    url: str = f"{PUBLIC}/whatsapp",
    algorithm: str | None = None,
) -> dict[str, str]:
    """The headers that Twilio would send with a form."""
    signature = RequestValidator(by).compute_signature(url, form, algorithm)
    headers = {"X-Twilio-Signature": signature}
    if algorithm:
        headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=k1,algorithm={algorithm}"
    return headers


# Signatures


@pytest.mark.parametrize("token", ["new-token", "old-token"])
def test_either_token_during_rotation(token: str) -> None:
    """While a token is changed, signatures with the old and the new one count; others do not."""
    assert CHANNEL.valid_signature("/whatsapp", FORM, signed(FORM, token))
    assert not CHANNEL.valid_signature("/whatsapp", FORM, signed(FORM, token + "x"))


def test_the_newer_scheme() -> None:
    """A header names HMAC_SHA256; then the shared key counts, not the auth token."""
    headers = signed(FORM, "shared-key", algorithm=HMAC_SHA256)
    assert CHANNEL.valid_signature("/whatsapp", FORM, headers)
    assert not CHANNEL.valid_signature("/whatsapp", FORM, signed(FORM, algorithm=HMAC_SHA256))
    del headers["X-Twilio-Webhooks-Signature-Settings"]
    assert not CHANNEL.valid_signature("/whatsapp", FORM, headers)


def test_an_unknown_scheme_is_refused() -> None:
    """A scheme that we cannot check is not believed."""
    headers = signed(FORM) | {"X-Twilio-Webhooks-Signature-Settings": "algorithm=NONE"}
    assert not CHANNEL.valid_signature("/whatsapp", FORM, headers)


def test_without_shared_keys_the_newer_scheme_is_refused() -> None:
    """An empty list of keys opens nothing."""
    channel = WhatsApp("AC1", ["t"], "+1", public_url=PUBLIC)
    headers = signed(FORM, "", algorithm=HMAC_SHA256)
    assert not channel.valid_signature("/whatsapp", FORM, headers)


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "é"}])
def test_no_signature(headers: dict[str, str]) -> None:
    """A missing, empty or strange signature is no signature, and no error."""
    assert not CHANNEL.valid_signature("/whatsapp", FORM, headers)


def test_header_names_in_any_case() -> None:
    """Servers pass header names on in lower case."""
    headers = {name.lower(): value for name, value in signed(FORM).items()}
    assert CHANNEL.valid_signature("/whatsapp", FORM, headers)


def test_every_field_counts_blank_and_new_ones_too() -> None:
    """Twilio signs all it sends: blank fields, and fields invented after today."""
    form = {**FORM, "Body": "", "ReferralOf2027": "x"}
    headers = signed(form)
    assert CHANNEL.valid_signature("/whatsapp", list(form.items()), headers)
    without_blank = {name: value for name, value in form.items() if value}
    blank_as_signed = signed(without_blank)
    assert not CHANNEL.valid_signature("/whatsapp", {**form, "ReferralOf2027": "y"}, headers)
    assert not CHANNEL.valid_signature("/whatsapp", form, blank_as_signed)


def test_the_body_itself_may_be_given() -> None:
    """Without parsed parameters the form in the body is checked, blank fields included."""
    form = {**FORM, "Body": "", "ProfileName": "فاطمة"}
    body = "&".join(f"{name}={value}" for name, value in form.items() if name not in ("From", "To"))
    body += "&From=whatsapp%3A%2B212612345678&To=whatsapp%3A%2B14155238886"
    headers = signed(form)
    assert CHANNEL.valid_signature("/whatsapp", None, headers, body.encode())


def test_a_field_may_come_twice() -> None:
    """Values of a repeated field are all signed."""
    pairs = [("A", "2"), ("A", "1"), *FORM.items()]
    single = RequestValidator("new-token").compute_signature(f"{PUBLIC}/whatsapp", FORM)
    assert not CHANNEL.valid_signature("/whatsapp", pairs, {"X-Twilio-Signature": single})
    joined = {"A": "1A2", **FORM}  # what the concatenation of both comes to
    assert CHANNEL.valid_signature("/whatsapp", pairs, signed(joined))


def test_only_the_configured_address_counts() -> None:
    """What a request says of its host is not believed; behind a proxy it is wrong anyway."""
    headers = signed(FORM)
    for url in ("http://10.0.0.5:8000/whatsapp", "https://evil.example/whatsapp", "/whatsapp"):
        assert CHANNEL.valid_signature(url, FORM, headers)
    theirs = signed(FORM, url="https://evil.example/whatsapp")
    assert not CHANNEL.valid_signature("https://evil.example/whatsapp", FORM, theirs)
    assert not CHANNEL.valid_signature("/status", FORM, headers)


def test_query_counts_and_retry_options_do_not() -> None:
    """The query (our id) is signed; the options behind # are for Twilio's eyes only."""
    headers = signed(FORM, url=f"{PUBLIC}/status?id=7")
    assert CHANNEL.valid_signature("/status?id=7", FORM, headers)
    assert CHANNEL.valid_signature(f"/status?id=7{RETRY_FRAGMENT}", FORM, headers)
    assert not CHANNEL.valid_signature("/status?id=8", FORM, headers)


def test_with_and_without_the_port() -> None:
    """Twilio signs the standard port sometimes; both are taken."""
    assert CHANNEL.valid_signature(
        "/whatsapp", FORM, signed(FORM, url="https://consult.example.ma:443/whatsapp")
    )


# Messages


def test_a_message() -> None:
    """A text comes with its number, which WhatsApp vouches for; unknown fields are passed over."""
    assert read(FieldOf2027="x") == Arrival(
        channel="whatsapp",
        account="+14155238886",
        external_id=SID,
        address="+212612345678",
        phone="+212612345678",
        at=AT,
        text="salam",
    )


def test_pairs_read_like_a_mapping() -> None:
    """A form may come as pairs."""
    assert CHANNEL.read(list(FORM.items()), AT) == CHANNEL.read(FORM, AT)


def test_a_hidden_number() -> None:
    """Who hides the number is still somebody to answer, without a phone."""
    arrival = read(From="whatsapp:MA.1a2B3c", WaId="")
    assert (arrival.address, arrival.phone) == ("MA.1a2B3c", None)


@pytest.mark.parametrize(
    ("fields", "aliases"),
    [
        ({"ExternalUserId": "MA.1a2B3c", "WaId": "212612345678"}, ("MA.1a2B3c",)),
        ({"ExternalUserId": "whatsapp:MA.1a2B3c"}, ("MA.1a2B3c",)),
        ({"ExternalUserId": "somebody"}, ()),
        ({"ExternalUserId": "MA." + "x" * 190}, ("MA." + "x" * 190,)),
        ({"ExternalUserId": "MA." + "x" * 191}, ()),
        ({"ExternalUserId": ""}, ()),
        # The same number, written as another country once did.
        ({"WaId": "212712345678"}, ()),
        ({"From": "whatsapp:MA.1a2B3c", "WaId": "212612345678"}, ("+212612345678",)),
        ({"From": "whatsapp:MA.1a2B3c", "WaId": "+212612345678"}, ("+212612345678",)),
        ({"From": "whatsapp:MA.1a2B3c", "WaId": ""}, ()),
        ({"From": "whatsapp:MA.1a2B3c", "WaId": "MA.1a2B3c"}, ()),
        ({"From": "whatsapp:MA.1a2B3c", "ExternalUserId": "MA.1a2B3c"}, ()),
    ],
)
def test_the_number_and_the_id_of_one_message_are_one_persons(
    fields: dict[str, str], aliases: tuple[str, ...]
) -> None:
    """Whichever of them the message comes from."""
    arrival = read(**fields)
    assert arrival.aliases == aliases
    assert (arrival.phone is not None) == ("+212612345678" in (arrival.address, *aliases))


def test_a_tap_on_a_quick_reply() -> None:
    """A button gives its payload as the token, and its label as the text."""
    arrival = read(Body="نعم", ButtonText="نعم", ButtonPayload="t1")
    assert (arrival.event, arrival.token, arrival.text) == ("tap", "t1", "نعم")


@pytest.mark.parametrize(
    ("fields", "token"),
    [
        ({"ListId": "t1", "ButtonPayload": "t2"}, "t1"),
        ({"ButtonPayload": "t2", "InteractiveData": '{"id":"t3"}'}, "t2"),
        ({"InteractiveData": '{"list_reply":{"id":"t3","title":"x"}}'}, "t3"),
        ({"InteractiveData": '{"type":"list_reply","x":{"list_reply":{"id":"t3"}}}'}, "t3"),
        ({"InteractiveData": "not json"}, None),
        ({"InteractiveData": "[1]", "ListTitle": "2 نعم"}, None),
        ({"ListId": "", "ButtonPayload": ""}, None),
    ],
)
def test_a_choice_from_a_list(fields: dict[str, str], token: str | None) -> None:
    """ListId, else ButtonPayload, else InteractiveData; with none, the title stays as text."""
    arrival = read(Body="2 نعم", **fields)
    assert (arrival.token, arrival.text) == (token, "2 نعم")
    assert arrival.event == ("message" if token is None else "tap")


def test_a_pin() -> None:
    """A location is latitude and longitude."""
    assert read(Body="", Latitude="34.02", Longitude="-6.84").location == (34.02, -6.84)


@pytest.mark.parametrize(
    ("label", "address", "place"),
    [
        ("Souk", "Rue 5, Tabounte", "Souk, Rue 5, Tabounte"),
        ("Souk", "", "Souk"),
        ("", "Rue 5", "Rue 5"),
        ("Rue 5", "Rue 5, Tabounte", "Rue 5, Tabounte"),
        ("", "", ""),
    ],
)
def test_a_pin_has_the_name_that_the_map_gives_it(label: str, address: str, place: str) -> None:
    pin = {"Latitude": "34.02", "Longitude": "-6.84"}
    assert read(Body="", Label=label, Address=address, **pin).place == place
    assert read(Body="", Label=label, Address=address).place == ""


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("audio/ogg; codecs=opus", "voice"),
        ("audio/mpeg", "audio"),
        ("image/jpeg", "photo"),
        ("video/mp4", "video"),
        ("application/pdf", "document"),
        ("", "document"),
    ],
)
def test_files(kind: str, expected: str) -> None:
    """A recording made in WhatsApp is ogg: a voice message; the rest by its type."""
    arrival = read(
        Body="", NumMedia="1", MediaUrl0="https://api.twilio.com/m", MediaContentType0=kind
    )
    assert arrival.media == (MediaRef(expected, "https://api.twilio.com/m", kind),)  # type: ignore[arg-type]
    assert arrival.unsupported is None


def test_what_is_not_understood_has_a_name() -> None:
    """A card, a sticker or what Twilio invents next is named, so that it can be answered."""
    card = {"NumMedia": "1", "MediaUrl0": "u", "MediaContentType0": "text/vcard"}
    assert read(Body="", **card).unsupported == "contacts"
    assert read(Body="", MessageType="<script>").unsupported == "unknown"
    assert read(Body="").unsupported == "unknown"


@pytest.mark.parametrize(
    ("fields", "lost", "urls"),
    [
        ({"NumMedia": "2", "MediaUrl0": "u"}, "file", ["u"]),
        ({"NumMedia": "1", "MediaContentType0": "image/jpeg"}, "file", []),
        ({"NumMedia": "0", "MediaContentType0": "image/jpeg"}, "file", []),
        ({"NumMedia": "0", "MediaUrl0": "u"}, "", ["u"]),
        ({"NumMedia": "many", "MediaUrl0": "u", "MediaUrl1": "v"}, "", ["u", "v"]),
        ({"NumMedia": "٢"}, "", []),
        ({"NumMedia": "1", "MediaUrl0": "", "MediaUrl1": "v"}, "", ["v"]),
        ({"NumMedia": "10"} | {f"MediaUrl{n}": f"{n}" for n in range(10)}, "", list("0123456789")),
        (
            {"NumMedia": "11"} | {f"MediaUrl{n}": f"{n}" for n in range(11)},
            "file",
            list("0123456789"),
        ),
        ({"Latitude": "north", "Longitude": "1"}, "location", []),
        ({"Latitude": "91", "Longitude": "1"}, "location", []),
        ({"Latitude": "nan", "Longitude": "1"}, "location", []),
        ({"Latitude": "1", "Longitude": "-180.1"}, "location", []),
        ({"Latitude": "1"}, "location", []),
    ],
)
def test_a_part_that_cannot_be_read_costs_no_words(
    fields: dict[str, str], lost: str, urls: list[str]
) -> None:
    """The text is read, and so is every file that is there; what is missing has a name."""
    arrival = read(**fields)
    assert (arrival.text, arrival.lost) == ("salam", lost)
    assert [media.ref for media in arrival.media] == urls
    assert arrival.location is None
    alone = read(**{**fields, "Body": ""})
    assert (alone.unsupported is None) == bool(lost or urls)


def test_the_ends_of_the_earth_are_places() -> None:
    """Poles and the line of the date."""
    assert read(Latitude="-90", Longitude="180").location == (-90, 180)


@pytest.mark.parametrize(
    ("mime", "message", "sticker"),
    [
        ("image/webp", "sticker", True),
        ("image/webp", "", True),
        ("image/webp", "text", True),
        ("image/webp", "document", False),
        ("image/webp", "image", False),
        ("image/jpeg", "image", False),
        ("image/heic", "document", False),
    ],
)
def test_a_sticker_is_no_photo(mime: str, message: str, sticker: bool) -> None:
    """WhatsApp makes its stickers in WebP, and no photo."""
    file = {"NumMedia": "1", "MediaUrl0": "u", "MediaContentType0": mime, "MessageType": message}
    arrival = read(Body="", **file)
    assert (arrival.unsupported == "sticker") is sticker
    assert [media.kind for media in arrival.media] == ([] if sticker else ["photo"])


@pytest.mark.parametrize("text", ["", "👍", "1"])
@pytest.mark.parametrize("kind", ["reaction", "system"])
def test_a_reaction_and_a_notice_are_no_messages(text: str, kind: str) -> None:
    """A sign under a question is not its answer; what WhatsApp notes about a chat is nobody's words."""
    form = {**FORM, "Body": text, "MessageType": kind}
    assert CHANNEL.read(form, AT) == []


def test_a_deep_link_is_text() -> None:
    """wa.me types the payload into the app; it comes as the text."""
    assert read(Body="need-1").text == "need-1"


@pytest.mark.parametrize(
    "broken",
    [
        {"MessageSid": ""},
        {"MessageSid": "SM1"},
        {"MessageSid": f"{SID}NumMedia0"},
        {"To": "whatsapp:+14155238886WaId212612345678"},
        {"From": "whatsapp:+212612345678MessageSidSM1"},
        {"From": ""},
        {"From": "+212612345678"},
        {"From": "whatsapp:"},
        {"From": "whatsapp:a b"},
        {"To": "sms"},
        {"MessageStatus": "invented"},
        {"MessageStatus": "sent", "MessageSid": ""},
    ],
)
def test_a_bad_form_repeats_nothing(broken: dict[str, str]) -> None:
    """A form that Twilio would not post is BadWebhook, without any of what it held."""
    with pytest.raises(BadWebhook) as caught:
        CHANNEL.read({**FORM, **broken}, AT)
    assert not any(value in str(caught.value) for value in ("salam", "212612345678", "invented"))


# Statuses


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "read"),
        ("failed", "failed"),
        ("undelivered", "failed"),
        ("canceled", "failed"),
    ],
)
def test_a_status(state: str, expected: str) -> None:
    """A report tells its message's state, our own id, which may be known before our commit."""
    form = {"MessageSid": OTHER, "MessageStatus": state, "SmsStatus": state, "id": "41"}
    (status,) = CHANNEL.read(form, AT)
    assert isinstance(status, Status)
    assert (status.channel, status.provider_id, status.id) == ("whatsapp", OTHER, 41)
    assert (status.state, status.error) == (expected, None)
    assert (status.problem is not None) is (expected == "failed")


def test_a_late_failure_keeps_its_code() -> None:
    """Outside the window, 63016 comes as a status."""
    form = {"MessageSid": OTHER, "MessageStatus": "undelivered", "ErrorCode": "63016", "id": "x"}
    (status,) = CHANNEL.read(form, AT)
    assert isinstance(status, Status)
    assert (status.state, status.error, status.id) == ("failed", "63016", None)
    assert isinstance(status.problem, OutsideWindow)


@pytest.mark.parametrize("state", ["accepted", "scheduled", "queued", "sending"])
def test_states_on_the_way_say_nothing(state: str) -> None:
    """What is on its way moves nothing up."""
    assert CHANNEL.read({"MessageSid": OTHER, "MessageStatus": state}, AT) == []


@pytest.mark.parametrize(
    "more",
    [
        {"InteractiveData": "[" * 50_000},
        {"InteractiveData": '{"a":' * 5_000 + "1" + "}" * 5_000},
    ],
    ids=["brackets", "braces"],
)
def test_what_is_folded_too_deep_costs_no_words(more: dict[str, str]) -> None:
    """The token cannot be read; the message can."""
    form = {
        "MessageSid": SID,
        "From": "whatsapp:+212600000000",
        "To": "whatsapp:+14155238886",
        "Body": "x",
    }
    (arrival,) = CHANNEL.read({**form, **more}, AT)
    assert isinstance(arrival, Arrival)
    assert (arrival.text, arrival.token) == ("x", None)


@pytest.mark.parametrize(("id", "code"), [("9" * 20, "63016"), ("x", "9" * 5000), ("-1", "")])
def test_a_status_with_impossible_numbers_is_a_status(id: str, code: str) -> None:
    """Of no message of ours; the failure stands."""
    form = {"MessageSid": OTHER, "MessageStatus": "failed", "ErrorCode": code, "id": id}
    (status,) = CHANNEL.read(form, AT)
    assert isinstance(status, Status)
    assert (status.state, status.id) == ("failed", None)
