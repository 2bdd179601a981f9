"""What somebody who commented a draft is told of their own articles, once it is closed."""

from functools import partial
from typing import Any

from flows.conversations.index import conversations
from flows.dialog import replay
from flows.dialog.dialog import Reply
from flows.dialog.facts import Consultation, Facts, Own, Shared
from flows.kinds.draft_text.choosing import FEW
from flows.wording import render
from tests.citizen import plain
from tests.flows.kinds.draft_text.drafts import COUNCIL, article, raw_draft
from tests.flows.statistics.test_participation import ONE


def told(found: Any, *replies: str) -> str:
    """What is said, with storage played by a fixed finding."""
    raw = raw_draft(*(article(f"a{n}") for n in range(1, 6)))
    facts = Facts(Shared(ONE.day, COUNCIL, Consultation(1, "TWN-1", "draft_text", raw)), Own())
    flow = partial(conversations()["draft_text.outcome"], facts)
    turn = replay.run(flow)
    assert turn.wanted is not None
    turn = replay.found(flow, turn.journal, turn.wanted, found)
    for reply in replies:
        turn = replay.run(flow, turn.journal, Reply(text=reply))
    asked = [turn.asked.prompt] if turn.asked is not None else []
    return plain("\n\n".join(render(part, "en") for part in (*(s.text for s in turn.said), *asked)))


def known(stance: str = "change", **more: Any) -> dict[str, Any]:
    return {"part": {"stance": stance}, **more}


def test_each_own_article_with_its_reply_and_the_next_version() -> None:
    """The old version stands beside the new one; an article without a reply says so."""
    said = told(
        {
            "a1": known(outcome="partly", why={"en": "The law."}, next={"en": "Text 1, new."}),
            "a3": known("agree"),
        }
    )
    assert (
        "Article 1 · Title 1\nYour opinion: Change it\n➗ The council took it up in part.\nThe law.\n"
        "It read:\nText 1.\nIt reads now:\nText 1, new." in said
    )
    assert "Article 3 · Title 3\nYour opinion: I agree\nThe council has not replied" in said
    assert "Article 2" not in said


def test_of_more_than_a_few_one_is_chosen() -> None:
    many = {f"a{n}": known(outcome="not", why={"en": f"Reason {n}."}) for n in range(1, FEW + 2)}
    assert "Which article?" in told(many)
    said = told(many, "article 4")
    assert "Reason 4." in said
    assert "Reason 1." not in said
    assert "It reads now" not in said


def test_who_said_nothing_is_told_that_it_is_closed() -> None:
    assert "“Charter” is closed" in told({})
    assert "“Charter” is closed" in told(None)


def test_what_was_said_with_others_is_told_with_the_reply_to_the_group() -> None:
    """Also where the article as a whole has no reply; a group without one is not named."""
    group = {"title": {"en": "Ten days"}, "outcome": "taken", "why": {"en": "Yes."}}
    waits = {"title": {"en": "Never"}, "outcome": "", "why": {}}
    said = told({"a1": known(groups=[group, waits])})
    assert "You and others said: “Ten days”\n✅ The council took it up.\nYes." in said
    assert "has not replied" not in said
    assert "Never" not in said
    said = told({"a1": known(groups=[group], outcome="not", why={"en": "The law."})})
    assert "Yes.\nOn the article as a whole:\n❌ The council did not take it up.\nThe law." in said
