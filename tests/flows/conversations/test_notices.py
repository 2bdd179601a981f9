"""Settings about messages: what holds now, and each change; and becoming a member of a body."""

from datetime import date
from typing import Any

import msgspec
import pytest

from flows.conversations.index import conversations
from flows.conversations.menu import ENTRIES
from flows.conversations.notices import EVERY
from flows.dialog import replay
from flows.dialog.dialog import Json, Reply
from flows.dialog.effects import Begin, Effect, FollowThemes, JoinBody, Mute, SetNotices
from flows.dialog.facts import Council, Facts, Own, Shared, Theme
from flows.dialog.replay import Turn
from flows.understanding import phrases
from flows.understanding.phrases import Command
from flows.wording import render
from flows.wording.text import LANGUAGES, msg

COUNCIL = Council(
    code="OZT",
    prefix="OZT",
    place="08.401.01.07",
    name={"fr": "Commune d’Ouarzazate", "en": "Commune of Ouarzazate"},
    themes=(
        Theme("water", {"fr": "Eau", "en": "Water"}, "💧"),
        Theme("roads", {"fr": "Routes", "en": "Roads"}),
        Theme("waste", {"fr": "Propreté", "en": "Waste"}),
        Theme("youth", {"fr": "Jeunesse", "en": "Youth"}),
        Theme("other", {"fr": "Autre sujet", "en": "Something else"}),
    ),
)
USUAL: dict[str, Json] = {"per_week": None, "part_of_day": "any", "muted": [], "themes": []}
OURS = {"id": "OZT", "name": {"fr": "Commune d’Ouarzazate"}}
OTHER = {"id": "DRT", "name": {"fr": "Région de Drâa-Tafilalet"}}


def talk(
    name: str,
    finding: Json,
    *replies: Reply | str,
    council: Council = COUNCIL,
    link: str = "",
) -> Turn[list[Effect]]:
    def flow() -> Any:
        return conversations()[name](Facts(Shared(date(2026, 12, 1), council), Own(link=link)))

    turn = replay.run(flow)
    assert turn.wanted is not None
    turn = replay.found(flow, turn.journal, turn.wanted, finding)
    for reply in replies:
        given = Reply(text=reply) if isinstance(reply, str) else reply
        turn = replay.run(flow, turn.journal, given)
    return turn


def settings(*replies: Reply | str, council: Council = COUNCIL, **now: Json) -> Turn[list[Effect]]:
    return talk("notices", {**USUAL, **now}, *replies, council=council)


def shown(turn: Turn[Any], language: str = "en") -> str:
    assert turn.asked is not None
    return plain(render(turn.asked.prompt, language))


def told(turn: Turn[Any], language: str = "en") -> str:
    return plain("\n".join(render(said.text, language) for said in turn.said))


def plain(text: str) -> str:
    return text.translate(dict.fromkeys((0x2066, 0x2068, 0x2069)))


def ids(turn: Turn[Any]) -> list[str]:
    assert turn.asked is not None
    return [option.id for option in turn.asked.answer.options]


# --------------------------------------------------------------------------- what holds now


def test_what_holds_is_said_in_words():
    """Nobody has to remember what they chose."""
    assert shown(settings()) == (
        "This is how Commune of Ouarzazate writes to you:\n"
        "• How often: The council decides\n"
        "• Time of day: At any time\n"
        "• Themes: All themes\n"
        "What shall we change?"
    )
    assert ids(settings()) == ["often", "when", "themes", "places", "mute", "done"]


def test_what_was_chosen_is_said_in_words():
    """A number a week, a part of the day, themes by name."""
    text = shown(settings(per_week=2, part_of_day="evening", themes=["roads", "water"]))
    assert "• How often: At most 2 a week\n" in text
    assert "• Time of day: In the evening\n" in text
    assert "• Themes: • Water\n• Roads\n" in text
    assert "No invitations" in shown(settings(per_week=0))


def test_of_many_themes_the_first_are_named():
    """The prompt stays short."""
    text = shown(settings(themes=["water", "roads", "waste", "youth"]))
    assert "• Waste\n…\n" in text
    assert "Youth" not in text


def test_a_theme_that_the_council_gave_up_is_not_named():
    """If none is left, all of them come again."""
    assert "• Themes: All themes" in shown(settings(themes=["gone"]))


def test_a_council_without_themes_is_not_asked_about_them():
    """No empty list."""
    council = msgspec.structs.replace(COUNCIL, themes=())
    turn = settings(council=council)
    assert "themes" not in ids(turn)
    assert "Themes" not in shown(turn)


def test_a_muted_council_says_so_and_can_be_heard_again():
    """Others that are muted are named."""
    turn = settings(muted=[OURS, OTHER])
    assert shown(turn).startswith("🔕 Commune of Ouarzazate does not write to you first.\n")
    assert "• Région de Drâa-Tafilalet\n" in shown(turn)
    assert "unmute" in ids(turn)
    assert "mute" not in ids(turn)
    only_other = settings(muted=[OTHER])
    assert "mute" in ids(only_other)
    assert "This is how" in shown(only_other)


# --------------------------------------------------------------------------- changes


@pytest.mark.parametrize(
    ("reply", "count", "said"),
    [
        ("1", 1, "at most 1 invitation a week"),
        ("٢", 2, "at most 2 invitations a week"),
        (Reply(tap="3"), 3, "at most 3 invitations a week"),
        ("No invitations", 0, "No more invitations"),
        ("بلا دعوات", 0, "No more invitations"),
        (Reply(tap="rule"), None, "The council decides"),
    ],
)
def test_how_often_is_set_and_said_back(reply: Reply | str, count: int | None, said: str):
    """The part of the day stays; a typed number is that number."""
    turn = settings(Reply(tap="often"), reply, per_week=5, part_of_day="evening")
    assert turn.result == [SetNotices(count, "evening")]
    assert said in told(turn)


@pytest.mark.parametrize(
    ("reply", "part", "said"),
    [
        (Reply(tap="morning"), "morning", "in the morning"),
        ("l’après-midi", "afternoon", "in the afternoon"),
        ("فالعشية", "evening", "in the evening"),
        ("4", "any", "at any time"),
    ],
)
def test_when_is_set_and_said_back(reply: Reply | str, part: str, said: str):
    """The number a week stays."""
    turn = settings("2", reply, per_week=2)
    assert turn.result == [SetNotices(2, part)]
    assert said in told(turn)


def test_themes_are_typed_at_once_or_ticked():
    """Both end with the same, in the council's order."""
    typed = settings(Reply(tap="themes"), "3, 1")
    done = Reply(tap="~done")
    ticked = settings(Reply(tap="themes"), Reply(tap="waste"), Reply(tap="water"), done)
    assert typed.result == ticked.result == [FollowThemes(("water", "waste"))]
    assert told(typed) == "Done. Invitations come only about:\n• Water\n• Waste"


@pytest.mark.parametrize("reply", ["Tous les thèmes", "6", "1, 2, 3, 4, 5", "1 w 6"])
def test_all_themes_are_kept_as_none(reply: str):
    """So a theme that the council adds later is followed too."""
    turn = settings(Reply(tap="themes"), reply)
    assert turn.result == [FollowThemes(())]
    assert "all themes" in told(turn)


def test_no_theme_of_a_council_is_called_like_the_option_for_all():
    """Ids with a tilde are ours."""
    assert EVERY.startswith("~")


def test_places_have_a_conversation_of_their_own():
    """It exists already."""
    assert settings(Reply(tap="places")).result == [Begin(flow="communes")]


def test_the_council_is_muted_and_heard_again():
    """Both say what holds then."""
    (mute,) = settings(Reply(tap="mute")).result or []
    (unmute,) = settings(Reply(tap="unmute"), muted=[OURS]).result or []
    assert isinstance(mute, Mute)
    assert isinstance(unmute, Mute)
    assert (mute.on, unmute.on) == (True, False)
    assert "will not write" in render(mute.done, "en")
    assert "writes to you again" in render(unmute.done, "en")


def test_done_changes_nothing():
    """One may only look."""
    assert settings("صافي").result == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_can_be_typed_and_fits_a_button(language: str):
    """On each of the three questions, in each language."""
    for first in (None, "often", "when"):
        before = (Reply(tap=first),) if first else ()
        turn = settings(*before)
        assert turn.asked is not None
        for option in turn.asked.answer.options:
            label = render(option.label, language)
            assert len(label) <= 20, label
            typed = settings(*before, label)
            assert typed.trouble is None, label
            assert typed.journal.answers[first or "what"] == option.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_settings_stay_short_in_every_language(language: str):
    """At most 300 characters before the choices."""
    text = shown(settings(per_week=2, part_of_day="evening", themes=["water", "roads"]), language)
    assert len(text) <= 300
    for first in ("often", "when", "themes"):
        assert len(shown(settings(Reply(tap=first)), language)) <= 300


# --------------------------------------------------------------------------- the way there


def test_the_menu_leads_there_before_the_language():
    """With the bell."""
    flows = [flow for flow, _, _ in ENTRIES]
    assert flows.index("notices") == flows.index("language") - 1
    assert {flow: emoji for flow, _, emoji in ENTRIES}["notices"] == "🔔"


@pytest.mark.parametrize("language", LANGUAGES)
def test_typed_words_lead_there(language: str):
    """What stands on the buttons that lead there, typed anywhere, leads there too."""
    for entry in ("menu.notices", "invitation.settings"):
        assert phrases.command(render(msg(entry), language)) is Command.NOTICES


@pytest.mark.parametrize("text", ["settings", "Paramètres", "réglages svp", "الاعدادات", "⚙️"])
def test_other_words_lead_there(text: str):
    """Accents, hamza and courtesies do not matter."""
    assert phrases.command(text) is Command.NOTICES


# --------------------------------------------------------------------------- a body


def body(finding: Json, *replies: Reply | str) -> Turn[list[Effect]]:
    return talk("body", finding, *replies, link="bd_1")


def test_a_body_asks_before_it_takes_anyone_in():
    """Who asks, for what, and what will come of it."""
    turn = body({"name": "Instance de l’équité"})
    assert "Commune of Ouarzazate" in shown(turn)
    assert "Instance de l’équité" in shown(turn)
    (agreed,) = body({"name": "Instance de l’équité"}, "d'accord").result or []
    (effect,) = body({"name": "Instance de l’équité"}, "oui").result or []
    assert isinstance(effect, JoinBody)
    assert agreed == effect
    assert effect.payload == "bd_1"
    assert "Instance de l’équité" in render(effect.done, "fr")
    assert "link" in render(effect.expired, "en")


def test_whoever_declines_is_not_taken_in():
    """And hears that nothing changed."""
    turn = body({"name": "Instance"}, "non merci")
    assert turn.result == []
    assert "Nothing was changed" in told(turn)


def test_an_old_link_says_so():
    """Before any question."""
    turn = body(None)
    assert turn.result == []
    assert "no longer works" in told(turn)


# --------------------------------------------------------------------------- a stop


@pytest.mark.parametrize(("alone", "others"), [(True, False), (False, True)])
def test_who_stops_reads_that_no_council_writes_where_there_are_several(
    alone: bool, others: bool
) -> None:
    """Where there is one, no other is spoken of."""

    def flow() -> Any:
        return conversations()["stop"](Facts(Shared(date(2026, 12, 1), COUNCIL), Own(alone=alone)))

    turn = replay.run(flow)
    assert turn.wanted is not None
    done = told(replay.found(flow, turn.journal, turn.wanted, []))
    assert "We no longer write to you" in done
    assert ("from any council" in done) is others
