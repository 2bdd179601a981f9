"""What each role may do, said once more in words: a list changed by mistake is noticed here."""

from pathlib import Path

import pytest

from bot.core.config import Config
from bot.web.frame.roles import ROLES, may
from tests.system.staffed import config_of, town
from tests.visitor import visitor

#: What somebody wants to do: a page, what is sent there, and who alone gets through.
WISHES = {
    "read": ("GET", "/staff/needs", "reader clerk elected organizer data admin"),
    "download": ("GET", "/staff/downloads", "reader clerk elected organizer data admin"),
    "triage": ("POST", "/staff/needs/NONE-2026-000001/do", "clerk elected admin"),
    "moderate": ("POST", "/staff/c/NONE/answers/do", "clerk organizer data admin"),
    "publish": ("GET", "/staff/new", "organizer admin"),
    "broadcast": ("GET", "/staff/lists", "organizer admin"),
    "signatures": ("GET", "/staff/petitions/NONE/signatures", "clerk data admin"),
    "door": ("GET", "/staff/meetings/NONE/sheet", "clerk organizer data admin"),
    "identities": ("GET", "/staff/data", "data admin"),
    "approve": ("GET", "/staff/approvals", "organizer data admin"),
    "audit": ("GET", "/staff/audit", "data admin"),
    "manage": ("GET", "/staff/members", "admin"),
}

#: Asked for within pages that others may open.
WITHIN = {"microdata": "data admin"}

EVERYBODY = ("reader", "clerk", "elected", "organizer", "data", "admin")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two councils."""
    return config_of(tmp_path)


@pytest.mark.parametrize("role", EVERYBODY)
async def test_a_role_opens_its_doors_and_no_other(config: Config, role: str) -> None:
    """A reader reads, a clerk answers, an organizer asks, a data officer sees names, an admin all."""
    async with town(config) as quiet, visitor(base_url=quiet.address) as client:
        await quiet.sign_in(client, role, role)
        for wish, (method, path, who) in WISHES.items():
            answer = await client.request(
                method, path, data={"x": "y"} if method == "POST" else None
            )
            assert (answer.status_code != 403) == (role in who.split()), wish


@pytest.mark.parametrize("role", EVERYBODY)
def test_single_answers_are_for_the_data_officer_and_the_admin(role: str) -> None:
    """A clerk who may take totals may not take one person's answers."""

    class Someone:
        """A member of staff."""

        def __init__(self) -> None:
            self.role = role

    for action, who in WITHIN.items():
        assert may(Someone(), action) == (role in who.split())


def test_nothing_can_be_done_that_no_test_asks_about() -> None:
    """A new action needs a door here."""
    assert set(ROLES) == {*WISHES, *WITHIN}
    assert set().union(*ROLES.values()) == set(EVERYBODY)
