"""The same conversations on Telegram: by webhook and by polling, against a Bot API emulator."""

import itertools
from typing import Any

import msgspec
import pytest

from bot.app import serving
from bot.channels import telegram_updates
from bot.channels.port import BadWebhook
from bot.core.config import Config, TelegramSettings
from bot.staff import put_aside
from tests.checks import AddressStates, MessageStates
from tests.citizen import plain
from tests.emulators.telegram_api import TelegramApi
from tests.emulators.telegram_messages import album, in_topic
from tests.pictures import JPEG
from tests.system.conftest import served, until
from tests.visitor import visitor

SECRET = "webhook-secret-for-tests"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class Phone:
    """A Telegram user."""

    def __init__(self, api: TelegramApi, id: int = 7) -> None:
        self.api, self.id = api, id
        self.numbers = itertools.count(id * 1000)

    def _user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": "A", "language_code": "en"}

    def message(self, text: str) -> dict[str, Any]:
        """The update of a message."""
        number = next(self.numbers)
        chat = {"id": self.id, "type": "private"}
        said = {"message_id": number, "date": 0, "chat": chat, "from": self._user(), "text": text}
        return {"update_id": number, "message": said}

    def tap(self, label: str) -> dict[str, Any]:
        """The update of a tap on a button of the last message."""
        last = self.api.sent[-1]
        shown = [plain(one) for one in last.labels]
        token = next(t for one, t in zip(shown, last.tokens, strict=True) if label in one)
        number = next(self.numbers)
        query = {
            "id": str(number), "from": self._user(), "chat_instance": "1", "data": token,
            "message": {"message_id": 1, "date": 0, "chat": {"id": self.id, "type": "private"}},
        }  # fmt: skip
        return {"update_id": number, "callback_query": query}


def with_telegram(config: Config, api: TelegramApi, mode: str) -> Config:
    settings = TelegramSettings(
        token=api.token,
        base_url=api.base_url.removesuffix("/bot"),
        mode=mode,  # type: ignore[arg-type]
        webhook_secret=SECRET,
    )
    web = config.web
    if mode == "webhook":
        web = msgspec.structs.replace(web, public_url="https://tachawor.example")
    return msgspec.structs.replace(config, telegram=settings, web=web)


async def test_a_poll_is_answered_by_taps_over_polling(config: Config) -> None:
    async with TelegramApi() as api, served(with_telegram(config, api, "polling")):
        phone = Phone(api)
        for update, expected in (
            (lambda: phone.message("/start OZT-LIGHT"), "Which language"),
            (lambda: phone.tap("English"), "Your answers go to"),
            (lambda: phone.tap("I agree"), "How is the lighting"),
            (lambda: phone.tap("Good"), "How is safety"),
            (lambda: phone.message("٤"), "Do you have a proposal"),
            (lambda: phone.message("/skip"), "before they are sent"),
            (lambda: phone.tap("Send"), "Reference: OZT-2026-000001"),
        ):
            before = len(api.sent)
            api.push(update())
            await until(lambda before=before: len(api.sent) > before)
            assert expected in plain(api.sent[-1].text)


async def test_the_webhook_is_answered_after_the_commit_and_only_with_the_secret(
    config: Config,
) -> None:
    async with (
        TelegramApi() as api,
        served(with_telegram(config, api, "webhook")) as (app, address),
        visitor() as client,
    ):
        phone = Phone(api)
        hook = f"{address}/webhooks/telegram"
        update = phone.message("/start")
        assert (await client.post(hook, json=update)).status_code == 403
        assert (await client.post(hook, json=update, headers=HEADERS)).status_code == 200
        async with app.storage.reading() as tx:
            assert len(await tx.rows(AddressStates)) == 1
        await until(lambda: api.sent)


#: Nested as nothing of Telegram's is, at the top and in a field that is read.
DEEP = (
    b"[" * 100_000 + b"]" * 100_000,
    b'{"update_id":6,"message":{"chat":{"id":7,"type":"private"},"poll":' + b"[" * 100_000,
)
HALF = rb'{"update_id":5,"message":{"chat":{"id":7,"type":"private"},"from":{"id":7},"text":"a \ud83d b"}}'


async def test_a_webhook_with_nothing_in_it_is_refused(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        TelegramApi() as api,
        served(with_telegram(config, api, "webhook")) as (_, address),
        visitor() as client,
    ):
        answer = await client.post(f"{address}/webhooks/telegram", content=b"", headers=HEADERS)
    assert answer.status_code == 400
    assert "webhook" in caplog.text


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"message": 5}', b"\xff\xfe", b"null", HALF, *DEEP]
)
async def test_an_update_that_cannot_be_read_is_kept_once_and_holds_up_nobody(
    config: Config, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """It is answered 200, stands where staff see what was put aside, and the log has none of its words."""
    async with (
        TelegramApi() as api,
        served(with_telegram(config, api, "webhook")) as (app, address),
        visitor() as client,
    ):
        hook = f"{address}/webhooks/telegram"
        assert (await client.post(hook, content=body)).status_code == 403
        for _ in range(2):
            assert (await client.post(hook, content=body, headers=HEADERS)).status_code == 200
        async with app.storage.reading() as tx:
            (row,) = await put_aside.messages(tx, app.register, app.register.default_id)
        assert not await app.conversations.replay(row)
        update = Phone(api, 9).message("/start")
        assert (await client.post(hook, json=update, headers=HEADERS)).status_code == 200
        await until(lambda: api.sent)
        async with app.storage.reading() as tx:
            assert len(await put_aside.messages(tx, app.register, app.register.default_id)) == 1
    assert "put aside" in caplog.text
    assert '"message"' not in caplog.text


async def test_what_a_later_version_can_read_is_answered_when_it_is_released(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By polling too; a second press does nothing more."""
    async with TelegramApi() as api, served(with_telegram(config, api, "polling")) as (app, _):
        phone = Phone(api)
        whole = telegram_updates._arrival

        def broken(*given: object) -> None:
            raise BadWebhook("of a shape that nobody knows")

        with monkeypatch.context() as patched:
            patched.setattr(telegram_updates, "_arrival", broken)
            api.push(phone.message("/start OZT-LIGHT"))
            await until(lambda: api.polled.is_set() and not api.pending)
            async with app.storage.reading() as tx:
                (row,) = await put_aside.messages(tx, app.register, app.register.default_id)
        assert telegram_updates._arrival is whole
        assert await app.conversations.replay(row)
        await until(lambda: api.sent)
        assert "Which language" in plain(api.sent[-1].text)
        assert await app.conversations.replay(row)
        await app.delivery.idle()
        assert len(api.sent) == 1
        async with app.storage.reading() as tx:
            assert await put_aside.messages(tx, app.register, app.register.default_id) == []


async def test_an_update_delivered_twice_is_answered_once(config: Config) -> None:
    async with (
        TelegramApi() as api,
        served(with_telegram(config, api, "webhook")) as (app, address),
        visitor() as client,
    ):
        phone = Phone(api)
        update = phone.message("/start")
        for _ in range(3):
            await client.post(f"{address}/webhooks/telegram", json=update, headers=HEADERS)
        await until(lambda: api.sent)
        await app.delivery.idle()
        assert len(api.sent) == 1


async def test_a_pause_that_telegram_asks_for_is_kept_and_nothing_is_lost(config: Config) -> None:
    async with (
        TelegramApi() as api,
        served(with_telegram(config, api, "webhook")) as (_, address),
        visitor() as client,
    ):
        api.fail_next(429, method="sendMessage", retry_after=1)
        update = Phone(api).message("/start")
        await client.post(f"{address}/webhooks/telegram", json=update, headers=HEADERS)
        await until(lambda: api.sent)


async def test_who_blocks_the_bot_is_remembered_as_unreachable(config: Config) -> None:
    async with (
        TelegramApi() as api,
        served(with_telegram(config, api, "webhook")) as (app, address),
        visitor() as client,
    ):
        api.blocked.add(7)
        update = Phone(api).message("/start")
        await client.post(f"{address}/webhooks/telegram", json=update, headers=HEADERS)
        await app.delivery.idle()
        await app.delivery.close()
        async with app.storage.reading() as tx:
            assert [row.state for row in await tx.rows(AddressStates)] == ["closed"]
            assert [row.state for row in await tx.rows(MessageStates, channel="telegram")] == [
                "failed"
            ]


async def test_a_telegram_that_cannot_be_reached_at_the_start_is_tried_again(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "FIRST_RETRY", 0)
    async with TelegramApi() as api:
        api.fail_next(502, method="getMe")
        async with served(with_telegram(config, api, "polling")):
            api.push(Phone(api).message("/start"))
            await until(lambda: api.sent)


async def test_an_album_by_webhook_and_a_topic_are_answered_once_and_in_their_place(
    config: Config,
) -> None:
    """Each photo is a call of its own, and the next comes only when the last was answered 200."""
    async with (
        TelegramApi() as api,
        served(with_telegram(config, api, "webhook")) as (app, address),
        visitor() as client,
    ):
        hook = f"{address}/webhooks/telegram"
        phone = Phone(api)

        async def send(update: dict[str, Any]) -> None:
            answer = await client.post(hook, json=in_topic(update, 55), headers=HEADERS)
            assert answer.status_code == 200

        for update, expected in (
            (lambda: phone.message("/start OZT-NEEDS"), "Which language"),
            (lambda: phone.tap("English"), "Your answers go to"),
            (lambda: phone.tap("I agree"), "What is it about"),
            (lambda: phone.message("1"), "Where exactly?"),
            (lambda: phone.message("skip"), "own words"),
        ):
            before = len(api.sent)
            await send(update())
            await until(lambda before=before: len(api.sent) > before)
            assert expected in plain(api.sent[-1].text)
        before = len(api.sent)
        for update in album(7, "", "a deep hole", ""):
            photo = update["message"]["photo"][0]
            photo["file_id"] = api.add_file(JPEG, "photos/p.jpg")
            await send({"update_id": next(phone.numbers), **update})
        await until(lambda: len(api.sent) > before)
        await app.conversations.waiting.idle()
        await app.delivery.idle()
        assert plain(api.sent[-1].text).count("📷 photo") == 3
        assert len(api.sent) == before + 1
        assert {sent.thread for sent in api.sent} == {55}
        api.deleted_topics.add(55)
        await send(phone.message("menu"))
        await until(lambda: len(api.sent) > before + 1)
        assert api.sent[-1].thread is None


async def test_a_refused_token_is_tried_again_and_said_aloud(
    config: Config, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the start and in mid-service: when it is good again, whoever wrote meanwhile is answered."""
    monkeypatch.setattr(serving, "LAST_RETRY", 1)
    async with TelegramApi() as api:
        settings = with_telegram(config, api, "polling")
        right, withdrawn = api.token, "110201543:withdrawn"
        api.token = withdrawn
        async with served(settings) as (app, _):
            await until(lambda: "Telegram refuses the token" in caplog.text)
            assert app.states["telegram"] == "the token is refused"
            api.token = right
            phone = Phone(api)
            api.push(phone.message("/start"))
            await until(lambda: api.sent, 60)
            assert app.states["telegram"] == "on"
            caplog.clear()
            api.token = withdrawn
            # The poll that is on its way comes back with this; the next one is refused.
            api.push(phone.message("english"))
            await until(lambda: "Telegram refuses the token" in caplog.text, 60)
            api.token = right
            before = len(api.sent)
            await until(lambda: len(api.sent) > before, 120)
            api.push(phone.message("menu"))
            await until(lambda: len(api.sent) > before + 1, 60)
