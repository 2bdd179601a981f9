"""Needs that say something like the one being told: offered to its author, who may join one."""

import msgspec

from bot.conversation.context import Context, Values
from bot.core.contact import Conversation
from flows.dialog.answers import Spot
from flows.dialog.dialog import Json
from flows.kinds.cases.similar import ALIKE, similarity
from flows.kinds.cases.told import told
from flows.kinds.kind import Told
from flows.understanding import moderation
from storage.rows.responses import OpenResponses

#: How many of the latest open needs are compared.
COMPARED = 400


async def similar_needs(context: Context, conversation: Conversation, values: Values) -> Json:
    """Open needs of the same theme that say something alike, the most alike first."""
    if conversation.consultation_id is None:
        return []
    rows = await context.tx.rows(
        OpenResponses, consultation_id=conversation.consultation_id, most=COMPARED
    )
    pin = values["pin"]
    latitude, longitude = pin if pin else (None, None)
    spot = Spot(str(values["place"]), latitude, longitude)
    mine = Told(str(values["theme"]), None, spot, str(values.get("text") or ""))
    found = []
    for row in rows:
        other = told(msgspec.json.decode(row.body))
        other_person = row.person_id != context.person.id
        same_area = other.commune == values["commune"]
        if not other_person or not same_area or other.topic != values["theme"]:
            continue
        score = similarity(mine, other)
        if score >= ALIKE:
            # What staff hid is still a need that one can join; none of its words are told.
            hidden = row.hidden is not None
            words = "" if hidden else moderation.excerpt(other.words)
            found.append((score, row.voices, row.reference, words, hidden))
    found.sort(reverse=True)
    return [
        {"reference": reference, "voices": voices, "excerpt": words, "hidden": hidden}
        for _, voices, reference, words, hidden in found[:5]
    ]
