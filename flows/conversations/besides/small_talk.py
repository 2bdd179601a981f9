"""What is answered to what people say besides answers and needs: one line each, from the council's settings."""

from collections.abc import Callable, Mapping
from typing import Final

from flows.dialog.facts import Council
from flows.understanding.beside.intents import Intent
from flows.wording import render
from flows.wording.text import Code, Text, Translated, Verbatim, lines, msg


def said(intent: Intent, council: Council) -> Text:
    """The line that answers an intent; what a council's settings do not say is not made up."""
    return _LINES[intent](council)


def _name(council: Council) -> Translated:
    return council.called


def _office(council: Council) -> Text:
    """Hours, telephone and address, as far as the council has told them."""
    known = lines(
        msg("aside.hours", hours=Translated(council.hours)) if council.hours else None,
        msg("aside.telephone", number=Code(council.telephone)) if council.telephone else None,
        msg("aside.address", address=Translated(council.address)) if council.address else None,
    )
    return known if known.parts else msg("aside.no_hours")


def _how_long(council: Council) -> Text:
    days = council.answer_days
    return lines(msg("aside.how_long"), msg("thanks.days", count=days) if days else None)


def _person(council: Council) -> Text:
    if council.person:
        return msg("aside.person", council=_name(council))
    return lines(msg("aside.no_person"), _office(council))


def _other_language(council: Council) -> Text:
    """In French and Arabic, whatever the chat's language is: one of them may be read."""
    text = msg("aside.other_language")
    return lines(Verbatim(render(text, "fr")), Verbatim(render(text, "ar")))


def _plain(id: str) -> Callable[[Council], Text]:
    return lambda council: msg(id)


def _named(id: str) -> Callable[[Council], Text]:
    return lambda council: msg(id, council=_name(council))


_LINES: Final[Mapping[Intent, Callable[[Council], Text]]] = {
    Intent.GREETING: _plain("aside.greeting"),
    Intent.THANKS: _plain("aside.thanks"),
    Intent.WHO_ARE_YOU: _named("aside.who_are_you"),
    Intent.IS_IT_FREE: _plain("aside.is_it_free"),
    Intent.WHO_READS: _named("aside.who_reads"),
    Intent.IS_IT_SAFE: _plain("aside.is_it_safe"),
    Intent.HOW_LONG: _how_long,
    Intent.HOURS: _office,
    Intent.WHERE_IS_MY_REQUEST: _plain("aside.no_request"),
    Intent.MISTAKE: _plain("aside.mistake"),
    Intent.NUMBER_CHANGED: _plain("aside.number_changed"),
    Intent.INSULT: _plain("aside.insult"),
    Intent.PERSON: _person,
    Intent.COMPLAINT: _plain("aside.complaint"),
    Intent.INFORMATION: _plain("aside.information"),
    Intent.PETITION: _plain("aside.petition"),
    Intent.MOTION: _plain("aside.motion"),
    Intent.QUESTION: _plain("aside.question"),
    Intent.OTHER_LANGUAGE: _other_language,
}
