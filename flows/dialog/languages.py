"""The languages of a conversation: what each is called, and choosing one."""

from dataclasses import dataclass

from flows.dialog.choices import Choice, meant, not_among
from flows.dialog.dialog import Correct, NotUnderstood, Reply, Unfinished
from flows.understanding import phrases
from flows.wording.text import msg

#: Each language by its own name.
LANGUAGE_NAMES = {
    "ary": "الدارجة",
    "ar": "العربية",
    "fr": "Français",
    "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "en": "English",
}


@dataclass(frozen=True, slots=True)
class LanguageChoice(Choice):
    """A language, by tap, number or any of its names ("francais", "بالعربية", "darija")."""

    def read(self, reply: Reply) -> str | Correct | Unfinished:
        """The language's code."""
        if reply.tap is None:
            named = phrases.language_named(reply.text)
            if named is not None:
                return named
            option = meant(reply.text, self.every)
            if option is None and phrases.yes_no(reply.text):
                # It was asked in the first of them, and a yes is said to that.
                return self.every[0].id
            if option is None:
                raise not_among(self.every)
            return option.id
        if reply.tap in LANGUAGE_NAMES:
            return reply.tap
        raise NotUnderstood(msg("trouble.gone"))
