"""Files of others cost the process that reads them, and nobody else."""

import asyncio
import io
import os
import pickle
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.foreign.tables import BadFile
from bot.core.foreign.worker import (
    GROWN,
    MEMORY,
    PATIENCE,
    SECONDS,
    TooHard,
    Worker,
    _answer,
    _Ours,
)
from bot.outreach.lists import read_content
from flows.wording.text import msg


def here(content: bytes) -> int:
    """Which process reads it."""
    return os.getpid() if content else 0


def works_for(seconds: float) -> float:
    """Keep a processor busy for so long."""
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass
    return seconds


def secrets(content: bytes) -> list[str]:
    """What its environment has of ours."""
    return [name for name in os.environ if name.startswith("TACHAWOR_")]


def refuses(content: bytes) -> None:
    """A file of which is said what is wrong."""
    raise BadFile(msg("import.empty"))


def idle(content: bytes) -> None:
    """A file at which something waits for ever, and no processor works."""
    time.sleep(600 * len(content))


def slow(content: bytes) -> None:
    """A file that takes for ever."""
    while content:
        pass


def greedy(content: bytes) -> int:
    """A file that takes more memory than there may be."""
    return len(content * MEMORY)


def large(content: bytes) -> int:
    """A file that takes as much as may stay."""
    return len(content * GROWN)


def deadly(content: bytes) -> None:
    """A file at which a decoder crashes."""
    os.abort()


def faulty(content: bytes) -> None:
    """A file at which a library fails in a way of its own."""
    raise KeyError(content)


def tells_class(content: bytes) -> Any:
    """What somebody who took the process over might answer."""
    return Runs()


class Runs:
    """Runs a command when it is read."""

    def __reduce__(self) -> Any:
        return os.system, ("touch /tmp/tachawor-was-here",)


@pytest.fixture
def worker() -> Iterator[Worker]:
    """One that waits less."""
    one = Worker(seconds=20)
    yield one
    one.close()


def test_a_file_is_read_elsewhere_by_a_process_that_stays(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has none of our secrets."""
    monkeypatch.setenv("TACHAWOR_STORAGE_SECRET", "x" * 32)
    first = worker.done(here, b"x")
    assert first not in (0, os.getpid())
    assert worker.done(here, b"x") == first
    assert worker.done(secrets, b"x") == []


@pytest.mark.parametrize("hard", [greedy, deadly, faulty])
def test_what_goes_wrong_there_is_said_and_the_next_file_is_read(worker: Worker, hard: Any) -> None:
    with pytest.raises(TooHard):
        worker.done(hard, b"x")
    assert worker.done(here, b"x")


def test_a_file_has_so_many_seconds_of_a_processor() -> None:
    """However long it waits for one; and the next file has as many again."""
    worker = Worker(seconds=2)
    for _ in range(3):
        assert worker.done(works_for, 1.0) == 1.0
    first = worker.done(here, b"x")
    with pytest.raises(TooHard):
        worker.done(works_for, 3.5)
    assert worker.done(here, b"x") not in (0, first)
    worker.close()
    assert SECONDS <= 20


def test_a_file_that_does_nothing_at_all_is_given_up_too() -> None:
    worker = Worker()
    first = worker.done(here, b"x")
    # It has begun: that alone takes seconds where others are at work.
    worker._patience = 1
    with pytest.raises(TooHard):
        worker.done(idle, b"x")
    worker._patience = PATIENCE
    assert worker.done(here, b"x") not in (0, first)
    worker.close()
    assert PATIENCE <= 90


def test_a_process_that_has_grown_is_not_used_again(worker: Worker) -> None:
    first = worker.done(here, b"x")
    assert worker.done(large, b"x") == GROWN
    assert worker.done(here, b"x") != first


def test_a_refusal_of_ours_comes_back_as_it_is(worker: Worker) -> None:
    with pytest.raises(BadFile) as refused:
        worker.done(read_content, b"\n\n")
    assert refused.value.text == msg("import.empty")
    assert len(worker.done(read_content, b"phone\n0612345678\n").people) == 1


def test_an_answer_runs_nothing_here(worker: Worker) -> None:
    """Whoever took the process over by a file is still in it."""
    with pytest.raises(TooHard):
        worker.done(tells_class, b"x")
    assert not os.path.exists("/tmp/tachawor-was-here")  # noqa: S108


async def test_nobody_waits_for_a_slow_file_but_its_own_sender() -> None:
    worker = Worker(patience=2)
    reading = asyncio.create_task(worker.asked(slow, b"x"))
    served = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        served += 1
    with pytest.raises(TooHard):
        await reading
    assert served > 5
    worker.close()


def test_a_large_parent_makes_no_process_end_after_each_file(worker: Worker) -> None:
    """The size of who started it was counted as its own, and every file had a process."""
    filled = b"x" * (GROWN + 50_000_000)
    first = worker.done(here, b"x")
    assert worker.done(here, b"x") == first
    assert filled


def test_only_our_own_words_leave_the_process_that_reads_a_file() -> None:
    """What a library says of a file may repeat what stands in it: somebody's name, or a card."""
    ours = pickle.dumps((__name__, "refuses", (b"",), {}))
    assert _Ours(io.BytesIO(_answer(ours))).load() == ("raised", BadFile, msg("import.empty"))
    others = pickle.dumps(("json", "loads", ("Amina KB204971",), {}))
    assert _Ours(io.BytesIO(_answer(others))).load() == ("failed", "JSONDecodeError")
