"""A poll written in the chat: every question understood as people type, refused kindly, correctable."""

from datetime import date, datetime
from functools import partial
from typing import Any

import msgspec
import pytest

from flows.dialog import replay
from flows.dialog.dialog import Json, NotUnderstood, Option, Reply, Stale, Unsure
from flows.dialog.facts import Council, Facts, Own, Shared
from flows.dialog.replay import Journal
from flows.kinds import check
from flows.kinds.poll.writing import conversation
from flows.kinds.poll.writing.answers import ChoiceList, Label, Languages, LaterDay, LaterMoment
from flows.kinds.poll.writing.conversation import PublishPoll
from flows.wording import render
from flows.wording.text import Lines, Text, Verbatim

NOW = datetime.fromisoformat("2026-11-21T12:00")
COUNCIL = Council("town", "TWN", "08.401.01.07", {"fr": "Commune", "en": "Commune"}, ())
FACTS = Facts(Shared(NOW.date(), COUNCIL), Own())
ORGANIZER = {
    "council": {"code": "town", "name": COUNCIL.name, "example": False},
    "languages": ["ary", "ar", "fr", "zgh", "en"],
    "now": "2026-11-21T12:00",
}
REACH = {"people": 12, "channels": {"telegram": 12}, "outside": 0}
#: From the language to the moment before the review.
SHORT = ["english", "What first?", "Water / Roads", "no", "skip", "1 week", "everyone", "now"]


class Organizer:
    """Somebody who writes a poll, with storage played by fixed findings."""

    def __init__(self, **findings: Json) -> None:
        self.findings = {"organizer": ORGANIZER, "reach": REACH, **findings}
        self.journal = Journal()
        self.said = ""
        self.effects: list[Any] = []
        self._take(replay.run(self._flow))

    def _flow(self) -> Any:
        return partial(conversation.conversation, FACTS)()

    def says(self, text: str) -> str:
        """Write something, and return what comes back in English."""
        reply = Reply(skip=True) if text == "skip" else Reply(text=text)
        self._take(replay.run(self._flow, self.journal, reply))
        return self.said

    def _take(self, turn: replay.Turn) -> None:
        while turn.wanted is not None:
            finding = self.findings[turn.wanted.request.name]
            turn = replay.found(self._flow, turn.journal, turn.wanted, finding)
        self.journal = msgspec.convert(
            msgspec.json.decode(msgspec.json.encode(turn.journal)), Journal
        )
        parts: list[Text] = [said.text for said in turn.said] if turn.trouble is None else []
        parts += [turn.trouble] if turn.trouble is not None else []
        parts += [turn.asked.prompt] if turn.asked is not None else []
        options = turn.asked.answer.options if turn.asked is not None else ()
        parts += [option.label for option in options]
        self.said = render(Lines(tuple(parts)), "en").translate(
            dict.fromkeys(range(0x2066, 0x206A))
        )
        self.effects = list(turn.result or [])


def dialogue(organizer: Organizer, *said: str) -> str:
    for text in said:
        organizer.says(text)
    return organizer.said


def written(organizer: Organizer) -> PublishPoll:
    (effect,) = organizer.effects
    assert isinstance(effect, PublishPoll)
    head, problems = check({**effect.definition, "code": "TWN-P1", "council": "town"}, COUNCIL)
    assert head is not None
    assert problems == []
    return effect


# --------------------------------------------------------------------- a list of choices


@pytest.mark.parametrize(
    "text",
    [
        "Good\nWeak\nNone",
        "Good / Weak / None",
        "Good; Weak; None",
        "Good ؛ Weak ؛ None",
        "1. Good\n2) Weak\n\n3. None",
        "- Good\n• Weak\n* None\n",
        "١) Good\n٢) Weak\n٣) None",
    ],
)
def test_choices_are_found_however_they_are_listed(text: str) -> None:
    found = ChoiceList().read(Reply(text=text))
    assert [label.text for label in found] == ["Good", "Weak", "None"]


def test_in_lines_a_stroke_belongs_to_the_choice() -> None:
    found = ChoiceList().read(Reply(text="30 km/h\n50 km/h"))
    assert [label.text for label in found] == ["30 km/h", "50 km/h"]


def test_a_number_that_is_part_of_the_choice_stays() -> None:
    found = ChoiceList().read(Reply(text="3-5 ans\n6-12 ans\n1.5 km"))
    assert [label.text for label in found] == ["3-5 ans", "6-12 ans", "1.5 km"]


def test_an_emoji_before_a_choice_becomes_its_sign() -> None:
    assert ChoiceList().read(Reply(text="🙂 مزيان\n🤷‍♀️ ⵓⵔ ⵙⵙⵉⵏⵖ\n👍")) == (
        Label("مزيان", "🙂"),
        Label("ⵓⵔ ⵙⵙⵉⵏⵖ", "🤷‍♀️"),
        Label("👍"),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("only one", "at least two"),
        ("", "at least two"),
        ("a/b/c/d/e/f/g/h/i/j/k", "These are 11 answers; 10 fit"),
        ("yes\n" + "x" * 61, "has 61 characters; 60 fit"),
        ("Water\nroads\nwater!", "“water!” is there twice"),
    ],
)
def test_what_is_wrong_with_choices_is_told_with_what_to_do(text: str, told: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        ChoiceList().read(Reply(text=text))
    assert told in render(refused.value.text, "en").translate(dict.fromkeys(range(0x2066, 0x206A)))


def test_a_translation_needs_as_many_choices_and_is_asked_again_when_their_number_changes() -> None:
    with pytest.raises(NotUnderstood) as refused:
        ChoiceList(3).read(Reply(text="a/b"))
    assert "as in the first language: 3. I found 2" in render(refused.value.text, "en")
    stored = ChoiceList(2).store(ChoiceList(2).read(Reply(text="a/b")))
    assert ChoiceList(2).restore(stored) == (Label("a"), Label("b"))
    with pytest.raises(Stale):
        ChoiceList(3).restore(stored)


# --------------------------------------------------------------------- languages, days, moments


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("français et darija", ("ary", "fr")),
        ("الدارجة والفرنسية", None),
        ("الدارجة، الفرنسية", ("ary", "fr")),
        ("1, 2", ("ary", "fr")),
        ("tamazight", ("zgh",)),
        ("لا", ()),
        ("aucune/no", None),
        ("non", ()),
    ],
)
def test_languages_are_named_in_any_language(said: str, found: tuple[str, ...] | None) -> None:
    every = tuple(Option(code, Verbatim(code)) for code in ("ary", "fr", "zgh"))
    answer = Languages(every, least=0)
    if found is None:
        with pytest.raises(NotUnderstood):
            answer.read(Reply(text=said))
    else:
        assert answer.read(Reply(text=said)) == found


@pytest.mark.parametrize(
    ("said", "wall"),
    [
        ("25/11/2026 18:30", "2026-11-25T18:30"),
        ("25/11 18h", "2026-11-25T18:00"),
        ("le 25 novembre à 18h30", "2026-11-25T18:30"),
        ("demain 9 heures", "2026-11-22T09:00"),
        ("غدا مع 10", "2026-11-22T10:00"),
        ("٢٥/١١ على الساعة ١٨", "2026-11-25T18:00"),
        ("غدا 6:15 مساء", "2026-11-22T18:15"),
        ("tomorrow at 6 pm", "2026-11-22T18:00"),
        ("tomorrow 9am", "2026-11-22T09:00"),
        ("tomorrow 6:15pm", "2026-11-22T18:15"),
        ("25/11/2026", "2026-11-25T10:00"),
        ("18:30", "2026-11-21T18:30"),
        ("2026-11-25 08:05", "2026-11-25T08:05"),
        ("ⴰⵣⴽⴽⴰ 18:00", "2026-11-22T18:00"),
    ],
)
def test_a_moment_is_understood_as_people_write_it(said: str, wall: str) -> None:
    answer = LaterMoment(NOW)
    assert answer.store(answer.read(Reply(text=said))) == wall


@pytest.mark.parametrize(
    ("answer", "said", "told"),
    [
        (LaterMoment(NOW), "20/11/2026 18:00", "20/11/2026 18:00 is past. Write a later time"),
        (LaterMoment(NOW), "11:59", "21/11/2026 11:59 is past"),
        (LaterMoment(NOW), "soon", "did not understand the date"),
        (
            LaterMoment(NOW, datetime.fromisoformat("2026-11-25")),
            "25/11/2026",
            "after the end of the poll (24/11/2026)",
        ),
        (LaterDay(date(2026, 11, 21)), "20/11/2026", "20/11/2026 is past"),
        (LaterDay(date(2026, 11, 21)), "someday", "did not understand the date"),
    ],
)
def test_a_time_that_does_not_fit_is_asked_about(answer: Any, said: str, told: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        answer.read(Reply(text=said))
    assert told in render(refused.value.text, "en")


# --------------------------------------------------------------------- the conversation


def test_nobody_else_gets_further_than_a_kind_sentence() -> None:
    citizen = Organizer(organizer=None)
    assert "prepared by the council’s staff" in citizen.said
    assert citizen.effects == []


def test_a_poll_in_one_language_is_written_in_eight_answers() -> None:
    amal = Organizer()
    preview = dialogue(amal, *SHORT)
    for part in (
        "in English:", "Commune", "What first?", "1) Water", "2) Roads", "About 1 minute",
        "Until 28/11/2026", "would reach 12 people", "Telegram: 12", "Invited: Everyone",
        "Invitation: Now",
    ):  # fmt: skip
        assert part in preview, part
    amal.says("send")
    effect = written(amal)
    assert (effect.council, effect.publish, effect.at) == ("town", True, None)
    assert effect.definition["closes"] == "2026-11-29T00:00:00"
    assert effect.definition["title"] == {"en": "What first?"}
    assert effect.audience == {}


def test_what_was_understood_is_said_back() -> None:
    amal = Organizer()
    said = dialogue(amal, "english", "What first?", "1. Water\n2. Roads\n3. 💡 Light")
    assert "I understood 3 choices:\n1) Water\n2) Roads\n3) 💡 Light\nAnother question" in said


def test_several_questions_and_languages_are_asked_one_after_the_other() -> None:
    amal = Organizer()
    said = dialogue(amal, "darija", "شنو اللول؟", "💧 الما / الطرقان", "سؤال جديد")
    assert "Write the next question" in said
    said = dialogue(amal, "وقتاش؟", "الصباح / العشية", "لا", "français, anglais")
    assert "Write this question in Français:\nشنو اللول؟" in said
    assert "1) 💧 الما\n2) الطرقان" in amal.says("Quoi d’abord ?")
    assert "I found 3" in amal.says("L’eau / Les routes / La lumière")
    assert "وقتاش؟" in amal.says("L’eau / Les routes")
    said = dialogue(amal, "Quand ?", "Matin / Soir")
    assert "in English" in said
    said = dialogue(amal, "What first?", "Water/Roads", "When?", "Morning/Evening")
    said = dialogue(amal, "no end", "women", "tomorrow")
    assert said.count("👁️") == 3
    assert "Nous vous invitons" in said
    assert "1) 💧 L’eau" in said
    assert "22/11/2026 10:00" in said
    amal.says("1")
    effect = written(amal)
    assert effect.at == "2026-11-22T10:00"
    assert effect.definition["opens"] == "2026-11-22T10:00:00"
    assert "closes" not in effect.definition
    assert effect.audience == {"genders": ["woman"]}
    first, second = effect.definition["questions"]
    assert first["choices"][0] == {
        "id": "c1",
        "text": {"ary": "الما", "fr": "L’eau", "en": "Water"},
        "emoji": "💧",
    }
    assert second["text"] == {"ary": "وقتاش؟", "fr": "Quand ?", "en": "When?"}


def test_five_questions_are_the_most() -> None:
    amal = Organizer()
    amal.says("english")
    for number in range(1, 6):
        assert "question" in amal.said
        dialogue(amal, f"Question number {number}", "yes/no")
        if number < 5:
            amal.says("yes")
    assert "In which other languages" in amal.said


def test_a_choice_list_is_corrected_at_the_review_and_its_translations_follow() -> None:
    amal = Organizer()
    dialogue(amal, "english", "What first?", "Water / Roads", "no", "french")
    dialogue(amal, "Quoi d’abord ?", "L’eau / Les routes", "1 week", "everyone", "now")
    said = dialogue(amal, "correct something", "Choices 1")
    assert "What can people choose?" in said
    assert "in the same order" in amal.says("Water / Roads / Light")
    assert "3) La lumière" in amal.says("L’eau / Les routes / La lumière")
    amal.says("send")
    assert len(written(amal).definition["questions"][0]["choices"]) == 3


def test_a_day_of_ones_own_can_be_corrected_and_so_can_the_way_to_it() -> None:
    amal = Organizer()
    dialogue(amal, *SHORT[:5], "another day")
    assert "20/11/2026 is past" in amal.says("20/11/2026")
    said = dialogue(amal, "05/12/2026", "everyone", "another time", "25/11 18:30")
    assert "Until: 05/12/2026" in said
    assert "Invitation: 25/11/2026 18:30" in said
    assert "Until which day" in dialogue(amal, "correct something", "05/12/2026")
    # The invitation would come after the new end: it is asked about again.
    assert "Which day and hour" in amal.says("24/11/2026")
    assert "after the end of the poll (24/11/2026)" in amal.says("25/11 18:30")
    assert "Until: 24/11/2026" in amal.says("24/11 18:30")
    assert "Until when" in dialogue(amal, "correct something", "until")
    # Three days from the opening.
    assert "Until: 27/11/2026" in amal.says("3 days")


def test_a_poll_that_ends_today_cannot_be_sent_tomorrow() -> None:
    amal = Organizer()
    said = dialogue(amal, *SHORT[:5], "another day", "21/11/2026", "everyone")
    assert "Tomorrow" not in said
    assert "Now" in said


def test_one_channel_may_be_left_out_where_there_are_several() -> None:
    reach = {"people": 9, "channels": {"telegram": 4, "web": 2, "whatsapp": 3}, "outside": 3}
    amal = Organizer(reach=reach)
    said = dialogue(amal, *SHORT[:7])
    assert "WhatsApp: 3" in said
    assert "Leave one of these out?" in said
    said = dialogue(amal, "without whatsapp", "now")
    assert "Channels: Without WhatsApp" in said
    assert "3 people on WhatsApp have not written for 24 hours" in said
    amal.says("send")
    assert written(amal).audience == {"channels": ["telegram", "web"]}


def test_the_young_are_everyone_below_25_who_is_asked() -> None:
    amal = Organizer()
    dialogue(amal, *SHORT[:6], "2", "now", "send")
    assert written(amal).audience == {"age_bands": ["15-17", "18-24"]}


def test_if_nobody_would_get_it_that_is_said() -> None:
    amal = Organizer(reach={"people": 0, "channels": {}, "outside": 0})
    assert "would reach nobody now" in dialogue(amal, *SHORT)


def test_a_question_that_the_law_protects_is_marked_and_told() -> None:
    amal = Organizer()
    said = dialogue(amal, "french", "Quelle est votre religion ?", "A / B", *SHORT[3:])
    assert "“Quelle est votre religion ?” seems to touch what law 09-08 protects" in said
    amal.says("send")
    assert written(amal).definition["questions"][0]["sensitive"] is True


def test_it_can_be_kept_as_a_draft_or_thrown_away_but_not_by_a_no_in_passing() -> None:
    amal = Organizer()
    dialogue(amal, *SHORT, "no")
    assert amal.effects == []
    assert "What do we do with it?" in amal.said
    amal.says("keep as a draft")
    assert written(amal).publish is False
    other = Organizer()
    assert "Nothing was kept" in dialogue(other, *SHORT, "3")
    assert other.effects == []


@pytest.mark.parametrize(("length", "taken"), [(300, True), (301, False)])
def test_a_question_has_at_most_three_hundred_characters(length: int, taken: bool) -> None:
    """One more would not be read in a chat."""
    amal = Organizer()
    amal.says("english")
    assert ("What can people choose?" in amal.says("x" * length)) is taken


@pytest.mark.parametrize(
    ("answer", "said", "labels", "values"),
    [
        (
            LaterDay(NOW.date()),
            "lundi ou mardi",
            ["lun. 23 novembre 2026", "mar. 24 novembre 2026"],
            [date(2026, 11, 23), date(2026, 11, 24)],
        ),
        (
            LaterMoment(NOW),
            "vendredi ou samedi à 18h30",
            ["ven. 27 nov. 2026 18:30", "sam. 21 nov. 2026 18:30", "sam. 28 nov. 2026 18:30"],
            [datetime.fromisoformat(f"2026-11-{day}T18:30") for day in (27, 21, 28)],
        ),
        (
            LaterMoment(NOW),
            "samedi à 9h",
            ["sam. 28 nov. 2026 09:00"],
            [datetime.fromisoformat("2026-11-28T09:00")],
        ),
    ],
)
def test_days_in_doubt_are_asked_back_with_their_hour(
    answer: LaterDay | LaterMoment, said: str, labels: list[str], values: list[date]
) -> None:
    """Only what is not over; what stands on a button is read with certainty."""
    doubt = answer.read(Reply(text=said))
    assert isinstance(doubt, Unsure)
    assert [render(candidate.label, "fr") for candidate in doubt.candidates] == labels
    assert [answer.read(candidate.reply) for candidate in doubt.candidates] == values
