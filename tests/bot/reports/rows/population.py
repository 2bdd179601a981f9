"""Answers to the poll of the reports' tests, of people of many sorts; and what analysts read them with."""

import csv
import io
import random
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.reports.rows.table import Answered, RowData, profile_of, row_data
from flows.dialog.definition import Head
from flows.kinds.poll.conversation import Poll
from flows.morocco import census, places
from flows.statistics.coarsening import coarsened
from flows.statistics.summary import Response
from tests.bot.reports.consultations import ANSWERS, COUNCIL, POLL, REGION, response

COMMUNES = [place.code for place in places.communes_of(REGION)][:4]


def people(count: int, seed: int = 1, **given: Any) -> list[Answered]:
    """So many people who answered the poll, each otherwise; `given` is what all of them said."""
    chance = random.Random(seed)
    return [
        Answered(
            replace(
                response(n, {"answers": {**ANSWERS, **_said(chance), **given}}),
                gender=chance.choice([*census.GENDERS, None]),
                age_band=chance.choice([*census.AGE_BANDS, None]),
                commune=chance.choice([*COMMUNES, None]),
                disability=chance.choice(["yes", "no", "no", None]),
            ),
            chance.choice([1, 1, 2]),
        )
        for n in range(count)
    ]


def _said(chance: random.Random) -> Mapping[str, Any]:
    return {
        "agree": chance.choice([True, False, None]),
        "project": chance.choice(["water", "roads", "gone"]),
        "order": chance.sample("abc", 3),
        "ticks": chance.sample("abc", chance.randint(1, 3)),
        "stars": chance.choice("12345"),
        "people": str(chance.randint(0, 20)),
        "why": {"text": chance.choice(["لا ماء", 'L\'eau, "vite"', "=1+1", ""]), "media": []},
    }


def poll(**changes: Any) -> Poll:
    """The poll with something else in it."""
    return msgspec.convert({**msgspec.to_builtins(POLL), **changes}, Poll)


def data_of(
    answered: Sequence[Answered], several: str = "each", definition: Head = POLL
) -> RowData:
    """The rows."""
    made = coarsened([profile_of(one) for one in answered])
    return row_data(definition, COUNCIL, answered, made, several)


def read_csv(content: bytes) -> list[dict[str, str]]:
    """As a program reads it that was told nothing."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def stripped(one: Response) -> Response:
    """Somebody who told nothing of themselves."""
    return replace(one, gender=None, age_band=None, commune=None, disability=None)
