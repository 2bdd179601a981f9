"""What looks like a machine's is found; families, cafés, classes and real crowds are not."""

import random
from collections.abc import Sequence

import pytest

from flows.statistics.crowds import (
    FEWEST,
    HASTE_MS,
    HOUR_MS,
    NEAR,
    PLACES,
    Mark,
    Reason,
    Sign,
    judged,
    sketched,
)

MINUTE = 60_000


def mark(id: int, at: int, *, network: str | None = "n", opened: bool = True, answers: int = 4,
         seconds: float = 40, words: str | None = None) -> Mark:  # fmt: skip
    return Mark(id, network, opened, answers, at - int(seconds * 1000), at, words)


def at_random(chance: random.Random, number: int, within: int) -> list[int]:
    """Moments at which people come who do not know of each other."""
    return sorted(chance.randrange(within) for _ in range(number))


def reasons(marks: Sequence[Mark], *, invited: bool = False) -> dict[int, Reason]:
    return judged(marks, invited=invited)


@pytest.mark.parametrize("reason", ["unseen", "hasty", "alike"])
@pytest.mark.parametrize("more", [-1, 0])
def test_one_less_than_is_no_chance_is_left_alone(reason: Sign, more: int) -> None:
    number = FEWEST[reason] + more
    what = {
        "unseen": {"opened": False},
        "hasty": {"seconds": 3.999},
        "alike": {"words": "digest"},
    }[reason]
    moments = at_random(random.Random(1), number, HOUR_MS)
    network = "n" if reason == "alike" else "n{}"
    marks = [mark(n, at, network=network.format(n), **what) for n, at in enumerate(moments)]  # type: ignore[arg-type]
    expected = dict.fromkeys(range(number), reason) if more >= 0 else {}
    assert reasons(marks, invited=True) == expected


def test_a_second_for_each_answer_is_enough() -> None:
    marks = [mark(n, 5000 * n * n, network=f"n{n}", seconds=4) for n in range(20)]
    assert HASTE_MS == 1000
    assert reasons(marks, invited=True) == {}


@pytest.mark.parametrize(
    ("answers", "quick", "found"),
    [(6, 4, True), (6, 3, False), (4, 2, False), (4, 3, True), (3, 2, False)],
)
def test_who_answers_most_in_no_time_and_then_waits_is_hasty(
    answers: int, quick: int, found: bool
) -> None:
    """More than half of them, and three at least: a pause before the last word makes nobody slow."""
    marks = [
        Mark(n, f"n{n}", True, answers, 0, 60_000 + 7000 * n * n, quick=quick) for n in range(5)
    ]
    assert list(judged(marks, invited=True).values()) == ["hasty"] * (5 * found)


@pytest.mark.parametrize("seed", range(20))
def test_a_tablet_that_goes_from_hand_to_hand_is_no_machine(seed: int) -> None:
    """Fourteen people of one network, one after the other, each at their own pace."""
    chance = random.Random(seed)
    at, marks = 0, []
    for number in range(14):
        at += 15_000 + chance.randrange(25_000)
        marks.append(mark(number, at, seconds=10))
    assert judged(marks, invited=False) == {}


def test_the_same_words_from_many_places_are_a_campaign() -> None:
    """A leaflet is copied by people; only from one network it looks like one hand."""
    moments = at_random(random.Random(1), 30, HOUR_MS)
    marks = [mark(n, at, network=f"n{n % 6}", words="leaflet") for n, at in enumerate(moments)]
    assert judged(marks, invited=True) == {}


@pytest.mark.parametrize(("number", "found"), [(9, 0), (10, 10)])
def test_what_comes_at_even_pauses_from_one_network_is_a_machine(number: int, found: int) -> None:
    chance = random.Random(2)
    marks = [mark(n, n * 20_000 + chance.randrange(2000)) for n in range(number)]
    assert list(reasons(marks, invited=True).values()) == ["regular"] * found


@pytest.mark.parametrize(
    ("number", "other", "invited", "found"),
    [(60, 3, False, 60), (59, 3, False, 0), (60, 4, False, 0), (60, 3, True, 0)],
)
def test_a_flood_of_one_network_is_set_aside_where_nobody_was_invited(
    number: int, other: int, invited: bool, found: int
) -> None:
    """Sixty of sixty-three within ten minutes; not if others come, too, or people were asked to."""
    chance = random.Random(3)
    marks = [mark(n, at) for n, at in enumerate(at_random(chance, number, 9 * MINUTE))]
    marks += [
        mark(number + n, at, network=f"other {n}")
        for n, at in enumerate(at_random(chance, other, 9 * MINUTE))
    ]
    assert list(reasons(marks, invited=invited).values()) == ["flood"] * found


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    ("number", "within", "networks"),
    [(6, HOUR_MS, 1), (25, HOUR_MS, 1), (38, 15 * MINUTE, 1), (400, 2 * MINUTE, 3)],
    ids=["a family", "a café", "a class", "part of two thousand in ten minutes"],
)
def test_honest_crowds_do_not_notice(seed: int, number: int, within: int, networks: int) -> None:
    """People who came by the same line, at moments of their own, and read what they answer."""
    chance = random.Random(seed)
    marks = [
        mark(n, at, network=f"n{chance.randrange(networks)}", seconds=4 * (1.5 + chance.expovariate(0.3)))
        for n, at in enumerate(at_random(chance, number, within))
    ]  # fmt: skip
    assert reasons(marks) == {}


def test_an_unknown_network_is_no_network() -> None:
    """Behind a proxy that does not say who comes, everybody would be one."""
    marks = [mark(n, n * 20_000, network=None) for n in range(100)]
    assert reasons(marks) == {}
    assert reasons([]) == {}


@pytest.mark.parametrize(("same", "found"), [(NEAR - 1, []), (NEAR, ["alike"] * 8)])
def test_texts_are_nearly_the_same_from_so_many_places_on(same: int, found: list[Reason]) -> None:
    """Of sixteen."""
    assert PLACES == 16
    marks = [
        Mark(n, "n", True, 4, n * n * 50_000, n * n * 50_000 + 60_000, f"digest {n}",
             sketch="0001" * same + f"{n + 2:04x}" * (PLACES - same))
        for n in range(8)
    ]  # fmt: skip
    assert list(judged(marks, invited=True).values()) == found


def test_a_sketch_is_the_least_of_each_place() -> None:
    assert sketched([[1, 0xFFFF], [2, 3]]) == "00010003"
