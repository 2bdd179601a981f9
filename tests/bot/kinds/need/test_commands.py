"""A need's status from a terminal."""

import pytest

from bot.app.build import App
from tests.bot.kinds.need.test_need import file_need
from tests.citizen import Citizen
from tests.shell import Shell


async def tell(app: App) -> None:
    """Somebody tells a need."""
    citizen = Citizen(app)
    await citizen.arrives()
    await file_need(citizen, "No water since Monday")


REFERENCE = "OZT-2026-000001"


@pytest.mark.parametrize("state", ["received", "studied", "planned", "done", "passed", "refused"])
def test_a_status_is_set_by_its_name(shell: Shell, state: str) -> None:
    """Each that there is; one that says where it went, or why not, needs a note."""
    shell.inside(tell)
    noted = ("--note", "ONEE") if state in ("passed", "refused") else ()
    words = ("need", "status", REFERENCE.lower(), state)
    if noted:
        shell.refuses(words, "")
    if state == "received":
        # That is what it is already; it can be again.
        shell.refuses(words, "choose a new status")
        shell.says(("need", "status", REFERENCE, "done"))
    shell.says((*words, *noted), f"{REFERENCE} is {state}; a running server tells its author.")
    assert shell.run("need", "status", REFERENCE, "lost").returncode == 2


def test_a_need_is_one_of_the_council_that_is_named(shell: Shell) -> None:
    """Of the default one, if none is; what is not there is refused."""
    shell.inside(tell)
    shell.add_council("draa", "01")
    shell.refuses(("need", "status", REFERENCE, "done", "--council", "draa"), "no need with this")
    shell.refuses(("need", "status", REFERENCE, "done", "--council", "rome"), "no council 'rome'")
    shell.refuses(("need", "status", "OZT-2026-000002", "done"), "no need with this")
    shell.says(("need", "status", REFERENCE, "done"))
