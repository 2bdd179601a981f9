"""Several of many: a page at a time, and what was ticked on another page stays."""

import pytest

from flows.dialog.choices import MORE, PAGE, Choice
from flows.dialog.dialog import NotUnderstood, Option, Refused, Reply, Unfinished, Unsure
from flows.dialog.several import DONE, UNTICK, Several
from flows.wording.text import Translated, Verbatim

OPTIONS = tuple(Option(f"p{n}", Verbatim(f"Project {n}")) for n in range(1, 17))


def ids(question: Several) -> list[str]:
    return [option.id for option in question.options]


def after(question: Several, *taps: str) -> Several:
    for tap in taps:
        read = question.read(Reply(tap=tap))
        assert isinstance(read, Unfinished)
        question = question.resumed(read.draft)
    return question


@pytest.mark.parametrize(("many", "paged"), [(9, False), (10, False), (11, True)])
def test_more_than_ten_are_shown_seven_at_a_time(many: int, paged: bool) -> None:
    shown = ids(Several(OPTIONS[:many], 1, 3))
    assert (MORE in shown) is paged
    assert len(shown) == (PAGE + 1 if paged else many)


def test_what_was_ticked_on_another_page_stays() -> None:
    question = after(Several(OPTIONS, 1, 3), "p2", MORE, "p9", MORE)
    assert question.ticked == ("p2", "p9")
    assert ids(question) == ["p15", "p16", MORE, DONE]
    assert question.read(Reply(tap=DONE)) == ("p2", "p9")
    first = after(question, MORE)
    assert ids(first)[:3] == ["p1", f"{UNTICK}p2", "p3"]
    assert first.read(Reply(tap="p1")) == ("p1", "p2", "p9")


def test_numbers_count_over_all_pages() -> None:
    question = after(Several(OPTIONS, 1, 3), MORE)
    assert question.read(Reply(text="1, 16")) == ("p1", "p16")
    assert isinstance(question.read(Reply(text="more")), Unfinished)


def test_a_page_that_is_there_no_more_is_the_first() -> None:
    """The organizer took projects out meanwhile; a draft of before there were pages is read too."""
    for draft in ({"ticked": ["p1"], "page": 2}, {"ticked": ["p1"], "page": -1}, ["p1"]):
        question = Several(OPTIONS[:11], 1, 3).resumed(draft)  # type: ignore[arg-type]
        assert (question.page, question.ticked) == (0, ("p1",))
    assert Several(OPTIONS[:10], 1, 3).resumed({"ticked": ["p8"], "page": 1}).page == 0


WORKS = Several(
    tuple(
        Option(id, Translated({"fr": fr, "ar": ar}))
        for id, fr, ar in (
            ("well", "Fontaine publique", "نافورة عمومية"),
            ("light", "Éclairage", "الإنارة"),
            ("garden", "Jardin public", "حديقة عمومية"),
            ("road", "Route du souk", "طريق السوق"),
            ("bus", "Abribus", "موقف الحافلة"),
            ("books", "Bibliothèque", "مكتبة"),
        )
    ),
    1,
    5,
)
ALL = ("well", "light", "garden", "road", "bus", "books")


@pytest.mark.parametrize(
    "text",
    [
        *("1 à 3", "de 1 à 3", "from one to three", "1 to 3", "من 1 إلى 3", "mn 1 l 3"),
        *("du premier au troisième", "١ إلى ٣"),
    ],
)
def test_a_run_is_all_from_the_first_to_the_last(text: str) -> None:
    """They were read as the two ends."""
    assert WORKS.read(Reply(text=text)) == ALL[:3]


def offered(text: str) -> list[str]:
    """What is asked back, in numbers."""
    read = WORKS.read(Reply(text=text))
    assert isinstance(read, Unsure)
    return [one.reply.text for one in read.candidates]


@pytest.mark.parametrize(
    "text",
    [
        *("les trois premiers", "the first three", "premiers 3", "3 lwlin", "الثلاثة الأولى"),
        *("التلاتة اللولين", "أول ثلاثة", "ⴽⵕⴰⴹ ⵉⵎⵣⵡⵓⵔⴰ"),
    ],
)
def test_the_first_few_are_asked_back(text: str) -> None:
    """ "الثلاثة الأولى" was the third and the first."""
    assert offered(text) == ["1, 2, 3"]


def test_the_last_ones_are_a_run_too() -> None:
    assert offered("les deux derniers") == ["5, 6"]
    assert offered("آخر ثلاثة") == ["4, 5, 6"]


@pytest.mark.parametrize("text", ["1-4", "1 7ta 4", "١-٤", "من 1 حتى 4"])
def test_what_may_be_the_ends_or_all_between_is_asked_back(text: str) -> None:
    read = WORKS.read(Reply(text=text))
    if text.startswith("من"):
        assert read == ALL[:4]
        return
    assert isinstance(read, Unsure)
    assert [one.reply.text for one in read.candidates] == ["1, 2, 3, 4", "1, 4"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("1-2", ALL[:2]),
        ("1-3-4", ("well", "garden", "road")),
        ("الأولى والثالثة", ("well", "garden")),
        ("1-6", ("well", "books")),
    ],
)
def test_what_cannot_be_a_run_is_what_it_names(text: str, ids: tuple[str, ...]) -> None:
    """Six are more than may be chosen, so that "1-6" is the two."""
    assert WORKS.read(Reply(text=text)) == ids


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("tout sauf le jardin", {"garden"}),
        ("je veux tous les projets sauf le jardin et la route", {"garden", "road"}),
        ("all except 2 and 3", {"light", "garden"}),
        ("كلشي من غير المكتبة", {"books"}),
        ("الكل ما عدا الطريق", {"road"}),
        ("kolchi mn ghir 3", {"garden"}),
    ],
)
def test_all_but_some_are_asked_back(text: str, left_out: set[str]) -> None:
    """ "All but the garden" asked whether the garden was meant."""
    rest = [str(at) for at, id in enumerate(ALL, 1) if id not in left_out]
    assert offered(text) == [", ".join(rest)]


@pytest.mark.parametrize("text", ["tout sauf", "tout sauf la piscine", "كلشي من غير"])
def test_all_but_what_is_not_there_is_nothing(text: str) -> None:
    with pytest.raises(NotUnderstood):
        WORKS.read(Reply(text=text))


@pytest.mark.parametrize("text", ["projet 3", "المشروع 3", "lmachro3 3", "les projets 3"])
def test_a_project_is_named_by_its_number(text: str) -> None:
    assert WORKS.read(Reply(text=text)) == ("garden",)


@pytest.mark.parametrize("text", ["tous", "1, 2, 3, 4, 5, 6", "1 à 6"])
def test_too_many_are_understood_and_refused(text: str) -> None:
    with pytest.raises(Refused):
        WORKS.read(Reply(text=text))


def test_as_many_as_may_be_chosen_are_taken_and_one_more_is_not() -> None:
    question = Several(OPTIONS, 2, 3)
    assert question.read(Reply(text="1, 2")) == ("p1", "p2")
    assert question.read(Reply(text="1, 2, 3")) == ("p1", "p2", "p3")
    for typed in ("1", "1, 2, 3, 4"):
        with pytest.raises(Refused):
            question.read(Reply(text=typed))
    ticked = after(question, "p1", "p2")
    assert ticked.read(Reply(tap="p3")) == ("p1", "p2", "p3")
    with pytest.raises(Refused):
        after(question, "p1").read(Reply(tap=DONE))
    with pytest.raises(Refused):
        Several(OPTIONS, 1, 2, ticked=("p1", "p2")).read(Reply(tap="p3"))


def test_a_button_of_what_is_gone_is_refused() -> None:
    for question in (Several(OPTIONS, 1, 3), Choice(OPTIONS)):
        with pytest.raises(Refused):
            question.read(Reply(tap="gone"))
