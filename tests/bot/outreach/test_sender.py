"""Whether a message of a broadcast goes now: the citizen's word first, then hours and caps."""

from typing import Any

import msgspec
import pytest

from bot.app.build import App
from bot.outreach.claims import CLAIM
from storage.rows import StoredBroadcast, StoredConsultation
from storage.rows.broadcasts import DuePushes
from storage.rows.consultations import ConsultationByCode
from tests.citizen import NOON, Citizen

#: The morning of a working day, well inside the hours in which anybody may be written to.
MORNING = NOON

MINUTE = 60_000


async def poll(app: App) -> StoredConsultation:
    """The example poll, which is open."""
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
    assert row is not None
    return row


def broadcast(app: App, what: str = "invitation") -> StoredBroadcast:
    """An invitation under way."""
    return StoredBroadcast(
        id=1,
        council_id=app.register.default_id,
        consultation_id=1,
        what=what,
        body="{}",
        audience="{}",
        state="running",
        spread_ms=0,
        gathered_to=-1,
        made_by="amal",
        person_id=None,
        created_at=MORNING,
        started_at=MORNING,
    )


def due(**known: Any) -> DuePushes:
    """Somebody to whom nothing stands in the way."""
    someone = DuePushes(
        id=1,
        person_id=7,
        account="web",
        address="amina",
        reason="invitation",
        tries=0,
        form=0,
        not_before=0,
        letters=None,
        language="en",
        stopped_at=None,
        council_id=None,
        address_state="open",
        last_in_at=0,
        per_week=None,
        part_of_day="any",
        muted=False,
        agreed=1,
        declined=False,
        answered=False,
        busy=False,
        this_week=0,
        first_this_week=None,
    )
    return msgspec.structs.replace(someone, **known)


async def fate_of(app: App, *, what: str = "invitation", at: int = MORNING, **known: Any) -> Any:
    """What becomes of a message to whom this is known of."""
    fate = app.sender._fate(broadcast(app, what), await poll(app), due(**known), at)
    return fate.what, fate.why, fate.until


async def test_who_has_said_nothing_against_it_is_written_to(app: App) -> None:
    """At noon, with the poll open."""
    assert (await fate_of(app))[0] == "go"


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"person_id": None}, "erased"),
        ({"stopped_at": 1}, "stopped"),
        ({"agreed": 0}, "no consent"),
        ({"muted": True}, "muted"),
        ({"address_state": "closed"}, "unreachable"),
        ({"address_state": "opted_out"}, "opted out"),
        ({"declined": True}, "declined"),
        ({"answered": True}, "answered"),
    ],
)
async def test_the_citizens_word_drops_it(app: App, known: dict[str, Any], why: str) -> None:
    """Each reason is told to the organizer as it is."""
    assert (await fate_of(app, **known))[:2] == ("drop", why)


async def test_who_declined_an_invitation_still_hears_the_result(app: App) -> None:
    """They took no part in the asking, not out of the commune."""
    assert (await fate_of(app, what="result", declined=True))[0] == "go"


async def test_the_weekly_cap_holds_at_its_number(app: App) -> None:
    """One below goes; at the number it waits until the first of the week is a week old."""
    most = app.register.council(app.register.default_id).sending.per_week
    assert (await fate_of(app, this_week=most - 1, first_this_week=MORNING))[0] == "go"
    first = MORNING - 1000
    waits = await fate_of(app, this_week=most, first_this_week=first)
    assert waits == ("wait", "weekly cap", first + 7 * 24 * 60 * MINUTE + 1)


async def test_a_citizens_own_cap_counts_where_it_is_lower_and_never_where_it_is_higher(
    app: App,
) -> None:
    """The council's is the most that anybody gets."""
    most = app.register.council(app.register.default_id).sending.per_week
    lower = await fate_of(app, per_week=1, this_week=1, first_this_week=MORNING)
    assert lower[:2] == ("wait", "weekly cap")
    higher = await fate_of(app, per_week=most + 5, this_week=most, first_this_week=MORNING)
    assert higher[:2] == ("wait", "weekly cap")


async def test_who_wants_none_gets_none(app: App) -> None:
    """Nothing to wait for: it is dropped."""
    assert (await fate_of(app, per_week=0))[:2] == ("drop", "wants no invitations")


async def test_later_today_is_not_counted_against_the_week(app: App) -> None:
    """It was asked for."""
    most = app.register.council(app.register.default_id).sending.per_week
    known = {"reason": "later", "this_week": most, "first_this_week": MORNING}
    assert (await fate_of(app, **known))[0] == "go"


async def test_who_is_in_the_middle_of_something_is_asked_a_little_later(app: App) -> None:
    """Not dropped."""
    assert await fate_of(app, busy=True) == ("wait", "in a conversation", MORNING + 2 * MINUTE)


async def test_at_night_it_waits_for_the_morning(app: App) -> None:
    """Twelve hours after noon nobody is written to."""
    what, why, until = await fate_of(app, at=MORNING + 12 * 3_600_000)
    assert (what, why) == ("wait", "quiet hours")
    assert until > MORNING + 12 * 3_600_000


async def test_a_closed_consultation_asks_nobody(app: App, citizen: Citizen) -> None:
    """Whoever was gathered before the closing is dropped with the reason."""
    row = await poll(app)
    closed = msgspec.structs.replace(row, state="closed")
    fate = app.sender._fate(broadcast(app), closed, due(), MORNING)
    assert (fate.what, fate.why) == ("drop", "closed")


@pytest.mark.parametrize(
    ("per_second", "pause"), [(20, 0.2), (320, 0.2), (640, 0.1), (1000, 0.064)]
)
async def test_between_two_looks_there_is_never_more_room_than_one_look_claims(
    app: App, per_second: float, pause: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the pause would set the pace of a broadcast, whatever `per_second` says."""
    monkeypatch.setattr(type(app.delivery), "fastest", per_second)
    assert app.sender.pause == pytest.approx(pause)
    assert app.sender.pause * per_second <= CLAIM
