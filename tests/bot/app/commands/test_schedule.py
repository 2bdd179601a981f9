"""Planning from a terminal: what each option makes of a plan, and how a plan ends."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest
import time_machine

from bot.app.build import App
from flows.dialog.outreach import Audience
from storage.rows.prompts import Prompt, PromptsOf
from tests.citizen import NOON
from tests.shell import Shell


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Noon of a Saturday in November 2026."""
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False):
        yield


@pytest.fixture
def closing(shell: Shell) -> Shell:
    """A poll that closes on the last day of the year, beside the example's, which have no end."""
    changes = ("OZT-LIGHT", "OZT-NEW"), ("minutes = 2", "closes = 2026-12-31T20:00:00")
    shell.says(("consultation", "add", shell.definition("poll", *changes)))
    shell.says(("consultation", "open", "OZT-NEW"))
    return shell


async def planned(app: App) -> list[Prompt]:
    """What is planned or was, first planned first."""
    async with app.storage.reading() as tx:
        ids = sorted(one.id for one in await tx.rows(PromptsOf, council_id=app.register.default_id))
        return [row for id in ids if (row := await tx.row(Prompt, id=id)) is not None]


#: Options -> when it comes first, and what else the plan says.
PLANS: dict[tuple[str, ...], tuple[str, dict[str, object]]] = {
    ("--on", "2026-12-01 09:30"): ("2026-12-01 09:30", {}),
    ("--every", "day"): ("2026-11-21 18:00", {"every": "day"}),
    ("--every", "day", "--time", "07:15"): ("2026-11-22 07:15", {"time": "07:15"}),
    ("--every", "week", "--days", "mon,thu"): ("2026-11-23 18:00", {"days": "mon,thu"}),
    ("--every", "month", "--days", "last", "--until", "2026-12-05"): (
        "2026-11-30 18:00", {"until": "2026-12-05"},
    ),
    ("--before-closing", "2"): ("2026-12-29 18:00", {"before_closing": 2}),
    ("--after-joining", "3"): ("2026-11-21 18:00", {"after_joining": 3}),
}  # fmt: skip


@pytest.mark.parametrize("options", PLANS, ids=" ".join)
def test_each_moment_that_can_be_chosen_is_planned(
    closing: Shell, options: tuple[str, ...]
) -> None:
    """And the list of plans shows when it comes next."""
    first, more = PLANS[options]
    closing.says(
        ("schedule", "add", "OZT-NEW", *options), f"Planned: next {first} Africa/Casablanca"
    )
    (one,) = closing.inside(planned)
    rule = msgspec.json.decode(one.rule)
    assert {name: rule[name] for name in more} == more
    assert (one.what, one.late, one.state, one.made_by) == (
        "reminder", "run", "active", "command line",
    )  # fmt: skip
    (line,) = closing.says(("schedule", "list")).splitlines()[1:]
    assert line.split() == [str(one.id), "reminder", "active", *first.split(), "Africa/Casablanca", "OZT-NEW"]  # fmt: skip


def test_what_is_sent_to_whom_and_what_happens_if_it_is_missed(closing: Shell) -> None:
    """Each of the options that say so."""
    words = ("schedule", "add", "OZT-NEW", "--every", "day", "--what", "last", "--late", "skip")
    closing.says((*words, "--languages", "fr", "--channels", "web"))
    (one,) = closing.inside(planned)
    assert (one.what, one.late) == ("last", "skip")
    audience = msgspec.json.decode(one.audience, type=Audience)
    assert audience == Audience(languages=("fr",), channels=("web",))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "when: needs exactly one of: on, every"),
        (("--every", "day", "--before-closing", "1"), "when: needs exactly one of"),
        (
            ("--every", "week", "--days", "monday"),
            "when.days: is 'monday'; write days like mon,thu",
        ),
        (("--on", "2026-12-01 18:00", "--days", "mon"), "days and until go with every only"),
        (("--every", "day", "--until", "31/12/2026"), "'31/12/2026' is no day; write it like"),
        (("--every", "day", "--time", "6pm"), "when.time: is '6pm'; write it like 18:00"),
        (
            ("--every", "day", "--until", "2026-11-20"),
            "2026-11-20 is past; choose a later last day",
        ),
        (("--on", "2026-11-20 18:00"), "2026-11-20 18:00 Africa/Casablanca is past"),
        (("--every", "day", "--genders", "cat"), "--genders is 'cat'"),
    ],
)
def test_a_moment_that_never_comes_or_is_none_is_refused(
    closing: Shell, options: tuple[str, ...], said: str
) -> None:
    """With the name of what is wrong; nothing is planned."""
    closing.refuses(("schedule", "add", "OZT-NEW", *options), said)
    assert closing.inside(planned) == []


def test_days_are_at_most_a_year_and_an_end_is_needed_to_count_back_from(closing: Shell) -> None:
    """367 days, or none, are a wrong use; a year is not."""
    for name in ("--before-closing", "--after-joining"):
        for days, code in (("-1", 2), ("367", 2), ("one", 2)):
            assert closing.run("schedule", "add", "OZT-NEW", name, days).returncode == code
    closing.says(("schedule", "add", "OZT-NEW", "--after-joining", "366"))
    closing.says(("schedule", "add", "OZT-NEW", "--before-closing", "0"), "2026-12-31 18:00")
    closing.refuses(("schedule", "add", "OZT-LIGHT", "--before-closing", "1"), "has no end")


def test_a_plan_is_stopped_once(closing: Shell) -> None:
    """Another's number, or the same again, is refused; what it was stays in the list."""
    closing.says(("schedule", "add", "OZT-NEW", "--every", "day"))
    (one,) = closing.inside(planned)
    closing.refuses(("schedule", "stop", "77"), "nothing with the id 77 is planned")
    closing.says(("schedule", "stop", str(one.id)), "Stopped.")
    assert [row.state for row in closing.inside(planned)] == ["ended"]
    closing.refuses(("schedule", "stop", str(one.id)), f"nothing with the id {one.id} is planned")


def test_the_plans_of_another_council_are_asked_for_by_its_code(closing: Shell) -> None:
    """Without one, the default council is meant."""
    closing.says(("schedule", "add", "OZT-NEW", "--every", "day"))
    closing.add_council("draa", "01")
    assert "OZT-NEW" in closing.says(("schedule", "list"))
    assert "OZT-NEW" not in closing.says(("schedule", "list", "--council", "draa"))
