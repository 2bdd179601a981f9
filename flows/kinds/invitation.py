"""The invitation: who asks, about what, how long it takes, until when; and every way to say no.

A council's broadcast begins this conversation. Nothing in it is about guilt or haste: later, not
this one, fewer of them and none at all are each one tap away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flows.dialog.choices import Choice
from flows.dialog.definition import Head, attachments
from flows.dialog.dialog import Correct, Flow, Option, Reply, Unfinished, Unsure, ask, say
from flows.dialog.effects import Begin, Decline, Effect, Mute, Postpone
from flows.dialog.facts import Facts
from flows.kinds import definition_of, kinds
from flows.understanding import phrases, scripts
from flows.wording.text import Code, Text, Translated, lines, msg

#: What is said at the head of an invitation, by why it comes.
HEADS = {
    "": "invitation.asks",
    "reminder": "invitation.reminds",
    "last": "invitation.reminds_last",
}

#: What people type for "later", besides the label; "/" stands between.
_LATER = (
    "later/later today/not now/tonight/this evening/remind me/remind me later/"
    "plus tard/un peu plus tard/tout a l heure/pas maintenant/ce soir/rappelez moi/"
    "لاحقا/فيما بعد/بعد قليل/ليس الآن/هذا المساء/ذكروني/"
    "من بعد/من بعد شوية/حتى لمن بعد/مور شوية/ماشي دابا/العشية/هاد العشية/"
    "l3chiya/had l3chiya/"
    "ⵉⵎⵉⴽ/ⵎⴰⵞⵞⵉ ⵖⵉⵍⴰ/ⵜⴰⴷⴳⴳⵯⴰⵜ/imik/macci ghila/machi ghila/tadggwat"
)
_LATER_WORDS = frozenset(map(scripts.fold, _LATER.split("/")))
#: The same by sound, as Darija is typed in Latin letters in many ways.
_LATER_SOUNDS = frozenset(map(scripts.skeleton, ("من بعد", "من بعد شوية", "ماشي دابا")))


@dataclass(frozen=True, slots=True)
class Invited(Choice):
    """What to do with an invitation; "yes" means now, "no" means not this one."""

    def read(self, reply: Reply) -> str | Correct | Unfinished | Unsure:
        """The option's id."""
        offered = {option.id for option in self.every}
        postponed = "later" if "later" in offered else "not_this"
        if reply.skip:
            return postponed
        if reply.tap is None:
            if "later" in offered and _means_later(reply.text):
                return "later"
            agreed = phrases.yes_no(reply.text)
            if agreed is not None:
                return "answer" if agreed else "not_this"
        # Slots make the class anew, so `super()` alone would not find it.
        return super(Invited, self).read(reply)


def _means_later(text: str) -> bool:
    return scripts.fold(text) in _LATER_WORDS or scripts.skeleton(text) in _LATER_SOUNDS


def last_moment(closes: str | None) -> Code | None:
    """The end as people count it: what closes at midnight is open until the day before.

    `closes` is the first moment that no longer counts, in local words ("2026-12-15 00:00 ...").
    """
    if not closes:
        return None
    day, hour = date.fromisoformat(closes[:10]), closes[11:16]
    if hour in ("", "00:00"):
        return Code((day - timedelta(days=1)).strftime("%d/%m/%Y"))
    return Code(f"{day:%d/%m/%Y} {hour}")


#: What stood on the button before, and is said of an invitation.
NOT_THIS = ("not this one", "pas celle-ci", "pas celui-ci", "ماشي هادا", "ماشي هادي", "ليست هذه")


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """A citizen is invited: now, later, not this one, settings, or nothing more from this council."""
    head = definition_of(facts, kinds()[facts.consultation.kind].definition)
    later = Option("later", msg("invitation.later"), "🕐")
    chosen = yield from ask(
        "what",
        Invited(
            (
                Option("answer", msg("invitation.answer"), "✅"),
                *(() if facts.own.postponed else (later,)),
                Option("not_this", msg("invitation.not_this"), "🙅", also=NOT_THIS),
                Option("settings", msg("invitation.settings"), "⚙️"),
                Option("stop", msg("invitation.stop"), "🔕"),
            )
        ),
        _invitation(facts, head),
        attachments=attachments(head.voice, head.picture),
    )
    match chosen:
        case "answer":
            return [Begin(code=facts.consultation.code)]
        case "later":
            return [Postpone(msg("invitation.later_today"), msg("invitation.tomorrow"))]
        case "not_this":
            return [Decline(msg("invitation.declined", title=Translated(head.title)))]
        case "settings":
            return [Begin(flow="notices")]
    sure = yield from ask(
        "sure",
        Choice(
            (
                Option("yes", msg("invitation.stop_yes"), "🔕"),
                Option("keep", msg("invitation.stop_keep"), "✋"),
            )
        ),
        msg("invitation.stop_ask", council=facts.council_name),
    )
    if sure == "yes":
        return [Mute(True, msg("notices.muted", council=facts.council_name))]
    yield from say(msg("invitation.kept"))
    return []


def _invitation(facts: Facts, head: Head) -> Text:
    until = last_moment(facts.consultation.closes)
    return lines(
        msg(
            HEADS[facts.own.reminder],
            council=facts.council_name,
            emoji=kinds()[facts.consultation.kind].emoji,
            title=Translated(head.title),
        ),
        msg("example.notice") if facts.council.example else None,
        msg("invitation.minutes", count=head.minutes),
        msg("invitation.until", until=until) if until else None,
        msg("invitation.ask"),
    )
