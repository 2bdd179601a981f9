"""An idea's questions and answers as rows: for files and packages, and for moderation."""

from collections.abc import Iterator, Mapping, Sequence

from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.kinds.cases import told
from flows.kinds.project_idea.case import STATES
from flows.kinds.project_idea.definition import ProjectIdeas
from flows.morocco import places
from flows.statistics.asked import Asked, Given, OwnWords
from flows.statistics.disclosure import OTHER
from flows.statistics.summary import Response
from flows.wording.text import msg


def asked(ideas: ProjectIdeas, council: Council) -> Sequence[Asked]:
    """Commune, place and words; and what became of the idea."""
    return tuple(_asked(council))


def _asked(council: Council) -> Iterator[Asked]:
    if places.place(council.place).level != "commune":
        communes = {p.code: place_name(p.code) for p in places.communes_of(council.place)}
        communes[OTHER] = msg("summary.other")
        yield Asked("commune", "select_one", msg("need.label.commune"), communes, where=True)
    yield Asked("place", "text", msg("need.label.place"), personal=True, where=True)
    yield Asked("pin", "geo_point", msg("codebook.pin"), personal=True, where=True)
    yield Asked("words", "open", msg("project_idea.label"), personal=True)
    states = {state: msg(f"state.{state}") for state in STATES}
    yield Asked("state", "select_one", msg("summary.state"), states)


def given(
    questions: Mapping[str, Asked], ideas: ProjectIdeas, response: Response
) -> Iterator[Given]:
    """What one idea says."""
    body = response.body
    if "commune" in questions and body.get("commune"):
        yield Given("commune", questions["commune"].offered(str(body["commune"])))
    yield from told.given(body)
    yield Given("state", response.state)


def own_words(ideas: ProjectIdeas) -> Sequence[OwnWords]:
    """What the idea is, in its author's words. The desk lists them with a reference."""
    return (
        OwnWords("words", msg("project_idea.label"), ("words",), secret=False, also=(("place",),)),
    )
