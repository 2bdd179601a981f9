"""`python -m bench.listening`: how well replies are understood, by kind, on two sets each.

A set is a file `tests/listening/KIND.SET.tsv`: expected, text, and perhaps a context, with tabs between;
`?` stands for what must be refused or asked back, lines with `#` are comments. The set `development` may
be looked at and tuned on. The set `apart` was written without the program at hand, and nobody tunes on
single lines of it: only its figures are shown.

A kind is one line of `KINDS` and one function: text and context in, what the bot decides out; None where
it refuses or asks back. `tests/listening` fails where a kind goes beyond what its line states.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from bot.app.build import example_folder
from bot.core.config import read_council
from flows.dialog.answers import Day, NationalId, Number
from flows.dialog.choices import Choice, YesNo
from flows.dialog.dialog import Answer, NotUnderstood, Option, Reply, Unsure
from flows.dialog.several import Several
from flows.kinds.questions import Question, answer_of
from flows.morocco import places
from flows.understanding import danger, language, moderation, opt_out, phrases, themes
from flows.understanding.beside import intents
from flows.understanding.phrases import Command
from flows.understanding.themes.usual import USUAL
from flows.wording.text import Translated

WHERE = Path(__file__).parents[1] / "tests" / "listening"
SETS = ("development", "apart")

#: Today, in every set: a Saturday.
TODAY = date(2026, 11, 21)


class Outcome(StrEnum):
    """What became of one reply."""

    RIGHT = "right"
    REFUSED = "refused or asked back"
    WRONG = "silently wrong"


@dataclass(frozen=True, slots=True)
class Line:
    """One reply of a set, and what it means; None: nothing that may be decided."""

    expected: str | None
    text: str
    context: str = ""


def judged(expected: str | None, heard: str | None) -> Outcome:
    """What was made of a reply."""
    if heard == expected:
        return Outcome.RIGHT
    return Outcome.REFUSED if heard is None else Outcome.WRONG


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of reply: how it is heard, how it is judged, and what is asked of it.

    `wrong` is the greatest share that may be silently wrong, `right` the least that must be right.
    """

    name: str
    hear: Callable[[str, str], str | None]
    wrong: float
    right: float
    reason: str
    judge: Callable[[str | None, str | None], Outcome] = judged
    #: The kind whose sets are read, where it is not this one's own.
    of: str = ""

    @property
    def file(self) -> str:
        """How the names of its sets begin."""
        return self.of or self.name

    @property
    def sets(self) -> tuple[str, ...]:
        """The sets that there are; one apart is written by somebody else, and later."""
        return tuple(name for name in SETS if (WHERE / f"{self.file}.{name}.tsv").exists())


# --------------------------------------------------------------------------- the kinds


def _answered(answer: Answer[object], text: str) -> object | None:
    """What an answer makes of a text, None if it refuses or asks back."""
    try:
        value = answer.read(Reply(text=text))
    except NotUnderstood:
        return None
    return None if isinstance(value, Unsure) else value


def _number(text: str, context: str, *, decimals: bool = False) -> str | None:
    lowest, _, highest = context.partition("..")
    answer = Number(
        int(lowest) if lowest else None, int(highest) if highest else None, decimals=decimals
    )
    value = _answered(answer, text)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else None


def _decimal(text: str, context: str) -> str | None:
    return _number(text, context, decimals=True)


_RATING = Question("stars", "rating", {"en": "How is it?"})


def _rating(text: str, context: str) -> str | None:
    value = _answered(answer_of(_RATING, TODAY), text)
    return None if value is None else str(value)


def _date(text: str, context: str) -> str | None:
    day = Day(
        TODAY,
        earliest=TODAY if context == "future" else None,
        latest=TODAY if context == "past" else None,
    )
    value = _answered(day, text)
    return value.isoformat() if isinstance(value, date) else None


def _card(text: str, context: str) -> str | None:
    value = _answered(NationalId(), text)
    return None if value is None else str(value)


def _masked(text: str, context: str) -> str | None:
    return moderation.masked(text)


def _judged_mask(expected: str | None, heard: str | None) -> Outcome:
    """Showing what should be hidden is silently wrong; hiding more loses words that staff still have."""
    if heard == expected:
        return Outcome.RIGHT
    shown = (heard or "").count(moderation.MARK) < (expected or "").count(moderation.MARK)
    return Outcome.WRONG if shown else Outcome.REFUSED


def _opt_out(text: str, context: str) -> str | None:
    if phrases.command(text) is Command.STOP:
        return "stop"
    wish = opt_out.wish(text)
    if wish is None:
        # Whoever wants their account gone is shown how it goes.
        return "asked back" if phrases.command_in(text) is Command.MY_DATA else None
    return "stop" if wish is opt_out.Wish.CERTAIN else "asked back"


def _judged_wish(expected: str | None, heard: str | None) -> Outcome:
    """Asked back, a wish is heard; an ordinary message asked back costs one tap, and is no harm."""
    if expected is None:
        return {None: Outcome.RIGHT, "asked back": Outcome.REFUSED}.get(heard, Outcome.WRONG)
    return Outcome.WRONG if heard is None else Outcome.RIGHT


def _danger(text: str, context: str) -> str | None:
    return danger.danger(text)


def _judged_danger(expected: str | None, heard: str | None) -> Outcome:
    """Whichever it is taken for, the numbers are read."""
    return Outcome.RIGHT if (expected is None) is (heard is None) else Outcome.WRONG


_PLACES = {
    "school": ("École", "المدرسة", "المدرسة", "School"),
    "market": ("Marché", "السوق", "السوق", "Market"),
    "hospital": ("Hôpital", "المستشفى", "السبيطار", "Hospital"),
    "pool": ("Piscine", "المسبح", "البيسين", "Swimming pool"),
    "garden": ("Jardin", "الحديقة", "الجردة", "Garden"),
}
_FREQUENCY = {
    "daily": ("Chaque jour", "كل يوم", "كل نهار", "Every day"),
    "weekly": ("Chaque semaine", "كل أسبوع", "كل سيمانة", "Every week"),
    "never": ("Jamais", "أبدا", "عمرني", "Never"),
}
_PETITION = {"for": ("Pour", "مع", "معاها", "For"), "against": ("Contre", "ضد", "ضدها", "Against")}


@cache
def _offered(context: str) -> tuple[Option, ...]:
    """The choices of one of the questions that the sets answer."""
    if context == "themes":
        council = read_council(example_folder() / "council.toml")
        return tuple(Option(t.id, Translated(t.text), t.emoji, also=t.also) for t in council.themes)
    named = {"places": _PLACES, "frequency": _FREQUENCY, "pour_contre": _PETITION}[context]
    return tuple(
        Option(id, Translated(dict(zip(("fr", "ar", "ary", "en"), texts, strict=True))))
        for id, texts in named.items()
    )


def _choice(text: str, context: str) -> str | None:
    value = _answered(Choice(_offered(context)), text)
    return value if isinstance(value, str) else None


def _several(text: str, context: str) -> str | None:
    value = _answered(Several(_offered(context)), text)
    return "+".join(value) if isinstance(value, tuple) else None


def _yes_no(text: str, context: str) -> str | None:
    value = _answered(YesNo(), text)
    return None if value is None else "yes" if value else "no"


def _command(text: str, context: str) -> str | None:
    language = phrases.language_wish(text) or phrases.language_named(text)
    command = phrases.command(text) or phrases.command_in(text)
    return f"language:{language}" if language else str(command) if command else None


_USUAL = tuple(themes.Offered(theme, {}) for theme in USUAL)


def _theme(text: str, context: str) -> str | None:
    return themes.read(text, _USUAL).certain


def _judged_theme(expected: str | None, heard: str | None) -> Outcome:
    """Of two themes ("water+lighting") neither is decided."""
    return judged(None if expected and "+" in expected else expected, heard)


def _theme_three(text: str, context: str) -> str | None:
    read = themes.read(text, _USUAL)
    return "+".join((read.certain,) if read.certain else read.likely) or None


def _theme_first(text: str, context: str) -> str | None:
    return (_theme_three(text, context) or "").split("+")[0] or None


def _judged_offered(expected: str | None, heard: str | None) -> Outcome:
    """What is offered is not decided; of two themes the first may be either, and among three are both."""
    wanted, offered = set((expected or "").split("+")), set((heard or "").split("+"))
    found = wanted <= offered or (len(offered) == 1 and offered <= wanted)
    return Outcome.RIGHT if expected is None or found else Outcome.REFUSED


def _commune(text: str, context: str) -> str | None:
    meaning = places.resolve(text, levels=("commune",))
    if meaning.certain is not None:
        return meaning.certain.code
    return f"? {meaning.candidates[0].code}" if meaning.candidates else None


def _judged_commune(expected: str | None, heard: str | None) -> Outcome:
    """Offered first, a commune is heard: one tap. Offered where it is in doubt, it is right to be."""
    offered = heard is not None and heard.startswith("? ")
    if expected is None:
        return Outcome.RIGHT if heard is None or offered else Outcome.WRONG
    if heard is not None and heard.removeprefix("? ") == expected:
        return Outcome.RIGHT
    return Outcome.REFUSED if heard is None or offered else Outcome.WRONG


def _intent(text: str, context: str) -> str | None:
    found = intents.intent(text)
    return None if found is None else str(found)


def _judged_intent(expected: str | None, heard: str | None) -> Outcome:
    """A need that is answered like small talk is lost; the line of another intent is only beside the point."""
    if expected is None:
        return Outcome.RIGHT if heard is None else Outcome.WRONG
    return Outcome.RIGHT if heard == expected else Outcome.REFUSED


def _language(text: str, context: str) -> str | None:
    guess = language.identify(text)
    return guess.language and guess.language + "?" * (guess.confidence < language.SURE)


def _judged_language(expected: str | None, heard: str | None) -> Outcome:
    """A guess is asked; only what is sure decides. Of what is none of our languages nothing may be sure."""
    sure = heard is not None and not heard.endswith("?")
    right = (heard or "").rstrip("?") == expected if expected else not sure
    return Outcome.RIGHT if right else Outcome.WRONG if sure else Outcome.REFUSED


KINDS = (
    Kind("opt_out", _opt_out, 0.05, 0.95, "who asks to be left alone is written to", _judged_wish),
    Kind("danger", _danger, 0.035, 0.965, "a fire waits for a clerk", _judged_danger),
    Kind("choice", _choice, 0, 0.87, "a vote counts for what nobody chose"),
    Kind("several", _several, 0, 0.88, "as a choice"),
    Kind("yes_no", _yes_no, 0, 0.93, "a no that is taken for a yes signs a petition"),
    Kind("commune", _commune, 0.003, 0.92, "somebody is filed under a place", _judged_commune),
    Kind("intent", _intent, 0.003, 0.85, "a need is answered like small talk", _judged_intent),
    Kind("command", _command, 0, 0.86, "somebody is thrown out of what they were writing"),
    Kind("theme", _theme, 0.02, 0.76, "a need goes to a desk that it is none of", _judged_theme),
    Kind("theme_first", _theme_first, 0, 0.85, "more taps", _judged_offered, "theme"),
    Kind("theme_three", _theme_three, 0, 0.94, "as many as without", _judged_offered, "theme"),
    Kind("language", _language, 0.005, 0.9, "spoken to in a foreign language", _judged_language),
    Kind("number", _number, 0, 0.9, "a wrong number stands in a result, and nobody ever sees why"),
    Kind("decimal", _decimal, 0, 0.9, "as a number; a comma may be worth a thousand times as much"),
    Kind("rating", _rating, 0, 0.9, "a wrong rating is praise where somebody blamed"),
    Kind("date", _date, 0, 0.9, "who is given the wrong day comes in vain"),
    Kind("card", _card, 0, 0.9, "a petition is refused for one wrong number of a card"),
    Kind(
        "masking", _masked, 0, 0.9, "a telephone that is shown cannot be hidden again", _judged_mask
    ),
)


# --------------------------------------------------------------------------- the figures


def lines_of(kind: str, name: str) -> Iterator[Line]:
    """The replies of a set of ours. Raises FileNotFoundError."""
    return lines_in(WHERE / f"{kind}.{name}.tsv")


def lines_in(file: Path) -> Iterator[Line]:
    """The replies of a set. Raises FileNotFoundError."""
    for line in file.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            expected, text, *context = line.split("\t")
            yield Line(None if expected == "?" else expected, text, "".join(context).strip())


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a set."""

    outcomes: Sequence[tuple[Line, str | None, Outcome]]

    def count(self, outcome: Outcome) -> int:
        """How many replies came to this."""
        return sum(found is outcome for _, _, found in self.outcomes)

    def share(self, outcome: Outcome) -> float:
        """The same as a share of all."""
        return self.count(outcome) / len(self.outcomes)


def figures(kind: Kind, name: str) -> Figures:
    """How a set is understood."""
    found = []
    for line in lines_of(kind.file, name):
        heard = kind.hear(line.text, line.context)
        found.append((line, heard, kind.judge(line.expected, heard)))
    return Figures(found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; with --lines also what is not right of the development sets."""
    parser = argparse.ArgumentParser(prog="python -m bench.listening", description=__doc__)
    parser.add_argument("kinds", nargs="*", help="only these kinds")
    parser.add_argument("--lines", action="store_true", help="show what is not right (development)")
    options = parser.parse_args(arguments)
    print(
        f"{'kind':<12}{'set':<13}{'replies':>8}{'right':>14}{'refused/asked':>15}{'silently wrong':>16}"
    )
    for kind in KINDS:
        if options.kinds and kind.name not in options.kinds:
            continue
        for name in kind.sets:
            made = figures(kind, name)
            right, refused, wrong = (made.count(outcome) for outcome in Outcome)
            share = f"{right} ({made.share(Outcome.RIGHT):.1%})"
            print(
                f"{kind.name:<12}{name:<13}{len(made.outcomes):>8}{share:>14}{refused:>15}{wrong:>16}"
            )
            if options.lines and name == "development":
                for line, heard, outcome in made.outcomes:
                    if outcome is not Outcome.RIGHT:
                        print(
                            f"    {outcome}: {line.text!r} {line.context} -> {heard}, not {line.expected}"
                        )


if __name__ == "__main__":
    main()
