"""What an organizer sees before sending: the invitation and the questions, as people will see them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from flows.dialog import replay
from flows.dialog.facts import Consultation, Facts, Own, Shared
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.invitation import conversation as invitation
from flows.kinds.poll.conversation import Poll
from flows.wording import render
from flows.wording.text import Lines, Text, Verbatim, lines, msg

#: What is written.
KIND = "poll"

#: Stands where the poll's own code will stand; no citizen ever sees it.
NO_CODE = "NEW-POLL"


def previews(
    facts: Facts, definition: Mapping[str, Any], languages: Sequence[str]
) -> Iterator[Text]:
    """The invitation and every question, once in each language. `facts` hold the council."""
    raw = {**definition, "code": NO_CODE, "council": facts.council.code}
    consultation = Consultation(0, NO_CODE, KIND, raw, _closes(definition))
    own = Own(proposed=facts.own.proposed, agreed=True)
    about = Facts(Shared(facts.today, facts.council, consultation), own)
    asked = replay.run(lambda: invitation(about)).asked
    if asked is None:
        raise LookupError("the invitation asks nothing")
    poll = msgspec.convert(raw, Poll, strict=False)
    for language in languages:
        shown = [*render(asked.prompt, language).split("\n")]
        for question in poll.questions:
            shown += ["", question.text[language]]
            shown += [
                f"{number}) {f'{item.emoji} {item.text[language]}'.strip()}"
                for number, item in enumerate(question.choices, 1)
            ]
        name = Verbatim(LANGUAGE_NAMES[language])
        yield lines(msg("authoring.preview", language=name), _as_written(shown))


def _as_written(shown: Sequence[str]) -> Lines:
    """Lines of another language, each on its own side of the screen."""
    return Lines(tuple(Verbatim(line) if line else Lines(()) for line in shown))


def _closes(definition: Mapping[str, Any]) -> str | None:
    closes: str | None = definition.get("closes")
    return closes.replace("T", " ") if closes else None
