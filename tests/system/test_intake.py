"""What a request must be before any page looks at it: for this host, from our own page, not too large."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.routing import Route

from bot.app import site
from bot.core.config import Config
from bot.web.citizens import chat
from bot.web.frame import intake
from bot.web.staff import editor
from tests.system.conftest import served
from tests.system.staffed import Town, config_of, town
from tests.system.test_gate import FOREIGN, filled, objects
from tests.visitor import visitor

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils."""
    return config_of(tmp_path)


@pytest.fixture
async def open_town(config: Config) -> AsyncIterator[Town]:
    """Both councils, served."""
    async with town(config) as running:
        yield running


def posts(running: Town) -> list[str]:
    """Every path that takes a post, but the providers'."""
    found = []
    for route in site.build(running.app).routes:
        if isinstance(route, Route) and "POST" in (route.methods or ()):
            values = {
                **objects(running),
                "/staff/sign-in/": {"secret": "none"},
                "/webhooks/": {},
            }
            found.append(filled(route.path, values))
    return [path for path in found if not path.startswith("/webhooks/")]


def memory() -> int:
    """Bytes of this process that are in memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


async def megabytes(count: int) -> AsyncIterator[bytes]:
    """A form of so many megabytes, a piece at a time."""
    yield b"title="
    for _ in range(count * 16):
        yield b"x" * 65_536


async def test_no_page_reads_a_large_form_of_somebody_without_a_session(open_town: Town) -> None:
    """Neither one that says its length, nor one that does not; and nothing of it is sent back."""
    async with visitor(base_url=open_town.address, timeout=60) as client:
        for path in posts(open_town):
            if path == "/chat/send":
                # With the cookie a photo may come; without it nothing.
                continue
            for length in ({}, {"content-length": str(6 + 5 * 16 * 65_536)}):
                answer = await client.post(path, content=megabytes(5), headers=FORM | length)
                assert answer.status_code in (303, 401, 403, 404, 410, 413), path
                assert len(answer.content) < 20_000, path
        before = memory()
        answer = await client.post("/staff/new", content=megabytes(100), headers=FORM)
        assert answer.status_code in (401, 413)
    # (It was six times as much as the form.)
    assert memory() - before < 50_000_000


async def test_a_page_of_staff_reads_no_more_than_belongs_there(open_town: Town) -> None:
    """The refusal says it in the reader's language."""
    async with visitor(base_url=open_town.address, timeout=60) as client:
        await open_town.sign_in(client, "amal", "admin")
        headers = FORM | {"accept-language": "fr"}
        path = f"/staff/c/{open_town.poll}/do"
        for size, status in ((intake.SMALL, 422), (intake.SMALL + 1, 413)):
            body = b"action=" + b"x" * (size - 7)
            answer = await client.post(path, content=body, headers=headers)
            assert (answer.status_code == 413) == (status == 413), (size, answer.status_code)
        assert "trop long" in answer.text
        assert 'lang="fr"' in answer.text
        # What a poll may have in it is more than that.
        answer = await client.post(
            "/staff/preview", content=b"kind=poll&x=" + b"x" * intake.SMALL, headers=headers
        )
        assert answer.status_code == 200


async def test_a_definition_may_be_longer_and_has_an_end_too(open_town: Town) -> None:
    async with visitor(base_url=open_town.address, timeout=60) as client:
        await open_town.sign_in(client, "amal", "admin")
        for size, status in ((editor.LARGEST, 200), (editor.LARGEST + 1, 413)):
            body = b"kind=poll" + b"".join(b"&x%d=" % n + b"x" * 900_000 for n in range(4))
            body += b"&y=" + b"x" * (size - len(body) - 3)
            answer = await client.post("/staff/preview", content=body, headers=FORM)
            assert answer.status_code == status, size


async def test_a_photo_comes_from_who_has_opened_the_page_and_has_an_end(open_town: Town) -> None:
    """Told in the citizen's language; a script that only posts brings words and no more."""
    async with visitor(base_url=open_town.address, timeout=60) as client:
        client.cookies.set("tachawor_chat", "k" * 43)
        form = {"content-type": "multipart/form-data; boundary=b", "accept-language": "fr"}
        head = b'--b\r\ncontent-disposition: form-data; name="id"\r\n\r\nsome-id-1\r\n'
        head += b'--b\r\ncontent-disposition: form-data; name="photo"; filename="x.jpg"\r\n\r\n'

        def body(size: int) -> bytes:
            return head + b"x" * (size - len(head) - 9) + b"\r\n--b--\r\n"

        for opened, size, status in (
            (False, intake.SMALL, 303),
            (False, intake.SMALL + 1, 413),
            (True, chat.LARGEST, 303),
            (True, chat.LARGEST + 1, 413),
        ):
            if opened:
                client.cookies.clear()
                await client.get("/")
            answer = await client.post("/chat/send", content=body(size), headers=form)
            assert answer.status_code == status, (opened, size)
        assert "16 Mo au plus" in answer.text


async def test_what_was_typed_is_kept_for_who_is_signed_out_up_to_a_size(open_town: Town) -> None:
    """Longer forms are not read; the page says how they are not lost."""
    async with visitor(base_url=open_town.address) as client:
        headers = FORM | {"accept-language": "en"}
        short = await client.post(
            "/staff/notice", content=b"text.fr=" + b"x" * (intake.SMALL - 8), headers=headers
        )
        assert short.status_code == 401
        assert "x" * 1000 in short.text
        # Words can be read and copied there; ticks and buttons are none.
        typed = {"text.fr": "Pas d’eau lundi", "ticked": "on", "n": "1", "action": "preview"}
        said = await client.post("/staff/notice", data=typed, headers=headers)
        assert re.findall(r'class="typed">([^<]*)<', said.text) == ["Pas d’eau lundi"]
        long = await client.post(
            "/staff/notice", content=b"text.fr=" + b"x" * intake.SMALL, headers=headers
        )
        assert long.status_code == 401
        assert "x" * 1000 not in long.text
        assert "too long to be kept here" in long.text


async def test_no_post_is_taken_from_another_site(open_town: Town) -> None:
    """Route by route: a conversation is not left, nothing is said in somebody's name."""
    async with visitor(base_url=open_town.address) as client:
        await open_town.sign_in(client, "amal", "admin")
        await client.get("/")
        kept = dict(client.cookies)
        for path in posts(open_town):
            for headers in (*FOREIGN, {"origin": "null"}):
                answer = await client.post(
                    path, data={"text": "no"}, headers={**headers, "accept-language": "ar"}
                )
                assert answer.status_code == 403, (path, headers)
                assert 'lang="ar"' in answer.text
                assert "set-cookie" not in answer.headers
        assert dict(client.cookies) == kept
        answer = await client.post("/chat/forget", headers={"origin": open_town.address})
        assert answer.status_code == 303
        answer = await client.post(
            "/chat/forget", headers={"origin": "null", "sec-fetch-site": "same-origin"}
        )
        assert answer.status_code == 303


async def test_only_our_own_hosts_are_answered(open_town: Town) -> None:
    """Nobody is sent to a stranger's host by what a request calls us; a balancer may call as it likes."""
    async with visitor(base_url=open_town.address) as client:
        for path in ("/", "/staff", "/c/tarmigt/", "/static/pages.css"):
            answer = await client.get(path, headers={"host": "stranger.example"})
            assert answer.status_code == 400, path
            assert "stranger.example" not in str(answer.headers) + answer.text
        assert (await client.get("/health", headers={"host": "10.1.2.3"})).status_code == 200
        assert (await client.get("/")).status_code == 200


@pytest.mark.parametrize(
    ("public", "listening", "host", "known"),
    [
        ("https://Tachawor.Example.ma/x", "0.0.0.0", "tachawor.example.ma", True),  # noqa: S104
        ("https://tachawor.example.ma", "0.0.0.0", "tachawor.example.ma:443", True),  # noqa: S104
        ("https://tachawor.example.ma", "0.0.0.0", "10.0.0.7", False),  # noqa: S104
        ("https://tachawor.example.ma", "127.0.0.1", "localhost:8080", True),
        ("", "127.0.0.1", "localhost:8080", True),
        ("", "127.0.0.1", "[::1]:8080", True),
        ("", "127.0.0.1", "10.0.0.7:8080", False),
        ("", "0.0.0.0", "10.0.0.7:8080", True),  # noqa: S104
        ("", "0.0.0.0", "stranger.example", False),  # noqa: S104
        ("", "::", "[fe80::1]", True),
        ("https://tachawor.example.ma", "127.0.0.1", "", False),
        ("https://tachawor.example.ma", "127.0.0.1", "tachawor.example.ma.evil", False),
        ("https://tachawor.example.ma", "127.0.0.1", "evil@tachawor.example.ma", False),
    ],
)
def test_a_host_is_ours_by_the_settings(
    public: str, listening: str, host: str, known: bool
) -> None:
    assert intake.Hosts(public, listening).ours(host) == known


async def test_a_webhook_is_read_up_to_its_size(config: Config) -> None:
    async with served(config) as (_, address), visitor(base_url=address) as client:
        answer = await asyncio.wait_for(
            client.post("/webhooks/twilio", content=megabytes(5), headers=FORM), 30
        )
        assert answer.status_code in (404, 413)
