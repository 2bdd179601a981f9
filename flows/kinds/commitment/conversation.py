"""A citizen reads how a commitment stands, and says what they see of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flows.dialog.answers import Words, optional
from flows.dialog.choices import Choice
from flows.dialog.definition import introduce
from flows.dialog.dialog import Flow, Json, Option, ask, json_of, look_up, say
from flows.dialog.effects import Effect, Respond
from flows.dialog.facts import Facts
from flows.kinds import definition_of
from flows.kinds.commitment.definition import Commitment
from flows.kinds.commitment.shown import about
from flows.kinds.commitment.states import standing_in
from flows.wording.text import Text, Translated, msg

#: What a preview finds, which has no storage.
WALKED: Final[Json] = {}

#: What somebody sees of it, with its sign.
SEEN: Mapping[str, str] = {"done": "✅", "partly": "🚧", "nothing": "✖️", "unknown": "🤷"}


def seen_label(id: str) -> Text:
    """What somebody sees of it, in words."""
    return msg(f"commitment.seen.{id}")


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """How it stands, what one sees of it, and a word or a photo more."""
    commitment = definition_of(facts, Commitment)
    yield from introduce(commitment)
    standing = standing_in((yield from look_up("standing", "commitment_standing")))
    yield from say(about(commitment, standing, facts.today))
    options = tuple(Option(id, seen_label(id), sign) for id, sign in SEEN.items())
    seen = yield from ask("seen", Choice(options), msg("commitment.what_do_you_see"))
    media = frozenset({"photo", "voice"})
    said = yield from ask("words", optional(Words(media=media)), msg("commitment.words"))
    body = {"seen": seen, "said": {"words": None if said is None else json_of(said)}}
    return [Respond(body, msg("commitment.thanks"), single=True, changed=msg("commitment.changed"))]


def describe(commitment: Commitment, body: Mapping[str, Any]) -> Text:
    """One line about a response."""
    return Translated(commitment.title)


def stripped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was seen, without words, voices and photos."""
    said = body.get("said", {}).get("words")
    return {**body, "said": {"words": said and {"text": "", "media": []}}}
