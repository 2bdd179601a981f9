"""First contact: language, consent, then at once what the citizen came for."""

from collections.abc import Sequence

from flows.dialog.choices import Choice
from flows.dialog.communes import ask_commune
from flows.dialog.dialog import (
    Flow,
    Option,
    ask,
    do,
    say,
    scoped,
)
from flows.dialog.effects import (
    CONSENT_VERSION,
    Begin,
    Consent,
    Effect,
    Follow,
    SetHome,
    SetLanguage,
)
from flows.dialog.facts import Facts, Own
from flows.dialog.languages import LANGUAGE_NAMES, LanguageChoice
from flows.morocco import places
from flows.wording.text import LANGUAGES, Translated, Verbatim, lines, msg


def language_choice(first: str) -> LanguageChoice:
    """The languages, the proposed one first."""
    order = (first, *(code for code in LANGUAGES if code != first))
    return LanguageChoice(tuple(Option(code, Verbatim(LANGUAGE_NAMES[code])) for code in order))


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Say who speaks, agree on a language, ask consent, and go on to the goal."""
    own = facts.own
    language = yield from ask(
        "language",
        language_choice(own.proposed),
        lines(
            msg("welcome.hello", council=facts.council_name),
            msg("welcome.about", title=Translated(own.goal_title), count=own.goal_minutes)
            if own.goal_title
            else msg("welcome.what_for"),
            msg("example.notice") if facts.council.example else None,
            msg("welcome.language"),
        ),
    )
    yield from do(SetLanguage(language))
    effects: list[Effect] = []
    if not own.agreed:
        shown = "consent.short"
        agree = Option("yes", msg("consent.yes"), "✅")
        decline = Option("no", msg("button.no_thanks"), "❌")
        word = yield from ask(
            "consent",
            Choice((agree, Option("more", msg("consent.more"), "ℹ️"), decline)),
            msg("consent.short", council=facts.council_name),
            simpler=msg("consent.simpler"),
        )
        if word == "more":
            shown = "consent.long"
            contact = Translated(facts.council.contact) if facts.council.contact else None
            word = yield from ask(
                "consent.read",
                Choice((agree, decline)),
                lines(
                    msg("consent.long", council=facts.council_name),
                    msg("consent.contact", contact=contact) if contact else None,
                    gap=1,
                ),
                simpler=msg("consent.simpler"),
            )
        effects.append(Consent("consultation", word == "yes", CONSENT_VERSION, shown))
        if word == "no":
            yield from say(msg("consent.declined"))
            return effects
        # Both were asked in the same words: to answer, and to be written to until one says stop.
        effects.append(Consent("messages", True, CONSENT_VERSION, shown))
    if own.ask_commune:
        commune = yield from scoped("home", ask_commune(msg("commune.ask")))
        effects.append(SetHome(commune))
        around = places.ancestors(commune)
        effects += [Follow(commune), *(Follow(place.code) for place in around)]
    else:
        effects.append(Follow(facts.council.place))
    told = Own(words=own.words, media=own.media, danger=own.danger, proposed=language)
    effects.append(Begin(code=own.goal, own=told) if own.goal else Begin(flow="menu"))
    return effects


def change_language(facts: Facts) -> Flow[Sequence[Effect]]:
    """Change the language, and go on where one was."""
    language = yield from ask("language", language_choice(facts.own.proposed), msg("language.ask"))
    yield from do(SetLanguage(language))
    yield from say(msg("language.changed"))
    return []
