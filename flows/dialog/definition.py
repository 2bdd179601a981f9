"""What every definition of a consultation begins with, and how its texts and files are said."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from flows.dialog.dialog import Attachment, Flow, say
from flows.dialog.facts import Council, Texts
from flows.dialog.hints import OURS, PICTURE, VOICE, shown
from flows.dialog.outreach import Outreach
from flows.understanding import scripts
from flows.wording.text import LANGUAGES, Text, Translated


def council_themes(
    raw: Mapping[str, Any], council: Council, path: Sequence[str | int]
) -> Iterator[tuple[str, Text]]:
    """The council's themes."""
    for theme in council.themes:
        yield (
            theme.id,
            Translated(
                {code: f"{theme.emoji} {text}".strip() for code, text in theme.text.items()}
            ),
        )


def council_quarters(
    raw: Mapping[str, Any], council: Council, path: Sequence[str | int]
) -> Iterator[tuple[str, Text]]:
    """The council's quarters."""
    for quarter in council.quarters:
        yield quarter.id, Translated(quarter.text)


#: How sure it is who somebody is, from the open page up (`flows.statistics.summary.Response`).
Level = Literal["A0", "A1", "A2", "A3"]


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every definition begins with.

    `opens` and `closes` are local wall times (Africa/Casablanca); the end is not part of it.
    `minutes` is how long answering takes, told before it starts. `outreach` is what the bot does for
    the consultation by itself. `theme` is the id of one of the
    council's themes: who follows only some themes is invited by it. `take_part` and `counted`
    are the least assurance to take part, and to count; `confirm`: what began on the open page counts once an
    account or a number confirms it. `roll` is the code of a list of numbers that the council gave out: each lets
    one person take part.
    """

    kind: Annotated[str, OURS]
    code: Annotated[str, shown("code", upper=True)]
    council: Annotated[str, OURS]
    title: Texts
    intro: Annotated[Texts, shown(lines=2)] = {}
    opens: Annotated[datetime | None, shown(part="when")] = None
    closes: Annotated[datetime | None, shown(part="when", opened="later")] = None
    minutes: Annotated[int, shown(part="when")] = 2
    example: Annotated[bool, OURS] = False
    theme: Annotated[str, shown(part="when", options=council_themes, opened="free")] = ""
    take_part: Annotated[Level, shown(part="when")] = "A0"
    counted: Annotated[Level, shown(part="when")] = "A0"
    confirm: Annotated[bool, shown(part="when")] = False
    roll: Annotated[str, shown(part="when", upper=True)] = ""
    outreach: Annotated[Outreach, shown(part="when", opened="free")] = Outreach()
    voice: Annotated[Texts, VOICE] = {}
    picture: Annotated[Texts, PICTURE] = {}

    @property
    def least(self) -> Level:
        """The least assurance that counts."""
        asked: tuple[Level, ...] = (self.take_part, self.counted, "A1" if self.confirm else "A0")
        return max(asked)


#: A code: words of capitals and digits with hyphens between, so that it is known when typed.
CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)+")


#: What citizens' references look like.
REFERENCE = re.compile(r"[A-Z]{2,6}-\d{4}-\d{6}")


#: Most characters of a title.
LONGEST_TITLE = 100

#: Most minutes that answering may be said to take.
LONGEST_MINUTES = 240


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a definition: the key it stands under, and what would be right."""

    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.key}: {self.text}"


def head_problems(head: Head) -> Iterator[Problem]:
    """What is wrong with the part that every definition has."""
    if len(head.code) > 40 or not CODE.fullmatch(head.code) or REFERENCE.fullmatch(head.code):
        said = "use capitals and digits with a hyphen between, 40 at most, such as OZT-LIGHT"
        yield Problem("code", f"is {head.code!r}; {said}")
    for key, wall in (("opens", head.opens), ("closes", head.closes)):
        if wall is not None and wall.tzinfo is not None:
            yield Problem(key, f"is {wall}; write the council's local time, without an offset")
            return
    if head.opens and head.closes and head.closes <= head.opens:
        yield Problem("closes", f"is {head.closes}, not after the opening at {head.opens}")
    if not 1 <= head.minutes <= LONGEST_MINUTES:
        said = f"is {head.minutes}; it must be from 1 to {LONGEST_MINUTES}"
        yield Problem("minutes", said)
    yield from text_problems("title", head.title, longest=LONGEST_TITLE)
    yield from text_problems("intro", head.intro, needed=False)


def text_problems(
    key: str, texts: Texts, *, needed: bool = True, longest: int = 900
) -> Iterator[Problem]:
    """What is wrong with an organizer's text."""
    if needed and not any(text.strip() for text in texts.values()):
        yield Problem(key, f"has no text; give at least one of: {', '.join(LANGUAGES)}")
    for language, text in texts.items():
        if language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            yield Problem(f"{key}.{language}", f"is no language of ours; use one of: {known}")
        elif not text.strip():
            yield Problem(f"{key}.{language}", "is empty; write it or leave the line out")
        elif scripts.clean(text) != text.strip().replace("\r\n", "\n"):
            yield Problem(
                f"{key}.{language}", "holds signs nobody sees; write it anew without them"
            )
        elif len(text) > longest:
            yield Problem(f"{key}.{language}", f"has {len(text)} characters; at most {longest} fit")


def shortened(texts: Texts, longest: int = 80) -> Translated:
    """An organizer's text cut between two words to fit into a sentence."""

    def cut(text: str) -> str:
        if len(text) <= longest:
            return text
        words = text[:longest].rsplit(maxsplit=1)[0]
        return words[: longest - 1].rstrip(" ,،;:") + "…"

    return Translated({language: cut(text) for language, text in texts.items()})


def attachments(voice: Texts, picture: Texts) -> tuple[Attachment, ...]:
    """An organizer's recorded prompt and picture, as a question carries them."""
    found = []
    if picture:
        found.append(Attachment("photo", picture))
    if voice:
        found.append(Attachment("voice", voice))
    return tuple(found)


def introduce(head: Head) -> Flow[None]:
    """Say the organizer's introduction, with its picture and its recording, if there are any."""
    files = attachments(head.voice, head.picture)
    if head.intro or files:
        text = Translated(head.intro or head.title)
        yield from say(text, files[0] if files else None)
        for file in files[1:]:
            yield from say(Translated(head.title), file)
