"""Everything that one send or one file will do: what a second person sees, and agrees to.

The digest stands for all of it but the number of people, which may differ by a tenth, and the words as
they are shown, which follow from the rest.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.outreach.agreed import Agreed
from bot.outreach.agreed import stored as kept


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What will be sent or taken.

    `source` is what the words come from (texts, media, the consultation's definition by its digest),
    `when` the moment or the rule, `shown` the words as citizens read them, by language. `day` is the
    local day on which it begins.
    """

    what: str = ""
    code: str = ""
    audience: Mapping[str, Any] = {}
    source: Mapping[str, Any] = {}
    when: Mapping[str, Any] = {}
    template: str = ""
    day: str = ""
    people: int = 0
    shown: Mapping[str, str] = {}


#: For what has nothing but its name.
NOTHING = Plan()

_encode = msgspec.json.Encoder(order="sorted").encode


def digest_of(plan: Plan) -> str:
    """What a yes is bound to."""
    bare = msgspec.structs.replace(plan, people=0, shown={}, day="")
    return hashlib.sha256(_encode(bare)).hexdigest()


def agreed_of(plan: Plan, *, alone: bool) -> str:
    """What is kept with a plan of staff's until it runs."""
    definition = str(plan.source.get("definition", ""))
    return kept(Agreed(definition, plan.people, plan.day, alone))


def stored(plan: Plan) -> str:
    """A plan as the database keeps it."""
    return _encode(plan).decode()


def read(text: str) -> Plan:
    """The same again."""
    return msgspec.json.decode(text, type=Plan)
