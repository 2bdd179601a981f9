"""What is kept about a person: told at the counter, copied for them, erased."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.conversation.context import OwnData
from bot.core.contact import SEALED
from bot.core.localtime import local, now_ms
from bot.core.vault import Unreadable, Vault
from bot.outbox.media_files import DOWNLOADS, PUBLISHED
from bot.staff import answered
from bot.staff.open_answers import heard
from flows.kinds import kinds, read_raw
from flows.understanding import identity
from flows.wording.text import Text
from storage.database import Transaction
from storage.rows import Record
from storage.rows.arrivals import ConsentsOf
from storage.rows.broadcasts import PreferencesOf
from storage.rows.cases import EntriesWith
from storage.rows.downloads import DownloadsAbout
from storage.rows.people import (
    AddressesOf,
    AllResponsesOf,
    AllThemesOf,
    AllTopicsOf,
    ConversationsOf,
    DeclinesOf,
    ExportNamed,
    FollowsOf,
    HeldOfPerson,
    KnownElsewhere,
    MediaOf,
    MembershipsOf,
    MutesIn,
    PapersOf,
    Person,
    PersonOfAddress,
    PersonOfReference,
    PushesOf,
    ResponsesToErase,
)
from storage.rows.responses import HeardOfPerson

#: How the reference begins of what somebody said who has been erased.
ERASED = "ERASED-"


def is_erased(reference: str) -> bool:
    """Whether the words and the author of what has this reference were erased."""
    return reference.startswith(ERASED)


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept about a person: their chats by channel, their contributions by kind.

    `elsewhere` says that another council holds something too; then only the person can erase.
    """

    person_id: int
    channels: tuple[str, ...]
    kinds: tuple[tuple[str, int], ...]
    elsewhere: bool


async def held_about(tx: Transaction, vault: Vault, council_id: int, wanted: str) -> Held | None:
    """What is kept about whoever has a WhatsApp number, or told what has a reference.

    None if there is nobody, or they had nothing to do with this council.
    """
    person_id = await _person_of(tx, vault, council_id, wanted)
    if person_id is None:
        return None
    person = await tx.row(Person, person_id=person_id)
    rows = await tx.rows(HeldOfPerson, person_id=person_id)
    councils = {row.council_id for row in rows}
    home = person.council_id if person is not None else None
    if council_id not in councils and home != council_id:
        return None
    elsewhere = await tx.row(KnownElsewhere, person_id=person_id, council_id=council_id)
    addresses = await tx.rows(AddressesOf, person_id=person_id)
    return Held(
        person_id,
        tuple(sorted({row.channel for row in addresses})),
        tuple((row.kind, row.n) for row in rows if row.council_id == council_id),
        elsewhere is not None,
    )


async def _person_of(tx: Transaction, vault: Vault, council_id: int, wanted: str) -> int | None:
    number = identity.phone(wanted)
    if number is not None:
        found = await tx.row(PersonOfAddress, channel="whatsapp", address=vault.cover(number))
        return found.person_id if found is not None else None
    named = await tx.row(PersonOfReference, reference=wanted.upper())
    return named.person_id if named is not None and named.council_id == council_id else None


async def export(
    tx: Transaction, vault: Vault, own_data: Sequence[OwnData], person_id: int, at: int
) -> str:
    """Keep a sealed copy of the person's data for a short while. Returns its unguessable name."""
    person = await tx.row(Person, person_id=person_id)
    copy: dict[str, Any] = {"made": local(at).isoformat(timespec="minutes")}
    copy["person"] = _plain(person) if person is not None else {}
    copy["chats"] = [
        {**_plain(row), "address": vault.uncover(row.address)}
        for row in await tx.rows(AddressesOf, person_id=person_id)
    ]
    copy["places"] = [_plain(row) for row in await tx.rows(FollowsOf, person_id=person_id)]
    copy["consents"] = [_plain(row) for row in await tx.rows(ConsentsOf, person_id=person_id)]
    copy["contributions"] = [
        {**_plain(row), "body": msgspec.json.decode(row.body)}
        for row in await tx.rows(AllResponsesOf, person_id=person_id)
    ]
    copy["heard_by_staff"] = [
        {
            "file": row.media,
            "what": row.outcome,
            "answer": msgspec.json.decode(row.answer or "null"),
            "at": when_text(row.at),
        }
        for row in await tx.rows(HeardOfPerson, person_id=person_id)
    ]
    copy["said_to_staff"] = [_plain(row) for row in await tx.rows(EntriesWith, person_id=person_id)]
    for own in own_data:
        if own.copied is not None:
            copy |= await own.copied(tx, vault, person_id)
    copy["unfinished"] = [
        {"flow": row.flow, "answers": _unsealed(row.answers)}
        for row in await tx.rows(ConversationsOf, person_id=person_id)
    ]
    wishes = await tx.row(PreferencesOf, person_id=person_id)
    copy["messages"] = {
        **(_plain(wishes) if wishes is not None else {}),
        "no_messages_from": [_plain(row) for row in await tx.rows(MutesIn, person_id=person_id)],
        "not_invited_to": [_plain(row) for row in await tx.rows(DeclinesOf, person_id=person_id)],
        "themes": [_plain(row) for row in await tx.rows(AllThemesOf, person_id=person_id)],
        "told_of": [_plain(row) for row in await tx.rows(AllTopicsOf, person_id=person_id)],
        "lists": [_plain(row) for row in await tx.rows(MembershipsOf, person_id=person_id)],
        "received": [_plain(row) for row in await tx.rows(PushesOf, person_id=person_id)],
    }
    copy["files"] = [_plain(row) for row in await tx.rows(MediaOf, person_id=person_id)]
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


async def copy_named(tx: Transaction, vault: Vault, name: str) -> str | None:
    """A copy that is still kept, as JSON, by its unguessable name. None if it is not kept any more."""
    row = await tx.row(ExportNamed, name=name)
    if row is None:
        return None
    try:
        return vault.open(row.sealed, f"exports/{name}")
    except Unreadable:
        return None


def _unsealed(answers: str) -> dict[str, Any]:
    """Answers without the sealed ones: they are in the citizen's own head and chat."""
    found = msgspec.json.decode(answers)
    return {
        key: value
        for key, value in found.items()
        if not (isinstance(value, dict) and SEALED in value)
    }


def _plain(row: Record) -> dict[str, Any]:
    return {
        key: when_text(value)
        if (value is not None and key.endswith("_at")) or key == "at"
        else value
        for key, value in msgspec.structs.asdict(row).items()
    }


def when_text(at: int) -> str:
    """A moment as a copy tells it."""
    return local(at).isoformat(timespec="minutes")


async def erase(
    tx: Transaction,
    vault: Vault,
    own_data: Sequence[OwnData],
    person_id: int,
    stays: list[Text] | None = None,
) -> list[str]:
    """Erase the person; counted answers stay, without author, words and files, and count once for an address.

    Returns the names of the media files to remove. What they have to know of what stays is added to `stays`.
    """
    await tx.run("note_erased", person_id=person_id, at=now_ms())
    files = [row.name for row in await tx.rows(MediaOf, person_id=person_id)]
    for made in await tx.rows(DownloadsAbout, person_id=person_id):
        # Staff may have what they said in a file that was made for them: it is made again without.
        if not made.file:
            await tx.run("make_download_again", id=made.id)
        else:
            await tx.run("forget_download", id=made.id)
            files += [f"{DOWNLOADS}/{made.file}", f"{PUBLISHED}/{made.file}"]
    for row in await tx.rows(PapersOf, person_id=person_id):
        files.extend(f"{PUBLISHED}/{paper['name']}" for paper in msgspec.json.decode(row.media))
    for own in own_data:
        if own.files is not None:
            files.extend(await own.files(tx, person_id))
        if own.erasing is not None:
            said = await own.erasing(tx, person_id, now_ms())
            if said is not None and stays is not None:
                stays.append(said)
    await answered.remember(tx, vault, person_id)
    entered = await heard.entries_of_person(tx, person_id)
    # These find what is the person's by the responses, which lose their author next.
    of_kinds = (query for own in own_data for query in own.erased)
    of_responses = (
        "erase_mentions",
        "erase_entries",
        "erase_transcripts",
        "erase_cases",
        "erase_heard",
    )
    for query in (*of_responses, *of_kinds):
        await tx.run(query, person_id=person_id)
    for told in await tx.rows(ResponsesToErase, person_id=person_id):
        kind = kinds()[told.kind]
        # What was heard in the place of a choice is counted, and stays as one.
        body = msgspec.json.decode(told.body)
        if told.id in entered:
            definition = read_raw(msgspec.json.decode(told.definition), kind.definition)
            body = heard.over(body, kind.heard(definition), entered[told.id])
        stripped = kind.stripped(body)
        await tx.run(
            "strip_response",
            id=told.id,
            body=msgspec.json.encode(stripped).decode(),
            # The citizen knows the old reference; it must not lead back to the stripped response.
            # In capitals, as every reference that staff type or follow is looked up.
            reference=f"{ERASED}{secrets.token_hex(8).upper()}",
        )
    for query in (
        "erase_singles",
        "erase_voices",
        "erase_voices_aside",
        "forget_marks",
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
        "erase_topics",
        "erase_memberships",
        "erase_admitted",
        "erase_staff_chat",
        "erase_joined_rows",
        "erase_joins",
        "erase_join_codes",
        "erase_join_tries",
        "erase_addresses",
        "erase_person",
    ):
        await tx.run(query, person_id=person_id)
    return files
