"""Polls: questions with choices, ratings, rankings, numbers, dates and open answers."""

from flows.kinds.kind import Kind, Publicity
from flows.kinds.outline import PROPOSE, RATE
from flows.kinds.poll.beginning import proposing, rating
from flows.kinds.poll.conversation import Poll, conversation, describe, problems, stripped
from flows.kinds.poll.results import headline, summary
from flows.kinds.poll.rows import asked, given, own_words, spoken, weighed
from flows.kinds.poll.writing.conversation import conversation as written
from flows.wording.text import msg

KIND: Kind[Poll] = Kind(
    name="poll",
    emoji="🗳️",
    label=msg("public.kind_poll"),
    definition=Poll,
    problems=problems,
    conversation=conversation,
    summary=summary,
    describe=describe,
    stripped=stripped,
    headline=headline,
    asked=asked,
    given=given,
    own_words=own_words,
    spoken=spoken,
    publicity=Publicity(),
    single=True,
    weighed=weighed,
    begun={PROPOSE: proposing, RATE: rating},
    apart={"new_poll": written},
    offers=(("new_poll", "menu.new_poll", "➕"),),
)
