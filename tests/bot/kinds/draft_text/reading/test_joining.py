"""A file as a new draft, or as one more language of a draft that is there."""

from bot.kinds.draft_text.reading.joining import Kept, Row, fresh, joined

FRENCH = Kept("fr", "", "Charte", (Row("1", "Eau", "De l’eau."), Row("2", "Routes", "Des routes.")))


def arabic(*rows: tuple[str, str]) -> Kept:
    return Kept("ar", "C-1", "", tuple(Row(number, title, f"{title}.") for number, title in rows))


def test_a_new_draft_has_a_permanent_key_for_each_article() -> None:
    assert [(one["key"], one["number"], one["title"]) for one in fresh(FRENCH)] == [
        ("a1", "1", {"fr": "Eau"}),
        ("a2", "2", {"fr": "Routes"}),
    ]


def test_another_language_is_matched_by_numbers_in_whatever_order() -> None:
    """What only one of them has is told; a text that was there is replaced."""
    found = joined(fresh(FRENCH), arabic(("2", "الطرق"), ("7", "زائد")))
    assert [one["title"] for one in found.articles] == [
        {"fr": "Eau"},
        {"fr": "Routes", "ar": "الطرق"},
    ]
    assert [row.number for row in found.left] == ["7"]
    assert [one["number"] for one in found.without] == ["1"]
    again = joined(found.articles, arabic(("2", "الطرقات")))
    assert again.replaced == 1
    assert again.articles[1]["title"]["ar"] == "الطرقات"


def test_without_common_numbers_one_comes_after_the_other_if_they_are_as_many() -> None:
    found = joined(fresh(FRENCH), arabic(("", "الماء"), ("", "الطرق")))
    assert [one["title"]["ar"] for one in found.articles] == ["الماء", "الطرق"]
    other = joined(fresh(FRENCH), arabic(("", "الماء")))
    assert (len(other.pairs), len(other.left), len(other.without)) == (0, 1, 2)
