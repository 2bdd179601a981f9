"""What is read in two minutes on top of a consultation's results: findings, voices, what is to do."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import pytest

from bot.app.build import App
from bot.core.localtime import now_ms
from bot.reports.rendered import FirstPage, ReportFacts, rendered
from bot.results import summaries
from bot.results.brief import MOST_GROUPED, briefed, heard_in, with_brief
from bot.results.shown import releases
from bot.staff import open_answers
from flows.kinds import kinds, read_raw
from flows.statistics.asked import OwnWords
from flows.statistics.summary import Brief, Heard, Responses, Summary
from flows.wording.text import Verbatim
from tests.bot.reports.consultations import response
from tests.flows.statistics.test_participation import COUNCIL, answered, question
from tests.system.town import SECRET, close, deposit, need, support, vote


class Row(NamedTuple):
    """A consultation that is in no database."""

    code: str
    council_id: int
    kind: str
    definition: str


async def summary_of(app: App, code: str) -> Summary:
    async with app.storage.reading() as tx:
        row = await app.register.by_code(tx, code)
        assert row is not None
        summary, responses = await summaries.summary_of(app.register, tx, row)
        return await with_brief(app.register, tx, row, summary, responses)


async def brief_of(app: App, code: str, language: str = "en") -> FirstPage:
    summary = await summary_of(app, code)
    async with app.storage.reading() as tx:
        row = await app.register.by_code(tx, code)
        assert row is not None
        facts = summaries.report_facts(app.register, row, 0)
    brief = rendered(summary, language, facts).brief
    assert brief is not None
    return brief


async def test_a_poll_that_is_over_and_undecided_says_so(app: App):
    await vote(app, [f"v{n}" for n in range(6)])
    while_open = await brief_of(app, "OZT-LIGHT")
    assert not any("decided" in line for line in while_open.owed)
    await close(app, "OZT-LIGHT")
    over = await brief_of(app, "OZT-LIGHT")
    assert "It is over, and people have not been told what was decided." in over.owed
    assert "the most frequent answer is “\u2068Good\u2069” (6 of 6)" in over.said[0]


async def test_the_last_day_is_the_one_on_which_answers_still_count(app: App):
    """What closes at midnight takes answers until the day before, as the public page says."""
    async with app.storage.transaction() as tx:
        row = await app.register.by_code(tx, "OZT-LIGHT")
        assert row is not None
        await tx.run(
            "change_consultation", id=row.id, definition=row.definition, opens_at=row.opens_at,
            closes_at=now_ms() + 10**10, opens_local=row.opens_local,
            closes_local="2027-05-01 00:00",
        )  # fmt: skip
    (told,) = [line for line in (await brief_of(app, "OZT-LIGHT")).owed if "Answers are" in line]
    assert "30/04/2027" in told


async def test_nobody_is_not_thanked(app: App):
    assert (await brief_of(app, "OZT-LIGHT")).said[0] == "Nobody has answered yet."
    await close(app, "OZT-LIGHT")
    assert (await brief_of(app, "OZT-LIGHT")).said[0] == "Nobody answered."


async def test_needs_without_an_answer_are_counted_and_those_past_their_day(
    app: App, monkeypatch: pytest.MonkeyPatch
):
    for name in ("a", "b", "c"):
        await need(app, name)
    brief = await brief_of(app, "OZT-NEEDS")
    assert "Without an answer: 3" in brief.owed
    assert any(line.startswith("The next answer is due on") for line in brief.owed)
    later = now_ms() + 200 * 24 * 3_600_000
    monkeypatch.setattr("bot.results.brief.now_ms", lambda: later)
    late = await brief_of(app, "OZT-NEEDS")
    assert "Of these, past their day: 3" in late.owed


async def test_a_petition_says_who_supports_it_and_nothing_that_nobody_owes(app: App):
    await support(app, [f"s{n}" for n in range(7)])
    brief = await brief_of(app, "OZT-PARK")
    assert "7 people" in brief.said[0]
    assert not any("answer to the petition" in line for line in brief.owed)


async def test_answers_that_say_the_same_are_one_group_with_the_words_of_one(app: App):
    await vote(app, [f"v{n}" for n in range(7)])
    (heard,) = (await brief_of(app, "OZT-LIGHT")).heard
    assert heard.groups == ((7, f"Lamps, please. {SECRET}"),)
    assert heard.words == ()


async def test_words_of_fewer_than_five_are_not_quoted(app: App):
    await vote(app, [f"v{n}" for n in range(4)])
    assert (await brief_of(app, "OZT-LIGHT")).heard == ()


async def test_hidden_words_are_in_no_group_and_not_quoted(app: App):
    await vote(app, [f"v{n}" for n in range(6)])
    async with app.storage.transaction() as tx:
        row = await app.register.by_code(tx, "OZT-LIGHT")
        assert row is not None
        questions = await open_answers.questions_of(tx, app.vault, row)
        for answer in questions[0].answers[:2]:
            await open_answers.hide(tx, questions, answer.token, "other", "Samira")
    # Four are left: too few to be a group.
    assert (await brief_of(app, "OZT-LIGHT")).heard == ()


def open_answers_of(*texts: str) -> Sequence[Heard]:
    """What the first page shows of these answers to an open question."""
    standing = [
        response(place, {"answers": {"idea": {"text": text, "media": []}}})
        for place, text in enumerate(texts)
    ]
    return tuple(heard_in([OwnWords("idea", Verbatim("Idea"), ("answers", "idea"))], standing))


#: Each is like none of the others, but for one word.
UNLIKE = [
    f"lamps {one} {one}er {one}est" for one in ("bench", "tree", "taps", "wall", "gate", "roof")
]


def test_half_of_the_answers_must_be_alike_to_be_shown_in_groups() -> None:
    alike = ["more buses please"] * 5
    (half,) = open_answers_of(*alike, *UNLIKE[:5])
    assert half.groups == ((5, "more buses please"),)
    (less,) = open_answers_of(*alike, *UNLIKE)
    assert less.groups == ()
    assert less.words[0] == (6, "lamps")
    assert (less.answers, less.given) == (11, 11)


def test_of_very_many_the_last_are_looked_at_and_it_is_said() -> None:
    (many,) = open_answers_of(*["more lamps"] * 10, *["more buses please"] * MOST_GROUPED)
    assert many.groups == ((MOST_GROUPED, "more buses please"),)
    assert (many.answers, many.given) == (MOST_GROUPED, MOST_GROUPED + 10)
    summary = Summary(Verbatim("Poll"), (), (), brief=Brief((), heard=(many,)))
    facts = ReportFacts("OZT-1", {"fr": "Essai"}, datetime(2026, 11, 27), 0, "1")  # noqa: DTZ001
    brief = rendered(summary, "en", facts).brief
    assert brief is not None
    assert brief.heard[0].note.startswith("In people’s own words, of the last 3")


async def test_who_is_missing_is_said_once_with_its_source(app: App):
    summary = await summary_of(app, "OZT-LIGHT")
    assert summary.brief is not None
    assert not [n for n in summary.notes if getattr(n, "id", "").startswith("summary.differ.")]
    assert summary.brief.credit == ""


async def test_the_answer_to_a_petition_is_owed_until_it_is_given(
    app: App, monkeypatch: pytest.MonkeyPatch
):
    await support(app, [f"s{n}" for n in range(7)])
    await deposit(app, "OZT-PARK", 214)
    brief = await brief_of(app, "OZT-PARK")
    assert "The answer to the petition is due on 18/02/2027." in brief.owed
    later = now_ms() + 400 * 24 * 3_600_000
    with monkeypatch.context() as changed:
        changed.setattr("bot.results.brief.now_ms", lambda: later)
        late = await brief_of(app, "OZT-PARK")
    assert any(line.endswith("it is late.") for line in late.owed)


async def test_the_report_and_the_picture_begin_with_it(app: App):
    await vote(app, [f"v{n}" for n in range(6)])
    await close(app, "OZT-LIGHT")
    async with app.storage.reading() as tx:
        row = await app.register.by_code(tx, "OZT-LIGHT")
        assert row is not None
    made = {
        format: await releases.file_of(app.storage, app.register, row, format, "fr")
        for format in ("pdf", "png", "json", "csv")
    }
    assert made["pdf"].startswith(b"%PDF")
    assert made["png"].startswith(b"\x89PNG")
    told = json.loads(made["json"])["payload"]["findings"]
    assert "la réponse la plus fréquente" in told["said"][0]
    assert told["owed"]


async def test_words_that_are_held_back_in_their_table_are_not_quoted_either(app: App) -> None:
    """Six were asked why because they said c: that c was said six times is kept back, as b was three times."""
    when = {"question": "what", "any_of": ["c"]}
    questions = [question("what", "single", "abc"), question("why", "text", when=when)]
    raw = {"kind": "poll", "code": "OZT-1", "council": "OZT", "title": {"fr": "Essai"}}
    said = {"text": "more buses please", "media": []}
    for b, shown in ((3, False), (5, True)):
        answers = [{"what": "a"}] * 40 + [{"what": "b"}] * b
        answers += [{"what": "c", "why": said}] * 6
        responses = Responses(answered(*answers))
        kind = kinds()["poll"]
        poll = read_raw({**raw, "questions": questions}, kind.definition)
        row = Row(raw["code"], 1, "poll", json.dumps({**raw, "questions": questions}))
        summary = kind.summary(poll, COUNCIL, responses)
        brief = briefed(row, COUNCIL, summary, responses, ()).brief
        assert brief is not None
        assert bool(brief.heard) is shown
