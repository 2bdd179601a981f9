"""An invitation: what it says, and each way to answer it."""

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from flows.conversations.index import conversations
from flows.dialog import replay
from flows.dialog.dialog import Reply
from flows.dialog.effects import Begin, Decline, Mute, Postpone
from flows.dialog.facts import Consultation, Council, Facts, Own, Shared, Theme
from flows.dialog.replay import Turn
from flows.wording import render
from flows.wording.text import LANGUAGES, Code

COUNCIL = Council(
    code="OZT",
    prefix="OZT",
    place="08.401.01.07",
    name={"fr": "Commune d’Ouarzazate", "ary": "جماعة ورزازات", "en": "Commune of Ouarzazate"},
    themes=(Theme("water", {"fr": "Eau"}), Theme("roads", {"fr": "Routes"})),
)
POLL: dict[str, Any] = {
    "kind": "poll",
    "code": "OZT-LIGHT",
    "council": "OZT",
    "title": {"fr": "L’éclairage public", "ary": "الضو فالزنقة", "en": "Street lighting"},
    "minutes": 2,
    "picture": {"": "light.jpg"},
    "questions": [{"key": "light", "type": "yes_no", "text": {"fr": "Bien éclairé ?"}}],
}


def facts(
    closes: str | None = "2026-12-15 00:00 Africa/Casablanca",
    council: Council = COUNCIL,
    minutes: int = 2,
    **own: Any,
) -> Facts:
    definition = {**POLL, "minutes": minutes}
    consultation = Consultation(7, "OZT-LIGHT", "poll", definition, closes)
    return Facts(Shared(date(2026, 12, 1), council, consultation), Own(**own))


def invited(known: Facts, *replies: Reply | str) -> Turn[Any]:
    def flow() -> Any:
        return conversations()["invitation"](known)

    turn = replay.run(flow)
    for reply in replies:
        given = Reply(text=reply) if isinstance(reply, str) else reply
        turn = replay.run(flow, turn.journal, given)
    return turn


def prompt(known: Facts, language: str = "en") -> str:
    asked = invited(known).asked
    assert asked is not None
    return render(asked.prompt, language)


def plain(text: str) -> str:
    return text.translate(dict.fromkeys((0x2066, 0x2068, 0x2069)))


def labels(turn: Turn[Any], language: str) -> dict[str, str]:
    assert turn.asked is not None
    return {option.id: render(option.label, language) for option in turn.asked.answer.options}


# --------------------------------------------------------------------------- what it says


def test_it_says_who_asks_about_what_how_long_and_until_when():
    """The whole of it in the order of reading, the question last."""
    assert plain(prompt(facts())) == (
        "Commune of Ouarzazate invites you to take part:\n"
        "🗳️ Street lighting\n"
        "⏱️ About 2 minutes.\n"
        "📅 Until 14/12/2026\n"
        "Shall we start now?"
    )


def test_the_choices_stand_in_their_order_with_the_organizers_picture():
    """Answering comes first, stopping last, and the picture comes along."""
    asked = invited(facts()).asked
    assert asked is not None
    assert asked.key == "what"
    assert [(o.id, o.emoji) for o in asked.answer.options] == [
        ("answer", "✅"),
        ("later", "🕐"),
        ("not_this", "🙅"),
        ("settings", "⚙️"),
        ("stop", "🔕"),
    ]
    assert [(a.kind, a.names) for a in asked.attachments] == [("photo", {"": "light.jpg"})]


@pytest.mark.parametrize(
    ("closes", "told"),
    [
        ("2026-12-15 00:00 Africa/Casablanca", "14/12/2026"),
        ("2026-12-15 00:00", "14/12/2026"),
        ("2027-01-01 00:00 Africa/Casablanca", "31/12/2026"),
        ("2028-03-01 00:00 Africa/Casablanca", "29/02/2028"),
        ("2026-12-15 18:00 Africa/Casablanca", "15/12/2026 18:00"),
        ("2026-12-15 00:01", "15/12/2026 00:01"),
    ],
)
def test_the_end_is_told_as_people_count_it(closes: str, told: str):
    """The end is not part of the time: what closes at midnight is open until the day before."""
    assert f"📅 Until {told}\n" in prompt(facts(closes))


def test_without_an_end_nothing_is_said_of_it():
    """No invented haste."""
    assert "📅" not in prompt(facts(None))


@pytest.mark.parametrize(
    ("reminder", "said"),
    [("", "vous invitons"), ("reminder", "Rappel"), ("last", "Dernier rappel")],
)
def test_a_reminder_says_what_it_is(reminder: str, said: str):
    """The last one says that it is the last."""
    head = " ".join(prompt(facts(reminder=reminder), "fr").splitlines()[:2])
    assert said in head
    assert ("rappel" in head.lower()) == (reminder != "")
    assert ("Dernier" in head) == (reminder == "last")


def test_an_example_says_that_it_is_one():
    """Nobody shall take an example for real."""
    example = msgspec.structs.replace(COUNCIL, example=True)
    assert "This is an example" in prompt(facts(council=example))
    assert "This is an example" not in prompt(facts())


@pytest.mark.parametrize(
    ("minutes", "said"), [(1, "دقيقة وحدة"), (2, "دقيقتين"), (5, "5 دقايق"), (15, "15 دقيقة")]
)
def test_minutes_have_their_plural_forms(minutes: int, said: str):
    """One, two, few and many differ in Darija."""
    assert said in prompt(facts(minutes=minutes), "ary")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reminder", ["", "reminder", "last"])
def test_it_stays_short_in_every_language(language: str, reminder: str):
    """At most 300 characters before the choices, and labels that a quick reply can hold."""
    example = msgspec.structs.replace(COUNCIL, example=True)
    assert len(prompt(facts(council=example, reminder=reminder), language)) <= 300
    assert all(len(label) <= 20 for label in labels(invited(facts()), language).values())
    stop = invited(facts(), Reply(tap="stop"))
    assert all(len(label) <= 20 for label in labels(stop, language).values())


# --------------------------------------------------------------------------- what one does


@pytest.mark.parametrize("reply", [Reply(tap="answer"), "1", "١", "oui", "wakha", "👍", "Répondre"])
def test_answering_begins_the_consultation(reply: Reply | str):
    """By tap, number, yes, or half of the label."""
    assert invited(facts(), reply).result == [Begin(code="OZT-LIGHT")]


LATER = [
    Reply(tap="later"),
    Reply(skip=True),
    "2",
    "من بعد",
    "men b3d",
    "mn ba3d",
    "ماشي دابا",
    "plus tard",
    "Pas maintenant",
    "later",
    "not now",
    "لاحقا",
    "ⵉⵎⵉⴽ",
    "🕐",
]


@pytest.mark.parametrize("reply", LATER)
def test_later_postpones(reply: Reply | str):
    """In every way people say it, also in Darija with Latin letters."""
    (effect,) = invited(facts(), reply).result
    assert isinstance(effect, Postpone)
    for told, day in ((effect.told, "today"), (effect.tomorrow, "tomorrow")):
        said = render(replace(told, values={"time": Code("18:00")}), "en")
        assert day in said
        assert "18:00" in said


def test_later_is_offered_once():
    """Who said it before is not offered it again; skipping then means not this one."""
    again = facts(postponed=True)
    assert list(labels(invited(again), "en")) == ["answer", "not_this", "settings", "stop"]
    turn = invited(again, "من بعد")
    assert turn.trouble is not None
    assert turn.asked is not None
    assert isinstance(invited(again, Reply(skip=True)).result[0], Decline)


@pytest.mark.parametrize("reply", [Reply(tap="not_this"), "3", "non", "لا", "لا شكرا", "🙅"])
def test_not_this_one_declines(reply: Reply | str):
    """No means no to this consultation, and the title is said back."""
    (effect,) = invited(facts(), reply).result
    assert isinstance(effect, Decline)
    assert "L’éclairage public" in render(effect.done, "fr")


def test_settings_are_one_tap_away():
    """They begin as a conversation of their own."""
    assert invited(facts(), Reply(tap="settings")).result == [Begin(flow="notices")]
    assert invited(facts(), "4").result == [Begin(flow="notices")]


@pytest.mark.parametrize("yes", [Reply(tap="yes"), "1", "oui", "إيه"])
def test_stopping_is_asked_about_once_and_done(yes: Reply | str):
    """The question names the council."""
    turn = invited(facts(), Reply(tap="stop"))
    assert turn.asked is not None
    assert turn.asked.key == "sure"
    assert "Commune of Ouarzazate" in render(turn.asked.prompt, "en")
    (effect,) = invited(facts(), Reply(tap="stop"), yes).result
    assert isinstance(effect, Mute)
    assert effect.on
    assert "settings" in render(effect.done, "en")


@pytest.mark.parametrize("no", [Reply(tap="keep"), "2", "non", "لا"])
def test_keeping_changes_nothing_and_says_so(no: Reply | str):
    """No effect, one kind sentence."""
    turn = invited(facts(), "5", no)
    assert turn.result == []
    assert [render(said.text, "en") for said in turn.said] == [
        "That is fine. The messages stay as they are."
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chosen", ["answer", "later", "not_this", "settings", "stop"])
def test_every_label_can_be_typed(language: str, chosen: str):
    """What stands on a button means the button, in each language."""
    turn = invited(facts(), labels(invited(facts()), language)[chosen])
    assert turn.trouble is None
    assert turn.journal.answers["what"] == chosen


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_ending_can_be_told(language: str):
    """All that the effects carry has words in each language."""
    ends = [
        invited(facts(), Reply(tap="not_this")).result[0].done,
        invited(facts(), Reply(tap="stop"), Reply(tap="yes")).result[0].done,
    ]
    assert all(render(end, language) for end in ends)
