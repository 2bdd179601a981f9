"""What was said in a chat of the page, as the page shows it: ours from the outbox, the citizen's own from the inbox."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bot.channels.port import Arrival, address_of
from bot.core.vault import Vault
from bot.outbox import outgoing as outbox
from bot.outbox.outgoing import restored
from bot.services import Services
from flows.wording import render
from flows.wording.text import msg
from storage.rows.outbox import Transcript

#: Most messages of a transcript.
LONGEST = 60

#: What stands for a file of the citizen's own.
SIGNS = {"photo": "📷", "voice": "🎤"}

_decode = msgspec.json.Decoder(Arrival).decode


async def said_to(services: Services, key: str, after: int) -> list[dict[str, Any]]:
    """What the bot said to the holder of `key` after a message, oldest first.

    `private` is what asks for or repeats what must not stay readable, as long as that step goes on;
    once it is over, only that it was said is shown. `notice` is what came by itself and ends no step;
    `erased` is the last word after an erasure.
    """
    async with services.storage.reading() as tx:
        rows = await outbox.transcript(tx, "web", address_of(key), after, LONGEST)
    said = [_shown(row, services.vault) for row in rows]
    later = (int(m["id"]) for m in said if not (m["private"] or m["notice"]))
    over = max(later, default=0)
    for message in said:
        if message["private"] and int(message["id"]) < over:
            message |= {"text": render(msg("web.private"), message["language"]), "private": False}
    return said


async def with_own(
    services: Services, key: str, said: Sequence[Mapping[str, Any]], language: str
) -> list[Mapping[str, Any]]:
    """What the bot said, and between it what the holder of `key` said themselves.

    What must not stay readable (a card's number, a name on a signature) is named and not shown.
    """
    if not said:
        return []
    address = address_of(key)
    async with services.storage.reading() as tx:
        rows = await outbox.own_messages(tx, "web", address, LONGEST)
    labels = {button["token"]: button["label"] for message in said for button in message["buttons"]}
    first = int(said[0]["id"])
    own = []
    for row in rows:
        text = _own(row.payload, address, labels, language)
        if text and (row.id > first or len(said) < LONGEST):
            own.append({"id": str(row.id), "mine": True, "text": text})
    return sorted([*said, *own], key=lambda message: int(message["id"]))


def _own(payload: str, address: str, labels: Mapping[str, str], language: str) -> str:
    """One's own message as a line, "" for what shows nothing: a link, another chat of the same person."""
    if not payload.startswith("{"):
        return render(msg("web.private"), language)
    arrival = _decode(payload)
    if arrival.address != address:
        return ""
    files = [SIGNS.get(one.kind, "📎") for one in arrival.media]
    pin = ["📍"] if arrival.location else []
    tapped = labels.get(arrival.token or "", "")
    return " ".join(part for part in (*files, *pin, arrival.text or tapped) if part)


def _shown(row: Transcript, vault: Vault) -> dict[str, Any]:
    message = restored(row.intent, vault, row.id)
    return {
        # Ids have more bits than a JavaScript number holds.
        "id": str(row.id),
        "text": message.text,
        "language": message.language,
        "lang": message.tag,
        "private": row.intent.startswith(outbox.SEALED),
        "notice": row.reason not in ("reply", "farewell"),
        "erased": row.reason == "farewell",
        "direction": "rtl" if message.right_to_left else "ltr",
        "wants": list(message.wants),
        "media": [
            {"kind": m.kind, "url": f"/chat/media/{m.path}", "name": m.file_name}
            for m in message.media
        ],
        "buttons": [{"token": b.token, "label": b.full} for b in message.buttons],
    }
