"""Limits are met to the one; honest crowds never meet them, and slow floods always do."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

import msgspec
import pytest

from flows.dialog.facts import ChatLimits, Limits, NetworkLimits
from flows.statistics.crowds import Mark, judged
from flows.statistics.limits import BEFORE_MS, HOUR_MS, SHARE, Bucket, Limit, drawn, limit, problems

MINUTE = 60_000
DAY_MS = 24 * HOUR_MS

#: When people answer: weights of the hours of a day.
AWAKE = (1, 0, 0, 0, 0, 1, 2, 4, 5, 6, 6, 5, 7, 6, 4, 4, 5, 6, 8, 9, 10, 9, 6, 3)


def over(bucket: Bucket, one: Limit, at: int) -> bool:
    return bucket.over_ms(one, at) > 0


def test_so_many_at_once_are_within_and_one_more_is_not() -> None:
    bucket, one = Bucket(), limit("20 + 6/h")
    for number in range(1, 22):
        bucket = drawn(bucket, one, 5)
        assert over(bucket, one, 5) is (number == 21)


@pytest.mark.parametrize(("later", "found"), [(10 * MINUTE - 1, True), (10 * MINUTE, False)])
def test_after_those_as_many_an_hour(later: int, found: bool) -> None:
    """Six an hour: ten minutes after the twentieth, the next."""
    one = limit("20 + 6/h")
    bucket = drawn(Bucket(), one, 0, 20)
    assert over(drawn(bucket, one, later), one, later) is found


def test_a_burst_begins_where_the_bucket_was_last_empty() -> None:
    one = limit("20 + 60/h")
    first = drawn(Bucket(), one, 1000)
    assert (first.since, drawn(first, one, 1000 + MINUTE - 1).since) == (1000, 1000)
    assert drawn(first, one, 1000 + MINUTE).since == 1000 + MINUTE


def test_a_clock_that_goes_behind_does_not_run_over() -> None:
    """Two processes do not agree on the moment: by a day, and the second is no burst of a day."""
    one = limit("2 + 60/h")
    bucket = drawn(drawn(Bucket(), one, DAY_MS), one, 0)
    assert not over(bucket, one, 0)
    assert over(drawn(bucket, one, 0), one, 0)


def test_while_people_are_invited_the_same_limit_is_wider() -> None:
    one = limit("20 + 6/h").times(50)
    bucket = drawn(Bucket(), one, 0, 1000)
    assert not over(bucket, one, 0)
    assert over(drawn(bucket, one, 0), one, 0)


@pytest.mark.parametrize(
    "written",
    ["", "20", "20 + 6", "0 + 6/h", "20 + 0/h", "20+6/h", "-1 + 6/h", "x + 6/h", "20 + 6/hour"],
)
def test_what_is_no_limit_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="write it like '120"):
        limit(written)
    made = Limits(network=NetworkLimits(signatures=written))
    assert [key for key, _ in problems(made)] == ["limits.network.signatures"]


@pytest.mark.parametrize(
    ("made", "keys"),
    [
        (Limits(), []),
        (Limits(invited=1), []),
        (Limits(invited=0), ["limits.invited"]),
        (Limits(invited=1000), []),
        (Limits(invited=1001), ["limits.invited"]),
        (Limits(chat=ChatLimits(signers=0)), ["limits.chat.signers"]),
        (Limits(chat=ChatLimits(signers=101)), ["limits.chat.signers"]),
        (Limits(chat=ChatLimits(signers=100)), []),
    ],
)
def test_the_limits_of_a_council_are_checked(made: Limits, keys: list[str]) -> None:
    assert [key for key, _ in problems(made)] == keys


def test_every_default_is_a_limit() -> None:
    scopes = (Limits().network, Limits().chat, Limits().consultation, Limits().council)
    written = [w for s in scopes for w in msgspec.structs.asdict(s).values() if isinstance(w, str)]
    assert len(written) == 13
    assert all(limit(one).at_once > 0 for one in written)


# --------------------------------------------------------------------------- crowds


Came = tuple[int, str]


def set_aside(came: Sequence[Came], *, invited: bool = False) -> set[int]:
    """The numbers of those that the limit of their network sets aside, as `bot.staff.limits` does it."""
    one = limit(Limits().network.contributions).times(Limits().invited if invited else 1)
    buckets: dict[str, Bucket] = defaultdict(Bucket)
    found: set[int] = set()
    for number, (at, network) in enumerate(came):
        bucket = buckets[network] = drawn(buckets[network], one, at)
        if over(bucket, one, at):
            burst = [n for n in range(number + 1) if came[n][0] >= bucket.since]
            here = [n for n in burst if came[n][1] == network]
            if len(here) >= SHARE * len(burst):
                back = bucket.since - BEFORE_MS
                found.update(
                    n for n in range(number + 1) if came[n][0] >= back and came[n][1] == network
                )
    return found


def households(chance: random.Random, number: int, days: int) -> Iterator[Came]:
    """Whole families answer, at home or on the way: most are behind three addresses of mobile operators."""
    for household in range(number):
        network = chance.choices(
            ("mobile 1", "mobile 2", "mobile 3", f"home {household // 40}"), (30, 25, 20, 25)
        )[0]
        hour = chance.choices(range(24), AWAKE)[0]
        at = chance.randrange(days) * DAY_MS + hour * HOUR_MS + chance.randrange(HOUR_MS)
        for _ in range(chance.choices((1, 2, 6), (70, 22, 8))[0]):
            at += int(chance.expovariate(1 / (4 * MINUTE)))
            # (The network's digest is another one each day.)
            yield at, f"{network} on day {at // DAY_MS}"


@pytest.mark.parametrize("seed", range(3))
def test_of_ten_thousand_households_nobody_notices(seed: int) -> None:
    """Thousands behind one address, in two weeks without any invitation: 0.1% at most."""
    came = sorted(households(random.Random(seed), 10_000, 14))
    assert len(came) > 15_000
    assert Counter(network.split(" on")[0] for _, network in came)["mobile 1"] > 4000
    assert len(set_aside(came)) <= len(came) / 1000


@pytest.mark.parametrize("seed", range(3))
def test_two_thousand_in_ten_minutes_after_an_invitation_are_within(seed: int) -> None:
    """Also if all of them are behind one address."""
    chance = random.Random(seed)
    moments = sorted(chance.randrange(10 * MINUTE) for _ in range(2000))
    assert set_aside([(at, "mobile") for at in moments], invited=True) == set()
    spread = [(at, chance.choice(("mobile 1", "mobile 2", "home"))) for at in moments]
    assert set_aside(spread, invited=True) == set()


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("number", "within"), [(40, 15 * MINUTE), (120, 40 * MINUTE), (60, HOUR_MS)],
                         ids=["a class", "four classes", "a café"])  # fmt: skip
def test_a_class_and_a_café_are_within(seed: int, number: int, within: int) -> None:
    chance = random.Random(seed)
    moments = sorted(chance.randrange(within) for _ in range(number))
    assert set_aside([(at, "here") for at in moments]) == set()


def even(chance: random.Random, hours: int) -> Iterator[int]:
    yield from (round(n * 18_000 + chance.gauss(0, 9_000)) for n in range(200 * hours))


def by_chance(chance: random.Random, hours: int) -> Iterator[int]:
    yield from (chance.randrange(hours * HOUR_MS) for _ in range(300 * hours))


def in_bursts(chance: random.Random, hours: int) -> Iterator[int]:
    for begins in range(0, hours * HOUR_MS, 11 * MINUTE):
        yield from (begins + chance.randrange(9 * MINUTE) for _ in range(59))


def at_night(chance: random.Random, hours: int) -> Iterator[int]:
    yield from (int(chance.triangular(0, hours * HOUR_MS)) for _ in range(250 * hours))


def slowly(chance: random.Random, hours: int) -> Iterator[int]:
    yield from (chance.randrange(2 * hours * HOUR_MS) for _ in range(2 * 110 * hours))


@pytest.mark.parametrize("script", [even, by_chance, in_bursts, at_night, slowly])
@pytest.mark.parametrize("seed", range(3))
def test_a_slow_flood_of_one_network_is_set_aside(
    script: Callable[[random.Random, int], Iterator[int]], seed: int
) -> None:
    """Under sixty in ten minutes, for hours, beside the people who come on such a day: 1% at most count."""
    chance = random.Random(seed)
    fakes = [(at, "script") for at in script(chance, 6) if at >= 0]
    people = [(chance.randrange(6 * HOUR_MS), f"n{chance.randrange(9)}") for _ in range(60)]
    came = sorted(fakes + people)
    aside = [came[number][1] for number in set_aside(came)]
    assert aside.count("script") >= 0.99 * len(fakes)
    assert len(aside) == aside.count("script")
    # Nothing of what finds haste would have told them from people.
    marks = [Mark(n, network, True, 4, at - MINUTE, at) for n, (at, network) in enumerate(came)]
    window = [m for m in marks if HOUR_MS <= m.at < 2 * HOUR_MS][:400]
    assert judged(window, invited=True) == {}
