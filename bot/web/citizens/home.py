"""One browser, the people of a home: each has a chat of their own, under a name that they choose.

The names and the keys of the chats stay in a cookie of that browser. To the council they are as many people as
had a browser each: on the open page nobody is known better than that.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from starlette.requests import Request

#: Holds the names and the chats of a home.
HOME = "tachawor_home"

#: People of a home at most, and characters of a name.
MOST = 6
LONGEST_NAME = 20


class Member(NamedTuple):
    """Somebody of a home, and the key of their chat."""

    name: str
    key: str


_decode = msgspec.json.Decoder(list[Member]).decode


def of_home(request: Request) -> list[Member]:
    """Who has a chat in this browser beside the one that is open; nobody where the cookie is none of ours."""
    try:
        found = _decode(base64.urlsafe_b64decode(request.cookies.get(HOME, "")))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return []
    return [Member(one.name[:LONGEST_NAME], one.key) for one in found[:MOST] if one.name]


def kept(members: Sequence[Member]) -> str:
    """The home as the cookie holds it."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(members))).decode()


def with_one_more(members: Sequence[Member], own: Member, name: str, key: str) -> list[Member]:
    """The home with somebody new; whoever sat here first comes in under the name that they had till then."""
    home = list(members) if any(one.key == own.key for one in members) else [*members, own]
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name or len(home) >= MOST:
        return home
    return [*home, Member(name, key)]
