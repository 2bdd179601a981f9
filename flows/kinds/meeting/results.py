"""What came of a meeting: who signed up, what they need, what was said on the items, how it was found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flows.dialog.facts import Council
from flows.kinds.kind import headlined
from flows.kinds.meeting.conversation import RATED, item_label, need_label, rated_label
from flows.kinds.meeting.definition import Meeting
from flows.kinds.questions import RATING_EMOJI
from flows.statistics.disclosure import protected, words
from flows.statistics.participation import participation, question_note
from flows.statistics.summary import Column, Response, Responses, Summary, Table
from flows.wording.text import Text, lines, msg


@dataclass(frozen=True, slots=True)
class Seats:
    """How the places stand: had, waited for (also where one is offered), and how many were there on the day.

    `noted` came without signing up as telephones at the door noted it, `others` besides those, as it was
    typed; `unsure` have not said that they still come since it changed.
    """

    had: int = 0
    waiting: int = 0
    present: int = 0
    others: int = 0
    unsure: int = 0
    noted: int = 0

    @property
    def unasked(self) -> int:
        """All who came without signing up."""
        return self.others + self.noted


def seats_in(responses: Responses) -> Seats:
    """What storage counted; nothing where nobody has looked."""
    return responses.besides if isinstance(responses.besides, Seats) else Seats()


def summary(meeting: Meeting, council: Council, responses: Responses) -> Summary:
    """Places, needs, words, ratings, and who took part."""
    base = participation(meeting, council, responses)
    coming = [response for response in responses.standing if response.body.get("coming")]
    tables: list[Table] = [_places(meeting, seats_in(responses))]
    if meeting.needs:
        tables.append(_needs(meeting, coming))
    tables += [_said(meeting, key, responses.standing) for key in _keys(meeting)]
    tables += [_rated(name, responses.standing) for name in RATED]
    return Summary(base.title, base.figures, (*tables, *base.tables), base.notes)


def _places(meeting: Meeting, seats: Seats) -> Table:
    """How many come is no secret: it is what the room is prepared for."""
    columns = (
        Column("id", msg("summary.id"), "id"),
        Column("what", msg("meeting.places")),
        Column("count", msg("summary.count"), "count"),
    )
    rows: list[tuple[str, Text, int]] = [
        ("had", msg("meeting.places_had"), seats.had),
        ("waiting", msg("meeting.places_waiting"), seats.waiting),
        ("present", msg("meeting.places_present"), seats.present),
        ("others", msg("meeting.places_others"), seats.unasked),
    ]
    if meeting.seats:
        rows.insert(0, ("seats", msg("meeting.places_all"), meeting.seats))
    return Table("places", msg("meeting.places"), columns, tuple(rows))


def _needs(meeting: Meeting, coming: Sequence[Response]) -> Table:
    counts: Counter[str] = Counter()
    for response in coming:
        counts.update(set(response.body.get("needs", ())))
    return protected(
        "needs",
        msg("meeting.needs_label"),
        msg("meeting.need_label"),
        [(need, need_label(need), counts[need]) for need in meeting.needs],
        len(coming),
        None,
        exclusive=False,
    )


def _keys(meeting: Meeting) -> Sequence[str]:
    return [item.key for item in meeting.spoken_of]


def _said(meeting: Meeting, key: str, standing: Sequence[Response]) -> Table:
    item = next(one for one in meeting.items if one.key == key)
    said = [one.body["said"][key] for one in standing if one.body.get("said", {}).get(key)]
    # Whoever signed up could have said something.
    return words(f"said.{key}", item_label(item), said, len(standing))


def _rated(name: str, standing: Sequence[Response]) -> Table:
    asked = [one.body["ratings"] for one in standing if one.body.get("ratings")]
    given = [ratings[name] for ratings in asked if ratings.get(name) is not None]
    counts = Counter(given)
    return protected(
        f"rated.{name}",
        rated_label(name),
        msg("summary.answer"),
        [
            (str(n), lines(msg(f"poll.rating.{n}")), counts[str(n)])
            for n in range(1, len(RATING_EMOJI) + 1)
        ],
        len(given),
        question_note(len(given), len(asked) - len(given), 0),
    )


def headline(meeting: Meeting, council: Council, responses: Responses) -> Text:
    """How many signed up, and how many were there."""
    counted = msg("headline.people", count=len(responses.standing))
    seats = seats_in(responses)
    present = seats.present + seats.unasked
    return headlined(counted, msg("meeting.were_there", count=present) if present else None)
