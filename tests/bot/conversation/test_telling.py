"""One sentence is enough: what people write of their own accord is kept, half filled, and shown before it goes."""

import msgspec
import pytest

from bot.app.build import App
from bot.app.kept.housekeeping import keep_house
from bot.conversation.listening.unagreed import KEPT_MS
from flows.dialog.answers import LONGEST
from flows.dialog.facts import Own
from tests.bot.conversation.test_inbound import JPEG
from tests.checks import AllResponses, ArrivalsOf, InboxTexts, OwnOf
from tests.citizen import Citizen

SENTENCE = "les routes sont cassées chez nous depuis lundi"


async def filed(app: App, code: str = "OZT-NEEDS") -> list[dict[str, object]]:
    """What was filed, oldest first."""
    async with app.storage.reading() as tx:
        row = await app.register.by_code(tx, code)
        assert row is not None
        rows = await tx.rows(AllResponses, consultation_id=row.id)
    return [msgspec.json.decode(row.body) for row in rows]


async def kept(app: App) -> tuple[list[str], list[Own]]:
    """What the inbox and conversations that are not over still hold."""
    async with app.storage.reading() as tx:
        texts = [row.payload for row in await tx.rows(InboxTexts)]
        own = [msgspec.json.decode(row.own, type=Own) for row in await tx.rows(OwnOf)]
    return texts, own


async def agreed(app: App, name: str = "amina", language: str = "Français") -> Citizen:
    """Somebody at the menu."""
    citizen = Citizen(app, name)
    await citizen.arrives(language)
    return citizen


# ---------------------------------------------------------------------- the first message


async def test_the_sentence_consent_the_place_send_and_it_is_filed(app: App) -> None:
    citizen = Citizen(app)
    await citizen.verify(
        [
            (SENTENCE, "Je garde votre message"),
            ("oui", "Où exactement"),
            ("derb Moulay Ali", SENTENCE),
            ("oui", "OZT-2026"),
        ]
    )
    [body] = await filed(app)
    assert body["theme"] == "roads"
    assert body["words"] == {"text": SENTENCE, "media": []}
    assert body["place"]["text"] == "derb Moulay Ali"  # type: ignore[index]


@pytest.mark.parametrize(
    ("sentence", "yes", "theme", "place"),
    [
        (
            "les lampadaires sont cassés au quartier Hay Mohammadi",
            "oui",
            "light",
            "quartier Hay Mohammadi",
        ),
        ("salam, lma m9to3 f douar tabount hadi simana", "wakha", "water", "douar tabount"),
        ("الشارع مظلم ليلا في حي السلام ونطلب إصلاح المصابيح", "نعم", "light", "حي السلام"),
        ("the rubbish bins are overflowing in Tabounte", "yes", "waste", "Tabounte"),
        ("ⵓⵔ ⵉⵍⵍⵉ ⵡⴰⵎⴰⵏ ⴳ ⵓⴷⵡⵡⴰⵔ ⵏ ⵜⴰⴱⵓⵏⵜ", "ⵢⴰⵀ", "water", "ⵓⴷⵡⵡⴰⵔ ⵏ ⵜⴰⴱⵓⵏⵜ"),
    ],
)
async def test_the_sentence_consent_send_and_it_is_filed_with_theme_and_place(
    app: App, sentence: str, yes: str, theme: str, place: str
) -> None:
    citizen = Citizen(app)
    await citizen.says(sentence)
    await citizen.says(yes)
    assert "OZT-2026-000001" in await citizen.says("1")
    [body] = await filed(app)
    assert body["theme"] == theme
    assert body["place"]["text"] == place  # type: ignore[index]
    assert body["words"]["text"] == sentence  # type: ignore[index]


async def test_what_the_council_lists_no_theme_for_is_of_the_other_one(app: App) -> None:
    """The example council has none for health."""
    citizen = Citizen(app)
    await citizen.verify(
        [("le médecin ne vient jamais au dispensaire", "Je garde"), ("oui", "Où exactement")]
    )
    assert "Autre sujet" in await citizen.says("passer")


async def test_the_councils_own_commune_says_too_little_of_where(app: App) -> None:
    citizen = Citizen(app)
    await citizen.verify(
        [("il n'y a pas d'eau à Ouarzazate depuis lundi", "Je garde"), ("oui", "Où exactement")]
    )


async def test_a_first_message_that_is_surely_in_one_language_is_answered_in_it_without_asking(
    app: App,
) -> None:
    citizen = Citizen(app)
    said = await citizen.says(SENTENCE)
    assert "Vos réponses vont au conseil" in said
    assert citizen.labels == [
        "1 ✅ D’accord, commençons",
        "2 ℹ️ En savoir plus",
        "3 ❌ Non, merci",
        "4 🌐 Autre langue",
    ]


async def test_one_tap_changes_the_language_that_was_guessed_and_the_words_stay(app: App) -> None:
    citizen = Citizen(app)
    await citizen.says(SENTENCE)
    await citizen.verify(
        [
            ("[Autre langue]", "Quelle langue"),
            ("[English]", "Your answers go to"),
            ("[I agree]", "Where exactly?"),
            ("skip", SENTENCE),
        ]
    )


async def test_a_greeting_is_no_need(app: App) -> None:
    citizen = Citizen(app)
    said = await citizen.does(text="bonjour", language_hint="fr")
    assert "Quelle langue préférez-vous" in said
    await citizen.verify([("[Français]", "Vos réponses"), ("oui", "Que voulez-vous faire")])


async def test_lines_before_the_consent_are_one_need(app: App) -> None:
    citizen = Citizen(app)
    await citizen.says(SENTENCE)
    assert "C’est noté" in await citizen.says("et personne ne vient les réparer")
    await citizen.does(media=(app.web.upload(JPEG, "photo"),))
    await citizen.verify(
        [
            ("oui", "Où exactement"),
            ("passer", f"{SENTENCE}\net personne ne vient les réparer\n📷"),
            ("oui", "Référence"),
        ]
    )
    [body] = await filed(app)
    assert len(body["words"]["media"]) == 1  # type: ignore[index]


async def test_a_photo_as_the_first_message_is_kept(app: App) -> None:
    citizen = Citizen(app)
    said = await citizen.does(media=(app.web.upload(JPEG, "photo"),), language_hint="fr")
    assert "Je garde votre message" in said
    await citizen.verify(
        [
            ("[Français]", "Vos réponses"),
            ("oui", "De quoi s’agit-il"),
            ("1", "Où exactement"),
            ("passer", "📷"),
            ("oui", "Référence"),
        ]
    )


async def test_a_pin_as_the_first_message_is_the_place(app: App) -> None:
    citizen = Citizen(app)
    said = await citizen.does(location=(30.92, -6.91), language_hint="fr")
    assert "Je garde votre message" in said
    await citizen.verify(
        [
            ("[Français]", "Vos réponses"),
            ("oui", "De quoi s’agit-il"),
            ("1", "Racontez avec vos mots"),
            ("pas d'eau le soir", "📍 point sur la carte"),
            ("oui", "Référence"),
        ]
    )
    [body] = await filed(app)
    assert body["place"]["latitude"] == 30.92  # type: ignore[index]


async def test_what_the_map_calls_a_pin_is_kept_with_it(app: App) -> None:
    citizen = await agreed(app)
    await citizen.says(SENTENCE)
    said = await citizen.does(location=(30.92, -6.91), place="Souk Tabounte")
    assert "Souk Tabounte" in said
    await citizen.says("oui")
    other = await agreed(app, "brahim")
    await other.does(location=(30.92, -6.91), place="Souk Tabounte")
    await other.says("1")
    assert "Souk Tabounte" in await other.says("pas d'eau ici")
    await other.says("oui")
    assert [body["place"]["text"] for body in await filed(app)] == ["Souk Tabounte"] * 2  # type: ignore[index]


async def test_a_sentence_at_the_first_question_after_a_link_comes_first_then_what_the_link_was_for(
    app: App,
) -> None:
    citizen = Citizen(app)
    await citizen.starts("OZT-LIGHT")
    await citizen.verify(
        [
            (SENTENCE, "C’est noté"),
            ("oui", "Où exactement"),
            ("passer", SENTENCE),
            ("oui", "Comment est l’éclairage"),
        ]
    )
    assert len(await filed(app)) == 1


# ---------------------------------------------------------------------- nobody agreed


async def test_what_was_told_is_emptied_where_consent_is_refused_and_its_rows_stay(
    app: App,
) -> None:
    citizen = Citizen(app)
    photo = app.web.upload(JPEG, "photo")
    await citizen.does(text=SENTENCE, media=(photo,), external_id="first")
    files = [p for p in app.media.folder.rglob("*") if p.is_file()]
    assert "C’est noté" in await citizen.says("non")
    texts, own = await kept(app)
    assert texts == ["", ""]
    assert own == []
    assert files
    assert not [p for p in files if p.exists()]
    # It is known still: what a provider brings twice is taken once.
    assert await citizen.does(text=SENTENCE, external_id="first") == ""


async def test_who_refused_once_and_writes_again_is_asked_in_the_same_language(app: App) -> None:
    citizen = Citizen(app)
    await citizen.says(SENTENCE)
    await citizen.says("non")
    await citizen.verify([(SENTENCE, "Vos réponses vont au conseil"), ("oui", "Où exactement")])


@pytest.mark.parametrize(("before", "forgotten"), [(-1, True), (1000, False)])
async def test_what_nobody_agreed_to_within_a_day_is_emptied(
    app: App, monkeypatch: pytest.MonkeyPatch, before: int, forgotten: bool
) -> None:
    """The question stays open; it leads to the menu then."""
    citizen = Citizen(app)
    await citizen.says(SENTENCE)
    monkeypatch.setattr("bot.app.kept.housekeeping.now_ms", lambda: citizen.at + KEPT_MS - before)
    await keep_house(app)
    texts, [own] = await kept(app)
    assert (texts == [""]) is forgotten
    assert (own.words == "") is forgotten
    await citizen.verify([("oui", "Que voulez-vous faire" if forgotten else "Où exactement")])


# ---------------------------------------------------------------------- at any time


async def test_a_sentence_at_the_menu_is_a_need_half_filled(app: App) -> None:
    citizen = await agreed(app)
    await citizen.verify([(SENTENCE, "Où exactement"), ("passer", SENTENCE)])


async def test_a_sentence_at_the_theme_question_is_read_for_the_theme_and_kept(app: App) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-NEEDS")
    await citizen.verify([(SENTENCE, "Où exactement"), ("passer", SENTENCE)])
    assert "Routes et trottoirs" in citizen.heard[-1].text.replace("\u2068", "").replace(
        "\u2069", ""
    )


async def test_a_sentence_that_tells_no_theme_is_kept_and_the_theme_asked_for(app: App) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-NEEDS")
    said = await citizen.says("c'est vraiment pénible chez nous en ce moment")
    assert "C’est noté" in said
    assert "De quoi s’agit-il" in said
    await citizen.verify([("1", "Où exactement"), ("passer", "c'est vraiment pénible")])


async def test_the_name_of_a_theme_in_some_words_is_only_that(app: App) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-NEEDS")
    await citizen.verify(
        [("Routes et trottoirs", "Où exactement"), ("passer", "Racontez avec vos mots")]
    )


@pytest.mark.parametrize(
    "place",
    ["rue de la gare", "derrière le marché aux légumes", "en face de l'école du quartier Tabounte",
     "حدا المدرسة ديال تابونت", "7da trik lkbira dyal souk", "avenue de la source d'eau chaude"],
)  # fmt: skip
async def test_a_place_that_sounds_like_a_theme_is_a_place(app: App, place: str) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-NEEDS")
    await citizen.verify([("eau", "Où exactement"), (place, "Racontez avec vos mots")])


async def test_a_sentence_where_the_place_was_asked_for_is_what_is_wrong_there(app: App) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-NEEDS")
    await citizen.verify(
        [
            ("eau", "Où exactement"),
            ("il n'y a plus d'eau depuis trois jours chez nous", "Où exactement"),
            ("rue de la gare", "il n'y a plus d'eau depuis trois jours"),
        ]
    )


async def test_a_sentence_in_a_poll_is_offered_as_a_need_and_the_question_comes_back(
    app: App,
) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-LIGHT")
    await citizen.verify(
        [
            (SENTENCE, "Ce n’est pas une des réponses"),
            ("[Au conseil]", "Où exactement"),
            ("passer", SENTENCE),
            ("oui", "Comment est l’éclairage"),
        ]
    )


async def test_it_may_have_been_meant_for_the_question(app: App) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-LIGHT")
    await citizen.verify(
        [(SENTENCE, "Ce n’est pas"), ("[Revenir à la question]", "Comment est l’éclairage")]
    )
    assert await filed(app) == []


@pytest.mark.parametrize("short", ["hmm", "mmm euh"])
async def test_a_word_or_two_that_fit_nothing_are_no_need(app: App, short: str) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-LIGHT")
    assert "Je n’ai pas compris" in await citizen.says(short)


async def test_what_is_typed_where_a_card_is_asked_for_is_never_offered_as_a_need(app: App) -> None:
    """A name, a number: it may be private."""
    citizen = await agreed(app)
    await citizen.starts("OZT-PARK")
    await citizen.says("1")
    said = await citizen.says("[Signer]") if any("Signer" in one for one in citizen.labels) else ""
    said += await citizen.says("je ne sais pas trop quoi dire ici")
    assert "au conseil comme besoin" not in said


async def test_what_comes_at_the_last_look_is_added(app: App) -> None:
    citizen = await agreed(app)
    await citizen.says(SENTENCE)
    await citizen.says("passer")
    said = await citizen.says("les enfants tombent souvent là-bas")
    assert "Ajouté à votre message" in said
    assert f"{SENTENCE}\nles enfants tombent souvent là-bas" in said
    await citizen.does(media=(app.web.upload(JPEG, "photo"),))
    await citizen.says("oui")
    [body] = await filed(app)
    assert body["words"]["text"].endswith("là-bas")  # type: ignore[index]
    assert len(body["words"]["media"]) == 1  # type: ignore[index]


@pytest.mark.parametrize(("tap", "needs"), [("Le même", 1), ("Un autre", 2)])
async def test_another_theme_at_the_last_look_is_asked_about_once(
    app: App, tap: str, needs: int
) -> None:
    citizen = await agreed(app)
    await citizen.says(SENTENCE)
    await citizen.says("passer")
    assert "Est-ce un autre besoin" in await citizen.says("et les poubelles débordent partout")
    await citizen.taps(tap)
    if needs == 2:
        await citizen.verify([("passer", "les poubelles débordent"), ("oui", "Référence")])
    said = await citizen.says("oui")
    assert "Référence" in said
    bodies = await filed(app)
    assert len(bodies) == needs
    texts = [body["words"]["text"] for body in bodies]  # type: ignore[index]
    assert sorted("\n".join(texts).split("\n")) == sorted(
        [SENTENCE, "et les poubelles débordent partout"]
    )


async def test_it_is_something_else_sends_nothing_and_shows_the_menu(app: App) -> None:
    citizen = await agreed(app)
    await citizen.says(SENTENCE)
    await citizen.verify([("passer", SENTENCE), ("[C’est autre chose]", "rien n’a été envoyé")])
    assert await filed(app) == []
    assert any("Dites ce dont" in label for label in citizen.labels)


# ---------------------------------------------------------------------- correcting keeps the rest


async def to_the_review(app: App) -> Citizen:
    """Somebody who told it in words and a photo, at the last look."""
    citizen = await agreed(app)
    await citizen.does(text=SENTENCE, media=(app.web.upload(JPEG, "photo"),))
    await citizen.says("passer")
    return citizen


async def test_correcting_the_words_keeps_the_photo(app: App) -> None:
    citizen = await to_the_review(app)
    await citizen.verify(
        [
            ("[Corriger]", "Message"),
            ("[Message]", "Racontez avec vos mots"),
            ("la route est coupée en deux", "la route est coupée en deux\n📷"),
        ]
    )


async def test_a_new_photo_takes_the_place_of_the_old_one_and_the_words_stay(app: App) -> None:
    citizen = await to_the_review(app)
    await citizen.says("[Corriger]")
    await citizen.says("[Message]")
    said = await citizen.does(media=(app.web.upload(JPEG, "photo"),))
    assert said.count("📷") == 1
    assert SENTENCE in said


async def test_the_photo_can_be_taken_away(app: App) -> None:
    citizen = await to_the_review(app)
    await citizen.says("[Corriger]")
    await citizen.says("[Message]")
    said = await citizen.says("[Sans les fichiers]")
    assert SENTENCE in said
    assert "📷" not in said


async def test_where_nothing_takes_what_is_told_that_is_said(app: App) -> None:
    citizen = await agreed(app)
    async with app.storage.transaction() as tx:
        row = await app.register.by_code(tx, "OZT-NEEDS")
        assert row is not None
        await tx.run("set_consultation_state", id=row.id, state="closed")
    assert "ne recueille pas de besoins" in await citizen.says(SENTENCE)


# ---------------------------------------------------------------------- edges


@pytest.mark.parametrize(("length", "cut"), [(LONGEST, False), (LONGEST + 1, True)])
async def test_eight_thousand_characters_are_kept_and_who_writes_more_is_told(
    app: App, length: int, cut: bool
) -> None:
    citizen = await agreed(app)
    text = (SENTENCE + " ").ljust(length, "a")
    said = await citizen.says(text)
    assert ("C’est très long" in said) is cut
    await citizen.says("passer")
    await citizen.says("1")
    [body] = await filed(app)
    assert body["words"]["text"] == text[:LONGEST]  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("poubelles pleines", False),
        ("poubelles toujours pleines", True),
        ("euh alors voilà merci beaucoup", False),
        ("euh alors voilà merci beaucoup quand", True),
    ],
)
async def test_three_words_about_a_theme_or_six_about_none_are_offered_as_a_need(
    app: App, text: str, offered: bool
) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-LIGHT")
    assert ("Ce n’est pas une des réponses" in await citizen.says(text)) is offered


async def test_what_is_written_where_something_hangs_on_the_answer_is_not_taken_for_a_need(
    app: App,
) -> None:
    """While the language is chosen, say, or while it is asked whether messages shall stop."""
    citizen = await agreed(app)
    await citizen.says("langue")
    assert "Je n’ai pas compris" in await citizen.says(SENTENCE)
    assert await filed(app) == []


# ---------------------------------------------------------------------- nothing is taken for what it is not


async def another_need(app: App) -> None:
    """Somebody else has told the same."""
    other = await agreed(app, "brahim")
    for said in (SENTENCE, "passer", "1"):
        await other.says(said)


@pytest.mark.parametrize(
    "line",
    [
        "il y a aussi un autre trou plus loin",
        "une autre personne est tombée hier",
        "avec les autres voisins on attend",
        "sawti m3a lakhrin 7it kolna mdarrin",
    ],
)
async def test_a_line_at_the_last_look_is_no_voice_for_somebody_elses_need(
    app: App, line: str
) -> None:
    await another_need(app)
    citizen = await agreed(app)
    await citizen.says(SENTENCE)
    await citizen.says("passer")
    assert any("voix" in label for label in citizen.labels)
    said = await citizen.says(line)
    assert line in said
    assert "Vous voulez dire" not in said
    assert "Référence" in await citizen.says("1")
    assert len(await filed(app)) == 2


@pytest.mark.parametrize(
    ("code", "before", "line"),
    [
        ("OZT-LIGHT", (), "الضو مقطوع فالزنقة ديالنا"),
        ("OZT-LIGHT", (), "الضو مقطوع"),
        ("OZT-LIGHT", ("2",), "le souk est sale"),
        ("OZT-LIGHT", ("2",), "l'arrêt de bus est cassé"),
        ("OZT-PARK", (), "non l'eau est coupée rue Hassan"),
    ],
)
async def test_what_tells_that_something_is_broken_is_no_vote(
    app: App, code: str, before: tuple[str, ...], line: str
) -> None:
    citizen = await agreed(app)
    await citizen.starts(code)
    for said in before:
        await citizen.says(said)
    assert "Ce n’est pas une des réponses" in await citizen.says(line)
    assert await filed(app, code) == []


async def test_a_doubt_that_was_none_of_the_choices_is_offered_as_a_need(app: App) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-LIGHT")
    said = await citizen.says("il n'y a pas d'eau rue Hassan")
    if "Vous voulez dire" in said:
        said = await citizen.says("[Autre chose]")
    assert "Ce n’est pas une des réponses" in said
    assert "il n'y a pas d'eau rue Hassan" in said


@pytest.mark.parametrize(
    "refusal",
    [
        "non je ne veux pas que vous gardiez ça",
        "effacez mes données",
        "effacez tout ça",
        "لا ما بغيتش",
        "non merci",
        "je ne suis pas d'accord",
    ],
)
async def test_a_refusal_in_words_empties_what_was_told(app: App, refusal: str) -> None:
    citizen = Citizen(app)
    await citizen.says(SENTENCE)
    assert "C’est noté" in await citizen.says(refusal)
    texts, own = await kept(app)
    assert set(texts) == {""}
    assert own == []


@pytest.mark.parametrize("code", ["OZT-LIGHT", "OZT-NEEDS"])
async def test_a_link_that_is_opened_before_the_consent_loses_nothing(app: App, code: str) -> None:
    citizen = Citizen(app)
    await citizen.says(SENTENCE)
    await citizen.starts(code)
    said = await citizen.says("oui")
    assert "Où exactement" in said
    await citizen.verify([("passer", SENTENCE), ("1", "" if code == "OZT-LIGHT" else "Référence")])
    assert [body["words"]["text"] for body in await filed(app)] == [SENTENCE]  # type: ignore[index]


@pytest.mark.parametrize("code", ["OZT-LIGHT", "OZT-NEEDS"])
async def test_a_refusal_after_a_link_empties_what_was_told_before(app: App, code: str) -> None:
    citizen = Citizen(app)
    await citizen.does(text=SENTENCE, media=(app.web.upload(JPEG, "photo"),))
    await citizen.starts(code)
    await citizen.says("non")
    texts, own = await kept(app)
    assert (set(texts), own) == ({""}, [])
    assert not [p for p in app.media.folder.rglob("*.jpg") if p.is_file()]


async def test_a_refusal_empties_what_was_told_of_danger(app: App) -> None:
    citizen = Citizen(app)
    await citizen.says("il y a le feu chez le voisin")
    await citizen.says("oui")
    await citizen.says("non")
    texts, own = await kept(app)
    assert (set(texts), own) == ({""}, [])


async def test_danger_that_nobody_agreed_to_report_is_emptied_after_a_day(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = Citizen(app)
    await citizen.says("il y a le feu chez le voisin")
    await citizen.says("non")
    monkeypatch.setattr("bot.app.kept.housekeeping.now_ms", lambda: citizen.at + KEPT_MS + 1)
    await keep_house(app)
    texts, _ = await kept(app)
    assert set(texts) == {""}


async def test_what_was_written_before_the_yes_in_the_same_moment_is_kept(app: App) -> None:
    """They share one transaction."""
    citizen = Citizen(app)
    await citizen.does(text="bonjour", language_hint="fr")
    await citizen.receive(citizen.arrival(text=SENTENCE), citizen.arrival(text="oui"))
    async with app.storage.reading() as tx:
        assert {row.state for row in await tx.rows(ArrivalsOf, channel="web")} == {"done"}


async def test_a_correction_in_words_throws_nothing_away(app: App) -> None:
    citizen = await agreed(app)
    await citizen.says(SENTENCE)
    await citizen.says("passer")
    said = await citizen.says("non c'est à douar Tabounte")
    assert "rien n’a été envoyé" not in said
    assert await filed(app) == []
    assert any("✏️" in label for label in citizen.labels) or "Où exactement" in said


async def test_a_sentence_at_the_theme_question_of_what_was_told_is_added(app: App) -> None:
    citizen = await agreed(app)
    assert "De quoi s’agit-il" in await citizen.says("c'est vraiment grave chez nous en ce moment")
    said = await citizen.says("l'eau est coupée à douar Tabounte depuis trois jours")
    assert "c'est vraiment grave chez nous en ce moment" in said
    assert "l'eau est coupée à douar Tabounte depuis trois jours" in said
    assert "douar Tabounte" in said


async def test_a_photo_at_the_place_question_belongs_to_the_need(app: App) -> None:
    citizen = await agreed(app)
    await citizen.says(SENTENCE)
    said = await citizen.does(media=(app.web.upload(JPEG, "photo"),))
    assert "Où exactement" in said
    await citizen.verify([("passer", "📷"), ("1", "Référence")])
    [body] = await filed(app)
    assert len(body["words"]["media"]) == 1  # type: ignore[index]


async def test_what_was_offered_as_a_need_is_not_lost_by_the_menu(app: App) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-LIGHT")
    await citizen.says(SENTENCE)
    await citizen.says("menu")
    assert SENTENCE in await citizen.says("reprendre")


async def test_a_request_of_which_nobody_has_heard_is_a_need(app: App) -> None:
    citizen = await agreed(app)
    said = await citizen.says("ma demande de poubelle rue Hassan n'est pas traitée")
    assert "rue Hassan" in said
    assert "rien envoyé" not in said


async def test_something_else_in_the_middle_of_a_poll_leads_back_to_it(app: App) -> None:
    citizen = await agreed(app)
    await citizen.starts("OZT-LIGHT")
    await citizen.verify(
        [
            (SENTENCE, "Ce n’est pas"),
            ("[Au conseil]", "Où exactement"),
            ("passer", SENTENCE),
            ("[C’est autre chose]", "Comment est l’éclairage"),
        ]
    )


async def test_a_need_that_names_another_commune_is_asked_where_it_is(app: App) -> None:
    citizen = await agreed(app)
    said = await citizen.says("l'eau est coupée à Marrakech depuis lundi")
    assert "Où exactement" in said


async def test_small_talk_at_the_last_look_shows_all_of_it_again(app: App) -> None:
    citizen = await agreed(app)
    await citizen.says(SENTENCE)
    await citizen.says("passer")
    said = await citizen.says("c'est gratuit ?")
    assert "C’est gratuit" in said
    assert "Routes et trottoirs" in said
    assert SENTENCE in said
