"""A reply in doubt: nothing is decided until the citizen says which reading is meant."""

from dataclasses import dataclass

import pytest

from flows.dialog import replay
from flows.dialog.answers import Words, optional
from flows.dialog.asked_back import OTHER, AskedBack
from flows.dialog.choices import Choice
from flows.dialog.dialog import Answer, Attachment, Candidate, Flow, Option, Reply, Unsure, ask
from flows.dialog.replay import Journal, Turn
from flows.dialog.several import DONE, Several
from flows.wording.text import Verbatim, msg

WATER, ROADS = Option("water", Verbatim("Eau")), Option("roads", Verbatim("Routes"))
CANDIDATES = (
    Candidate(Verbatim("Eau"), Reply(tap="water")),
    Candidate(Verbatim("Routes"), Reply(tap="roads")),
)


@dataclass(frozen=True, slots=True)
class Doubtful(Choice):
    """A choice that is in doubt about "wet" between both, and about "damp" only of water."""

    def read(self, reply: Reply):
        """The choice, or the doubt."""
        if reply.text in ("wet", "damp"):
            return Unsure(CANDIDATES if reply.text == "wet" else CANDIDATES[:1])
        return Choice.read(self, reply)

    def resumed(self, draft: object) -> "Doubtful":
        """No pages here."""
        return self


def flow(answer: Answer[object] = Doubtful((WATER, ROADS))) -> Flow[object]:
    """One question in doubt, then another."""
    chosen = yield from ask("theme", answer, msg("need.theme"))
    words = yield from ask("words", Words(), msg("need.words"))
    return (chosen, words)


def after(*replies: Reply, flow: object = flow) -> Turn[object]:
    """Where the conversation stands after these replies."""
    turn: Turn[object] = replay.run(flow)
    for reply in replies:
        turn = replay.run(flow, turn.journal, reply)
    return turn


def offered(turn: Turn[object]) -> list[str]:
    """The ids of what is offered."""
    assert turn.asked is not None
    return [option.id for option in turn.asked.answer.options]


def test_a_reply_in_doubt_is_asked_back_and_decides_nothing() -> None:
    turn = after(Reply(text="wet"))
    assert turn.asked is not None
    assert turn.asked.key == "theme"
    assert turn.asked.prompt == msg("chat.did_you_mean")
    assert offered(turn) == ["~maybe:water", "~maybe:roads", OTHER]
    assert turn.trouble is None
    assert turn.consumed == ()


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        (Reply(tap="~maybe:roads"), "roads"),
        (Reply(text="2"), "roads"),
        (Reply(text="routes"), "roads"),
        (Reply(text="1"), "water"),
        (Reply(tap="roads"), "roads"),
    ],
)
def test_one_tap_number_or_word_settles_it(said: Reply, chosen: str) -> None:
    turn = after(Reply(text="wet"), said)
    assert turn.asked is not None
    assert turn.asked.key == "words"
    assert turn.journal.answers == {"theme": chosen}


@pytest.mark.parametrize("said", [Reply(tap=OTHER), Reply(text="3"), Reply(text="non")])
def test_none_of_these_asks_the_question_itself_again_without_a_reproach(said: Reply) -> None:
    turn = after(Reply(text="wet"), said)
    assert offered(turn) == ["water", "roads"]
    assert turn.trouble is None
    assert turn.journal.answers == {}


def test_yes_means_the_only_candidate_and_of_two_it_means_nothing() -> None:
    assert after(Reply(text="damp"), Reply(text="oui")).journal.answers == {"theme": "water"}
    turn = after(Reply(text="wet"), Reply(text="oui"))
    assert turn.trouble is not None
    assert "theme" not in turn.consumed


def test_an_old_button_of_another_doubt_does_not_answer_this_one() -> None:
    turn = after(Reply(text="damp"), Reply(tap="~maybe:roads"))
    assert turn.consumed == ()


def test_the_doubt_survives_a_restart() -> None:
    stored = after(Reply(text="wet")).journal
    again = replay.run(flow, Journal(dict(stored.answers), stored.awaited))
    assert offered(again) == ["~maybe:water", "~maybe:roads", OTHER]


def test_a_doubt_that_a_release_has_settled_is_the_plain_question_again() -> None:
    stored = after(Reply(text="wet")).journal

    def newer() -> Flow[object]:
        return flow(Choice((WATER, ROADS)))

    assert offered(replay.run(newer, stored)) == ["water", "roads"]


def test_a_doubt_whose_reply_a_release_understands_is_the_plain_question_again() -> None:
    """It was asked which is meant; nothing is decided without that."""
    stored = after(Reply(text="damp")).journal
    damp = Option("damp", Verbatim("damp"))

    def newer() -> Flow[object]:
        return flow(Choice((WATER, ROADS, damp)))

    turn = replay.run(newer, stored)
    assert offered(turn) == ["water", "roads", "damp"]
    assert turn.consumed == ()


def test_the_picture_of_a_question_is_not_sent_again_with_the_doubt() -> None:
    plan = Attachment("image", {"": "plan"})

    def illustrated() -> Flow[object]:
        return ask("theme", Doubtful((WATER, ROADS)), msg("need.theme"), attachments=(plan,))

    first = replay.run(illustrated).asked
    doubted = after(Reply(text="wet"), flow=illustrated).asked
    assert first is not None
    assert doubted is not None
    assert (first.attachments, doubted.attachments) == ((plan,), ())


def test_back_leaves_the_doubt_first() -> None:
    turn = replay.back(flow, after(Reply(text="wet")).journal)
    assert offered(turn) == ["water", "roads"]
    assert turn.journal.answers == {}


def test_what_was_ticked_before_the_doubt_stays_ticked() -> None:
    @dataclass(frozen=True, slots=True)
    class Ticks(Several):
        def read(self, reply: Reply):
            if reply.text == "wet":
                return Unsure(CANDIDATES)
            return Several.read(self, reply)

    green = Option("green", Verbatim("Espaces verts"))

    def several() -> Flow[object]:
        return flow(Ticks((WATER, ROADS, green)))

    doubted = after(Reply(tap="green"), Reply(text="wet"), flow=several)
    assert offered(doubted)[0] == "~maybe:water"
    turn = replay.run(several, doubted.journal, Reply(tap=OTHER))
    assert "~un:green" in offered(turn)
    again = replay.run(several, turn.journal, Reply(tap=DONE))
    assert again.journal.answers["theme"] == ["green"]
    turn = replay.run(several, doubted.journal, Reply(tap="~maybe:water"))
    assert {"~un:green", "~un:water"} <= set(offered(turn))


def test_a_question_that_may_be_skipped_may_be_so_in_doubt() -> None:
    def skippable() -> Flow[object]:
        return flow(optional(Doubtful((WATER, ROADS))))

    turn = after(Reply(text="wet"), flow=skippable)
    assert turn.asked is not None
    assert isinstance(turn.asked.answer, AskedBack)
    assert turn.asked.answer.optional
    turn = replay.run(skippable, turn.journal, Reply(skip=True))
    assert turn.consumed == ("theme",)


@pytest.mark.parametrize(("readings", "shown"), [(2, 2), (3, 3), (4, 3)])
def test_at_most_three_readings_are_asked_back_the_likeliest_first(
    readings: int, shown: int
) -> None:
    """Four would fill the screen of a small phone."""
    options = tuple(Option(f"o{n}", Verbatim(f"Eau {n}")) for n in range(5))

    def crowded() -> Flow[object]:
        return ask("theme", _Crowded(options, readings=readings), msg("need.theme"))

    turn = after(Reply(text="wet"), flow=crowded)
    assert offered(turn) == [*(f"~maybe:o{n}" for n in range(shown)), OTHER]
    assert offered(replay.run(crowded, turn.journal)) == offered(turn)


@dataclass(frozen=True, slots=True)
class _Crowded(Choice):
    """A choice that is in doubt between its first few options."""

    readings: int = 2

    def read(self, reply: Reply):
        """The doubt."""
        return Unsure(
            tuple(Candidate(o.label, Reply(tap=o.id)) for o in self.every[: self.readings])
        )
