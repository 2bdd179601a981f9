"""What a sentence says of a need: what it is about, and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.dialog.choices import Choice
from flows.dialog.dialog import Candidate, Correct, NotUnderstood, Option, Reply, Unfinished, Unsure
from flows.dialog.facts import Council, Theme
from flows.morocco import place_in_words, places
from flows.understanding import themes
from flows.understanding.themes import Offered
from flows.understanding.themes.usual import usual_in
from flows.wording.text import Translated


@dataclass(frozen=True, slots=True)
class ThemeChoice(Choice):
    """A theme: one of the options, or the one that a sentence is about; asked back where that is not sure."""

    offered: tuple[Offered, ...] = ()

    def read(self, reply: Reply) -> str | Correct | Unfinished | Unsure:
        """The theme's id."""
        try:
            return Choice.read(self, reply)
        except NotUnderstood:
            reading = themes.read(reply.text, self.offered) if reply.text else None
            if reading is None:
                raise
            if reading.certain is not None:
                return reading.certain
            options = {option.id: option for option in self.every}
            likely = tuple(_candidate(options[id]) for id in reading.likely if id in options)
            if not likely:
                raise
            return Unsure(likely)


def _candidate(option: Option) -> Candidate:
    return Candidate(option.label, Reply(tap=option.id), option.emoji)


def theme_choice(every: Sequence[Theme]) -> ThemeChoice:
    """The question what a need is about."""
    options = tuple(Option(t.id, Translated(t.text), t.emoji, also=t.also) for t in every)
    return ThemeChoice(options, offered=offered(every))


def offered(every: Sequence[Theme]) -> tuple[Offered, ...]:
    """The themes as a sentence is read for them."""
    return tuple(Offered(theme.id, theme.text, theme.also) for theme in every)


#: Ids of the theme that stands for all that a council does not list.
OTHER = frozenset({"other", "autre", "divers"})


def _another(every: Sequence[Theme], text: str) -> str | None:
    """The theme for all else, where a sentence surely tells of something that the council does not list."""
    other = next((theme.id for theme in every if theme.id in OTHER), None)
    told = max(usual_in(text).values(), default=0.0) if other is not None else 0.0
    return other if told >= themes.LEAST else None


def _is_elsewhere(text: str, council: Council) -> bool:
    """Whether a text names a commune that is not the council's."""
    found = place_in_words.read(text, council.quarters)
    if found is None or found.commune is None:
        return False
    around = {found.commune, *(place.code for place in places.ancestors(found.commune))}
    return council.place not in around


def answered(every: Sequence[Theme], council: Council, told: Reply) -> Mapping[str, Reply]:
    """Which other questions of a need something told answers: its theme, its place."""
    found: dict[str, Reply] = {}
    reading = themes.read(told.text, offered(every)) if told.text else None
    if reading is not None and reading.certain is not None:
        found["theme"] = Reply(tap=reading.certain)
    elif reading is not None and reading.likely:
        found["theme"] = Reply(text=told.text)
    elif (other := _another(every, told.text)) is not None:
        found["theme"] = Reply(tap=other)
    where = place_in_words.read(told.text, council.quarters, (council.place,))
    # Its own name says too little, another commune's is asked about.
    named = where is not None and where.commune is None and not _is_elsewhere(told.text, council)
    if named or told.location is not None:
        text = where.text if where is not None and named else ""
        found["place"] = Reply(text=text, location=told.location, place=told.place)
    if where is not None and where.commune is not None:
        found["commune.name"] = Reply(text=places.place(where.commune).label("fr"))
    return found
