"""How much a form may hold: one below and at the limit is read, one above is refused in words."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine

from bot.web.frame.forms import MOST_FIELDS
from bot.web.staff import editor
from tests.bot.kinds.worlds import world
from tests.citizen import NOON


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize(
    ("path", "most"),
    [("/staff/c/OZT-LIGHT/send", MOST_FIELDS), ("/staff/preview", editor.MOST_FIELDS)],
)
async def test_a_form_holds_so_many_fields_and_no_more(
    tmp_path: Path, clock: time_machine.Traveller, path: str, most: int
) -> None:
    async with world("poll", tmp_path, clock) as w, w.browser() as client:
        for count, refused in ((most - 1, False), (most, False), (most + 1, True)):
            body = urlencode([("kind", "poll"), *((f"x{n}", "") for n in range(count - 1))])
            answer = await client.post(
                path,
                content=body,
                headers={"content-type": "application/x-www-form-urlencoded"},
            )
            assert (answer.status_code == 400) == refused, (count, answer.status_code)
            if refused:
                assert "تعذرت معالجة هذا الطلب." in answer.text
