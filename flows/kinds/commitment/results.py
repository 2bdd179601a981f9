"""What citizens see of a commitment, as figures and as rows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from flows.dialog.facts import Council
from flows.kinds.commitment.conversation import SEEN, seen_label
from flows.kinds.commitment.definition import Commitment
from flows.kinds.kind import headlined
from flows.statistics.asked import Asked, Given, OwnWords, said
from flows.statistics.disclosure import protected, words
from flows.statistics.participation import participation
from flows.statistics.summary import Response, Responses, Summary
from flows.wording.text import Text, msg


def summary(commitment: Commitment, council: Council, responses: Responses) -> Summary:
    """How many see it done, in part or not at all; what they said; who took part."""
    base = participation(commitment, council, responses)
    counts = Counter(response.body["seen"] for response in responses.standing)
    rows = [(id, seen_label(id), counts[id]) for id in SEEN]
    seen = protected(
        "seen", msg("commitment.what_people_see"), msg("summary.answer"), rows, counts.total(), None
    )
    told = [one.body["said"]["words"] for one in responses.standing if one.body["said"]["words"]]
    table = words("words", msg("commitment.words_label"), told, len(responses.standing))
    return Summary(base.title, base.figures, (seen, table, *base.tables), base.notes)


def headline(commitment: Commitment, council: Council, responses: Responses) -> Text:
    """How many said what they see."""
    return headlined(msg("headline.people", count=len(responses.standing)))


def asked(commitment: Commitment, council: Council) -> Sequence[Asked]:
    """The questions, in the order of the conversation."""
    choices = {id: seen_label(id) for id in SEEN}
    return (
        Asked("seen", "select_one", msg("commitment.what_people_see"), choices),
        Asked("words", "open", msg("commitment.words_label"), personal=True),
    )


def given(
    questions: Mapping[str, Asked], commitment: Commitment, response: Response
) -> Iterator[Given]:
    """What one person answered."""
    yield Given("seen", questions["seen"].offered(response.body["seen"]))
    if response.body["said"]["words"]:
        yield said("words", response.body["said"]["words"])


def own_words(commitment: Commitment) -> Sequence[OwnWords]:
    """What is said beside the answer."""
    return (OwnWords("words", msg("commitment.words_label"), ("said", "words")),)
