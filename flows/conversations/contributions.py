"""What a citizen contributed: its status; take it back, add to it, or change it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flows.dialog.answers import Words
from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, json_of, look_up, say
from flows.dialog.effects import AddTo, Begin, Effect, Withdraw
from flows.dialog.facts import Facts
from flows.kinds import kinds, read_raw
from flows.wording.text import Code, Text, Translated, lines, msg


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


def _actions(one: Mapping[str, Any]) -> tuple[Option, ...]:
    options = []
    kind = kinds()[one["kind"]]
    if kind.case is not None and one["state"] in kind.case.waiting:
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
    return lines(
        msg("contributions.reference", reference=Code(one["reference"])),
        Translated(one["title"]),
        msg("contributions.filed", day=Code(date.fromisoformat(one["day"]).strftime("%d/%m/%Y"))),
        msg("contributions.state", state=msg(f"state.{one['state']}")),
        msg("contributions.voices", count=one["voices"] + 1) if kind.voiced else None,
    )
