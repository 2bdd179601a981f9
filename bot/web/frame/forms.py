"""Reading a form: what was typed, what is wrong with it, numbers in any digits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request

from flows.understanding import scripts
from flows.wording.text import LANGUAGES

#: Most questions of a form.
MOST_QUESTIONS = 20

#: Part of a field's name -> the rule that is told beside it.
_RULES = (
    ("choices", "choices"),
    (".type", "choices"),
    (".most", "number"),
    ("questions", "question"),
    ("code", "code"),
    ("title", "title"),
    ("intro", "text"),
    ("demand", "text"),
    ("text", "text"),
    ("closes", "closes"),
    ("opens", "closes"),
    ("minutes", "minutes"),
    ("reminders", "reminders"),
    ("spread", "spread"),
    ("audience", "audience"),
)


@dataclass(slots=True)
class Form:
    """What was typed, and what is wrong with it: field name -> what would be right."""

    fields: dict[str, str]
    questions: int = 1
    errors: dict[str, str] = field(default_factory=dict)
    #: What belongs to no field.
    others: list[str] = field(default_factory=list)
    #: The places in the form of the questions that are written; an empty one is left out.
    written: list[int] = field(default_factory=list)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.fields.get(name, "")

    def error(self, name: str) -> str:
        """What is wrong with a field, "" if nothing is."""
        return self.errors.get(name, "")

    def rule(self, name: str) -> str:
        """The catalogue's entry that says what would be right in a field."""
        return next((f"error.{rule}" for part, rule in _RULES if part in name), "error.other")


def read_form(fields: Mapping[str, str]) -> Form:
    """A form as it came from the browser, which ends each line of a text with two signs."""
    fields = {name: value.replace("\r\n", "\n") for name, value in fields.items()}
    asked = fields.get("count", "1")
    count = int(asked) if asked.isdecimal() and len(asked) < 4 else 1
    return Form(fields, max(1, min(count, MOST_QUESTIONS)))


async def posted(request: Request) -> Form:
    """The fields that a form of ours sent."""
    sent = await request.form(max_fields=4000)
    # PostgreSQL keeps no NUL, and nobody types one.
    fields = {k: v.replace("\0", "") for k, v in sent.items() if isinstance(v, str)}
    return read_form(fields)


def order(first: str) -> list[str]:
    """The languages, the council's own first."""
    return [first, *(code for code in LANGUAGES if code != first)]


def number_in(text: str, most: int = 2**62) -> int:
    """A number in any script's digits, at most `most`; 0 where it is none."""
    plain = scripts.digits(text)
    if not (plain.isascii() and plain.isdecimal()) or len(plain) > 18:
        return 0
    return min(int(plain), most)
