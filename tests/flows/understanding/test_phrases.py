"""Words that always work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding import phrases
from flows.understanding.lines.files import words_of
from flows.understanding.numerals import number
from flows.understanding.phrases import (
    Command,
    command,
    done,
    language_named,
    yes_no,
)
from flows.understanding.scripts import fold


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "STOP !!!",
        "/stop",
        "/stop@TachaworBot",
        "arret",
        "arrêter",
        "désabonner",
        "وقف",
        "وَقِّفْ",
        "وقفو",
        "حبس",
        "حبسو",
        "توقف",
        "safi baraka",
        "baraka",
        "unsubscribe",
        "quit",
        "stop svp",
        "عافاك وقف",
        "ⴱⴻⴷⴷ",
        "stooop",
        "stop stop",
        "7bes",
        "w9ef",
        "🛑",
        "je me désabonne",
        "ⵙⴱⴷⴷ",
    ],
)
def test_whoever_wants_to_stop_can_say_so_in_any_words(text: str) -> None:
    """Every usual way to say stop stops."""
    assert command(text) is Command.STOP


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("رجوع", Command.BACK),
        ("Retour", Command.BACK),
        ("rje3", Command.BACK),
        ("ⵓⵖⵓⵍ", Command.BACK),
        ("إلغاء", Command.CANCEL),
        ("annuler", Command.CANCEL),
        ("دوز", Command.SKIP),
        ("suivant", Command.SKIP),
        ("aide", Command.HELP),
        ("عاونوني", Command.HELP),
        ("❓", Command.HELP),
        ("اللغة", Command.LANGUAGE),
        ("tutlayt", Command.LANGUAGE),
        ("القائمة", Command.MENU),
        ("menu", Command.MENU),
        ("/start", Command.START),
        ("/start petition_12", Command.START),
        ("ابدأ", Command.START),
        ("معلوماتي", Command.MY_DATA),
        ("«معلوماتي»", Command.MY_DATA),
        ("/my_data", Command.MY_DATA),
        ("mes données", Command.MY_DATA),
        ("mes contributions", Command.CONTRIBUTIONS),
        ("المزيد", Command.MORE),
        ("plus", Command.MORE),
        ("نكمل", Command.RESUME),
        ("continuer", Command.RESUME),
    ],
)
def test_each_command_is_heard_in_several_languages(text: str, expected: Command) -> None:
    """Commands work with accents, tashkeel, quotes, slashes and signs."""
    assert command(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "il faut stopper les camions",
        "stop aux ordures dans la rue",
        "وقف عندي الطوبيس قدام الدار",
        "خاص يتوقف البناء العشوائي",
        "plus de bancs",
        "help the school",
        "retour à l'école",
        "safi",
        "Safi",
        "fin kayn lma",
        "autre",
        "Aïd",
        "merci",
        "",
        "/unknown",
        "أبدا",
        "🙂",
    ],
)
def test_ordinary_words_are_no_command(text: str) -> None:
    """A sentence, a town called Safi, a choice called "other": none of them is a command."""
    assert command(text) is None


def test_every_command_speaks_every_language_and_script() -> None:
    """No command lacks Arabic, Latin or Tifinagh words."""
    for meaning, words in phrases._COMMANDS.items():
        scripts = {
            phrases_script for phrase in words.split("/") if (phrases_script := _script(phrase))
        }
        assert {"arabic", "latin", "tifinagh"} <= scripts, meaning


def _script(phrase: str) -> str | None:
    from flows.understanding.scripts import script

    return script(phrase)


def test_no_phrase_means_two_things() -> None:
    """No key stands in two tables, and none is a number: the order of asking never matters."""
    tables = [
        *((command, words_of("commands")[command]) for command in Command),
        ("yes", words_of("yes_no")["yes"]),
        ("no", words_of("yes_no")["no"]),
        *words_of("languages").items(),
    ]
    owner: dict[str, str] = {}
    for meaning, words in tables:
        for phrase in words.split("/"):
            assert owner.setdefault(fold(phrase), meaning) == meaning, phrase
            assert number(phrase) is None, phrase


@pytest.mark.parametrize(
    "text",
    [
        "oui",
        "ouais",
        "OUI !",
        "wah",
        "ah",
        "ايه",
        "نعم",
        "نَعَم",
        "naam",
        "n3am",
        "iyyeh",
        "iyih",
        "ⵢⴰⵀ",
        "yes",
        "ok",
        "wakha",
        "واخا",
        "👍",
        "👍🏽",
        "✅",
        "✅ Oui",
        "d'accord",
        "نعم شكرا",
        "ouiiii",
    ],
)
def test_yes_is_yes_in_every_language(text: str) -> None:
    """Agreement is heard, with courtesy or signs around it."""
    assert yes_no(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "non",
        "la",
        "lla",
        "لا",
        "لااا",
        "لا لا",
        "uhu",
        "ⵓⵀⵓ",
        "no",
        "machi",
        "👎",
        "❌",
        "non merci",
        "لا شكرا",
        "ما بغيتش",
        "أبدا",
    ],
)
def test_no_is_no_in_every_language(text: str) -> None:
    """Refusal is heard, with courtesy or signs around it."""
    assert yes_no(text) is False


@pytest.mark.parametrize(
    "text", ["", "oui mais pas ici", "لا أعرف", "peut-être", "ابدأ", "👍👎", "🤷", "2"]
)
def test_what_is_neither_is_neither(text: str) -> None:
    """Doubt is not turned into an answer."""
    assert yes_no(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("français", "fr"),
        ("fr", "fr"),
        ("Français svp", "fr"),
        ("الفرنسية", "fr"),
        ("بالعربية", "ar"),
        ("arabe", "ar"),
        ("darija", "ary"),
        ("الدارجة", "ary"),
        ("tamazight", "zgh"),
        ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "zgh"),
        ("amazigh", "zgh"),
        ("tachelhit", "zgh"),
        ("الشلحة", "zgh"),
        ("english", "en"),
        ("anglais", "en"),
        ("espagnol", None),
        ("je parle français et arabe", None),
        ("", None),
    ],
)
def test_a_language_is_asked_for_by_its_name(text: str, language: str | None) -> None:
    """Each language is known by its names in the others."""
    assert language_named(text) == language


def test_that_is_all_ends_a_list() -> None:
    """ "Safi" is done, not stop."""
    assert done("safi")
    assert done("صافي")
    assert done("c'est tout")
    assert done("✅")
    assert not done("encore")


@given(st.text(st.characters(), max_size=90))
def test_no_text_breaks_the_phrases(text: str) -> None:
    """Arbitrary text means something or nothing; nothing is raised."""
    command(text)
    yes_no(text)
    language_named(text)
    done(text)


@pytest.mark.parametrize(
    "text",
    ["machi mtaf9", "ur ra righ", "والله ما نقبل", "eh non", "ma kanwaf9ch", "j'accepte pas", "ana ma mwaf9ch"],
)  # fmt: skip
def test_a_denied_yes_is_never_a_yes(text: str) -> None:
    """Whatever else is not understood of it."""
    assert phrases.yes_no(text) is not True


@pytest.mark.parametrize("text", ["oui si possible", "wah walakin", "non oui", "موافق ولكن"])
def test_a_yes_with_a_but_is_neither(text: str) -> None:
    assert phrases.yes_no(text) is None


@pytest.mark.parametrize(
    "text",
    ["we need help with the roads", "العودة إلى المدرسة", "on veut enseigner en tamazight à l'école"],
)  # fmt: skip
def test_who_speaks_of_the_town_asks_for_nothing_of_ours(text: str) -> None:
    assert phrases.command_in(text) is None
    assert phrases.language_wish(text) is None


def test_of_two_commands_the_narrower_one_is_meant() -> None:
    assert phrases.command_in("modifier ma réponse déjà envoyée") is Command.CONTRIBUTIONS
    assert phrases.command_in("what do you know about me") is Command.MY_DATA
    assert phrases.command_in("retour au menu principal") is Command.MENU
    assert phrases.command_in("annuler ma demande pour la route") is Command.CONTRIBUTIONS


@pytest.mark.parametrize(
    "text",
    [
        "très mauvais",
        "absolument inutile",
        "d'accord avec personne",
        "c'est bien cher",
        "ok et combien ça coûte",
        "I want to know more",
        "I want you to stop this",
        "definitely a waste",
        "صافي عييت",
        "واخا علاش",
        "طبعا هذا تبذير",
        "لا بأس بها لكن مكلفة",
        "safi 3yit",
    ],
)
def test_what_only_begins_like_a_yes_is_none(text: str) -> None:
    assert yes_no(text) is None


@pytest.mark.parametrize(
    "text",
    ["oui bien sûr", "je suis d'accord avec vous", "i agree with that", "wah safi", "نعم موافق"],
)
def test_a_yes_with_words_that_change_nothing_is_one(text: str) -> None:
    assert yes_no(text) is True
