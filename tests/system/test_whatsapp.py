"""The same conversations on WhatsApp through Twilio, against an emulator with the real client."""

import itertools

import httpx
import msgspec
import pytest

from bot.app.build import App
from bot.channels import whatsapp_webhooks
from bot.channels.port import Arrival, BadWebhook
from bot.core.config import Config, WhatsAppSettings
from bot.staff import put_aside
from tests.checks import AddressStates, ArrivalsOf, MessageStates
from tests.citizen import plain
from tests.emulators.twilio_api import TwilioApi
from tests.pictures import JPEG
from tests.system.conftest import served, until
from tests.visitor import visitor

PUBLIC = "https://tachawor.example"
CITIZEN = "+212600000001"


def with_whatsapp(config: Config, api: TwilioApi, *, interactive: bool = True) -> Config:
    settings = WhatsAppSettings(
        account_sid=api.account_sid,
        auth_token=api.auth_token,
        sender=api.number,
        base_url=api.base_url,
        interactive=interactive,
    )
    web = msgspec.structs.replace(config.web, public_url=PUBLIC)
    return msgspec.structs.replace(config, whatsapp=settings, web=web)


async def post(
    api: TwilioApi, client: httpx.AsyncClient, address: str, form: dict[str, str]
) -> int:
    signature = api.sign(f"{PUBLIC}/webhooks/twilio", form)
    headers = {"X-Twilio-Signature": signature}
    answer = await client.post(f"{address}/webhooks/twilio", data=form, headers=headers)
    return answer.status_code


@pytest.mark.parametrize("sender", [CITIZEN, "MA.1234567890"])
async def test_a_poll_is_answered_by_numbers_also_without_a_phone_number(
    config: Config, sender: str
) -> None:
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api, interactive=False)) as (_, address),
        visitor() as client,
    ):
        for said, expected in (
            ("OZT-LIGHT", "Which language"),
            ("english", "Your answers go to"),
            ("1", "1 🙂 Good"),
            ("1", "How is safety"),
            ("5", "Do you have a proposal"),
            ("skip", "before they are sent"),
            ("1", "Reference: OZT-2026-000001"),
        ):
            before = len(api.sent)
            assert await post(api, client, address, api.message(sender, said)) == 200
            await until(lambda before=before: len(api.sent) > before)
            assert expected in plain(api.sent[-1].text) or said == "OZT-LIGHT"


async def test_a_poll_is_answered_by_quick_replies_and_lists(config: Config) -> None:
    """As it is set where nothing is set; a tap sends the token that we gave the button."""
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api)) as (_, address),
        visitor() as client,
    ):
        forms = []
        for label, expected in (
            ("OZT-LIGHT", "Which language"),
            ("English", "Your answers go to"),
            ("I agree", "How is the lighting"),
            ("Good", "How is safety"),
            ("4", "Do you have a proposal"),
            ("Skip", "before they are sent"),
            ("Send", "Reference: OZT-2026-000001"),
        ):
            before = len(api.sent)
            shown = zip(api.sent[-1].labels, api.sent[-1].tokens, strict=True) if api.sent else ()
            token = next((token for one, token in shown if label in one), "")
            tapped = {"ButtonPayload": token} if token else {}
            assert await post(api, client, address, api.message(CITIZEN, label, **tapped)) == 200
            await until(lambda before=before: len(api.sent) > before)
            assert expected in plain(api.sent[-1].text) or label == "OZT-LIGHT"
            forms += (
                [next(iter(api.contents[str(api.sent[-1].template)]["types"]))]
                if api.sent[-1].template
                else ["text"]
            )
        assert "twilio/quick-reply" in forms
        assert "twilio/list-picker" in forms


async def test_a_wrong_signature_is_refused_and_nothing_is_taken_in(config: Config) -> None:
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api)) as (app, address),
        visitor() as client,
    ):
        form = api.message(CITIZEN, "hello")
        headers = {"X-Twilio-Signature": "wrong"}
        answer = await client.post(f"{address}/webhooks/twilio", data=form, headers=headers)
        assert answer.status_code == 403
        async with app.storage.reading() as tx:
            assert await tx.rows(AddressStates) == []


async def test_reports_move_a_message_up_whatever_their_order(config: Config) -> None:
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api)) as (app, address),
        visitor() as client,
    ):
        await post(api, client, address, api.message(CITIZEN, "hello"))
        await until(lambda: api.sent)
        sent = api.sent[-1]
        assert sent.status_callback is not None
        path = sent.status_callback.removeprefix(PUBLIC)
        for state in ("read", "delivered", "sent"):
            form = api.status(sent.sid, state)
            headers = {"X-Twilio-Signature": api.sign(PUBLIC + path, form)}
            answer = await client.post(address + path, data=form, headers=headers)
            assert answer.status_code == 200
        await app.delivery.idle()
        await app.delivery.close()
        async with app.storage.reading() as tx:
            states = await tx.rows(MessageStates, channel="whatsapp")
        assert [(row.state, row.n) for row in states] == [("read", 1)]


async def test_what_twilio_could_not_deliver_while_we_were_away_is_taken_in_once(
    config: Config,
) -> None:
    async with TwilioApi() as api:
        async with (
            served(with_whatsapp(config, api)) as (_, address),
            visitor() as client,
        ):
            assert await post(api, client, address, api.message(CITIZEN, "OZT-LIGHT")) == 200
            await until(lambda: len(api.sent) == 1)
        api.message(CITIZEN, "english")
        async with served(with_whatsapp(config, api)):
            await until(lambda: len(api.sent) == 2)
            assert "Your answers go to" in plain(api.sent[-1].text)


async def test_a_photo_is_deleted_at_twilio_once_it_is_kept_here(config: Config) -> None:
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api)) as (app, address),
        visitor() as client,
    ):
        for said in ("OZT-NEEDS", "english", "1", "1", "skip"):
            before = len(api.sent)
            await post(api, client, address, api.message(CITIZEN, said))
            await until(lambda before=before: len(api.sent) > before)
        photo = api.add_file(JPEG, "image/jpeg")
        await post(api, client, address, api.message(CITIZEN, "", **photo))
        await until(lambda: "photo" in plain(api.sent[-1].text))
        await until(lambda: not api.files)
        assert [path for path in app.media.folder.iterdir() if path.is_file()]


async def test_a_photo_that_is_404_at_first_is_fetched_again_and_the_next_message_waits_for_it(
    config: Config,
) -> None:
    """Twilio is answered meanwhile: it would call again after fifteen seconds."""
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api)) as (_, address),
        visitor() as client,
    ):
        for said in ("OZT-NEEDS", "english", "1", "1", "skip"):
            before = len(api.sent)
            await post(api, client, address, api.message(CITIZEN, said))
            await until(lambda before=before: len(api.sent) > before)
        photo = api.add_file(JPEG, "image/jpeg", late=2)
        assert await post(api, client, address, api.message(CITIZEN, "", **photo)) == 200
        assert await post(api, client, address, api.message(CITIZEN, "1")) == 200
        await until(lambda: "Reference: OZT-2026-" in plain(api.sent[-1].text))
        assert "photo" in plain(api.sent[-2].text)


async def inbox_rows(app: App) -> int:
    """How many messages came in and could be read."""
    async with app.storage.reading() as tx:
        return len(await tx.rows(ArrivalsOf, channel="whatsapp"))


async def test_a_signed_form_whose_fields_are_folded_is_no_second_message(config: Config) -> None:
    """A key that its neighbour's value swallows is signed all the same; it is kept, unread, and no message."""
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api)) as (app, address),
        visitor() as client,
    ):
        form = api.message(CITIZEN, "hello")
        assert await post(api, client, address, form) == 200
        assert await inbox_rows(app) == 1
        names = sorted(form)
        for swallowing, swallowed in itertools.pairwise(names):
            folded = {k: v for k, v in form.items() if k != swallowed}
            folded[swallowing] += swallowed + form[swallowed]
            signature = api.sign(f"{PUBLIC}/webhooks/twilio", form)
            answer = await client.post(
                f"{address}/webhooks/twilio",
                data=folded,
                headers={"X-Twilio-Signature": signature},
            )
            assert answer.status_code == 200, swallowing
            assert await inbox_rows(app) == 1, (swallowing, swallowed)


@pytest.mark.parametrize(
    "changed",
    [{"From": "whatsapp:"}, {"To": "sms:+1"}, {"MessageSid": ""}, {"MessageStatus": "new"}],
)
async def test_a_signed_form_that_cannot_be_read_is_kept_and_answered(
    config: Config, changed: dict[str, str]
) -> None:
    """Once, however often it comes; without a right signature it is refused as ever."""
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api)) as (app, address),
        visitor() as client,
    ):
        form = {**api.message(CITIZEN, "the bridge is broken"), **changed}
        refused = await client.post(f"{address}/webhooks/twilio", data=form)
        assert refused.status_code == 403
        for _ in range(2):
            assert await post(api, client, address, form) == 200
        async with app.storage.reading() as tx:
            (row,) = await put_aside.messages(tx, app.register, app.register.default_id)
        assert "bridge" not in row.payload
        assert not await app.conversations.replay(row)
        assert await post(api, client, address, api.message(CITIZEN, "hello")) == 200
        await until(lambda: api.sent)


async def test_a_form_that_was_put_aside_is_released_with_its_words(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was signed: a report with the id in the address, too."""
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api)) as (app, address),
        visitor() as client,
    ):

        def broken(*given: object) -> None:
            raise BadWebhook("of a shape that nobody knows")

        with monkeypatch.context() as patched:
            patched.setattr(whatsapp_webhooks, "_message", broken)
            form = api.message(CITIZEN, "OZT-LIGHT مرحبا & salam")
            assert await post(api, client, address, form) == 200
        async with app.storage.reading() as tx:
            (row,) = await put_aside.messages(tx, app.register, app.register.default_id)
        taken: list[str] = []
        receive = app.conversations.receive

        async def seen(arrivals: list[Arrival]) -> None:
            taken.extend(arrival.text for arrival in arrivals)
            await receive(arrivals)

        monkeypatch.setattr(app.conversations, "receive", seen)
        assert await app.conversations.replay(row)
        assert taken == ["OZT-LIGHT مرحبا & salam"]
        await until(lambda: api.sent)


async def test_a_number_and_an_id_are_one_person_from_the_message_that_shows_both(
    config: Config,
) -> None:
    """Each is answered where it writes; what was begun as one goes on as the other."""
    async with (
        TwilioApi() as api,
        served(with_whatsapp(config, api)) as (app, address),
        visitor() as client,
    ):
        for sender, said, fields, expected in (
            (CITIZEN, "OZT-LIGHT", {}, "تشاور"),
            (
                CITIZEN,
                "english",
                {"WaId": CITIZEN[1:], "ExternalUserId": "MA.1a2B"},
                "Your answers",
            ),
            ("MA.1a2B", "1", {}, "How is the lighting"),
            ("MA.1a2B", "1", {"WaId": CITIZEN[1:], "ExternalUserId": "MA.1a2B"}, "How is safety"),
            (CITIZEN, "5", {}, "Do you have a proposal"),
        ):
            before = len(api.sent)
            form = api.message(sender, said, **fields)
            assert await post(api, client, address, form) == 200
            await until(lambda before=before: len(api.sent) > before)
            assert expected in plain(api.sent[-1].text)
            assert api.sent[-1].to == sender
        async with app.storage.reading() as tx:
            assert len(await tx.rows("people_known")) == 1
