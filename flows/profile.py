"""A few questions about the citizen, after the first contribution; each may be skipped."""

from collections.abc import Sequence

from flows.answers import optional
from flows.census import AGE_BANDS
from flows.choices import Choice, YesNo
from flows.dialog import Flow, Option, ask, say
from flows.effects import Consent, Effect, SetProfile
from flows.facts import Facts
from flows.text import Code, lines, msg
from flows.welcome import CONSENT_VERSION


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Age band, gender, and under a consent of its own disability."""
    willing = yield from ask(
        "willing",
        Choice(
            (
                Option("yes", msg("profile.yes"), "✅"),
                Option("no", msg("button.not_now"), "⏭️"),
            )
        ),
        msg("profile.why"),
    )
    if willing == "no":
        yield from say(msg("profile.declined"))
        return []
    age = yield from ask(
        "age",
        optional(Choice(tuple(Option(band, Code(band)) for band in AGE_BANDS))),
        msg("profile.age"),
        step=(1, 3),
    )
    gender = yield from ask(
        "gender",
        optional(
            Choice(
                (
                    Option("woman", msg("profile.woman"), "👩"),
                    Option("man", msg("profile.man"), "👨"),
                )
            )
        ),
        msg("profile.gender"),
        step=(2, 3),
    )
    agrees = yield from ask(
        "disability_consent", optional(YesNo()), msg("profile.disability_consent"), step=(3, 3)
    )
    effects: list[Effect] = [Consent("profile", True, CONSENT_VERSION, "profile.why")]
    disability = None
    if agrees:
        answer = yield from ask("disability", optional(YesNo()), msg("profile.disability"))
        effects.append(Consent("disability", True, CONSENT_VERSION, "profile.disability_consent"))
        disability = None if answer is None else ("yes" if answer else "no")
    elif agrees is False:
        effects.append(Consent("disability", False, CONSENT_VERSION, "profile.disability_consent"))
    yield from say(lines(msg("profile.thanks")))
    return [*effects, SetProfile(age, gender, disability)]
