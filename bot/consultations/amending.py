"""Consultations after their first day: copied, changed where it falsifies nothing, put away."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from bot.consultations.definitions import BrokenDefinition, add
from bot.core.councils import Register, times
from bot.core.localtime import moment, now_ms, wall_text
from bot.core.refusals import NotAllowed
from bot.outreach import broadcasts, definition_plan
from flows.dialog.definition import Head
from flows.dialog.fields import FILES, fields_of, plain
from flows.dialog.outreach import Audience
from flows.kinds import check, kinds, read_raw
from flows.wording.text import LANGUAGES
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.consultations import DeleteConsultation


async def archive(tx: Transaction, row: StoredConsultation) -> None:
    """Put a consultation away: it keeps everything, and is no longer shown. Raises NotAllowed."""
    if row.state == "open":
        raise NotAllowed(f"{row.code} is open; close it first")
    if row.state == "archived":
        raise NotAllowed(f"{row.code} is archived already")
    await tx.run("set_consultation_state", id=row.id, state="archived")
    await tx.run("end_prompts", consultation_id=row.id)


async def delete(tx: Transaction, row: StoredConsultation) -> None:
    """Remove a draft that nobody has met. Raises NotAllowed where there is something to lose."""
    if row.state not in ("draft", "archived"):
        raise NotAllowed(f"{row.code} is {row.state}; only a draft can be deleted")
    await tx.run("delete_prompts", consultation_id=row.id)
    if await tx.row(DeleteConsultation, id=row.id) is None:
        raise NotAllowed(
            f"{row.code} has been met or changed already, and that is kept; archive it instead"
        )


async def copy(tx: Transaction, register: Register, row: StoredConsultation, code: str) -> Head:
    """A new draft like an older consultation, without its dates. Returns its head.

    Raises NotAllowed if the code is taken, BrokenDefinition if it is no code.
    """
    if await register.by_code(tx, code) is not None:
        raise NotAllowed(f"there is a consultation {code!r} already; choose another code")
    raw = {**msgspec.json.decode(row.definition), "code": code.upper()}
    raw.update(opens=None, closes=None)
    outreach = {**raw.get("outreach", {})}
    # A reminder at a fixed moment belonged to the old dates.
    outreach["reminders"] = []
    raw["outreach"] = outreach
    head: Head = read_raw(raw, kinds()[row.kind].definition)
    _, problems = check(raw, register.council(row.council_id))
    if problems:
        raise BrokenDefinition(code, problems)
    await add(tx, register, raw, head)
    return head


async def amend(
    tx: Transaction,
    register: Register,
    row: StoredConsultation,
    raw: Mapping[str, Any],
    made_by: str,
) -> list[str]:
    """Change what cannot falsify answers: a later end, more languages, what the bot sends.

    Returns what was changed, as keys. Who took part is told of a new end, of a closed one when it
    is opened again. Raises NotAllowed with the keys that must stay, or with what its kind says against it.
    """
    if row.state == "archived":
        raise NotAllowed(f"{row.code} is archived; nothing of it changes any more")
    before = msgspec.json.decode(row.definition)
    refused, changed = amendments(before, raw)
    if refused:
        raise NotAllowed(
            f"{row.code} has been opened; these can no longer change: {', '.join(refused)}. "
            "A later end, more languages and reminders may; to invite, prepare a message"
        )
    if not changed:
        return []
    head: Head = read_raw(raw, kinds()[row.kind].definition)
    if "closes" in changed and head.closes is not None and moment(head.closes) <= now_ms():
        raise NotAllowed(f"{wall_text(head.closes)} is past; give a later end")
    if row.kind in register.amending:
        await register.amending[row.kind](tx, row, head)
    definition = msgspec.json.encode(msgspec.to_builtins(head)).decode()
    await tx.run("change_consultation", id=row.id, definition=definition, **times(head))
    await tx.run(
        "add_change",
        id=new_id(),
        consultation_id=row.id,
        version=row.version + 1,
        what=", ".join(changed),
        made_by=made_by,
        at=now_ms(),
    )
    fresh = await register.by_id(tx, row.id)
    if row.state == "open":
        await definition_plan.replan(tx, fresh, made_by)
    if "closes" in changed and row.state == "open":
        await broadcasts.begin(
            tx,
            row.council_id,
            "change",
            Audience(),
            made_by=made_by,
            consultation_id=row.id,
            body={"closes": fresh.closes_local},
        )
    return changed


def amendments(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Keys whose change would falsify answers, and keys that change harmlessly.

    What may change is said in the definition (`flows.dialog.hints.Hint.opened`); a text in one more
    language always may.
    """
    fields = fields_of(kinds()[before["kind"]].definition)
    may = {one.name: one.hint.opened for one in fields}
    old, new = dict(_flat(plain(fields, before))), dict(_flat(plain(fields, after)))
    refused: list[str] = []
    changed: list[str] = []
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) == new.get(key):
            continue
        top, _, last = key.rpartition(".")
        # A text in one more language says the same; a recording or a picture may not.
        text = top.rpartition(".")[2] not in FILES
        said = any(other.startswith(f"{top}.") for other in old)
        added_language = key not in old and last in LANGUAGES and bool(top) and text and said
        opened = may.get(key.split(".")[0].split("[")[0], "fixed")
        later = opened == "later" and old.get(key) is not None and _later(old[key], new.get(key))
        # Inviting everybody is a step of its own, with a count and a look before it.
        invites = key == "outreach.invite" and bool(new.get(key))
        harmless = (opened == "free" and not invites) or added_language or later
        (changed if harmless else refused).append(key)
    return refused, changed


def _later(old: Any, new: Any) -> bool:
    """Whether an end moves to a later time."""
    return new is not None and str(new) > str(old)


def _flat(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with its key, such as `questions[0].text.fr`; what is empty is not there."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{where}.{key}" if where else key)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _flat(inner, f"{where}[{index}]")
    elif value is not None:
        yield where, value
