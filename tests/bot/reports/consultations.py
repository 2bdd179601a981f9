"""Consultations of each kind with responses, for reports that read them one by one."""

import random
from datetime import date, timedelta
from typing import Any

import msgspec

from flows.dialog.facts import Council, Theme
from flows.kinds.need.conversation import Needs
from flows.kinds.petition import Petition
from flows.kinds.poll.conversation import Poll
from flows.morocco import places
from flows.statistics.summary import Response

REGION = next(place.code for place in places.of_level("region"))
COMMUNE = places.communes_of(REGION)[0].code

COUNCIL = Council(
    "OZT",
    "OZT",
    REGION,
    {"ar": "مجلس", "fr": "Conseil"},
    (Theme("water", {"ar": "الماء", "fr": "Eau"}), Theme("roads", {"fr": "Routes"})),
)

POLL = msgspec.convert(
    {
        "kind": "poll",
        "code": "OZT-P1",
        "council": "OZT",
        "title": {"ar": "أولويات", "fr": "Priorités"},
        "questions": [
            {"key": "agree", "type": "yes_no", "text": {"fr": "D’accord ?"}},
            {
                "key": "project",
                "type": "single",
                "text": {"ar": "أي مشروع؟", "fr": "Quel projet ?"},
                "choices": [
                    {"id": "water", "text": {"ar": "الماء", "fr": "Eau"}},
                    {"id": "roads", "text": {"ar": "الطرق", "fr": "Routes"}},
                ],
            },
            {
                "key": "order",
                "type": "ranking",
                "text": {"fr": "Classez"},
                "choices": [{"id": id, "text": {"fr": id.upper()}} for id in "abc"],
            },
            {
                "key": "ticks",
                "type": "multiple",
                "text": {"fr": "Cochez"},
                "choices": [{"id": id, "text": {"fr": id.upper()}} for id in "abc"],
            },
            {"key": "stars", "type": "rating", "text": {"fr": "Notez"}},
            {
                "key": "people",
                "type": "number",
                "text": {"fr": "Combien ?"},
                "lowest": 0,
                "highest": 20,
            },
            {"key": "since", "type": "date", "text": {"fr": "Depuis ?"}},
            {"key": "why", "type": "text", "text": {"fr": "Pourquoi ?"}},
            {
                "key": "party",
                "type": "single",
                "sensitive": True,
                "text": {"fr": "Opinion ?"},
                "choices": [{"id": id, "text": {"fr": id}} for id in "xy"],
            },
        ],
    },
    Poll,
)

NEEDS = msgspec.convert(
    {"kind": "need", "code": "OZT-N", "council": "OZT", "title": {"fr": "Besoins"}}, Needs
)

PETITION = msgspec.convert(
    {
        "kind": "petition",
        "code": "OZT-E1",
        "council": "OZT",
        "title": {"fr": "Pour l’eau"},
        "demand": {"ar": "نطلب الماء", "fr": "Nous demandons de l’eau"},
        "text": {"fr": "Le texte"},
        "representative": "F. A.",
    },
    Petition,
)

#: An answer to everything that the poll asks.
ANSWERS: dict[str, Any] = {
    "agree": False,
    "project": "water",
    "order": ["c", "a", "b"],
    "ticks": ["b", "gone"],
    "stars": "4",
    "people": "3",
    "since": "2026-01-31",
    "why": {"text": "لأن الماء قليل", "media": []},
    "party": "x",
}

NEED: dict[str, Any] = {
    "theme": "water",
    "commune": COMMUNE,
    "place": {"text": "حي تابونت", "latitude": 30.918765, "longitude": -6.893456},
    "words": {"text": "لا ماء", "media": []},
}


def response(number: int, body: dict[str, Any]) -> Response:
    """A stored response; numbers are given out in the order of filing."""
    return Response(
        reference=f"OZT-2026-{number:06d}",
        body=body,
        state="received",
        channel="whatsapp",
        language="ary",
        commune=COMMUNE,
        age_band="25-34",
        gender="woman",
        disability="no",
        assurance="A1",
        day=date(2026, 11, 1) + timedelta(number % 5),
        voices=2,
    )


def answers(count: int) -> list[Response]:
    """Responses to the poll that are not alike."""
    chance = random.Random(1)
    return [
        response(n, {"answers": {**ANSWERS, "project": chance.choice(["water", "roads"])}})
        for n in range(count)
    ]
