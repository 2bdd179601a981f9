"""A poll written in the chat: an organizer on the road asks people something, now or at a time.

organizer -> language, questions, translations -> until, who, when -> preview -> sent, draft, dropped
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from flows.dialog.answers import Words, optional
from flows.dialog.definition import shortened
from flows.dialog.dialog import Flow, Option, ask, look_up, say
from flows.dialog.effects import Effect
from flows.dialog.facts import Facts, Texts
from flows.dialog.languages import LANGUAGE_NAMES, LanguageChoice
from flows.dialog.review import Review, review_lines
from flows.kinds.poll.writing.answers import Another, ChoiceList, Label, Languages
from flows.kinds.poll.writing.plan import Plan, counts, planned
from flows.kinds.poll.writing.preview import previews
from flows.kinds.sensitive import LAW, seems_sensitive
from flows.wording.text import Message, Text, Verbatim, lines, msg

#: Most questions of a poll that is written in the chat, and the longest of them, in characters.
MOST_QUESTIONS = 5
LONGEST_QUESTION = 300


@dataclass(frozen=True, slots=True)
class PublishPoll(Effect):
    """Store a poll that an organizer wrote in the chat; with `publish`, open it and invite people.

    `definition` lacks only its code and council; `at` is the local wall time of the invitation, None
    for now. `sent` is told with `code` and a count of people, `planned` with `moment` too, `drafted`
    and `late` (the time has passed meanwhile; it stays a draft) with `code`.
    """

    council: str
    definition: Mapping[str, Any]
    audience: Mapping[str, Any]
    at: str | None
    publish: bool
    sent: Message
    planned: Message
    drafted: Message
    late: Message
    refused: Message


@dataclass(frozen=True, slots=True)
class Written:
    """One question as it was written, in one language."""

    text: str
    choices: tuple[Label, ...]


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """An organizer writes a poll, sees what people will see, and sends it."""
    organizer: Mapping[str, Any] | None = yield from look_up("organizer", "organizer")
    if organizer is None:
        yield from say(msg("authoring.refused"))
        return []
    language = yield from ask(
        "language", LanguageChoice(_languages(organizer["languages"])), msg("authoring.language")
    )
    first = yield from _questions()
    rest = [code for code in organizer["languages"] if code != language]
    others = yield from ask(
        "others", optional(Languages(_languages(rest), least=0)), msg("authoring.others")
    )
    written = {language: first}
    for other in others or ():
        written[other] = yield from _translated(other, first)
    code: str = organizer["council"]["code"]
    plan = yield from planned(code, datetime.fromisoformat(organizer["now"]))
    definition = _definition(written, plan)
    reach: Mapping[str, Any] | None = yield from look_up(
        "reach", "reach", council=code, audience=plan.audience
    )
    council = msgspec.structs.replace(
        facts.council,
        code=code,
        name=organizer["council"]["name"],
        example=organizer["council"]["example"],
    )
    own = msgspec.structs.replace(
        facts, shared=msgspec.structs.replace(facts.shared, council=council)
    )
    for text in previews(own, definition, list(written)):
        yield from say(text)
    yield from say(_known(definition, language, reach))
    done = yield from ask("send", _review(written, plan), _summary(written, plan))
    if done == "discard":
        yield from say(msg("authoring.dropped"))
        return []
    return [
        PublishPoll(
            council=council.code,
            definition=definition,
            audience=plan.audience,
            at=plan.opens.isoformat(timespec="minutes") if plan.opens else None,
            publish=done == "send",
            sent=msg("authoring.sent"),
            planned=msg("authoring.planned"),
            drafted=msg("authoring.drafted"),
            late=msg("authoring.too_late"),
            refused=msg("authoring.refused"),
        )
    ]


def _languages(codes: Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(code, Verbatim(LANGUAGE_NAMES[code])) for code in codes)


# ------------------------------------------------------------------ what is asked


def _questions() -> Flow[tuple[Written, ...]]:
    """The questions in the first language, one after the other."""
    found: list[Written] = []
    while True:
        number = len(found) + 1
        words = yield from ask(
            f"q{number}",
            Words(longest=LONGEST_QUESTION),
            msg("authoring.question") if number == 1 else msg("authoring.next_question"),
        )
        choices = yield from ask(f"c{number}", ChoiceList(), msg("authoring.choices"))
        found.append(Written(words.text, choices))
        yield from say(
            lines(msg("authoring.choices_noted", count=len(choices)), *_numbered(choices))
        )
        if number == MOST_QUESTIONS:
            return tuple(found)
        if not (yield from ask(f"more{number}", Another(), msg("authoring.another"))):
            return tuple(found)


def _numbered(choices: Sequence[Label]) -> Iterator[Text]:
    for number, label in enumerate(choices, 1):
        yield msg("review.ranked", number=number, item=label.shown)


def _translated(language: str, first: Sequence[Written]) -> Flow[tuple[Written, ...]]:
    """The same questions in another language."""
    name = Verbatim(LANGUAGE_NAMES[language])
    found: list[Written] = []
    for number, question in enumerate(first, 1):
        words = yield from ask(
            f"t.{language}.q{number}",
            Words(longest=LONGEST_QUESTION),
            lines(msg("authoring.question_in", language=name), Verbatim(question.text)),
        )
        choices = yield from ask(
            f"t.{language}.c{number}",
            ChoiceList(len(question.choices)),
            lines(msg("authoring.choices_in", language=name), *_numbered(question.choices)),
        )
        # What stands for a choice to who does not read is the same in every language.
        same = [
            Label(written.text, written.emoji or original.emoji)
            for written, original in zip(choices, question.choices, strict=True)
        ]
        found.append(Written(words.text, tuple(same)))
    return tuple(found)


# ------------------------------------------------------------------ what comes of it


def _definition(written: Mapping[str, tuple[Written, ...]], plan: Plan) -> Mapping[str, Any]:
    """The poll as it would stand in a file; code and council are put in when it is stored."""
    first = next(iter(written.values()))
    questions = [_question(written, index) for index in range(len(first))]
    found: dict[str, Any] = {
        "kind": "poll",
        "title": dict(shortened(questions[0]["text"]).texts),
        "minutes": 1 if len(first) <= 2 else 2,
        "questions": questions,
    }
    if plan.opens is not None:
        found["opens"] = plan.opens.isoformat()
    if plan.closes is not None:
        found["closes"] = plan.closes.isoformat()
    if plan.audience:
        found["outreach"] = {"audience": dict(plan.audience)}
    return found


def _question(written: Mapping[str, tuple[Written, ...]], index: int) -> dict[str, Any]:
    first = next(iter(written.values()))[index]
    texts: Texts = {language: questions[index].text for language, questions in written.items()}
    choices = [
        {
            "id": f"c{number + 1}",
            "text": {
                language: questions[index].choices[number].text
                for language, questions in written.items()
            },
            "emoji": label.emoji,
        }
        for number, label in enumerate(first.choices)
    ]
    return {
        "key": f"q{index + 1}",
        "type": "single",
        "text": texts,
        "choices": choices,
        "sensitive": seems_sensitive(texts.values()),
    }


def _known(definition: Mapping[str, Any], language: str, reach: Mapping[str, Any] | None) -> Text:
    """How many people it reaches, and what the organizer should know before sending."""
    people = reach["people"] if reach else 0
    told = [msg("authoring.reach", count=people), *counts(reach["channels"] if reach else {})]
    outside = reach["outside"] if reach else 0
    warned = (
        msg("authoring.sensitive", question=Verbatim(question["text"][language]), law=LAW)
        for question in definition["questions"]
        if question["sensitive"]
    )
    return lines(
        *(told if people else [msg("authoring.nobody")]),
        msg("authoring.outside", count=outside) if outside else None,
        *warned,
    )


def _review(written: Mapping[str, tuple[Written, ...]], plan: Plan) -> Review:
    corrections: list[tuple[Text, str]] = []
    count = len(next(iter(written.values())))
    for index, language in enumerate(written):
        scope = f"t.{language}." if index else ""
        for number in range(1, count + 1):
            for key, name in (("q", "authoring.label.question"), ("c", "authoring.label.choices")):
                what: Text = msg(name, number=number)
                if index:
                    spoken = Verbatim(LANGUAGE_NAMES[language])
                    what = msg("authoring.label.in", what=what, language=spoken)
                corrections.append((what, f"{scope}{key}{number}"))
    if count < MOST_QUESTIONS:
        corrections.append((msg("authoring.add_question"), f"more{count}"))
    corrections.append((msg("authoring.label.language"), "language"))
    corrections.append((msg("authoring.label.others"), "others"))
    corrections += plan.corrections
    return Review(
        (
            Option("send", msg("button.send"), "✅"),
            Option("draft", msg("authoring.draft"), "📝"),
            # Not called "drop": a "no" said in passing must not throw everything away.
            Option("discard", msg("authoring.drop"), "🗑️"),
        ),
        tuple(corrections),
    )


def _summary(written: Mapping[str, tuple[Written, ...]], plan: Plan) -> Text:
    names = [LANGUAGE_NAMES[code] for code in written]
    spoken = (msg("authoring.label.language"), Verbatim(", ".join(names)))
    return lines(review_lines(spoken, *plan.shown), msg("authoring.review"), gap=1)
