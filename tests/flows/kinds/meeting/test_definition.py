"""What is wrong with a meeting, and what citizens would stumble over."""

import tomllib
from importlib import resources
from typing import Any

import pytest

from flows.dialog.facts import Council, Theme
from flows.kinds import check, kinds
from flows.kinds.meeting import shown
from flows.kinds.meeting.definition import MOST_GROUPS, MOST_ITEMS, MOST_SEATS, Meeting
from flows.wording import render

RAW = tomllib.loads((resources.files("bot") / "example" / "meeting.toml").read_text("utf-8"))
COUNCIL = Council("example", "OZT", "401.01.03", {"en": "Town"}, (Theme("water", {"en": "Water"}),))
ITEM = {"key": "one", "text": {"en": "One"}}


def found(**more: Any) -> list[str]:
    _, problems = check({**RAW, **more}, COUNCIL)
    return [str(one) for one in problems]


def test_of_who_is_erased_only_that_they_came_and_spoke_is_left() -> None:
    """No word, no voice note, nothing of what they needed; the point that they spoke on stays counted."""
    voice = {"kind": "voice", "name": "1", "type": "audio/ogg", "size": 9}
    told = {"coming": True, "needs": ["wheelchair"], "ratings": {"useful": "5"}}
    body = {**told, "said": {"groups": {"text": "Let Amina lead", "media": [voice]}}}
    assert kinds()["meeting"].stripped(body) == {
        **told, "needs": [], "said": {"groups": {"text": "", "media": []}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"ends": "2027-04-10T09:00:00"}, "ends: is 2027-04-10 09:00:00, not after it starts"),
        ({"ends": "2027-04-13T09:00:01", "closes": None}, "ends: is more than 3 days after"),
        ({"closes": "2027-04-10T14:59:00"}, "closes: is 2027-04-10 14:59:00, before the meeting"),
        ({"opens": "2027-04-10T09:00:00"}, "opens: is 2027-04-10 09:00:00, not before it starts"),
        ({"starts": "2027-04-10T09:00:00+01:00"}, "starts: is 2027-04-10 09:00:00+01:00; write"),
        ({"place": {}}, "place: has no text"),
        ({"place": {"en": "x" * 201}}, "place.en: has 201 characters"),
        ({"how": {"en": "x" * 601}}, "how.en: has 601 characters"),
        ({"pin": "here"}, "pin: is 'here'; write latitude and longitude"),
        ({"pin": "91, 0"}, "pin: is '91, 0'"),
        ({"pin": "0, 181"}, "pin: is '0, 181'"),
        (
            {"pin": "-7.9811, 31.6295"},
            "pin: is '-7.9811, 31.6295', the wrong way round: latitude comes first; write 31.6295, -7.9811",
        ),
        ({"seats": -1}, "seats: is -1"),
        ({"groups": 1}, "groups: is 1; it must be 0 (none) or from 2 to 50"),
        ({"groups": MOST_GROUPS + 1, "seats": 0}, "groups: is 51"),
        ({"groups": 41}, "groups: is 41, more than the 40 places"),
        ({"groups": 0}, "items[4].grouped: is true, but it has no groups"),
        (
            {"groups": 2, "items": [{**ITEM, "grouped": True, "pause": True}]},
            "items[0].grouped: is true, but it is a break",
        ),
        ({"seats": "40"}, "seats: Expected `int`, got `str`"),
        (
            {"items": [{**ITEM, "at": "14:30", "minutes": 31}]},
            "items[0].minutes: runs until 15:01, past the end of the meeting at 15:00",
        ),
        (
            {"items": [{**ITEM, "at": "14:00"}, {"key": "b", "text": {"en": "B"}, "minutes": 31}]},
            "items[1].minutes: runs until 15:01, past the end",
        ),
        (
            {
                "ends": "2027-04-10T23:30:00",
                "items": [{**ITEM, "at": "23:00", "minutes": 61}],
            },
            "items[0].minutes: runs until 11/04 00:01, past the end",
        ),
        ({"seats": MOST_SEATS + 1}, f"seats: is {MOST_SEATS + 1}"),
        ({"needs": ["sign", "sign"]}, "needs: names one twice"),
        ({"needs": ["money"]}, "allowed are: access, child, sign, transport"),
        ({"items": [ITEM, ITEM]}, "items[1].key: 'one' is used twice"),
        ({"items": [{**ITEM, "key": "~"}]}, "items[0].key: is '~'"),
        ({"items": [{**ITEM, "key": "k" * 41}]}, "items[0].key: is 'kkk"),
        ({"items": [{**ITEM, "text": {"en": "x" * 121}}]}, "items[0].text.en: has 121"),
        ({"items": [{**ITEM, "minutes": 0}]}, "items[0].minutes: is 0; from 1 to 480"),
        ({"items": [{**ITEM, "minutes": 481}]}, "items[0].minutes: is 481"),
        ({"items": [{**ITEM, "at": "25:00"}]}, "items[0].at: is '25:00'; write a time of day"),
        ({"items": [{**ITEM, "at": "08:59"}]}, "items[0].at: is 08:59, outside of the meeting"),
        ({"items": [{**ITEM, "at": "15:00"}]}, "items[0].at: is 15:00, outside of the meeting"),
        (
            {"items": [{**ITEM, "at": "09:00"}, {"key": "b", "text": {"en": "B"}, "at": "09:29"}]},
            "items[1].at: is 09:29, before the item before it is over at 09:30",
        ),
        (
            {"items": [{"key": f"k{n}", "text": {"en": "X"}} for n in range(MOST_ITEMS + 1)]},
            f"items: has {MOST_ITEMS + 1}; at most {MOST_ITEMS}",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_key(more: dict[str, Any], said: str) -> None:
    assert any(one.startswith(said) or said in one for one in found(**more)), found(**more)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"ends": "2027-04-13T09:00:00", "closes": None, "items": []},
        {"closes": "2027-04-10T15:00:00"},
        {"pin": "-90; 180", "seats": MOST_SEATS},
        {"groups": MOST_GROUPS, "seats": MOST_GROUPS, "items": [{**ITEM, "grouped": True}]},
        {"groups": 2, "seats": 0},
        {"pin": "20.0, -17.2"},
        {"pin": "36; -0.9"},
        {"items": [{**ITEM, "at": "14:30", "minutes": 30}]},
        {"items": [{**ITEM, "at": "14:00"}, {"key": "b", "text": {"en": "B"}, "minutes": 30}]},
        {"seats": 0, "needs": [], "items": []},
        {"items": [{**ITEM, "minutes": 480}, {**ITEM, "key": "k" * 40, "minutes": 1}]},
        {"items": [{**ITEM, "at": "09:00"}, {"key": "b", "text": {"en": "B"}, "at": "09:30"}]},
        {"items": [{"key": f"k{n}", "text": {"en": "X"}} for n in range(MOST_ITEMS)]},
    ],
)
def test_what_is_right_to_its_edges_is_taken(more: dict[str, Any]) -> None:
    assert found(**more) == []


def stumbles(**more: Any) -> set[str]:
    head, problems = check({**RAW, **more}, COUNCIL)
    assert problems == []
    return {one.text.id for one in kinds()["meeting"].stumbles(head, COUNCIL)}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, set()),
        ({"how": {}, "pin": ""}, {"check.meeting_way"}),
        ({"how": {}}, set()),
        ({"pin": "48.85, 2.35"}, {"check.meeting_abroad"}),
        ({"pin": "36.01, -0.9"}, {"check.meeting_abroad"}),
        ({"pin": "36, -0.89"}, {"check.meeting_abroad"}),
        ({"closes": None}, {"check.meeting_closes"}),
        ({"closes": "2027-04-10T15:00:00"}, {"check.meeting_closes"}),
        # A Friday: to half past twelve, from half past two, and a minute into the time between.
        ({"starts": "2027-04-09T09:00:00", "ends": "2027-04-09T12:30:00", "items": []}, set()),
        ({"starts": "2027-04-09T14:30:00", "ends": "2027-04-09T15:00:00", "items": []}, set()),
        (
            {"starts": "2027-04-09T09:00:00", "ends": "2027-04-09T12:31:00", "items": []},
            {"check.meeting_friday"},
        ),
        ({"items": [{**ITEM, "minutes": 360}]}, set()),
        (
            {"items": [{**ITEM, "minutes": 360}, {"key": "b", "text": {"en": "B"}, "minutes": 1}]},
            {"check.meeting_long"},
        ),
    ],
)
def test_what_citizens_would_stumble_over(more: dict[str, Any], said: set[str]) -> None:
    assert stumbles(**more) == said


def test_a_meeting_of_two_days_says_both() -> None:
    head, _ = check({**RAW, "ends": "2027-04-11T12:00:00", "items": []}, COUNCIL)
    assert isinstance(head, Meeting)
    said = render(shown.when_and_where(head), "fr")
    assert "sam. 10 avril 2027" in said
    assert "dim. 11 avril 2027" in said


def test_the_programme_says_breaks_languages_and_what_has_no_time() -> None:
    items = [
        {**ITEM, "at": "09:00", "language": "zgh"},
        {"key": "tea", "text": {"en": "Tea"}, "pause": True},
    ]
    head, _ = check({**RAW, "items": items}, COUNCIL)
    assert isinstance(head, Meeting)
    said = render(shown.programme(head), "en")
    assert "09:00" in said
    assert "ⵜⴰⵎⴰⵣⵉⵖⵜ" in said
    assert "☕" in said
