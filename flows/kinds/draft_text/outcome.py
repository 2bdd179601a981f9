"""A draft that is closed, opened by somebody who commented it: what became of their own articles."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flows.dialog.definition import shortened
from flows.dialog.dialog import Flow, look_up, say
from flows.dialog.effects import Effect
from flows.dialog.facts import Facts
from flows.kinds import definition_of
from flows.kinds.draft_text.choosing import FEW, one_of
from flows.kinds.draft_text.conversation import AT_ONCE, shown_part
from flows.kinds.draft_text.definition import Article, DraftText, by_key, named
from flows.kinds.draft_text.replies import OUTCOMES
from flows.wording.text import Text, Translated, lines, msg

#: The conversation's name among those of a draft.
NAME: Final = "outcome"


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Tell somebody what the council did with what they said, and how their articles read now."""
    draft = definition_of(facts, DraftText)
    found: Mapping[str, Mapping[str, Any]] = (yield from look_up("own", "draft_text_own")) or {}
    own = [article for key, article in by_key(draft).items() if key in found]
    if not own:
        yield from say(msg("chat.closed", title=Translated(draft.title)))
        return []
    if len(own) > FEW:
        own = [(yield from one_of(own, "which"))]
    told = (_told(article, found[article.key]) for article in own)
    yield from say(lines(msg("draft.own"), *told, gap=1))
    return []


def _told(article: Article, known: Mapping[str, Any]) -> Text:
    """One article: what was said of it, what became of that and why, and how it reads now."""
    outcome = known.get("outcome")
    said = msg("draft.own.said", answer=shown_part(known["part"]))
    groups = [one for one in known.get("groups", ()) if one["outcome"] in OUTCOMES]
    in_groups = (line for one in groups for line in _in_group(one))
    if outcome not in OUTCOMES:
        return lines(named(article), said, *in_groups, None if groups else msg("draft.own.waits"))
    following = known.get("next") or {}
    # Beside the new version stands the old one in the same languages, as far as it can be read at once.
    before = {code: text for code, text in article.text.items() if code in following}
    changed = (
        msg("draft.own.before"),
        shortened(before, AT_ONCE),
        msg("draft.own.now"),
        Translated(following),
    )
    return lines(
        named(article),
        said,
        *in_groups,
        msg("draft.own.article") if groups else None,
        msg(f"draft.own.{outcome}"),
        Translated(known["why"]),
        *(changed if following else ()),
    )


def _in_group(group: Mapping[str, Any]) -> Sequence[Text]:
    """What somebody said together with others, and the council's reply to that."""
    return (
        msg("draft.own.group", text=Translated(group["title"])),
        msg(f"draft.own.{group['outcome']}"),
        Translated(group["why"]),
    )
