"""The engine: every rule of keyed replay has a test that fails without it."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.dialog import replay
from flows.dialog.answers import BARE, Said, Words, optional
from flows.dialog.choices import Choice, YesNo
from flows.dialog.dialog import Answer, Flow, Media, Option, Reply, ask, do, look_up, say, scoped
from flows.dialog.ratings import Ranking
from flows.dialog.replay import DuplicateKey, Journal, run
from flows.dialog.review import Review
from flows.dialog.several import DONE, UNTICK, Several
from flows.wording.text import Verbatim, msg


def options(*ids: str) -> tuple[Option, ...]:
    return tuple(Option(id, Verbatim(id)) for id in ids)


FRUIT = Choice(options("apple", "banana", "cherry"))


def text(words: str) -> Reply:
    return Reply(text=words)


def through_json(journal: Journal) -> Journal:
    """What storage does between two messages, a restart or a move to another machine."""
    return msgspec.convert(msgspec.json.decode(msgspec.json.encode(journal)), Journal)


def converse(flow, *replies: Reply) -> replay.Turn:
    """Give the replies one after the other, each after a trip through storage."""
    turn = run(flow)
    for reply in replies:
        turn = run(flow, through_json(turn.journal), reply)
    return turn


def shopping() -> Flow[tuple[str, str]]:
    yield from say(Verbatim("welcome"))
    fruit = yield from ask("fruit", FRUIT, Verbatim("which fruit?"))
    yield from say(Verbatim(f"noted {fruit}"))
    words = yield from ask("why", Words(), Verbatim("why?"))
    yield from say(Verbatim("thanks"))
    return fruit, words.text


def test_the_answers_carry_the_flow_to_the_first_question_without_one() -> None:
    turn = converse(shopping, text("banana"))
    assert turn.asked is not None
    assert (turn.asked.key, turn.journal.answers) == ("why", {"fruit": "banana"})


def test_a_flow_ends_with_its_result_and_awaits_nothing() -> None:
    turn = converse(shopping, text("banana"), text("it is sweet"))
    assert turn.finished
    assert turn.result == ("banana", "it is sweet")
    assert turn.journal.awaited is None


def test_only_what_was_said_since_the_last_answer_is_sent() -> None:
    assert [s.text for s in run(shopping).said] == [Verbatim("welcome")]
    assert [s.text for s in converse(shopping, text("1")).said] == [Verbatim("noted apple")]


def test_an_answer_not_understood_is_asked_again_and_says_what_would_work() -> None:
    turn = converse(shopping, text("a bicycle"))
    assert turn.asked is not None
    assert turn.asked.key == "fruit"
    assert turn.trouble == msg("trouble.choice", last=3)
    assert turn.journal.answers == {}


def test_a_question_inserted_by_a_release_does_not_take_the_reply_to_another() -> None:
    def newer() -> Flow[tuple[str, str, str]]:
        fruit = yield from ask("fruit", FRUIT, Verbatim("which fruit?"))
        place = yield from ask("place", Words(), Verbatim("where?"))
        words = yield from ask("why", Words(), Verbatim("why?"))
        return fruit, place.text, words.text

    before = converse(shopping, text("banana"))
    turn = run(newer, through_json(before.journal), text("because I like it"))
    assert turn.asked is not None
    assert turn.asked.key == "place"
    turn = run(newer, through_json(turn.journal), text("Agdz"))
    assert turn.result == ("banana", "Agdz", "because I like it")


def test_a_question_removed_by_a_release_loses_nothing_and_reaches_nothing() -> None:
    def newer() -> Flow[str]:
        fruit = yield from ask("fruit", FRUIT, Verbatim("which fruit?"))
        yield from ask("when", Words(), Verbatim("when?"))
        return fruit

    before = converse(shopping, text("banana"))
    turn = run(newer, through_json(before.journal), text("because"))
    assert turn.asked is not None
    assert turn.asked.key == "when"
    assert not turn.taken
    assert turn.journal.answers["why"] == {replay.UNREAD: {"text": "because"}}
    assert turn.consumed == ("fruit",)


def test_questions_put_in_another_order_keep_their_answers() -> None:
    def newer() -> Flow[tuple[str, str]]:
        words = yield from ask("why", Words(), Verbatim("why?"))
        fruit = yield from ask("fruit", FRUIT, Verbatim("which fruit?"))
        return fruit, words.text

    before = converse(shopping, text("banana"))
    turn = run(newer, through_json(before.journal), text("because"))
    assert turn.result == ("banana", "because")


def test_a_choice_that_vanished_is_asked_again() -> None:
    def newer() -> Flow[tuple[str, str]]:
        fruit = yield from ask("fruit", Choice(options("apple", "date")), Verbatim("which?"))
        words = yield from ask("why", Words(), Verbatim("why?"))
        return fruit, words.text

    before = converse(shopping, text("banana"))
    turn = run(newer, through_json(before.journal), text("because"))
    assert turn.asked is not None
    assert turn.asked.key == "fruit"
    turn = run(newer, through_json(turn.journal), text("date"))
    assert turn.result == ("date", "because")


def branching() -> Flow[list[str]]:
    kind = yield from ask("kind", Choice(options("water", "road")), Verbatim("about?"))
    if kind == "water":
        inner = yield from ask("hours", Words(), Verbatim("how long?"))
    else:
        inner = yield from ask("hole", Words(), Verbatim("how deep?"))
    end = yield from ask("end", Words(), Verbatim("more?"))
    return [kind, inner.text, end.text]


def test_back_drops_the_last_consumed_answer() -> None:
    turn = converse(branching, text("water"), text("two days"))
    back = replay.back(branching, turn.journal)
    assert back.asked is not None
    assert back.asked.key == "hours"
    assert "hours" not in back.journal.answers


def test_back_over_a_branch_leaves_nothing_of_it_in_the_result() -> None:
    turn = converse(branching, text("water"), text("two days"))
    turn = replay.back(branching, turn.journal)
    turn = replay.back(branching, turn.journal)
    for reply in ("road", "very deep", "no more"):
        turn = run(branching, through_json(turn.journal), text(reply))
    assert turn.result == ["road", "very deep", "no more"]


def test_back_at_the_first_question_asks_it_again() -> None:
    back = replay.back(branching, run(branching).journal)
    assert back.asked is not None
    assert back.asked.key == "kind"


def test_correcting_one_answer_keeps_the_others() -> None:
    turn = converse(branching, text("water"), text("two days"))
    turn = replay.correct(branching, turn.journal, "kind")
    assert turn.asked is not None
    assert turn.asked.key == "kind"
    turn = run(branching, through_json(turn.journal), text("water"))
    assert turn.asked is not None
    assert turn.asked.key == "end"


def test_only_consumed_answers_reach_the_result_after_a_branch_is_left() -> None:
    turn = converse(branching, text("water"), text("two days"))
    turn = replay.correct(branching, turn.journal, "kind")
    turn = run(branching, through_json(turn.journal), text("road"))
    assert turn.consumed == ("kind",)
    assert "hours" in turn.journal.answers


def reviewed() -> Flow[tuple[str, str]]:
    fruit = yield from ask("fruit", FRUIT, Verbatim("which?"))
    words = yield from ask("why", Words(), Verbatim("why?"))
    yield from ask(
        "send",
        Review(options("send"), ((Verbatim("Fruit"), "fruit"), (Verbatim("Why"), "why"))),
        Verbatim("right?"),
    )
    return fruit, words.text


def test_at_a_review_any_answer_can_be_corrected_and_the_review_comes_back() -> None:
    turn = converse(reviewed, text("apple"), text("sweet"), Reply(tap="~correct:"))
    assert turn.asked is not None
    assert [option.id for option in turn.asked.answer.options] == [
        "~correct:fruit",
        "~correct:why",
        "~back",
    ]
    turn = run(reviewed, through_json(turn.journal), text("1"))
    assert turn.asked is not None
    assert turn.asked.key == "fruit"
    turn = run(reviewed, through_json(turn.journal), text("cherry"))
    assert turn.asked is not None
    assert turn.asked.key == "send"
    turn = run(reviewed, through_json(turn.journal), Reply(tap="send"))
    assert turn.result == ("cherry", "sweet")


def test_back_leaves_a_correction_that_nothing_was_kept_of_for_the_question_before() -> None:
    """Nothing of "apple" stays half answered, so that the first "back" already goes back."""
    turn = converse(reviewed, text("apple"), text("sweet"), Reply(tap="~correct:"), text("2"))
    assert turn.journal == Journal({"fruit": "apple"}, "why")
    turn = replay.back(reviewed, through_json(turn.journal))
    assert turn.asked is not None
    assert turn.asked.key == "fruit"


def test_an_answer_that_was_skipped_can_be_corrected_and_is_asked_as_if_never_seen() -> None:
    def skippable() -> Flow[tuple[str | None, str]]:
        words = yield from ask("why", optional(Words()), Verbatim("why?"))
        fruit = yield from ask("fruit", FRUIT, Verbatim("which?"))
        corrections = ((Verbatim("Why"), "why"), (Verbatim("Fruit"), "fruit"))
        yield from ask("send", Review(options("send"), corrections), Verbatim("right?"))
        return (words.text if words is not None else None), fruit

    turn = converse(skippable, Reply(skip=True), text("apple"), Reply(tap="~correct:"), text("1"))
    assert turn.asked is not None
    assert (turn.asked.key, turn.asked.answer.optional) == ("why", True)
    assert turn.journal.answers == {"fruit": "apple"}
    turn = run(skippable, through_json(turn.journal), text("sweet"))
    assert run(skippable, turn.journal, Reply(tap="send")).result == ("sweet", "apple")


@pytest.mark.parametrize(
    "answer", [Words(frozenset({"photo"})), optional(Words(frozenset({"photo"})))]
)
def test_whoever_corrects_the_words_keeps_the_photo(answer: Answer[Said | None]) -> None:
    def told() -> Flow[Said | None]:
        said = yield from ask("what", answer, Verbatim("what?"))
        review = Review(options("send"), ((Verbatim("What"), "what"),))
        yield from ask("send", review, Verbatim("right?"))
        return said

    photo = Media("photo", "1", "image/jpeg", 5)
    turn = converse(told, Reply(text="a hole", media=(photo,)), Reply(tap="~correct:"))
    assert turn.asked is not None
    assert BARE in [option.id for option in turn.asked.answer.options]
    turn = run(told, through_json(turn.journal), text("a deep hole"))
    assert run(told, turn.journal, Reply(tap="send")).result == Said("a deep hole", (photo,))


def test_the_same_tap_twice_changes_nothing() -> None:
    turn = converse(shopping, Reply(tap="banana"))
    again = replay.replace(shopping, turn.journal, "fruit", Reply(tap="banana"))
    assert again.journal == turn.journal


def test_a_tap_on_an_old_button_corrects_that_answer_and_keeps_the_place() -> None:
    turn = converse(shopping, Reply(tap="banana"))
    changed = replay.replace(shopping, turn.journal, "fruit", Reply(tap="cherry"))
    assert changed.journal == Journal({"fruit": "cherry"}, "why")


def test_two_questions_under_one_key_are_a_bug_that_is_named() -> None:
    def twice() -> Flow[None]:
        yield from ask("same", YesNo(), Verbatim("one?"))
        yield from ask("same", YesNo(), Verbatim("two?"))

    with pytest.raises(DuplicateKey, match="'same'"):
        converse(twice, text("yes"))


def test_scopes_keep_the_same_part_apart() -> None:
    def part() -> Flow[str]:
        words = yield from ask("name", Words(), Verbatim("name?"))
        return words.text

    def both() -> Flow[list[str]]:
        one = yield from scoped("one", part())
        two = yield from scoped("two", part())
        return [one, two]

    turn = converse(both, text("Amina"), text("Brahim"))
    assert turn.result == ["Amina", "Brahim"]
    assert set(turn.consumed) == {"one.name", "two.name"}


def looking() -> Flow[int]:
    words = yield from ask("words", Words(), Verbatim("what?"))
    count = yield from look_up("similar", "similar_needs", text=words.text)
    yield from say(Verbatim(f"{count} others"))
    yield from ask("go", YesNo(), Verbatim("go on?"))
    return int(count)


def test_a_look_up_is_done_once_and_done_again_when_what_it_asks_for_changed() -> None:
    turn = converse(looking, text("water"))
    assert turn.wanted is not None
    turn = replay.found(looking, through_json(turn.journal), turn.wanted, 12)
    assert [s.text for s in turn.said] == [Verbatim("12 others")]
    assert run(looking, through_json(turn.journal)).wanted is None
    turn = replay.correct(looking, turn.journal, "words")
    turn = run(looking, through_json(turn.journal), text("roads"))
    assert turn.wanted is not None
    assert turn.wanted.request.values == {"text": "roads"}


def test_an_immediate_effect_belongs_to_the_stretch_it_was_said_in() -> None:
    def flow() -> Flow[None]:
        yield from ask("a", YesNo(), Verbatim("a?"))
        yield from do("set")
        yield from ask("b", YesNo(), Verbatim("b?"))

    assert converse(flow, text("yes")).doing == ("set",)
    assert converse(flow, text("yes"), text("no")).doing == ()


def test_a_question_that_may_be_skipped_can_be_and_another_cannot() -> None:
    def flow() -> Flow[tuple[object, bool]]:
        maybe = yield from ask("maybe", optional(Words()), Verbatim("maybe?"))
        must = yield from ask("must", YesNo(), Verbatim("must?"))
        return maybe, must

    turn = converse(flow, Reply(skip=True), Reply(skip=True))
    assert turn.asked is not None
    assert turn.asked.key == "must"
    assert turn.trouble is not None
    turn = run(flow, turn.journal, text("no"))
    assert turn.result == (None, False)


def picking() -> Flow[tuple[str, ...]]:
    return (yield from ask("pick", Several(options("a", "b", "c"), 1, 2), Verbatim("which?")))


def test_several_can_be_ticked_one_by_one_and_ended() -> None:
    turn = converse(picking, Reply(tap="c"))
    assert turn.asked is not None
    assert [o.id for o in turn.asked.answer.options] == ["a", "b", f"{UNTICK}c", DONE]
    turn = run(picking, through_json(turn.journal), Reply(tap=DONE))
    assert turn.result == ("c",)


def test_a_double_tap_on_a_tick_is_one_tick() -> None:
    turn = converse(picking, Reply(tap="c"), Reply(tap="c"))
    assert turn.journal.answers == {"pick": {replay.DRAFT: ["c"]}}
    turn = run(picking, turn.journal, Reply(tap=f"{UNTICK}c"))
    assert turn.journal.answers == {"pick": {replay.DRAFT: []}}


def test_several_can_be_typed_at_once_and_the_limit_is_told() -> None:
    assert converse(picking, text("1 و 3")).result == ("a", "c")
    assert converse(picking, text("1, 2, 3")).trouble == msg("trouble.too_many", count=2)


def test_a_ranking_is_tapped_in_order_or_typed_at_once() -> None:
    def flow() -> Flow[tuple[str, ...]]:
        return (yield from ask("rank", Ranking(options("a", "b", "c")), Verbatim("order?")))

    assert converse(flow, Reply(tap="b"), Reply(tap="c")).result == ("b", "c", "a")
    assert converse(flow, text("٣ ١ ٢")).result == ("c", "a", "b")
    assert converse(flow, text("2"), text("1")).result == ("b", "a", "c")


def test_more_than_seven_choices_come_in_pages_and_every_number_works_on_each() -> None:
    many = Choice(options(*(f"place {n}" for n in range(20))))

    def flow() -> Flow[str]:
        return (yield from ask("place", many, Verbatim("where?")))

    turn = converse(flow, Reply(tap="~more"))
    assert turn.asked is not None
    assert [o.id for o in turn.asked.answer.options] == [
        *(f"place {n}" for n in range(7, 14)),
        "~more",
    ]
    assert run(flow, turn.journal, text("2")).result == "place 1"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["water", "road", "back", "deep", "x" * 3000, "", "2"]), max_size=12)
)
def test_whatever_is_said_in_whatever_order_the_journal_survives_storage(said: list[str]) -> None:
    turn = run(branching)
    for word in said:
        journal = through_json(turn.journal)
        assert journal == turn.journal
        turn = (
            replay.back(branching, journal)
            if word == "back"
            else run(branching, journal, text(word))
        )
        if turn.finished:
            break
    assert turn.finished != (turn.asked is not None)


def test_back_at_a_first_question_that_is_half_answered_leaves_the_ticks() -> None:
    turn = replay.back(picking, converse(picking, Reply(tap="c")).journal)
    assert turn.journal == Journal({}, "pick")


def test_a_reply_that_was_understood_is_told_from_one_that_was_not() -> None:
    """The channel stops its clock on the first, and counts the second."""
    assert not run(shopping).taken
    assert converse(shopping, text("banana")).taken
    assert not converse(shopping, text("a bicycle")).taken
    turn = converse(shopping, text("banana"))
    assert not run(shopping, turn.journal).taken
    assert converse(shopping, text("banana"), text("it is sweet")).taken
    assert replay.replace(shopping, turn.journal, "fruit", Reply(tap="cherry")).taken


def test_a_choice_that_is_gone_is_an_answer_and_nothing_told_besides() -> None:
    """What is refused is understood all the same; only what is not may be something else that is told."""
    assert not converse(shopping, text("a bicycle")).refused
    gone = converse(shopping, Reply(tap="gone"))
    assert (gone.refused, gone.taken) == (True, False)
    assert not run(shopping, gone.journal, text("banana")).refused


def test_a_tick_is_a_reply_that_was_understood() -> None:
    """Also if the question is not over; looking at it again is none."""
    turn = converse(picking, Reply(tap="c"))
    assert turn.taken
    assert not run(picking, turn.journal).taken


def ticked(turn: replay.Turn) -> list[str]:
    """The options of the question that is asked, with the ticks."""
    assert turn.asked is not None
    return [option.id for option in turn.asked.answer.options]


def test_ticks_stay_when_the_question_is_shown_again() -> None:
    """After a restart, or a detour to the menu."""
    turn = converse(picking, Reply(tap="c"))
    again = run(picking, through_json(turn.journal))
    assert ticked(again) == ["a", "b", f"{UNTICK}c", DONE]
    assert again.journal == turn.journal


def test_ticks_stay_when_a_reply_is_not_understood() -> None:
    """A mistyped word does not take back what was chosen."""
    turn = converse(picking, Reply(tap="c"), text("a bicycle"))
    assert turn.trouble is not None
    assert ticked(turn) == ["a", "b", f"{UNTICK}c", DONE]
    assert run(picking, through_json(turn.journal), Reply(tap=DONE)).result == ("c",)


def picking_then() -> Flow[tuple[tuple[str, ...], str]]:
    chosen = yield from ask("pick", Several(options("a", "b", "c"), 1, 3), Verbatim("which?"))
    words = yield from ask("why", Words(), Verbatim("why?"))
    return chosen, words.text


def test_a_tap_on_an_old_list_of_ticks_adds_to_what_was_ticked() -> None:
    """One more of three; the question is open again with the two that were there."""
    turn = converse(picking_then, text("1 and 2"))
    assert turn.journal.answers == {"pick": ["a", "b"]}
    turn = replay.replace(picking_then, turn.journal, "pick", Reply(tap="c"))
    assert turn.journal.answers == {"pick": ["a", "b", "c"]}
    turn = replay.replace(picking_then, turn.journal, "pick", Reply(tap=f"{UNTICK}b"))
    assert ticked(turn) == [f"{UNTICK}a", "b", f"{UNTICK}c", DONE]


def test_a_word_that_is_not_understood_on_an_old_button_asks_afresh() -> None:
    """An answer that was one choice is no list of ticks."""
    turn = converse(shopping, text("banana"))
    turn = replay.replace(shopping, turn.journal, "fruit", Reply(tap="gone"))
    assert turn.asked is not None
    assert (turn.asked.key, turn.journal.answers) == ("fruit", {})


def test_a_look_up_is_what_is_awaited_until_it_is_found() -> None:
    """A message that comes meanwhile is not taken for an answer to it."""
    turn = converse(looking, text("water"))
    assert turn.wanted is not None
    assert turn.journal.awaited == turn.wanted.key == "similar"
    assert turn.asked is None


def test_the_questions_of_consumed_answers_are_known_to_old_buttons() -> None:
    """In the flow's order, with what they asked."""
    turn = converse(shopping, text("banana"))
    assert [question.key for question in turn.questions] == ["fruit"]
    assert turn.questions[0].answer == FRUIT
