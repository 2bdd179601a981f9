"""The second factor on the pages: nothing opens before it, and it is set up in a real browser."""

from pathlib import Path

import httpx
import pyotp
import pytest

from bot.core.config import Config
from tests.system.staffed import Town, config_of, town
from tests.visitor import visitor


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils that ask admins and data officers for a second factor, as is the rule."""
    config = config_of(tmp_path)
    for file in (tmp_path / "councils").glob("*.toml"):
        text = file.read_text("utf-8")
        file.write_text(
            "".join(line for line in text.splitlines(True) if not line.startswith("second_factor")),
            "utf-8",
        )
    return config


def key_on(page: str) -> str:
    """The key that a page shows as text."""
    return page.partition('<code dir="ltr">')[2].partition("</code>")[0].replace(" ", "")


async def set_up(town: Town, client: httpx.AsyncClient, name: str, role: str) -> tuple[str, str]:
    """Sign in and set the second factor up: the key, and the page with the recovery codes."""
    await town.sign_in(client, name, role)
    key = key_on((await client.get("/staff/second-factor")).text)
    done = await client.post("/staff/second-factor", data={"code": pyotp.TOTP(key).now()})
    assert done.status_code == 200
    return key, done.text


@pytest.mark.parametrize(
    ("role", "asked"), [("admin", True), ("data", True), ("organizer", False), ("reader", False)]
)
async def test_nothing_opens_before_the_second_factor(
    config: Config, role: str, asked: bool
) -> None:
    async with town(config) as quiet, visitor(base_url=quiet.address) as client:
        await quiet.sign_in(client, "Amina", role)
        for method, path in (
            ("GET", "/staff"),
            ("GET", "/staff/needs"),
            ("POST", "/staff/members"),
        ):
            answer = await client.request(
                method, path, data={"x": "y"} if method == "POST" else None
            )
            kept_out = answer.headers.get("location") == "/staff/second-factor"
            assert kept_out is asked, path
        if asked:
            _, page = await set_up(quiet, client, "Amina", role)
            assert page.count("<li><code") == 10
            assert (await client.get("/staff")).status_code == 200


async def test_who_has_a_second_factor_is_asked_for_it_at_the_next_sign_in(config: Config) -> None:
    async with town(config) as quiet:
        async with visitor(base_url=quiet.address) as client:
            _, page = await set_up(quiet, client, "Amina", "admin")
        async with visitor(base_url=quiet.address) as thief:
            await quiet.sign_in(thief, "Amina", "admin")
            page_of_thief = (await thief.get("/staff/second-factor")).text
            assert "<svg" not in page_of_thief.partition("<main")[2]
            assert key_on(page_of_thief) == ""
            wrong = await thief.post("/staff/second-factor", data={"code": "123456"})
            assert wrong.status_code == 403
            assert (
                await thief.post("/staff/second-factor", data={"action": "codes"})
            ).status_code == 403
            assert (await thief.get("/staff")).status_code == 303
            recovery = page.partition('<li><code dir="ltr">')[2].partition("</code>")[0]
            assert (
                await thief.post("/staff/second-factor", data={"code": recovery})
            ).status_code == 303
            assert (await thief.get("/staff")).status_code == 200


async def test_another_admin_takes_a_lost_second_factor_away_and_nobody_their_own(
    config: Config,
) -> None:
    async with (
        town(config) as quiet,
        visitor(base_url=quiet.address) as amina,
        visitor(base_url=quiet.address) as said,
    ):
        await set_up(quiet, amina, "Amina", "admin")
        await set_up(quiet, said, "Said", "admin")
        members = (await said.get("/staff/members")).text
        assert members.count('value="factor"') == 1
        ids = {
            name: members.partition(f"<bdi>{name}</bdi>")[2]
            .partition('name="id" value="')[2]
            .partition('"')[0]
            for name in ("Amina", "Said")
        }
        own = await said.post("/staff/members", data={"action": "factor", "id": ids["Said"]})
        assert own.status_code == 409
        done = await said.post("/staff/members", data={"action": "factor", "id": ids["Amina"]})
        assert done.status_code == 303
        assert (await amina.get("/staff")).status_code == 401
        assert ("Said", "reset second factor", "Amina") in await quiet.audit()
        _, page = await set_up(quiet, amina, "Amina", "admin")
        assert page.count("<li><code") == 10


async def test_a_stranger_has_no_page_of_a_second_factor(config: Config) -> None:
    async with town(config) as quiet, visitor(base_url=quiet.address) as client:
        assert (await client.get("/staff/second-factor")).status_code == 401
        forged = await client.post(
            "/staff/second-factor", data={"code": "1"}, headers={"sec-fetch-site": "cross-site"}
        )
        assert forged.status_code == 403
