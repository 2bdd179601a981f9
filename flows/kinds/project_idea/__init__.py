"""Ideas for projects: what people would have the council do with its money; each is looked at and answered."""

from flows.kinds.kind import Kind, Publicity
from flows.kinds.outline import GATHER
from flows.kinds.project_idea.beginning import gathering
from flows.kinds.project_idea.case import CASE
from flows.kinds.project_idea.conversation import conversation, describe, stripped
from flows.kinds.project_idea.definition import ProjectIdeas, problems
from flows.kinds.project_idea.results import headline, summary
from flows.kinds.project_idea.rows import asked, given, own_words
from flows.wording.text import msg

KIND: Kind[ProjectIdeas] = Kind(
    name="project_idea",
    emoji="💡",
    label=msg("public.kind_project_idea"),
    definition=ProjectIdeas,
    problems=problems,
    conversation=conversation,
    summary=summary,
    headline=headline,
    describe=describe,
    stripped=stripped,
    asked=asked,
    given=given,
    own_words=own_words,
    publicity=Publicity(openly=True, live=True, tables=("states",)),
    single=False,
    decided=False,
    case=CASE,
    begun={GATHER: gathering},
)
