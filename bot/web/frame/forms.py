"""Reading a form: what was typed, what is wrong with it, numbers in any digits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request

from bot.web.frame import intake
from flows.understanding import scripts
from flows.wording.text import LANGUAGES

#: Most fields of a form.
MOST_FIELDS = 4000


@dataclass(slots=True)
class Form:
    """What was typed, and what is wrong with it: field name -> what would be right."""

    fields: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    #: What belongs to no field.
    others: list[str] = field(default_factory=list)
    #: Field name -> the catalogue's entry that says what would be right in it.
    rules: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.fields.get(name, "")

    def error(self, name: str) -> str:
        """What is wrong with a field, "" if nothing is."""
        return self.errors.get(name, "")

    def wrong(self, name: str, text: str, rule: str) -> None:
        """Note what is wrong with a field, and the catalogue's entry that says what would be right.

        The first thing that is wrong with it stays.
        """
        if name not in self.errors:
            self.errors[name] = text
            self.rules[name] = rule

    def rule(self, name: str) -> str:
        """The catalogue's entry that says what would be right in a field."""
        return self.rules.get(name, "error.other")


def read_form(fields: Mapping[str, str]) -> Form:
    """A form as it came from the browser, which ends each line of a text with two signs."""
    return Form({name: value.replace("\r\n", "\n") for name, value in fields.items()})


async def posted(request: Request, most: int = MOST_FIELDS, largest: int = 0) -> Form:
    """The fields that a form of ours sent, `most` of them, in up to `largest` bytes if that is more than usual."""
    intake.widen(request, largest)
    sent = await request.form(max_fields=most)
    # PostgreSQL keeps no NUL, and nobody types one.
    fields = {
        k.replace("\0", ""): v.replace("\0", "") for k, v in sent.items() if isinstance(v, str)
    }
    return read_form(fields)


def order(first: str) -> list[str]:
    """The languages, the council's own first."""
    return [first, *(code for code in LANGUAGES if code != first)]


def texts_in(form: Form, name: str) -> dict[str, str]:
    """The texts of a field by language, those that say something."""
    found = {code: form.value(f"{name}.{code}").strip() for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def number_in(text: str, most: int = 2**62) -> int:
    """A number in any script's digits, at most `most`; 0 where it is none."""
    plain = scripts.digits(text)
    if not (plain.isascii() and plain.isdecimal()) or len(plain) > 18:
        return 0
    return min(int(plain), most)
