"""A need's questions and answers as rows: for files and packages, and for moderation."""

from collections.abc import Iterator, Mapping, Sequence

from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.kinds.cases import told
from flows.kinds.need.case import STATES
from flows.kinds.need.conversation import Needs, topics_of
from flows.morocco import places
from flows.statistics.asked import Asked, Given, OwnWords, Weighed
from flows.statistics.disclosure import OTHER
from flows.statistics.summary import Response
from flows.wording.text import Text, msg


def asked(needs: Needs, council: Council) -> Sequence[Asked]:
    """Theme, commune, place and words; and what became of the need."""
    return tuple(_asked(needs, council))


def _asked(needs: Needs, council: Council) -> Iterator[Asked]:
    themes: dict[str, Text] = {id: text for id, (_, text) in topics_of(needs, council).items()}
    themes[OTHER] = msg("summary.other")
    yield Asked("theme", "select_one", msg("need.label.theme"), themes)
    if places.place(council.place).level != "commune":
        communes = {p.code: place_name(p.code) for p in places.communes_of(council.place)}
        communes[OTHER] = msg("summary.other")
        yield Asked("commune", "select_one", msg("need.label.commune"), communes, where=True)
    yield Asked("place", "text", msg("need.label.place"), personal=True, where=True)
    yield Asked("pin", "geo_point", msg("codebook.pin"), personal=True, where=True)
    yield Asked("words", "open", msg("need.label.words"), personal=True)
    yield Asked("voices", "numeric", msg("summary.voices"))
    states = {state: msg(f"state.{state}") for state in STATES}
    yield Asked("state", "select_one", msg("summary.state"), states)


def given(questions: Mapping[str, Asked], needs: Needs, response: Response) -> Iterator[Given]:
    """What one need says."""
    body = response.body
    for id in ("theme", "commune"):
        if id in questions and body.get(id):
            yield Given(id, questions[id].offered(str(body[id])))
    yield from told.given(body)
    yield Given("voices", response.voices + 1)
    yield Given("state", response.state)


def compared(needs: Needs, council: Council) -> Sequence[Weighed]:
    """The theme: what women and men, young and older people and places need."""
    labels: dict[str, Text] = {id: text for id, (_, text) in topics_of(needs, council).items()}
    theme = msg("need.label.theme")
    return (Weighed("themes", theme, labels, True, lambda r: (str(r.body.get("theme")),)),)


def own_words(needs: Needs) -> Sequence[OwnWords]:
    """What the need is, in its author's words. The desk lists them with a reference."""
    return (
        OwnWords("words", msg("need.label.words"), ("words",), secret=False, also=(("place",),)),
    )
