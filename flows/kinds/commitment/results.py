"""What citizens see of a commitment, as figures and as rows."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from flows.dialog.facts import Council
from flows.kinds.commitment.conversation import RATED, SEEN, rated_label, seen_label
from flows.kinds.commitment.definition import Commitment
from flows.kinds.kind import headlined
from flows.statistics.asked import Asked, Given, OwnWords, said
from flows.statistics.disclosure import is_small, protected, words
from flows.statistics.participation import participation
from flows.statistics.summary import Response, Responses, Summary, Table
from flows.wording.text import Text, msg


def summary(commitment: Commitment, council: Council, responses: Responses) -> Summary:
    """How many see it done, in part or not at all, and how they find what was done; what they said; who took part."""
    base = participation(commitment, council, responses)
    # Each said one or the other or both: what the one table shows would tell how few the other is about.
    held = any(
        is_small(sum(1 for one in responses.standing if (key in one.body) is there))
        for key in ("seen", "rated")
        for there in (True, False)
    )
    seen = _counted(responses, "seen", msg("commitment.what_people_see"), SEEN, seen_label, held)
    rated = _counted(
        responses, "rated", msg("commitment.what_people_think"), RATED, rated_label, held
    )
    told = [one.body["said"]["words"] for one in responses.standing if one.body["said"]["words"]]
    table = words("words", msg("commitment.words_label"), told, len(responses.standing))
    return Summary(base.title, base.figures, (seen, rated, table, *base.tables), base.notes)


def _counted(
    responses: Responses,
    key: str,
    title: Text,
    signs: Mapping[str, str],
    label: Callable[[str], Text],
    held: bool,
) -> Table:
    """How many said what to one of the two questions."""
    counts = Counter(one.body[key] for one in responses.standing if key in one.body)
    rows = [(id, label(id), counts[id]) for id in signs]
    return protected(key, title, msg("summary.answer"), rows, counts.total(), None, held=held)


def headline(commitment: Commitment, council: Council, responses: Responses) -> Text:
    """How many said what they see."""
    return headlined(msg("headline.people", count=len(responses.standing)))


def asked(commitment: Commitment, council: Council) -> Sequence[Asked]:
    """The questions, in the order of the conversation."""
    return (
        Asked(
            "seen",
            "select_one",
            msg("commitment.what_people_see"),
            {id: seen_label(id) for id in SEEN},
        ),
        Asked(
            "rated",
            "select_one",
            msg("commitment.what_people_think"),
            {id: rated_label(id) for id in RATED},
        ),
        Asked("words", "open", msg("commitment.words_label"), personal=True),
    )


def given(
    questions: Mapping[str, Asked], commitment: Commitment, response: Response
) -> Iterator[Given]:
    """What one person answered."""
    for key in ("seen", "rated"):
        if key in response.body:
            yield Given(key, questions[key].offered(response.body[key]))
    if response.body["said"]["words"]:
        yield said("words", response.body["said"]["words"])


def own_words(commitment: Commitment) -> Sequence[OwnWords]:
    """What is said beside the answer."""
    return (OwnWords("words", msg("commitment.words_label"), ("said", "words")),)
