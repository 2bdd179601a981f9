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
)
from flows.dialog.facts import Facts, Own
from flows.dialog.languages import LanguageChoice, language_options, spoken
from flows.morocco import places
from flows.wording.text import Text, Translated, lines, msg


def language_choice(first: str) -> LanguageChoice:
    """The languages, the proposed one first."""
    every = language_options()
    return LanguageChoice(tuple(sorted(every, key=lambda option: option.id != first)))


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Say who speaks, agree on a language, ask consent, and go on to the goal.

    Whoever wrote a sentence that is surely in one language is not asked which; one tap changes it.
    """
    own = facts.own
    language = own.proposed  # in the letters of a choice: "zgh-latn"
    asks = not own.sure or own.agreed
    hello = _hello(facts)
    if asks:
        language = yield from ask(
            "language", language_choice(language), lines(hello, msg("welcome.language"))
        )
        yield from do(spoken(language))
    effects: list[Effect] = []
    if not own.agreed:
        word, shown = yield from _consent(facts, None if asks else hello)
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
    told = Own(
        words=own.words,
        media=own.media,
        pin=own.pin,
        pin_name=own.pin_name,
        danger=own.danger,
        unasked=own.unasked,
        proposed=language,
    )
    if own.unasked and own.tells:
        # What they wrote comes first, then what the link was for.
        effects.append(Begin(own=told))
        told = _NOTHING
    if own.goal:
        effects.append(Begin(code=own.goal, own=told))
    elif not (own.unasked and own.tells):
        effects.append(Begin(flow="menu"))
    return effects


_NOTHING = Own()


def _hello(facts: Facts) -> Text:
    """Who speaks, what for, and that what was written is kept."""
    own = facts.own
    about: Text | None = None
    if own.goal_title:
        about = msg("welcome.about", title=Translated(own.goal_title), count=own.goal_minutes)
    elif not own.tells:
        about = msg("welcome.what_for")
    return lines(
        msg("welcome.hello", council=facts.council_name),
        about,
        msg("welcome.heard") if own.unasked and own.tells else None,
        msg("example.notice") if facts.council.example else None,
    )


def _consent(facts: Facts, before: Text | None) -> Flow[tuple[str, str]]:
    """ "yes" or "no", and which words were shown last; `before` stands above them where nothing was asked yet."""
    agree = Option("yes", msg("consent.yes"), "✅")
    decline = Option("no", msg("button.no_thanks"), "❌")
    more = Option("more", msg("consent.more"), "ℹ️")
    other = Option("language", msg("consent.language"), "🌐")
    text = msg("consent.short", council=facts.council_name)
    shown = "consent.short"
    word = yield from ask(
        "consent",
        Choice((agree, more, decline) if before is None else (agree, more, decline, other)),
        text if before is None else lines(before, text, gap=1),
        simpler=msg("consent.simpler"),
    )
    if word == "language":
        language = yield from ask(
            "other_language", language_choice(facts.own.proposed), msg("language.ask")
        )
        yield from do(spoken(language))
        word = yield from ask(
            "consent.again",
            Choice((agree, more, decline)),
            text,
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
    return word, shown


def change_language(facts: Facts) -> Flow[Sequence[Effect]]:
    """Change the language, and go on where one was."""
    language = yield from ask("language", language_choice(facts.own.proposed), msg("language.ask"))
    yield from do(spoken(language))
    yield from say(msg("language.changed"))
    return []
