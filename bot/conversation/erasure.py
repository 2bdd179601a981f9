"""A copy of everything kept about a person, and its erasure."""

import secrets
from typing import Any

import msgspec

from bot.core.contact import SEALED
from bot.core.localtime import local
from bot.core.vault import Vault
from bot.outbox.media_files import PUBLISHED
from flows.kinds import kinds
from storage.database import Transaction


async def export(tx: Transaction, vault: Vault, person_id: int, at: int) -> str:
    """Keep a sealed copy of the person's data for a short while. Returns its unguessable name."""
    person = await tx.row("person", person_id=person_id)
    copy: dict[str, Any] = {"made": local(at).isoformat(timespec="minutes")}
    copy["person"] = _plain(person) if person is not None else {}
    copy["chats"] = [_plain(row) for row in await tx.rows("addresses_of", person_id=person_id)]
    copy["places"] = [_plain(row) for row in await tx.rows("follows_of", person_id=person_id)]
    copy["consents"] = [_plain(row) for row in await tx.rows("consents_of", person_id=person_id)]
    copy["contributions"] = [
        {**_plain(row), "body": msgspec.json.decode(row["body"])}
        for row in await tx.rows("all_responses_of", person_id=person_id)
    ]
    copy["said_to_staff"] = [
        _plain(row) for row in await tx.rows("entries_with", person_id=person_id)
    ]
    copy["signatures"] = [
        {
            "petition": row["code"],
            "at": _when(row["at"]),
            **_signed(vault, row),
        }
        for row in await tx.rows("all_signatures_of", person_id=person_id)
    ]
    copy["unfinished"] = [
        {"flow": row["flow"], "answers": _unsealed(row["answers"])}
        for row in await tx.rows("conversations_of", person_id=person_id)
    ]
    wishes = await tx.row("preferences_of", person_id=person_id)
    copy["messages"] = {
        **(_plain(wishes) if wishes is not None else {}),
        "no_messages_from": [_plain(row) for row in await tx.rows("mutes_in", person_id=person_id)],
        "not_invited_to": [
            _plain(row) for row in await tx.rows("declines_of", person_id=person_id)
        ],
        "themes": [_plain(row) for row in await tx.rows("all_themes_of", person_id=person_id)],
        "lists": [_plain(row) for row in await tx.rows("memberships_of", person_id=person_id)],
        "received": [_plain(row) for row in await tx.rows("pushes_of", person_id=person_id)],
    }
    copy["files"] = [_plain(row) for row in await tx.rows("media_of", person_id=person_id)]
    name = secrets.token_urlsafe(18)
    text = msgspec.json.format(msgspec.json.encode(copy), indent=2).decode()
    await tx.run("drop_old_exports", before=at - 3_600_000)
    await tx.run(
        "add_export",
        name=name,
        person_id=person_id,
        sealed=vault.seal(text, f"exports/{name}"),
        at=at,
    )
    return name


def _signed(vault: Vault, row: Any) -> dict[str, Any]:
    """What a citizen wrote in the chat to sign.

    What stands on paper was typed by staff, and is theirs by a number or reference only: it could be
    a neighbour's, so the copy says that there is a paper, and no more.
    """
    if row["source"] == "paper":
        return {"on_paper": True}
    found: dict[str, Any] = msgspec.json.decode(
        vault.open(row["sealed"], f"signatures/{row['id']}")
    )
    return found


def _unsealed(answers: str) -> dict[str, Any]:
    """Answers without the sealed ones: they are in the citizen's own head and chat."""
    found = msgspec.json.decode(answers)
    return {
        key: value
        for key, value in found.items()
        if not (isinstance(value, dict) and SEALED in value)
    }


def _plain(row: Any) -> dict[str, Any]:
    fields = {key: row[key] for key in row.keys()}  # noqa: SIM118  # a row iterates over values
    return {
        key: _when(value) if (value is not None and key.endswith("_at")) or key == "at" else value
        for key, value in fields.items()
    }


def _when(at: int) -> str:
    return local(at).isoformat(timespec="minutes")


async def erase(tx: Transaction, person_id: int) -> list[str]:
    """Erase the person; counted answers stay, without author, words and files.

    Returns the names of the media files to remove.
    """
    files = [row["name"] for row in await tx.rows("media_of", person_id=person_id)]
    for row in await tx.rows("papers_of", person_id=person_id):
        files.extend(f"{PUBLISHED}/{paper['name']}" for paper in msgspec.json.decode(row["media"]))
    # These find what is the person's by the responses, which lose their author next.
    for query in ("erase_entries", "erase_transcripts", "erase_cases"):
        await tx.run(query, person_id=person_id)
    for row in await tx.rows("responses_to_erase", person_id=person_id):
        stripped = kinds()[row["kind"]].stripped(msgspec.json.decode(row["body"]))
        await tx.run(
            "strip_response",
            id=row["id"],
            body=msgspec.json.encode(stripped).decode(),
            # The citizen knows the old reference; it must not lead back to the stripped response.
            # In capitals, as every reference that staff type or follow is looked up.
            reference=f"ERASED-{secrets.token_hex(8).upper()}",
        )
    for query in (
        "erase_singles",
        "erase_signatures",
        "erase_signed_papers",
        "erase_voices",
        "erase_conversations",
        "erase_consents",
        "erase_follows",
        "erase_media",
        "erase_exports",
        "erase_inbox",
        "erase_outbox",
        "erase_pushes",
        "erase_pending",
        "erase_preferences",
        "erase_mutes",
        "erase_declines",
        "erase_themes",
        "erase_memberships",
        "erase_staff_chat",
        "erase_addresses",
        "erase_person",
    ):
        await tx.run(query, person_id=person_id)
    return files
