"""The languages of a conversation: what each is called, and choosing one."""

from dataclasses import dataclass

from flows.dialog.choices import Choice, meant, not_among, says
from flows.dialog.dialog import Correct, NotUnderstood, Option, Reply, Unfinished
from flows.dialog.effects import SetLanguage
from flows.understanding import language, phrases, scripts
from flows.wording.text import LANGUAGES, LATIN, Verbatim, msg

#: Each language by its own name.
LANGUAGE_NAMES = {
    "ary": "الدارجة",
    "ar": "العربية",
    "fr": "Français",
    "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "en": "English",
}


#: The languages that may be read in Latin letters, each with its name in them.
IN_LATIN = {"ary": "Darija (abc)", "zgh": "Tamaziɣt (abc)"}


def language_options() -> tuple[Option, ...]:
    """The languages, each with its name; beside its own script, one in Latin letters."""
    found = []
    for code in LANGUAGES:
        found.append(Option(code, Verbatim(LANGUAGE_NAMES[code])))
        if code in IN_LATIN:
            found.append(Option(f"{code}{LATIN}", Verbatim(IN_LATIN[code]), "🔤"))
    return tuple(found)


def spoken(chosen: str) -> SetLanguage:
    """What a choice of `language_options` has happen."""
    latin = chosen.endswith(LATIN)
    return SetLanguage(chosen.removesuffix(LATIN), "latin" if latin else "")


def named(code: str, letters: str) -> str:
    """What stands in a choice for a language in its own letters (""), or in "latin" ones."""
    return f"{code}{LATIN}" if letters == "latin" and code in IN_LATIN else code


def proposal(text: str, app_language: str | None) -> str:
    """What to propose in a choice to who wrote `text`: `language.propose`, in the letters they wrote in."""
    code = language.propose(text, app_language)
    latin = scripts.script(text) == "latin" and language.identify(text).language == code
    return named(code, "latin" if latin else "")


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
