"""What a citizen contributed: its status; take it back, add to it, or change it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.conversations.reply import (
    DONE,
    AnswerOrEnough,
    day_text,
    not_done,
    ready,
    until_text,
)
from flows.dialog.answers import Said, Words
from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, json_of, look_up, say
from flows.dialog.effects import AddTo, Begin, Effect, IsDone, Withdraw
from flows.dialog.facts import Facts
from flows.kinds import kinds, read_raw
from flows.wording.text import Code, Text, Translated, Verbatim, lines, msg

#: The status in which something is to be done.
PLANNED = "planned"


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """One contribution by its reference, or a list to choose from."""
    reference = facts.own.reference
    if reference is None:
        found = yield from look_up("mine", "contributions")
        if not found:
            yield from say(msg("contributions.none"))
            return [Begin(flow="menu")]
        reference = yield from ask(
            "which",
            Choice(tuple(Option(c["reference"], _line(c), _emoji(c)) for c in found)),
            msg("contributions.ask", count=len(found)),
        )
    one = yield from look_up("one", "contribution", reference=reference)
    if one is None:
        yield from say(msg("contributions.unknown", reference=Code(reference)))
        return []
    if not one["mine"]:
        yield from say(_status(one))
        return []
    action = yield from ask("action", Choice(_actions(one)), _status(one))
    match action:
        case "is_done":
            return [IsDone(reference, True, msg("reply.enough_said"))]
        case "not_done":
            return not_done(reference)
        case "withdraw":
            sure = yield from ask(
                "sure",
                Choice(
                    (
                        Option("keep", msg("contributions.keep"), "✋"),
                        Option("yes", msg("contributions.withdraw"), "🗑️"),
                    )
                ),
                msg("contributions.withdraw_ask", reference=Code(reference)),
            )
            if sure == "yes":
                return [Withdraw(reference, msg("contributions.withdrawn"))]
            yield from say(msg("contributions.kept"))
            return []
        case "add":
            more = yield from ask(
                "more",
                Words(media=frozenset({"voice", "photo"}), needed=msg("trouble.need")),
                msg("contributions.add_ask"),
            )
            return [AddTo(reference, json_of(more), msg("contributions.added"))]
        case "change":
            return [Begin(code=one["code"])]
        case _:
            return []


def adding(facts: Facts) -> Flow[Sequence[Effect]]:
    """What is still missing, after its author has said that something is not done."""
    reference = facts.own.reference or ""
    more = yield from ask("more", AnswerOrEnough(nothing=True), msg("reply.what_is_missing"))
    if not isinstance(more, Said):
        yield from say(msg("reply.enough_said"))
        return []
    return [AddTo(reference, json_of(more), msg("contributions.added"))]


def _actions(one: Mapping[str, Any]) -> tuple[Option, ...]:
    options: list[Option] = []
    kind = kinds()[one["kind"]]
    if kind.case is not None and one["state"] == DONE and not one.get("judged"):
        options.append(Option("is_done", msg("reply.done_yes"), "👍"))
        options.append(Option("not_done", msg("reply.done_no"), "👎"))
    if kind.case is not None and one["state"] != "withdrawn":
        options.append(Option("add", msg("contributions.add"), "➕"))
    if kind.single and one["open"]:
        options.append(Option("change", msg("contributions.change"), "✏️"))
    if one["open"]:
        options.append(Option("withdraw", msg("contributions.withdraw"), "🗑️"))
    return (*options, Option("back", msg("button.leave"), "⬅️"))


def _line(one: Mapping[str, Any]) -> Text:
    kind = kinds()[one["kind"]]
    return kind.describe(read_raw(one["definition"], kind.definition), one["body"])


def _emoji(one: Mapping[str, Any]) -> str:
    return kinds()[one["kind"]].emoji


def _status(one: Mapping[str, Any]) -> Text:
    kind = kinds()[one["kind"]]
    words = one.get("words")
    stands = lines(
        msg("contributions.reference", reference=Code(one["reference"])),
        Translated(one["title"]),
        msg("telling.quote", excerpt=Verbatim(words)) if words else None,
        msg("contributions.filed", day=Code(day_text(one["day"]))),
        msg("contributions.state", state=msg(f"state.{one['state']}")),
        msg("contributions.voices", count=one["voices"] + 1) if kind.voiced else None,
    )
    answers = [_answered(answer) for answer in one.get("answers", ())]
    return lines(stands, *answers, _next(one), gap=1)


def _answered(answer: Mapping[str, str]) -> Text:
    """What the council said once."""
    return lines(
        msg("contributions.answered", day=Code(day_text(answer["day"]))),
        msg("reply.same") if answer["same"] else None,
        ready(answer["phrase"]),
        Verbatim(answer["text"]) if answer["text"] else None,
    )


def _next(one: Mapping[str, Any]) -> Text | None:
    """What comes next and by when, as far as the council has said; None where nothing does."""
    kind = kinds()[one["kind"]]
    if kind.case is None or not one["mine"] or one["state"] == "withdrawn":
        return None
    if one["state"] == DONE:
        return None if one.get("judged") else msg("contributions.is_done")
    if one["state"] not in kind.case.waiting:
        return None
    until = until_text(one.get("until", ""))
    if one["state"] == PLANNED:
        return lines(until, msg("contributions.next_done"))
    due = one.get("due", "")
    if one.get("answers") or not due:
        return lines(until, msg("contributions.next_news"))
    entry = "contributions.late" if one["late"] else "contributions.answer_by"
    return msg(entry, day=Code(day_text(due)))
