"""What citizens read of a commitment."""

from datetime import date
from typing import Final

from flows.dialog.asked_back import day_in_words
from flows.dialog.dialog import Attachment, Flow, say
from flows.kinds.commitment.definition import Commitment
from flows.kinds.commitment.states import SIDES, Standing, state_on
from flows.wording.text import Code, Text, Translated, lines, msg

#: Most photos of before, and of after, that a chat shows.
MOST_SHOWN: Final = 2


def state_text(state: str) -> Text:
    """A state in words, with its sign."""
    return msg(f"commitment.state.{state}")


def about(commitment: Commitment, standing: Standing, today: date, *, titled: bool = True) -> Text:
    """How it stands, by when it was promised, where, by what it is seen, and what the council said last."""
    return lines(
        Translated(commitment.title) if titled else None,
        state_text(state_on(standing.state, commitment.due, today)),
        msg("commitment.due", day=day_in_words(commitment.due)),
        msg("commitment.place", place=Translated(commitment.place)) if commitment.place else None,
        msg("commitment.indicator", text=Translated(commitment.indicator)),
        msg("commitment.why", text=Translated(standing.why)) if standing.why else None,
        msg("commitment.proof", link=Code(standing.proof)) if standing.proof else None,
    )


def shown_photos(standing: Standing) -> Flow[None]:
    """The photos of before and after, as far as they fit into a chat; the others stand on the council's page."""
    for side in SIDES:
        own = [one for one in standing.photos if one.side == side]
        for one in own[:MOST_SHOWN]:
            yield from say(msg(f"commitment.photo.{side}"), Attachment("photo", {"": one.name}))


def news(commitment: Commitment, standing: Standing, today: date) -> Text:
    """What whoever follows it is told of a change: how it stands, what may be said of it, how to hear no more."""
    done = standing.state == "done"
    return lines(
        about(commitment, standing, today),
        lines(
            msg("commitment.news_done", code=Code(commitment.code)) if done else None,
            msg("commitment.news_end", code=Code(commitment.code)),
        ),
        gap=1,
    )
