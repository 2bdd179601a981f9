"""A few questions about the citizen, after the first contribution; each may be skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flows.dialog.answers import optional
from flows.dialog.choices import Choice, YesNo
from flows.dialog.dialog import (
    Correct,
    Flow,
    NotUnderstood,
    Option,
    Reply,
    Unfinished,
    Unsure,
    ask,
    say,
)
from flows.dialog.effects import CONSENT_VERSION, Consent, Effect, SetProfile
from flows.dialog.facts import Facts
from flows.morocco.census import AGE_BANDS
from flows.understanding.numbers.quantity import quantity
from flows.wording.text import Code, lines, msg

#: How many questions there are; the last is left out if nothing was told.
STEPS = 4

#: A greater number is no age.
OLDEST = 120


@dataclass(frozen=True, slots=True)
class _Age(Choice):
    """A band of ages, or an age in figures or words; a figure on the list is the place of a band."""

    def read(self, reply: Reply) -> str | Correct | Unfinished | Unsure:
        """The band."""
        try:
            return Choice.read(self, reply)
        except NotUnderstood:
            band = _band(quantity(reply.text).value) if reply.text else None
            if band is None:
                raise
            return band


def _band(age: Decimal | int | None) -> str | None:
    """The band of an age; None for a child, or for what is no age."""
    if age is None or age > OLDEST:
        return None
    lowest = {int(band.rstrip("+").partition("-")[0]): band for band in AGE_BANDS}
    return next((band for low, band in sorted(lowest.items(), reverse=True) if age >= low), None)


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Age band, gender, and under consents of their own disability and the use for invitations."""
    willing = yield from ask(
        "willing",
        Choice(
            (
                Option("yes", msg("profile.yes"), "✅"),
                Option("no", msg("button.not_now"), "⏭️"),
            )
        ),
        msg("profile.why"),
        simpler=msg("profile.why.simpler"),
    )
    if willing == "no":
        yield from say(msg("profile.declined"))
        return []
    age = yield from ask(
        "age",
        optional(_Age(tuple(Option(band, Code(band)) for band in AGE_BANDS))),
        msg("profile.age"),
        step=(1, STEPS),
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
        step=(2, STEPS),
    )
    agrees = yield from ask(
        "disability_consent",
        optional(YesNo()),
        msg("profile.disability_consent"),
        step=(3, STEPS),
        simpler=msg("profile.disability.simpler"),
    )
    effects: list[Effect] = [Consent("profile", True, CONSENT_VERSION, "profile.why")]
    disability = None
    if agrees:
        answer = yield from ask(
            "disability",
            optional(YesNo()),
            msg("profile.disability"),
            simpler=msg("profile.disability.simpler"),
        )
        effects.append(Consent("disability", True, CONSENT_VERSION, "profile.disability_consent"))
        disability = None if answer is None else ("yes" if answer else "no")
    elif agrees is False:
        effects.append(Consent("disability", False, CONSENT_VERSION, "profile.disability_consent"))
    if age or gender or disability:
        invited = yield from ask(
            "invite", optional(YesNo()), msg("profile.invite"), step=(STEPS, STEPS)
        )
        if invited is not None:
            effects.append(Consent("invite", invited, CONSENT_VERSION, "profile.invite"))
    yield from say(lines(msg("profile.thanks")))
    return [*effects, SetProfile(age, gender, disability)]
