"""A meeting as rows: who comes, what they need, what they said on items, how they found it."""

from collections.abc import Iterator, Mapping, Sequence

from flows.dialog.facts import Council
from flows.kinds.meeting.conversation import RATED, item_label, need_label, rated_label
from flows.kinds.meeting.definition import Meeting
from flows.statistics.asked import Asked, Given, OwnWords, said
from flows.statistics.disclosure import OTHER
from flows.statistics.summary import Response
from flows.wording.text import Text, msg

COMING: Mapping[str, Text] = {"yes": msg("button.yes"), "no": msg("button.no")}


def asked(meeting: Meeting, council: Council) -> Sequence[Asked]:
    """The questions, in the order of the conversation."""
    needs = {need: need_label(need) for need in meeting.needs} | {OTHER: msg("summary.other")}
    return (
        Asked("coming", "select_one", msg("meeting.will_you_come"), COMING),
        *(
            [Asked("needs", "select_many", msg("meeting.needs_label"), needs)]
            if meeting.needs
            else []
        ),
        *(
            Asked(f"said.{item.key}", "open", item_label(item), personal=True)
            for item in meeting.spoken_of
        ),
        *(Asked(f"rated.{name}", "numeric", rated_label(name), limits=(1, 5)) for name in RATED),
    )


def given(questions: Mapping[str, Asked], meeting: Meeting, response: Response) -> Iterator[Given]:
    """What one person answered."""
    body = response.body
    yield Given("coming", "yes" if body.get("coming") else "no")
    if "needs" in questions and body.get("needs"):
        yield Given("needs", [questions["needs"].offered(str(id)) for id in body["needs"]])
    for key, words in body.get("said", {}).items():
        if f"said.{key}" in questions:
            yield said(f"said.{key}", words)
    for name, value in body.get("ratings", {}).items():
        if value is not None and f"rated.{name}" in questions:
            yield Given(f"rated.{name}", int(value))


def own_words(meeting: Meeting) -> Sequence[OwnWords]:
    """What is said on the items."""
    return [
        OwnWords(f"said.{item.key}", item_label(item), ("said", item.key))
        for item in meeting.spoken_of
    ]
