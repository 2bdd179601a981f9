"""Commitments: what the council promised, by when, how it stands, and what citizens see of it."""

from flows.kinds.commitment.beginning import promised
from flows.kinds.commitment.conversation import WALKED, conversation, describe, stripped
from flows.kinds.commitment.definition import Commitment, problems
from flows.kinds.commitment.results import asked, given, headline, own_words, summary
from flows.kinds.kind import Kind, Publicity
from flows.kinds.outline import FOLLOW
from flows.wording.text import msg

KIND: Kind[Commitment] = Kind(
    name="commitment",
    emoji="🤝",
    label=msg("public.kind_commitment"),
    definition=Commitment,
    problems=problems,
    conversation=conversation,
    summary=summary,
    headline=headline,
    describe=describe,
    stripped=stripped,
    asked=asked,
    given=given,
    own_words=own_words,
    publicity=Publicity(tables=("seen", "rated")),
    single=True,
    decided=False,
    begun={FOLLOW: promised},
    walked={"commitment_standing": WALKED},
)
