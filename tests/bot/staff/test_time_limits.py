"""How long a link, a code, a session and a yes are good: the second before, and the one at which they end."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import time_machine
from starlette.requests import Request

from bot.app.build import App
from bot.staff import accounts, approvals
from bot.staff.plans import Plan
from bot.web.frame import gate
from tests.bot.staff.test_accounts import linked, member
from tests.citizen import NOON, running

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and what moves it."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def app(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[App]:
    """The application at noon."""
    async with running(tmp_path) as opened:
        yield opened


async def link(app: App) -> str:
    """The secret of a link that the command line printed."""
    async with app.storage.transaction() as tx:
        url = await accounts.sign_in_link(tx, "http://here", app.register.default_id, "amal")
    return url.rpartition("/")[2]


async def session(app: App) -> str:
    """The cookie of somebody who is signed in."""
    async with app.storage.transaction() as tx:
        cookie = await accounts.use_link(tx, await link_in(app, tx), None)
    assert len(cookie) > 20
    return cookie


async def link_in(app: App, tx: object) -> str:
    """A link within a transaction."""
    url = await accounts.sign_in_link(tx, "http://here", app.register.default_id, "amal")  # type: ignore[arg-type]
    return url.rpartition("/")[2]


async def signed_in(app: App, cookie: str, *, acts: bool = False) -> bool:
    """Whether a cookie is good; whether somebody does something with it."""
    async with app.storage.transaction() as tx:
        found = await accounts.member_of(tx, cookie)
        if found is not None and acts:
            await accounts.keep_awake(tx, cookie)
    return found is not None


@pytest.mark.parametrize(("seconds", "good"), [(599, True), (600, False), (601, False)])
async def test_a_link_is_good_for_ten_minutes(
    app: App, clock: time_machine.Traveller, seconds: int, good: bool
) -> None:
    """To the second."""
    secret = await link(app)
    clock.shift(timedelta(seconds=seconds))
    async with app.storage.transaction() as tx:
        assert (await accounts.use_link(tx, secret, None) != "old") is good


async def typed(app: App, code: str) -> str:
    """What becomes of a code."""
    async with app.storage.transaction() as tx:
        return await accounts.use_code(app.vault, tx, "this browser", code)


async def asked(app: App) -> str:
    """The code that arrived in the chat of who asked in "this browser"."""
    async with app.storage.transaction() as tx:
        text = await accounts.asked_link(
            tx, app.vault, "http://here", app.register.default_id, "amal", "this browser"
        )
    assert text is not None
    said = str(text)
    digits = "".join(c for c in said[said.index("sign_in_code") :] if c.isdigit())
    return digits[:8]


@pytest.mark.parametrize(("seconds", "good"), [(599, True), (600, False)])
async def test_a_code_has_eight_digits_and_is_good_for_ten_minutes(
    app: App, clock: time_machine.Traveller, seconds: int, good: bool
) -> None:
    """As the link beside it."""
    await linked(app, "amal")
    code = await asked(app)
    assert len(code) == 8
    clock.shift(timedelta(seconds=seconds))
    assert (len(await typed(app, code)) > 20) is good


@pytest.mark.parametrize(("wrong", "good"), [(4, True), (5, False)])
async def test_a_code_may_be_wrong_four_times(app: App, wrong: int, good: bool) -> None:
    """After the fifth wrong one the right one does not help any more."""
    await linked(app, "amal")
    code = await asked(app)
    other = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(wrong):
        assert await typed(app, other) == "wrong"
    assert (len(await typed(app, code)) > 20) is good


@pytest.mark.parametrize(("idle", "good"), [(2 * 3600 - 1, True), (2 * 3600 + 1, False)])
async def test_a_session_ends_after_two_idle_hours(
    app: App, clock: time_machine.Traveller, idle: int, good: bool
) -> None:
    """Whoever does something begins them anew."""
    cookie = await session(app)
    clock.shift(timedelta(hours=1, minutes=59))
    assert await signed_in(app, cookie, acts=True)
    clock.shift(timedelta(seconds=idle))
    assert await signed_in(app, cookie) is good


@pytest.mark.parametrize(("seconds", "good"), [(-1, True), (0, False)])
async def test_a_session_ends_after_twelve_hours_however_busy(
    app: App, clock: time_machine.Traveller, seconds: int, good: bool
) -> None:
    """Who works all day signs in again in the evening."""
    cookie = await session(app)
    for _ in range(11):
        clock.shift(timedelta(hours=1))
        assert await signed_in(app, cookie, acts=True)
    clock.shift(timedelta(hours=1, seconds=seconds))
    assert await signed_in(app, cookie) is good


async def agreed(app: App) -> tuple[accounts.Member, accounts.Member, int]:
    """Who asked, who is to agree, and the request."""
    one, other = await member(app, "omar", "data"), await member(app, "nadia", "data")
    async with app.storage.transaction() as tx:
        id = await approvals.ask(tx, one, "identities", "needs csv")
    return one, other, id


@pytest.mark.parametrize(("seconds", "good"), [(-1, True), (1, False)])
async def test_a_yes_is_good_for_a_day(
    app: App, clock: time_machine.Traveller, seconds: int, good: bool
) -> None:
    """From when it was said."""
    one, other, id = await agreed(app)
    async with app.storage.transaction() as tx:
        assert await approvals.decide(tx, other, id, yes=True)
    clock.shift(timedelta(days=1, seconds=seconds))
    async with app.storage.transaction() as tx:
        used = await approvals.use(tx, one, "identities", "needs csv")
    assert (used is not None) is good


@pytest.mark.parametrize(("seconds", "same"), [(-1, True), (1, False)])
async def test_a_request_that_waited_for_a_day_is_asked_anew(
    app: App, clock: time_machine.Traveller, seconds: int, same: bool
) -> None:
    """Before, asking again finds the one that waits."""
    one, _, id = await agreed(app)
    clock.shift(timedelta(days=1, seconds=seconds))
    async with app.storage.transaction() as tx:
        assert (await approvals.ask(tx, one, "identities", "needs csv") == id) is same


@pytest.mark.parametrize(
    ("people", "most", "asked"),
    [(499, 500, False), (500, 500, True), (501, 500, True), (1, 1, True), (10**6, None, False)],
)
async def test_a_second_person_is_asked_from_exactly_the_number_of_the_council(
    app: App, people: int, most: int | None, asked: bool
) -> None:
    """One fewer goes alone; a council without a number asks nobody."""
    council = app.register.council(app.register.default_id)
    council = msgspec.structs.replace(council, second_person_from=most)
    assert approvals.needed(council, people) is asked
    omar = await member(app, "omar", "organizer")
    async with app.storage.transaction() as tx:
        may_go = (
            await approvals.settled(
                tx, omar, council, "1", "to many", Plan(people=people, day="2026-11-26")
            )
            != "waits"
        )
        waits = await approvals.waiting(tx, app.register.default_id)
    assert may_go is not asked
    assert bool(waits) is asked


async def test_only_what_nobody_has_decided_waits(app: App) -> None:
    """A yes and a no are over."""
    _, other, id = await agreed(app)
    async with app.storage.transaction() as tx:
        assert len(await approvals.waiting(tx, app.register.default_id)) == 1
        assert await approvals.decide(tx, other, id, yes=False)
        assert await approvals.waiting(tx, app.register.default_id) == []
        assert len(await approvals.listed(tx, app.register.default_id)) == 1


@pytest.mark.parametrize(("header", "good"), [({}, True), ({"x-live": "1"}, False)])
async def test_a_page_that_renews_itself_is_nobodys_activity(
    app: App, clock: time_machine.Traveller, header: dict[str, str], good: bool
) -> None:
    """Left open over lunch it does not keep the session awake; a click does."""
    cookie = await session(app)
    headers = {"cookie": f"tachawor_staff={cookie}", **header}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request(
        {"type": "http", "method": "GET", "path": "/staff", "scheme": "http", "query_string": b"",
         "server": ("here", 80), "headers": raw}
    )  # fmt: skip
    clock.shift(timedelta(hours=1, minutes=59))
    async with app.storage.transaction() as tx:
        assert await gate.signed_in(tx, request) is not None
    clock.shift(timedelta(minutes=2))
    assert await signed_in(app, cookie) is good


async def test_a_no_is_no_yes_and_a_yes_is_good_once(app: App) -> None:
    """Also right after it was said."""
    one, other, id = await agreed(app)
    async with app.storage.transaction() as tx:
        assert await approvals.use(tx, one, "identities", "needs csv") is None
        assert await approvals.decide(tx, other, id, yes=False)
        assert await approvals.use(tx, one, "identities", "needs csv") is None
        again = await approvals.ask(tx, one, "identities", "needs csv")
        assert await approvals.decide(tx, other, again, yes=True)
        assert await approvals.use(tx, other, "identities", "needs csv") is None
        assert await approvals.use(tx, one, "identities", "other csv") is None
        assert await approvals.use(tx, one, "identities", "needs csv") is not None
        assert await approvals.use(tx, one, "identities", "needs csv") is None
