"""Limits of what is taken in, wherever it comes from: the last that is taken, and the first that is not."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zipfile import ZipFile

import httpx
import msgspec
import openpyxl
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app.build import App
from bot.cases import replies
from bot.channels.port import BadWebhook
from bot.channels.webchat import Pulled
from bot.conversation.doing.preferences import _later
from bot.core import audit
from bot.core.foreign import tables
from bot.core.foreign.tables import BadFile
from bot.core.localtime import local
from bot.core.refusals import NotAllowed
from bot.outreach import lists
from bot.web.citizens.webhooks import LARGEST, _body
from bot.web.frame import intake
from flows.dialog.outreach import Sending
from tests.bot.cases.test_edges import need
from tests.bot.cases.test_handling import council_of
from tests.citizen import NOON, audit_of
from tests.visitor import visitor

HOUR = 3_600_000


# --------------------------------------------------------------------------- lists


@pytest.mark.parametrize(("size", "taken"), [(20_000_000, True), (20_000_001, False)])
def test_a_list_has_at_most_twenty_million_bytes(size: int, taken: bool) -> None:
    """What is larger is refused unread."""
    content = b"phone\n0612345678\n".ljust(size, b"\n")
    if taken:
        assert len(lists.read_content(content).people) == 1
        return
    with pytest.raises(BadFile):
        lists.read_content(content)


def test_of_a_table_two_hundred_thousand_lines_are_read() -> None:
    """With one more the file is refused: nobody is left out unsaid."""
    assert len(tables.read(b"x\n" * 200_000)[0].rows) == 200_000
    with pytest.raises(BadFile, match="more than"):
        tables.read(b"x\n" * 200_001)


@pytest.mark.parametrize(("columns", "taken"), [(200, True), (201, False)])
def test_a_sheet_has_at_most_two_hundred_columns(columns: int, taken: bool) -> None:
    """A sheet with more is something else."""
    book = openpyxl.Workbook()
    book.active.append(["x"] * columns)
    out = io.BytesIO()
    book.save(out)
    if taken:
        assert len(tables.read(out.getvalue())[0].rows[0].cells) == 200
        return
    with pytest.raises(BadFile):
        tables.read(out.getvalue())


@pytest.mark.parametrize(("more", "said"), [(0, "format"), (1, "large")])
def test_a_packed_sheet_has_at_most_sixty_million_bytes_when_unpacked(more: int, said: str) -> None:
    """A small file that unpacks to the size of a disk is refused before it does."""
    out = io.BytesIO()
    with ZipFile(out, "w", compression=8) as packed:
        packed.writestr("[Content_Types].xml", b" " * (60_000_000 + more))
    with pytest.raises(BadFile) as error:
        lists.read_content(out.getvalue())
    assert said in str(error.value.text)


# --------------------------------------------------------------------------- what comes from the web


async def read_by_webhook(request: Request) -> Response:
    """What a webhook's page does first."""
    intake.widen(request, LARGEST)
    return PlainTextResponse("taken" if await _body(request) is not None else "too large")


async def pieces(size: int) -> AsyncIterator[bytes]:
    """A body in two pieces."""
    yield b"x" * (size // 2)
    yield b"x" * (size - size // 2)


@pytest.mark.parametrize(
    ("size", "announced", "taken"),
    [
        (1_000_000, 1_000_000, True),
        (1_000_000, None, True),
        (1_000_001, None, False),
        (5, 1_000_001, False),
    ],
)
async def test_a_webhook_has_at_most_a_million_bytes(
    size: int, announced: int | None, taken: bool
) -> None:
    """Whatever it announces."""
    page = Starlette(routes=[Route("/webhooks/any", read_by_webhook, methods=["POST"])])
    transport = httpx.ASGITransport(app=intake.Intake(page, intake.Hosts("", "localhost")))
    headers = {} if announced is None else {"content-length": str(announced)}
    async with visitor(transport=transport, base_url="http://localhost") as client:
        answer = await client.post("/webhooks/any", content=pieces(size), headers=headers)
    assert answer.text == ("taken" if taken else "too large")


@pytest.mark.parametrize(("length", "kept"), [(19_999, 19_999), (20_000, 20_000), (20_001, 20_000)])
def test_of_a_text_of_the_page_twenty_thousand_characters_are_read(length: int, kept: int) -> None:
    """The rest would fit no answer."""
    posted = {"key": "k" * 16, "id": "1", "text": "x" * length}
    (arrival,) = Pulled("web", "web").read(posted, NOON)
    assert len(arrival.text) == kept  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({}, True),
        ({"key": "k" * 15}, False),
        ({"key": 7}, False),
        ({"id": ""}, False),
        ({"id": "x" * 80}, True),
        ({"id": "x" * 81}, False),
    ],
)
def test_a_message_of_the_page_has_a_key_and_a_number(
    changed: dict[str, object], taken: bool
) -> None:
    """A key of sixteen characters, which nobody guesses."""
    posted = {"key": "k" * 16, "id": "1", "text": "hello", **changed}
    if taken:
        assert Pulled("web", "web").read(posted, NOON)
        return
    with pytest.raises(BadWebhook):
        Pulled("web", "web").read(posted, NOON)


# --------------------------------------------------------------------------- words and hours


async def test_the_audit_log_keeps_three_hundred_and_a_thousand_characters(app: App) -> None:
    """Of what was done something to, and of the detail."""
    council = app.register.default_id
    async with app.storage.transaction() as tx:
        await audit.note(tx, council, "amal", "see", "x" * 301, "y" * 1001)
        (row,) = await audit_of(tx, council)
    assert (row.object, row.detail) == ("x" * 300, "y" * 1000)


@pytest.mark.parametrize(
    ("hour", "later"), [(12, 4), (16, 4), (17, 2), (18, 2), (19, 1), (20, 0.5)]
)
def test_later_is_the_longest_of_four_waits_that_still_fits_today(hour: int, later: float) -> None:
    """Four hours, two, one, or half an hour, before the night begins at nine."""
    at = NOON + (hour - 12) * HOUR
    assert _later(at, None, Sending()) == at + later * HOUR


@pytest.mark.parametrize(("minutes", "day"), [(29, 21), (31, 22)])
def test_half_an_hour_before_the_night_later_is_tomorrow(minutes: int, day: int) -> None:
    """At nine in the morning."""
    at = NOON + 8 * HOUR + minutes * 60_000
    found = _later(at, None, Sending())
    assert found is not None
    assert local(found).day == day


@pytest.mark.parametrize(("closes", "found"), [(1, True), (0, False), (-1, False)])
def test_later_is_before_the_end(closes: int, found: bool) -> None:
    """A minute before the shortest wait is over it is too late."""
    at = NOON + 8 * HOUR
    assert (_later(at, at + HOUR // 2 + closes, Sending()) is not None) is found


@pytest.mark.parametrize(("age", "lost"), [(180_000, 0), (180_001, 1)])
async def test_a_claim_is_given_up_after_three_minutes(
    app: App, monkeypatch: pytest.MonkeyPatch, age: int, lost: int
) -> None:
    """A process that died in mid-call leaves it to nobody: it is uncertain."""
    asked: list[int] = []
    monkeypatch.setattr(app.sender, "_clock", lambda: NOON)

    class Seen:
        """Notes from when on a claim is an old one."""

        async def rows(self, query: object, **values: int) -> list[object]:
            asked.append(values["before"])
            return []

    @asynccontextmanager
    async def seen() -> AsyncIterator[Seen]:
        yield Seen()

    monkeypatch.setattr(app.sender._storage, "transaction", seen)
    await app.sender.recover()
    assert int(NOON - age < asked[0]) == lost


async def test_a_receipt_goes_to_an_author_who_is_there(app: App) -> None:
    """Not to who was erased, nor for what was taken back."""
    row = await need(app)
    async with app.storage.transaction() as tx:
        for gone in ({"person_id": None}, {"state": "withdrawn"}):
            with pytest.raises(NotAllowed):
                await replies.send_receipt(
                    tx, council_of(app), msgspec.structs.replace(row, **gone), "amal", "a.pdf"
                )
        await replies.send_receipt(tx, council_of(app), row, "amal", "a.pdf")


async def test_a_status_is_set_to_something(app: App) -> None:
    """A command without one says so."""
    row = await need(app)
    council = app.register.default_id
    async with app.storage.transaction() as tx:
        with pytest.raises(NotAllowed):
            await replies.set_status(tx, app.register, council, row.reference, "", "x", "amal")
        with pytest.raises(NotAllowed):
            await replies.set_status(tx, app.register, council + 1, row.reference, "done", "x", "a")
        await replies.set_status(tx, app.register, council, row.reference, "done", "x", "amal")
