"""What the log says: one line a minute of an outage, an object a line where machines read, nobody's words."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.app import logs


@pytest.fixture
def now() -> list[float]:
    """The moment."""
    return [1000.0]


@pytest.fixture
def said(now: list[float]) -> Iterator[io.StringIO]:
    """What comes out where no terminal is."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Json())
    handler.addFilter(logs.Once(lambda: now[0]))
    log = logging.getLogger("tachawor.test")
    log.addHandler(handler)
    yield out
    log.removeHandler(handler)


def lines(out: io.StringIO) -> list[dict[str, object]]:
    """The objects."""
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_outage_is_one_line_a_minute(said: io.StringIO, now: list[float]) -> None:
    """With how many it stands for; another matter is said at once."""
    log = logging.getLogger("tachawor.test")
    for number in range(500):
        log.warning("%d messages are not taken in: %s", number, "away")
    log.warning("something else")
    assert [line["said"] for line in lines(said)] == [
        "0 messages are not taken in: away",
        "something else",
    ]
    now[0] += logs.QUIET_SECONDS - 1
    log.warning("%d messages are not taken in: %s", 7, "away")
    assert len(lines(said)) == 2
    now[0] += 1
    log.warning("%d messages are not taken in: %s", 8, "away")
    assert lines(said)[-1]["said"] == "8 messages are not taken in: away (and 500 more like it)"


def test_of_an_exception_only_its_kind_and_place_are_said(said: io.StringIO) -> None:
    """Its message may repeat what somebody wrote."""
    try:
        int("the bridge is broken, says +212612345678")
    except ValueError:
        logging.getLogger("tachawor.test").exception("could not be handled")
    (line,) = lines(said)
    assert (line["level"], line["from"], line["said"]) == (
        "error",
        "tachawor.test",
        "could not be handled",
    )
    assert line["trace"][0] == "ValueError"  # type: ignore[index]
    assert "test_logs.py" in str(line["trace"])
    assert "bridge" not in said.getvalue()
    assert "212612345678" not in said.getvalue()
