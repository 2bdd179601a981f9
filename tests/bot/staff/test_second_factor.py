"""The second factor of staff: set up, asked for, good once, tried a few times, lost and begun anew."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine

from bot.app.build import App
from bot.staff import accounts, asks, second_factor
from bot.staff.accounts import Member
from storage.rows.staff import SecondFactor

#: The beginning of a code's half minute.
NOW = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


async def entered(app: App, name: str = "Amina") -> tuple[str, Member]:
    """Somebody signs in with a link: the session's cookie, and who they are."""
    async with app.storage.transaction() as tx:
        link = await accounts.sign_in_link(tx, "", app.register.default_id, name)
        cookie = await accounts.use_link(tx, link.rpartition("/")[2], None)
        member = await accounts.member_of(tx, cookie)
    assert member is not None
    return cookie, member


async def key_of(app: App, member: Member) -> str:
    async with app.storage.transaction() as tx:
        return await second_factor.key(tx, app.vault, member)


async def shows(app: App, member: Member, cookie: str, typed: str) -> str:
    async with app.storage.transaction() as tx:
        return await second_factor.show(tx, app.vault, member, cookie, typed)


async def again(app: App, cookie: str) -> Member:
    async with app.storage.reading() as tx:
        member = await accounts.member_of(tx, cookie)
    assert member is not None
    return member


def code(key: str, steps: int = 0) -> str:
    """What the telephone shows, so many half minutes from now."""
    at = datetime.now(UTC) + timedelta(seconds=30 * steps)
    return pyotp.TOTP(key).at(at)


async def set_up(app: App) -> tuple[str, Member, str]:
    """Somebody with a second factor: key, who they are, and the cookie that has shown it."""
    cookie, member = await entered(app)
    key = await key_of(app, member)
    assert await shows(app, member, cookie, code(key)) == "good"
    return key, await again(app, cookie), cookie


@pytest.mark.parametrize(
    ("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
async def test_a_code_is_good_in_its_half_minute_and_those_beside_it(
    app: App, clock: time_machine.Traveller, steps: int, good: bool
) -> None:
    cookie, member = await entered(app)
    key = await key_of(app, member)
    assert (await shows(app, member, cookie, code(key, steps)) == "good") is good
    assert (await again(app, cookie)).proven is good


async def test_a_code_that_was_used_is_refused_and_so_is_one_before_it(
    app: App, clock: time_machine.Traveller
) -> None:
    key, member, _ = await set_up(app)
    other, _ = await entered(app)
    assert await shows(app, member, other, code(key)) == "used"
    assert await shows(app, member, other, code(key, -1)) == "used"
    assert not (await again(app, other)).proven
    assert await shows(app, member, other, code(key, 1)) == "good"


@pytest.mark.parametrize(("wrong", "word"), [(4, "good"), (5, "tired")])
async def test_after_five_wrong_codes_the_right_one_waits_a_quarter_of_an_hour(
    app: App, clock: time_machine.Traveller, wrong: int, word: str
) -> None:
    cookie, member = await entered(app)
    key = await key_of(app, member)
    for _ in range(wrong):
        assert await shows(app, member, cookie, "000000") == "wrong"
    assert await shows(app, member, cookie, code(key)) == word
    clock.shift(timedelta(minutes=15))
    assert await shows(app, member, cookie, code(key)) == "good"


async def test_a_recovery_code_is_good_once_and_is_kept_as_a_digest(
    app: App, clock: time_machine.Traveller
) -> None:
    _, member, _ = await set_up(app)
    async with app.storage.transaction() as tx:
        codes = await second_factor.recovery_codes(tx, app.vault, member)
        assert await second_factor.left(tx, member.id) == second_factor.RECOVERY_CODES
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    cookie, _ = await entered(app)
    assert await shows(app, member, cookie, codes[0].lower()) == "good"
    assert (await again(app, cookie)).proven
    assert await shows(app, member, cookie, codes[0]) == "wrong"
    async with app.storage.reading() as tx:
        assert await second_factor.left(tx, member.id) == second_factor.RECOVERY_CODES - 1


async def test_new_recovery_codes_replace_those_before(
    app: App, clock: time_machine.Traveller
) -> None:
    _, member, cookie = await set_up(app)
    async with app.storage.transaction() as tx:
        old = await second_factor.recovery_codes(tx, app.vault, member)
        new = await second_factor.recovery_codes(tx, app.vault, member)
    assert await shows(app, member, cookie, old[0]) == "wrong"
    assert await shows(app, member, cookie, new[0]) == "good"


async def test_anothers_recovery_code_is_wrong(app: App, clock: time_machine.Traveller) -> None:
    _, member, _ = await set_up(app)
    async with app.storage.transaction() as tx:
        codes = await second_factor.recovery_codes(tx, app.vault, member)
    cookie, other = await entered(app, "Said")
    key = await key_of(app, other)
    assert await shows(app, other, cookie, code(key)) == "good"
    assert await shows(app, other, cookie, codes[0]) == "wrong"


async def test_the_key_is_sealed_in_the_database(app: App, clock: time_machine.Traveller) -> None:
    key, member, _ = await set_up(app)
    async with app.storage.reading() as tx:
        row = await tx.row(SecondFactor, staff_id=member.id)
    assert row is not None
    assert key not in row.sealed
    assert app.vault.open(row.sealed, f"second_factors/{member.id}") == key


@pytest.mark.parametrize(
    ("roles", "role", "asked"),
    [
        (("admin", "data"), "admin", True),
        (("admin", "data"), "data", True),
        (("admin", "data"), "organizer", False),
        ((), "admin", False),
        (("clerk",), "clerk", True),
    ],
)
def test_the_council_says_of_whom_a_second_factor_is_asked(
    app: App, roles: tuple[str, ...], role: str, asked: bool
) -> None:
    import msgspec

    council = msgspec.structs.replace(app.register.default, second_factor=roles)
    member = Member(1, "Amina", role, 1, "example")
    assert second_factor.asked_of(member, council) is asked
    assert second_factor.asked_of(Member(1, "Amina", role, 1, "example", has_factor=True), council)
    assert not second_factor.asked_of(
        Member(1, "Amina", role, 1, "example", has_factor=True, proven=True), council
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("196.12.3.4", "196.12.3.200", True),
        ("196.12.3.4", "196.12.4.4", False),
        ("2001:db8:0:aa00::1", "2001:db8:0:aaff::2", True),
        ("2001:db8:0:aa00::1", "2001:db8:0:ab00::1", False),
        ("testclient", "testclient", True),
    ],
)
def test_a_network_is_24_bits_of_ipv4_and_56_of_ipv6(one: str, other: str, same: bool) -> None:
    assert (asks.network_of(one) == asks.network_of(other)) is same


@pytest.mark.parametrize(("before", "good"), [(29, True), (30, False)])
async def test_a_network_asks_thirty_times_in_ten_minutes(
    app: App, clock: time_machine.Traveller, before: int, good: bool
) -> None:
    async with app.storage.transaction() as tx:
        for _ in range(before):
            assert await asks.take(tx, app.vault, "196.12.3.4")
        assert await asks.take(tx, app.vault, "196.12.3.9") is good
        assert await asks.take(tx, app.vault, "196.12.4.9")
        clock.shift(timedelta(minutes=10))
        assert await asks.take(tx, app.vault, "196.12.3.9")


@pytest.mark.parametrize(("days", "known"), [(179, True), (180, False)])
async def test_a_browser_is_known_for_half_a_year_after_its_last_sign_in(
    app: App, clock: time_machine.Traveller, days: int, known: bool
) -> None:
    _, member = await entered(app)
    async with app.storage.transaction() as tx:
        await asks.remember(tx, "the secret of a browser", member.id)
        clock.shift(timedelta(days=days))
        await asks.remember(tx, "another", member.id)
        found = await asks.knows(tx, "the secret of a browser")
    assert (found == member.id) is known
