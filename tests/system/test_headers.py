"""What browsers are told beside the page: cookies and who may read them, what is kept, what is saved."""

import re
from collections.abc import AsyncIterator
from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import httpx
import pytest

from bot.core.config import Config
from bot.core.localtime import now_ms
from tests.citizen import Citizen
from tests.staff_links import link_for
from tests.system.staffed import Town, busy_town, config_of
from tests.visitor import visitor

#: As a proxy says it that speaks https with the browser.
SECURE = {"x-forwarded-proto": "https"}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils."""
    return config_of(tmp_path)


@pytest.fixture
async def full(config: Config) -> AsyncIterator[Town]:
    """Both, the first with something of everything."""
    async with busy_town(config) as busy:
        yield busy


def cookies(answer: httpx.Response) -> dict[str, "Morsel[str]"]:
    """The cookies that an answer sets."""
    found: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return dict(found)


async def test_every_cookie_is_only_for_whom_it_is_meant(full: Town) -> None:
    """None is read by a script; those of staff are for our pages alone; over https, never without it."""
    for secure in (False, True):
        headers = SECURE if secure else {}
        prefix = "__Host-" if secure else ""
        async with visitor(base_url=full.address, headers=headers) as client:
            asked = cookies(
                await client.post("/staff/sign-in/ask", data={"council": "tarmigt", "name": "amal"})
            )
            link = await link_for(full.app, "tarmigt", "amal", "admin")
            entered = cookies(await client.post(link.replace("https://", "http://")))
            chat = cookies(await client.get("/"))
            chosen = cookies(await client.get("/staff/sign-in?lang=fr"))
        for found, name, strict, lasts in (
            (asked, f"{prefix}tachawor_asked", "strict", None),
            (entered, f"{prefix}tachawor_staff", "strict", None),
            (chat, "tachawor_chat", "lax", 365 * 86_400),
        ):
            cookie = found[name]
            assert cookie["httponly"], name
            assert cookie["samesite"] == strict, name
            assert bool(cookie["secure"]) is secure, name
            assert cookie["path"] == "/", name
            assert int(cookie["max-age"]) > 0, name
            assert lasts is None or int(cookie["max-age"]) == lasts, name
        language = chosen["tachawor_lang"]
        assert (language.value, language["samesite"], int(language["max-age"])) == (
            "fr",
            "lax",
            31_536_000,
        )


async def test_a_language_is_remembered_once_it_is_chosen(full: Town) -> None:
    """By the link; one that is not offered is none; else the browser's, with or without a country."""
    for asked, wanted, shown in (
        ("fr", "", "fr"), ("xx", "en", "en"), ("", "fr-MA,fr;q=0.9", "fr"), ("", "de-DE,en-GB;q=0.5", "en"),
        ("", "ary", "ar"), ("", "zgh-MA, en;q=0.1", "fr"), ("", "de", "ar"), ("", "", "ar"),
        ("", "EN-us", "en"),
    ):  # fmt: skip
        async with visitor(base_url=full.address) as client:
            query = f"?lang={asked}" if asked else ""
            answer = await client.get(f"/staff/sign-in{query}", headers={"accept-language": wanted})
            assert f'<html lang="{shown}" dir="{"rtl" if shown == "ar" else "ltr"}">' in answer.text
            assert ("tachawor_lang" in cookies(answer)) == (asked == "fr")
            again = await client.get("/staff/sign-in", headers={"accept-language": "en"})
            assert f'<html lang="{"fr" if asked == "fr" else "en"}"' in again.text


async def test_what_only_one_person_may_read_is_kept_nowhere(full: Town) -> None:
    """By no browser and no proxy; what is to be saved has a name."""
    async with visitor(base_url=full.address) as client:
        await client.get("/")
        await full.sign_in(client, "nadia", "admin")
        for where, name in (
            ("/", ""),
            ("/chat/messages", ""),
            ("/staff", ""),
            (f"/staff/needs/{full.reference}", ""),
            (f"/staff/needs/{full.reference}/receipt.pdf", f"{full.reference}.pdf"),
            (f"/staff/summary/{full.poll}.csv", f"{full.poll}.csv"),
            ("/staff/audit.csv", "audit.csv"),
            ("/staff/indicators/2026-Q4.csv", ".csv"),
        ):
            answer = await client.get(where)
            assert answer.status_code == 200, where
            assert answer.headers["cache-control"] == "no-store", where
            if name:
                assert name in answer.headers["content-disposition"], where


async def test_a_copy_of_ones_data_is_saved_under_a_name_and_kept_nowhere(full: Town) -> None:
    """By the link that the bot sends, and by no other."""
    citizen = Citizen(full.app, "salma", at=now_ms())
    await citizen.arrives("English", "TRM-LIGHT")
    await citizen.says("cancel")
    await citizen.says("my data")
    heard = await citizen.says("copy")
    (link,) = re.findall(r"http://\S+/my-data/[\w./-]+", heard)
    async with visitor() as client:
        answer = await client.get(link)
        assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "application/json"
        assert (await client.get(f"{link[:-1]}x")).status_code == 410


@pytest.mark.parametrize(
    ("after", "status"),
    [("0", 200), ("5", 200), ("-1", 400), ("x", 400), ("1" * 19, 400), ("", 400)],
)
async def test_news_are_asked_for_after_a_number(full: Town, after: str, status: int) -> None:
    """Of a message; with a cookie of ours."""
    async with visitor(base_url=full.address) as client:
        where = "/chat/messages"
        assert (await client.get(where, params={"after": after})).status_code == 403
        await client.get("/")
        assert (await client.get(where, params={"after": after})).status_code == status


async def test_a_page_that_is_not_there_offers_citizens_every_language(full: Town) -> None:
    """As every page for citizens does; those for staff offer three."""
    async with visitor(base_url=full.address) as client:
        missing = await client.get("/results/NONE-1")
        assert missing.status_code == 404
        for code in ("ary", "ar", "fr", "zgh", "en"):
            assert f'hreflang="{code}"' in missing.text
        assert 'hreflang="zgh"' not in (await client.get("/staff/sign-in")).text


async def test_what_a_browser_sends_from_the_chat_arrives_whole(full: Town) -> None:
    """Words, then a pin in the place of a place; without a script one is led back to the page."""
    async with visitor(base_url=full.address) as client:
        await client.get("/")

        async def sends(**form: str) -> str:
            answer = await client.post(
                "/chat/send", data=form, headers={"accept": "application/json"}
            )
            assert answer.status_code == 200
            return str(answer.json()["messages"][-1]["text"])

        await sends(start="TRM-NEEDS", id="1")
        await sends(text="english", id="2")
        await sends(text="1", id="3")
        assert "Where exactly" in await sends(text="1", id="4")
        assert "own words" in await sends(latitude="30.92", longitude="-6.91", id="5")
        assert "own words" in await sends(latitude="30.92", longitude="-6.91", id="5")
        answer = await client.post("/chat/send", data={"text": "help", "id": "6"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/#end")
