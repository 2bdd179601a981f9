"""How fast broadcasts leave: never faster than the provider allows, and after replies."""

import pytest

from bot.outbox.rate_limit import RateLimit


def rested(limit: float = 20.0) -> RateLimit:
    """A pace at which nothing has gone for a minute before the moment 60."""
    pace = RateLimit(limit)
    pace.take(0, 99)
    pace.take(59, 0)
    return pace


def test_nothing_leaves_in_the_moment_of_a_start() -> None:
    """A server that begins again and again would otherwise send a burst each time."""
    assert RateLimit(20).take(1000, 99) == 0


@pytest.mark.parametrize(("seconds", "gone"), [(0.0, 0), (0.04, 0), (0.06, 1), (0.26, 5)])
def test_room_grows_with_the_time_that_passed(seconds: float, gone: int) -> None:
    """At twenty a second, one in fifty milliseconds."""
    pace = RateLimit(20)
    pace.take(1000, 99)
    assert pace.take(1000 + seconds, 99) == gone


@pytest.mark.parametrize(("seconds", "gone"), [(0.46, 9), (0.51, 10), (0.7, 10), (3600, 10)])
def test_half_a_second_is_saved_up_and_no_more(seconds: float, gone: int) -> None:
    """After a silent night no thousand messages leave at once."""
    pace = RateLimit(20)
    pace.take(1000, 99)
    assert pace.take(1000 + seconds, 99) == gone


def test_what_was_taken_is_gone() -> None:
    """Three, then the seven that were left, then none."""
    pace = rested()
    assert [pace.take(60, most) for most in (3, 99, 99)] == [3, 7, 0]


@pytest.mark.parametrize(("replies", "gone"), [(0, 10), (1, 9), (4, 6), (8, 2), (9, 2), (1000, 2)])
def test_each_reply_leaves_one_message_less_of_a_broadcast(replies: int, gone: int) -> None:
    """Whoever waits for an answer comes first; but a fifth of the rate stays with the broadcasts."""
    pace = rested()
    assert pace.take(60, 99) == 10
    for _ in range(replies):
        pace.replied()
    assert pace.take(60.51, 99) == gone


@pytest.mark.parametrize("replies", [100, 400])
def test_a_hundred_replies_a_second_do_not_hold_a_broadcast_up(replies: int) -> None:
    """For a minute at forty a second: eight of them are the broadcast's, and what was saved."""
    pace = RateLimit(40)
    pace.take(0, 0)
    gone = 0
    for tenth in range(1, 601):
        for _ in range(replies // 10):
            pace.replied()
        gone += pace.take(tenth / 10, 99)
    assert 60 * 8 - 1 <= gone <= 60 * 8 + 1


@pytest.mark.parametrize(("seconds", "gone"), [(1.0, 4), (1.3, 6), (1.5, 10), (9.0, 10)])
def test_a_rush_of_replies_is_forgotten_soon(seconds: float, gone: int) -> None:
    """A thousand replies are owed as if they had been those of one second."""
    pace = rested()
    pace.take(60, 99)
    for _ in range(1000):
        pace.replied()
    assert pace.take(60.51, 99) == 2
    assert pace.take(60.51 + seconds, 0) == 0
    assert pace.take(60.51 + seconds, 99) == gone


def test_a_reply_takes_the_place_of_one_message_and_of_no_second_one() -> None:
    """Also where others of the same rush are owed still."""
    pace = RateLimit(10)
    pace.take(0, 0)
    for _ in range(6):
        pace.replied()
    assert pace.take(0.5, 99) == 1
    assert pace.take(1.0, 99) == 3
    assert pace.take(1.5, 99) == 5


def test_room_for_what_did_not_go_is_given_back() -> None:
    """Four of ten were not to be sent after all: four others go."""
    pace = rested()
    assert pace.take(60, 99) == 10
    pace.give_back(4)
    pace.give_back(1)
    assert pace.take(60, 99) == 5


def test_too_many_takes_what_was_saved_and_halves_the_pace() -> None:
    """Nothing at once; then four in the time in which eight went before."""
    pace = rested()
    pace.take(60, 0)
    pace.slow_down()
    assert pace.take(60, 99) == 0
    assert pace.take(60.41, 99) == 4


def test_too_many_does_not_forgive_what_replies_took() -> None:
    """Four replies are still owed: of the five that half a pace leaves in half a second, one goes."""
    pace = rested()
    pace.take(60, 99)
    for _ in range(4):
        pace.replied()
    pace.slow_down()
    assert pace.take(60.51, 99) == 1


@pytest.mark.parametrize(("seconds", "gone"), [(80, 9), (99, 9), (100.1, 10), (1000, 10)])
def test_a_halved_pace_is_won_back_in_a_hundred_seconds(seconds: float, gone: int) -> None:
    """And never grows beyond the limit."""
    pace = rested()
    pace.take(60, 99)
    pace.slow_down()
    assert pace.take(60 + seconds, 99) == gone


@pytest.mark.parametrize(("refusals", "seconds", "gone"), [(4, 0.06, 1), (5, 0.1, 1), (40, 0.1, 1)])
def test_a_pace_never_falls_under_a_thirty_second_of_its_limit(
    refusals: int, seconds: float, gone: int
) -> None:
    """A provider that refuses for an hour does not end a broadcast."""
    pace = RateLimit(320)
    pace.take(0, 0)
    for _ in range(refusals):
        pace.slow_down()
    assert pace.take(seconds, 99) == gone
