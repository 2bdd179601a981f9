"""Needs: what is missing or broken, where, in the citizen's own words, voice or photo."""

from flows.kinds.kind import Kind, Publicity
from flows.kinds.need.case import CASE
from flows.kinds.need.conversation import Needs, conversation, describe, problems, stripped
from flows.kinds.need.results import headline, summary
from flows.kinds.need.rows import asked, compared, given, own_words
from flows.wording.text import msg

KIND: Kind[Needs] = Kind(
    name="need",
    emoji="📣",
    label=msg("public.kind_need"),
    definition=Needs,
    problems=problems,
    conversation=conversation,
    summary=summary,
    describe=describe,
    stripped=stripped,
    headline=headline,
    asked=asked,
    given=given,
    own_words=own_words,
    compared=compared,
    publicity=Publicity(openly=True, live=True, tables=("themes", "states")),
    single=False,
    decided=False,
    voiced=True,
    walked={"similar_needs": []},
    case=CASE,
)
