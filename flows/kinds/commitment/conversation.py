"""A citizen reads how a commitment stands, says what they see of it or how it was done, and follows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flows.dialog.answers import Said, Words, optional
from flows.dialog.choices import Choice
from flows.dialog.definition import introduce
from flows.dialog.dialog import Flow, Json, Media, Option, ask, json_of, look_up, say
from flows.dialog.effects import Effect, FollowTopics, Respond
from flows.dialog.facts import Facts
from flows.kinds import definition_of
from flows.kinds.commitment import following
from flows.kinds.commitment.definition import Commitment
from flows.kinds.commitment.shown import about, shown_photos
from flows.kinds.commitment.states import standing_in
from flows.wording.text import Text, Translated, msg

#: What a preview finds, which has no storage.
WALKED: Final[Json] = {}

#: What somebody sees of it, with its sign.
SEEN: Mapping[str, str] = {"done": "✅", "partly": "🚧", "nothing": "✖️", "unknown": "🤷"}

#: What somebody says of it once the council says that it is done, with its sign.
RATED: Mapping[str, str] = {"well": "👍", "poorly": "😐", "not_done": "✖️", "unknown": "🤷"}

FOLLOW, UNFOLLOW = "follow", "unfollow"


@dataclass(frozen=True, slots=True)
class Doubt(Effect):
    """It is not done, whatever the council says: staff look at these photos.

    Without photos: whoever said so before says it no longer.
    """

    photos: tuple[Media, ...]


def seen_label(id: str) -> Text:
    """What somebody sees of it, in words."""
    return msg(f"commitment.seen.{id}")


def rated_label(id: str) -> Text:
    """How somebody finds what was done, in words."""
    return msg("commitment.seen.unknown") if id == "unknown" else msg(f"commitment.rated.{id}")


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """How it stands, what one sees or thinks of it, and a word or a photo more; or to be told of changes."""
    commitment = definition_of(facts, Commitment)
    yield from introduce(commitment)
    standing = standing_in((yield from look_up("standing", "commitment_standing")))
    yield from say(about(commitment, standing, facts.today))
    yield from shown_photos(standing)
    last = (
        Option(UNFOLLOW, msg("commitment.unfollow"), "🔕")
        if standing.follows
        else Option(FOLLOW, msg("commitment.follow"), "🔔")
    )
    done = standing.state == "done"
    if done:
        options = [Option(id, rated_label(id), sign) for id, sign in RATED.items()]
        chosen = yield from ask("rated", Choice((*options, last)), msg("commitment.how_is_it"))
    else:
        options = [Option(id, seen_label(id), sign) for id, sign in SEEN.items()]
        chosen = yield from ask("seen", Choice((*options, last)), msg("commitment.what_do_you_see"))
    match chosen:
        case "follow":
            return (yield from _follow(commitment, facts))
        case "unfollow":
            return [FollowTopics(standing.follows, False, msg("commitment.unfollowed"))]
    media = frozenset({"photo", "voice"})
    question = msg("commitment.not_done" if chosen == "not_done" else "commitment.words")
    said = yield from ask("words", optional(Words(media=media)), question)
    if said is not None and not said.text and all(one.kind == "photo" for one in said.media):
        # Who sends a photo often writes in a message of its own what it shows.
        beside = optional(Words(media=frozenset({"voice"})))
        more = yield from ask("photo_words", beside, msg("commitment.photo_words"))
        said = said if more is None else Said(more.text, (*said.media, *more.media))
    before = facts.own.previous.body if facts.own.previous is not None else {}
    body = {
        **before,
        "rated" if done else "seen": chosen,
        "said": {"words": None if said is None else json_of(said)},
    }
    photos = () if said is None else tuple(one for one in said.media if one.kind == "photo")
    respond = Respond(
        body, msg("commitment.thanks"), single=True, changed=msg("commitment.changed")
    )
    return [respond, Doubt(photos if chosen == "not_done" else ())] if done else [respond]


def _follow(commitment: Commitment, facts: Facts) -> Flow[Sequence[Effect]]:
    offered = following.choices(commitment, facts.council)
    chosen = "one"
    if len(offered) > 1:
        options = tuple(Option(id, name, sign) for id, (name, sign) in offered.items())
        chosen = yield from ask("follow", Choice(options), msg("commitment.follow_what"))
    return [FollowTopics((following.topic(commitment, chosen),), True, msg("commitment.followed"))]


def describe(commitment: Commitment, body: Mapping[str, Any]) -> Text:
    """One line about a response."""
    return Translated(commitment.title)


def stripped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was seen, without words, voices and photos."""
    said = body.get("said", {}).get("words")
    return {**body, "said": {"words": said and {"text": "", "media": []}}}
