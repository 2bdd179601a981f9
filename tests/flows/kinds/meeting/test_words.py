"""What people say of a meeting in their own words is the choice that they mean."""

import pytest

from flows.dialog.choices import Choice
from flows.dialog.dialog import NotUnderstood, Reply, Unsure
from flows.kinds import check
from flows.kinds.meeting.conversation import _choices
from flows.kinds.meeting.definition import Meeting
from flows.kinds.meeting.seat import Seat
from tests.flows.kinds.meeting.test_definition import COUNCIL, RAW

HAS = Seat("seat", "12345", calendar="http://localhost/x.ics")
HAS_NOT = Seat(free=40)


def chosen(text: str, seat: Seat) -> str:
    meeting, _ = check(RAW, COUNCIL)
    assert isinstance(meeting, Meeting)
    read = Choice(tuple(_choices(meeting, seat))).read(Reply(text=text))
    assert not isinstance(read, Unsure), text
    return str(read)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        *((text, "yes") for text in ("Je viens", "inscrivez-moi", "سجلني", "bghit n7der", "oui")),
        *((text, "yes") for text in ("sign me up", "غادي نحضر", "je m'inscris", "واخا")),
        *((text, "later") for text in ("je ne peux pas venir", "ما غاديش نجي", "لن آتي", "non")),
        *((text, "way") for text in ("c'est où ?", "فين كاين", "where is it?", "l'adresse")),
        *((text, "programme") for text in ("à quelle heure ?", "شحال الساعة", "متى؟", "imta")),
        *((text, "say") for text in ("j'ai une question", "عندي سؤال", "3ndi so2al")),
    ],
)
def test_before_signing_up(text: str, id: str) -> None:
    assert chosen(text, HAS_NOT) == id


@pytest.mark.parametrize(
    "text",
    ["annuler ma place", "je ne viens plus", "ما نقدرش نجي", "cancel my place", "حيد بلاصتي"],
)
def test_who_has_a_place_gives_it_back_in_their_own_words(text: str) -> None:
    """Before, "I cannot come" asked whether the way there was meant. It is asked once more before it counts."""
    assert chosen(text, HAS) == "withdraw"


def test_a_no_gives_no_place_back() -> None:
    assert chosen("non", HAS) == "later"


@pytest.mark.parametrize("text", ["je viens", "سجلني"])
def test_who_has_a_place_cannot_take_another(text: str) -> None:
    with pytest.raises(NotUnderstood):
        chosen(text, HAS)
