"""The languages of a conversation: what each is called, and choosing one."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.dialog.choices import Choice, meant, not_among, says
from flows.dialog.dialog import Correct, NotUnderstood, Option, Reply, Unfinished
from flows.dialog.effects import SetLanguage
from flows.understanding import phrases
from flows.wording.text import Verbatim, msg

#: Each language by its own name.
LANGUAGE_NAMES = {
    "ary": "الدارجة",
    "ar": "العربية",
    "fr": "Français",
    "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "en": "English",
}


#: A language in Latin letters: what stands for it in a choice, its name in them, and a sign for who reads neither.
LATIN = "-latn"
IN_LATIN = {"zgh": "Tamaziɣt (abc)"}


def language_options(order: Sequence[str]) -> tuple[Option, ...]:
    """The languages in an order, each with its name; beside its own script, one in Latin letters."""
    found = []
    for code in order:
        found.append(Option(code, Verbatim(LANGUAGE_NAMES[code])))
        if code in IN_LATIN:
            found.append(Option(f"{code}{LATIN}", Verbatim(IN_LATIN[code]), "🔤"))
    return tuple(found)


def spoken(chosen: str) -> SetLanguage:
    """What a choice of `language_options` has happen."""
    latin = chosen.endswith(LATIN)
    return SetLanguage(chosen.removesuffix(LATIN), "latin" if latin else "")


@dataclass(frozen=True, slots=True)
class LanguageChoice(Choice):
    """A language, by tap, number or any of its names ("francais", "بالعربية", "darija")."""

    def read(self, reply: Reply) -> str | Correct | Unfinished:
        """The language's code."""
        if reply.tap is None:
            exact = next((o for o in self.every if says(reply.text, o.label)), None)
            if exact is not None:
                return exact.id
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
        if any(option.id == reply.tap for option in self.every):
            return reply.tap
        raise NotUnderstood(msg("trouble.gone"))
