"""A form that is sent twice does what it says once, whichever page it stands on."""

from pathlib import Path

import pytest

from bot.web.frame.forms import Form
from bot.web.staff.consultations import first_press
from tests.citizen import running

#: The sign of a page, nineteen digits.
PAGE = "2509535965283188001"


@pytest.mark.parametrize(
    "sign",
    [
        PAGE,
        f"{PAGE}.v2",
        f"{PAGE}p12",  # an idea of a budget
        f"{PAGE}r",  # the claims of a petition
        f"{PAGE}detachp12OZT-2026-000123",  # a need of a problem of a programme
        f"{PAGE}drop_problemp12",
    ],
)
async def test_the_second_press_changes_nothing(tmp_path: Path, sign: str) -> None:
    async with running(tmp_path) as app, app.storage.transaction() as tx:
        pressed = [await first_press(tx, Form({"once": sign})) for _ in range(2)]
        assert pressed == [True, False]
        # Another form of the same page.
        assert await first_press(tx, Form({"once": f"{sign}9"}))


@pytest.mark.parametrize("sign", ["p1", "1<2", "1 2", "1" + "x" * 81, "١"])
async def test_a_sign_that_no_page_has_changes_nothing(tmp_path: Path, sign: str) -> None:
    async with running(tmp_path) as app, app.storage.transaction() as tx:
        assert not await first_press(tx, Form({"once": sign}))


async def test_a_form_without_a_sign_is_a_first_press(tmp_path: Path) -> None:
    """A program may send it as often as it means it."""
    async with running(tmp_path) as app, app.storage.transaction() as tx:
        assert [await first_press(tx, Form({})) for _ in range(2)] == [True, True]
