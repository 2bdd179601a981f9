"""Signing in: the link goes to the member's own chat, and is good once, soon, and where it was asked."""

import re
from pathlib import Path

import httpx
import pytest

from bot.app.build import App
from bot.core.config import Config
from bot.core.links import staff_payload
from bot.core.localtime import now_ms
from bot.staff import accounts, asks
from storage.rows.staff import StaffMember
from tests.citizen import Citizen, config_in
from tests.staff_links import link_for
from tests.system.conftest import served
from tests.visitor import visitor

FRENCH = {"accept-language": "fr"}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


async def chat_of(app: App, name: str = "amal", role: str = "clerk") -> Citizen:
    """The own chat of a member of staff."""
    await link_for(app, "example", name, role)
    citizen = Citizen(app, f"chat of {name}", at=now_ms())
    await citizen.arrives()
    async with app.storage.reading() as tx:
        member = await tx.row(StaffMember, council_id=app.register.default_id, name=name)
    assert member is not None
    payload = staff_payload(app.vault, member.id, now_ms() + 60_000)
    assert "write “new poll”" in await citizen.starts(payload)
    async with app.storage.transaction() as tx:
        # The command line's link is not what is looked at here.
        await tx.run("drop_sign_ins", staff_id=member.id)
    return citizen


def browser(address: str) -> httpx.AsyncClient:
    return visitor(base_url=address, headers=FRENCH, follow_redirects=False)


async def ask(client: httpx.AsyncClient, name: str = "amal") -> httpx.Response:
    return await client.post("/staff/sign-in/ask", data={"name": name, "council": "example"})


async def heard(chat: Citizen, address: str) -> tuple[str, str]:
    """The path of the link and the code that the chat got."""
    said = await chat.hears()
    link = re.search(rf"{re.escape(address)}(/staff/sign-in/[\w-]+)", said)
    code = re.search(r"\b(\d{4} \d{4})\b", said)
    assert link is not None, said
    assert code is not None, said
    return link[1], code[1]


async def enters(client: httpx.AsyncClient) -> bool:
    return (await client.get("/staff")).status_code == 200


async def test_the_link_signs_in_the_browser_that_asked_and_no_other(config: Config) -> None:
    async with (
        served(config) as (app, address),
        browser(address) as mine,
        browser(address) as other,
    ):
        chat, stranger = await chat_of(app), Citizen(app, "stranger", at=now_ms())
        await stranger.arrives()
        await stranger.hears()
        asked = await ask(mine)
        assert (asked.status_code, asked.headers["location"]) == (303, "/staff/sign-in?asked=1")
        assert "httponly" in asked.headers["set-cookie"].lower()
        assert "samesite=strict" in asked.headers["set-cookie"].lower()
        link, _ = await heard(chat, address)
        assert await stranger.hears() == ""
        # Elsewhere the page says so, offers a new link, and uses nothing up.
        elsewhere = await other.post(link)
        assert elsewhere.status_code == 403
        assert 'action="/staff/sign-in/ask"' in elsewhere.text
        assert not await enters(other)
        await ask(other, "nobody of that name")
        assert (await other.post(link)).status_code == 403
        entered = await mine.post(link)
        assert (entered.status_code, entered.headers["location"]) == (303, "/staff")
        assert await enters(mine)
        assert not await enters(other)


async def test_a_link_is_used_once_and_a_look_at_it_uses_nothing(config: Config) -> None:
    async with (
        served(config) as (app, address),
        browser(address) as mine,
        browser(address) as robot,
    ):
        chat = await chat_of(app)
        await ask(mine)
        link, code = await heard(chat, address)
        for client in (mine, robot):
            for method in ("GET", "HEAD"):
                seen = await client.request(method, link)
                assert seen.status_code == 200
                assert "set-cookie" not in seen.headers
                assert not await enters(client)
        assert (await mine.post(link)).status_code == 303
        mine.cookies.delete("tachawor_staff")
        again = await mine.post(link)
        assert again.status_code == 410
        assert 'action="/staff/sign-in/ask"' in again.text
        # Elsewhere too it is over; nobody is sent back to the browser that asked.
        assert (await robot.post(link)).status_code == 410
        assert (await mine.post("/staff/sign-in/code", data={"code": code})).status_code == 410
        assert not await enters(mine)
        assert (await mine.post("/staff/sign-in/never-made")).status_code == 410


async def test_an_old_link_and_an_old_code_sign_nobody_in(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(config) as (app, address), browser(address) as mine:
        chat = await chat_of(app)
        monkeypatch.setattr(accounts, "LINK_MS", -1)
        await ask(mine)
        link, code = await heard(chat, address)
        for answer in (
            await mine.post(link),
            await mine.post("/staff/sign-in/code", data={"code": code}),
        ):
            assert answer.status_code == 410
            assert 'action="/staff/sign-in/ask"' in answer.text
        assert not await enters(mine)


@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩"])
async def test_the_code_is_typed_where_it_was_asked_for(config: Config, digits: str) -> None:
    async with (
        served(config) as (app, address),
        browser(address) as mine,
        browser(address) as other,
    ):
        chat = await chat_of(app)
        await ask(mine)
        link, code = await heard(chat, address)
        typed = code.translate(str.maketrans("0123456789", digits))
        assert (await other.post("/staff/sign-in/code", data={"code": typed})).status_code == 403
        assert not await enters(other)
        assert (await mine.post("/staff/sign-in/code", data={"code": typed})).status_code == 303
        assert await enters(mine)
        assert (await mine.post(link)).status_code == 410


async def test_who_guesses_five_times_has_guessed_enough(config: Config) -> None:
    async with served(config) as (app, address), browser(address) as mine:
        chat = await chat_of(app)
        await ask(mine)
        _, code = await heard(chat, address)
        wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08d}"
        for _ in range(accounts.MOST_TRIES):
            answer = await mine.post("/staff/sign-in/code", data={"code": wrong})
            assert answer.status_code == 403
            assert 'name="code"' in answer.text
        answer = await mine.post("/staff/sign-in/code", data={"code": code})
        assert answer.status_code == 410
        assert not await enters(mine)


async def test_the_page_never_says_who_is_on_the_staff(config: Config) -> None:
    async with served(config) as (app, address):
        chat = await chat_of(app)
        await link_for(app, "example", "no chat yet", "clerk")
        answers = set()
        for name in ("amal", "no chat yet", "nobody of that name", "", "x" * 5000):
            async with browser(address) as client:
                asked = await ask(client, name)
                cookie = re.sub(r"=[\w-]{20,};", "=…;", asked.headers["set-cookie"])
                page = await client.get(asked.headers["location"])
                answers.add((asked.status_code, asked.headers["location"], cookie, page.text))
        assert len(answers) == 1
        await heard(chat, address)


async def test_nobodys_chat_is_flooded_from_the_page(config: Config) -> None:
    async with served(config) as (app, address), browser(address) as mine:
        chat = await chat_of(app)
        for _ in range(accounts.MOST_LINKS + 2):
            await ask(mine)
        assert (await chat.hears()).count("/staff/sign-in/") == accounts.MOST_LINKS


async def test_who_has_left_gets_no_link_and_theirs_is_gone(config: Config) -> None:
    async with served(config) as (app, address), browser(address) as mine:
        chat = await chat_of(app)
        await link_for(app, "example", "nadia", "admin")
        await ask(mine)
        link, code = await heard(chat, address)
        async with app.storage.transaction() as tx:
            member = await tx.row(StaffMember, council_id=app.register.default_id, name="amal")
            assert member is not None
            await accounts.end(tx, app.register.default_id, member.id)
        assert (await mine.post(link)).status_code == 410
        assert (await mine.post("/staff/sign-in/code", data={"code": code})).status_code == 410
        await ask(mine)
        assert await chat.hears() == ""


async def test_the_link_is_not_readable_in_the_database(config: Config, tmp_path: Path) -> None:
    async with served(config) as (app, address), browser(address) as mine:
        chat = await chat_of(app)
        await ask(mine)
        link, code = await heard(chat, address)
        await mine.post(link)
        secrets = [link.rpartition("/")[2], code, code.replace(" ", "")]
        secrets += [cookie.value or "" for cookie in mine.cookies.jar]
        content = b"".join(path.read_bytes() for path in tmp_path.glob("test.sqlite*"))
        for secret in secrets:
            assert secret.encode() not in content


async def test_twelve_asks_from_six_browsers_keep_nobody_out(config: Config) -> None:
    """The limit is the asker's: whoever they ask for still gets their own link."""
    async with served(config) as (app, address), browser(address) as mine:
        chat = await chat_of(app)
        for _ in range(6):
            async with browser(address) as stranger:
                await ask(stranger)
                await ask(stranger)
        await chat.hears()
        await ask(mine)
        await heard(chat, address)


async def test_a_browser_that_signed_in_before_is_not_kept_out_by_its_whole_network(
    config: Config,
) -> None:
    """Somebody in the same office, or behind the same mobile operator, asks until the network is tired."""
    async with served(config) as (app, address), browser(address) as mine, browser(address) as new:
        chat = await chat_of(app)
        await ask(mine)
        link, _ = await heard(chat, address)
        assert (await mine.post(link)).status_code == 303
        for n in range(asks.MOST_OF_NETWORK):
            async with browser(address) as stranger:
                await ask(stranger, f"nobody {n}")
        await ask(new)
        assert "/staff/sign-in/" not in await chat.hears()
        await ask(mine)
        await heard(chat, address)
