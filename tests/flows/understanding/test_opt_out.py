"""A wish to be left alone is understood by its shape, and an ordinary sentence is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.opt_out import (
    LONGEST_BARE,
    LONGEST_DOUBT,
    LONGEST_WISH,
    Wish,
    comes_back,
    fewer,
    of_one_council,
    wish,
)


@pytest.mark.parametrize(
    "text",
    [
        "je ne veux plus recevoir de messages",
        "Merci de ne plus m'écrire",
        "arrêtez de m'envoyer des messages",
        "veuillez supprimer mon numéro",
        "désabonnez-moi",
        "please stop texting me",
        "take me off your list",
        "don't contact me again",
        "لا أريد رسائلكم",
        "المرجو إيقاف الرسائل",
        "احذفوا رقمي",
        "ما تبقاوش تصيفطو ليا الميساجات",
        "mabghitch messagat dyalkom",
        "7iydo nmrti mn 3andkom",
        "baraka mn lmessagat",
        "خليوني ترانكيل",
        "ⴽⴽⵙ ⵓⵟⵟⵓⵏ ⵉⵏⵓ",
        "ur sul righ tuzinin",
    ],
)
def test_a_wish_is_certain_in_every_language_and_script(text: str) -> None:
    assert wish(text) is Wish.CERTAIN


@pytest.mark.parametrize(
    "text",
    [
        "je ne veux plus participer",
        "trop de messages",
        "not interested",
        "لست مهتما",
        "ما بقيتش باغي",
        "je quitte, plus besoin de m'écrire",
        "qui vous a donné mon num ? effacez-le",
        "on m'a inscrit sans me demander",
        "vous vous trompez de numéro",
        "c'est du harcèlement, je vais vous signaler comme spam",
        "how do I opt out?",
        "who gave you my number?? delete it",
        "لا داعي للمراسلة",
        "شطبوا على اسمي",
        "كيفاش نخرج من هاد البوت",
        "غنبلوكيكم إلا زدتو كتبتو",
        "ما تقلقونيش بهاد الشي",
        "tel9o mni",
        "ghalto f nimero",
        "3yitouni, baraka",
        "baraka fllagh zgh isqsitn nnun",
    ],
)
def test_what_may_be_one_is_asked_back(text: str) -> None:
    assert wish(text) is Wish.UNSURE


@pytest.mark.parametrize(
    "text",
    [
        "je ne veux plus de poubelles dans la rue",
        "il faut arrêter les camions",
        "on ne reçoit plus de messages de la commune",
        "ما بقيتش باغي نشوف الزبل فالزنقة",
        "حبسو لينا الما",
        "supprimez le numéro 4 de la liste des bus",
        "nous voulons plus d'arbres",
        "the bus does not stop here",
        "lma mab9ach kayji",
        "supprimez mes données",
        "je n'ai jamais reçu votre message",
        "pourquoi vous ne répondez plus à mes messages ?",
        "contactez-moi au plus vite",
        "laissez les enfants jouer tranquilles",
        "بركا من الصداع بالليل",
        "le numéro de ma maison est faux",
        "علاش ما صيفطتو ليا والو",
        "matsda3ch rasek",
        "",
    ],
)
def test_an_ordinary_sentence_is_none(text: str) -> None:
    assert wish(text) is None


def test_a_message_with_one_word_too_many_is_asked_back() -> None:
    wanted = "ne m envoyez plus de messages"
    words = " ".join(["voilà"] * (LONGEST_WISH - 6))
    assert wish(f"{words} {wanted}") is Wish.CERTAIN
    assert wish(f"voilà {words} {wanted}") is Wish.UNSURE


def test_a_longer_message_is_asked_back_up_to_its_length_and_not_beyond() -> None:
    doubt = "trop de messages"
    assert wish(" ".join(["voilà"] * (LONGEST_DOUBT - 3)) + f" {doubt}") is Wish.UNSURE
    assert wish(" ".join(["voilà"] * (LONGEST_DOUBT - 2)) + f" {doubt}") is None


def test_what_says_little_is_asked_back_where_it_is_short_and_names_nothing_of_the_town() -> None:
    assert wish(" ".join(["voilà"] * (LONGEST_BARE - 1)) + " arretez") is Wish.UNSURE
    assert wish(" ".join(["voilà"] * LONGEST_BARE) + " arretez") is None
    assert wish("voilà arretez l'eau") is None


def test_whether_it_names_one_council() -> None:
    assert of_one_council("je ne veux plus de messages de cette commune")
    assert not of_one_council("je ne veux plus de messages")


@given(st.text(max_size=300))
def test_it_never_raises(text: str) -> None:
    assert wish(text) in (None, *Wish)


@pytest.mark.parametrize(
    "text", ["je ne veux pas rater vos messages", "take me back", "delete my answer", "enlevez moi ces poubelles"]
)  # fmt: skip
def test_who_wants_them_or_speaks_of_something_else_has_no_such_wish(text: str) -> None:
    assert wish(text) is None


@pytest.mark.parametrize(
    "text", ["ne mecrivez plus", "retirez mon accord", "je retire mon consentement", "vos messages sont inutiles", "bzaf had les messages"]
)  # fmt: skip
def test_a_wish_without_apostrophes_or_only_hinted_at_is_heard(text: str) -> None:
    assert wish(text) is not None


@pytest.mark.parametrize(
    "text",
    ["réinscrivez-moi", "رجعو ليا الميساجات", "rj3o lia lmessages", "start sending messages"],
)
def test_who_wants_messages_again_is_heard(text: str) -> None:
    assert comes_back(text)


@pytest.mark.parametrize(
    "text", ["ne me réinscrivez pas sur vos messages", "je veux une route", "ok", "stop"]
)
def test_nobody_else_comes_back(text: str) -> None:
    assert not comes_back(text)


def test_too_many_is_not_none_at_all() -> None:
    assert fewer("trop de messages")
    assert fewer("نقصو من الميساجات")
    assert not fewer("plus aucun message")


@pytest.mark.parametrize(
    "text",
    [
        "Stray dogs wont leave us alone at night",
        "Cessez de nous harceler avec les amendes",
        "هنيونا من هاد الكلاب",
        "lma 9t3o 3lina",
        "ma tsifetouch lina lkamyo f sba7",
        "Don't stop, these polls are great",
        "ما تحبسوش، هاد الشي مزيان",
        "ad ur tbddam, tawuri nnun tfulki",
        "I don't receive your messages, is there a problem?",
    ],
)
def test_who_has_enough_of_the_town_or_wants_it_to_go_on_stops_nothing(text: str) -> None:
    assert wish(text) is None


def test_a_certain_wish_that_names_what_else_annoys_is_asked_back() -> None:
    assert wish("laissez-nous tranquilles") is Wish.CERTAIN
    assert wish("laissez-nous tranquilles avec tout ça") is Wish.UNSURE
