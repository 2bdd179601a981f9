"""Draft texts: a charter or an action plan, commented article by article, in rounds."""

from flows.kinds.draft_text import outcome
from flows.kinds.draft_text.beginning import commenting
from flows.kinds.draft_text.conversation import conversation, describe, stripped
from flows.kinds.draft_text.definition import DraftText, phases, problems
from flows.kinds.draft_text.results import headline
from flows.kinds.draft_text.rows import asked, given, own_words
from flows.kinds.draft_text.stumbling import stumbles
from flows.kinds.draft_text.summary import summary
from flows.kinds.kind import Kind, Publicity
from flows.kinds.outline import COMMENT
from flows.wording.text import msg

KIND: Kind[DraftText] = Kind(
    name="draft_text",
    emoji="📜",
    label=msg("public.kind_draft_text"),
    definition=DraftText,
    problems=problems,
    conversation=conversation,
    summary=summary,
    describe=describe,
    stripped=stripped,
    headline=headline,
    asked=asked,
    given=given,
    own_words=own_words,
    publicity=Publicity(tables=("replies", "groups")),
    single=True,
    phases=phases,
    stumbles=stumbles,
    begun={COMMENT: commenting},
    further={outcome.NAME: outcome.conversation},
    afterwards=outcome.NAME,
    walked={"draft_text_counts": {}},
)
