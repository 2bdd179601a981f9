"""What another page knows of a consultation that a kind can make of it: a programme's projects, say.

    Outline -> Kind.begun[PURPOSE] -> a definition, as a draft that the organizer looks at

Whoever makes one says for what it is (`PROPOSE`, `COMMENT`, `FOLLOW`, `RATE`, `GATHER`); which kind that is, it does not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from flows.dialog.definition import LONGEST_TITLE
from flows.dialog.facts import Texts
from flows.wording import render
from flows.wording.text import Text, Verbatim, msg

#: People say in their own words what they propose, about each point that they choose.
PROPOSE: Final = "propose"
#: People comment a text point by point.
COMMENT: Final = "comment"
#: The council has promised it, and people follow what becomes of it.
FOLLOW: Final = "follow"
#: People rate what was done, point by point.
RATE: Final = "rate"
#: People tell ideas of their own, and each is answered.
GATHER: Final = "gather"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that it is about. `key` is permanent: what people say is kept under it.

    `title` names it in a few words, `text` is what is asked, or all that is to be commented; `short` the same
    in plain words. `number` is how it is counted, "" where it is not.
    """

    key: str
    title: Texts
    text: Texts
    short: Texts = field(default_factory=dict)
    number: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A consultation as another page knows it; `opens` and `closes` are local wall times.

    `choose` asks which of the points somebody wants to speak of, `besides` for anything more. What is promised has
    who answers for it (`owner`), the last day, by what it is seen that it was done (`indicator`), and the number
    or date of what it comes from (`reference`). `amount` is how much money there is for it (dirhams), 0 for none.
    """

    code: str
    title: Texts
    intro: Texts = field(default_factory=dict)
    points: Sequence[Point] = ()
    opens: datetime | None = None
    closes: datetime | None = None
    choose: Texts = field(default_factory=dict)
    besides: Texts = field(default_factory=dict)
    owner: str = ""
    due: date | None = None
    indicator: Texts = field(default_factory=dict)
    reference: str = ""
    amount: int = 0

    def head(self) -> dict[str, Any]:
        """What every definition begins with, but for its kind and its council."""
        return {
            "code": self.code,
            "title": self.title,
            "intro": self.intro,
            "opens": self.opens.isoformat() if self.opens else None,
            "closes": self.closes.isoformat() if self.closes else None,
        }


def titled(entry: str, title: Texts) -> dict[str, str]:
    """A title of ours that names another, cut where it would be too long for one."""

    def fitting(text: Text, code: str) -> str:
        return written(text, {code: ""})[code][:LONGEST_TITLE].rstrip()

    return {code: fitting(msg(entry, title=Verbatim(name)), code) for code, name in title.items()}


def written(text: Text, like: Texts) -> dict[str, str]:
    """A text of ours in the languages in which an organizer's stands, without what keeps directions apart."""
    return {code: render(text, code, code).translate(_ISOLATES) for code in like}


#: An organizer's texts have none: they are put in where a text is shown.
_ISOLATES = dict.fromkeys([0x2066, 0x2067, 0x2068, 0x2069])
