"""The FLOIP package: what the specification asks for, and nothing about persons."""

import gc
import io
import json
import tracemalloc
import uuid
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.reports import flow_results
from bot.reports.flow_results import TooFew, descriptor, rows, write_package
from flows.dialog.definition import Head
from flows.statistics.disclosure import OTHER
from flows.statistics.summary import Response
from tests.bot.reports.consultations import (
    ANSWERS,
    COMMUNE,
    COUNCIL,
    NEED,
    NEEDS,
    PETITION,
    POLL,
    answers,
    response,
)

MADE = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
KEY = b"k" * 32

#: The types of the specification.
TYPES = {
    "message", "select_one", "select_many", "numeric", "open", "text", "image", "video", "audio",
    "geo_point", "datetime", "date", "time",
}  # fmt: skip


def described(definition: Head, **more: Any) -> dict[str, Any]:
    return descriptor(definition, COUNCIL, "fr", MADE, id=uuid.uuid4(), **more)


def questions_of(definition: Head, **more: Any) -> dict[str, Any]:
    return dict(described(definition, **more)["resources"][0]["schema"]["questions"])


def package(definition: Head, responses: list[Response], **more: Any) -> dict[str, bytes]:
    """The files of a package by their names."""
    out = io.BytesIO()
    assert write_package(definition, COUNCIL, responses, "fr", MADE, out, **more) == len(responses)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def row_of(definition: Head, body: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The answers of one response, by question, with what else is known of them."""
    made = rows(definition, COUNCIL, [response(1, body)], KEY, lambda r: r.reference)
    return {row[4]: (row[5], row[6]) for row in made}


def test_the_descriptor_has_all_that_the_specification_requires():
    """Profile, version, times with an offset, a UUID, one resource with inline schema and a path."""
    made = described(POLL)
    assert made["profile"] == "flow-results-package"
    assert made["flow_results_specification_version"] == "1.1.0"
    assert made["created"] == made["modified"] == "2026-11-21T14:30:00+00:00"
    assert uuid.UUID(made["id"]).version == 4
    assert made["name"] == "ozt-p1-20261121"
    (resource,) = made["resources"]
    assert resource["path"] == "data/ozt-p1-20261121-data.json"
    assert (resource["mediatype"], resource["encoding"]) == ("application/json", "utf-8")
    assert [field["name"] for field in resource["schema"]["fields"]] == [
        "timestamp",
        "row_id",
        "contact_id",
        "session_id",
        "question_id",
        "response",
        "response_metadata",
    ]
    assert resource["schema"]["language"] == "fra"


@pytest.mark.parametrize("definition", [POLL, NEEDS, PETITION])
def test_every_question_has_a_type_a_label_and_options(definition: Head):
    """Types are those of the specification; selections have their choices."""
    for question in questions_of(definition, sensitive=True).values():
        assert question["type"] in TYPES
        assert question["label"]
        choices = question["type_options"].get("choices")
        assert (choices is not None) == question["type"].startswith("select_")


def test_labels_are_in_every_language_that_the_organizer_wrote():
    """Of the questions and of their choices."""
    project = questions_of(POLL)["project"]
    assert project["label"] == "Quel projet ?"
    assert project["labels"] == {"ar": "أي مشروع؟", "fr": "Quel projet ?"}
    assert project["type_options"]["choices"] == ["water", "roads", OTHER]
    assert project["type_options"]["choice_labels"]["water"] == {"ar": "الماء", "fr": "Eau"}


def test_an_answer_has_the_form_of_its_type():
    """Ids of choices, lists in the order given, numbers, days, words."""
    assert row_of(POLL, {"answers": ANSWERS}) == {
        "agree": ("no", None),
        "project": ("water", None),
        "order": (["c", "a", "b"], None),
        "ticks": (["b", OTHER], None),
        "stars": (4, None),
        "people": (3, None),
        "since": ("2026-01-31", None),
        "why": ("لأن الماء قليل", {"type": "text", "type_options": {}}),
    }
    assert questions_of(POLL)["order"]["type_options"]["ranked"] is True
    assert questions_of(POLL)["stars"]["type_options"]["range"] == [1, 5]
    assert questions_of(POLL)["people"]["type_options"]["range"] == [0, 20]


def test_what_was_skipped_or_not_asked_has_no_row():
    """Only answers are rows."""
    assert row_of(POLL, {"answers": {"agree": None, "people": "2.5"}}) == {"people": (2.5, None)}


def test_a_need_has_theme_commune_place_pin_and_words():
    """The pin is rounded to about a hundred metres."""
    assert row_of(NEEDS, NEED) == {
        "theme": ("water", None),
        "commune": (COMMUNE, None),
        "place": ("حي تابونت", None),
        "pin": ([30.919, -6.893], None),
        "words": ("لا ماء", {"type": "text", "type_options": {}}),
        "voices": (3, None),
        "state": ("received", None),
    }
    assert COMMUNE in questions_of(NEEDS)["commune"]["type_options"]["choices"]
    personal = {id for id, q in questions_of(NEEDS).items() if q.get("is_personal_information")}
    assert personal == {"place", "pin", "words"}


def test_recordings_are_counted_and_not_given_away():
    """A row without words says that there was a voice note."""
    voice = {"kind": "voice", "name": "secret", "type": "audio/ogg", "size": 9, "seconds": 4}
    made = row_of(NEEDS, {"words": {"text": "", "media": [voice]}})
    assert made["words"] == ("", {"type": "text", "type_options": {}, "media": 1})


def test_words_that_were_erased_have_no_row():
    """An empty text would count as an answer."""
    erased = {"text": "", "media": []}
    assert row_of(POLL, {"answers": {"why": erased}}) == {}
    assert "words" not in row_of(NEEDS, {"theme": "water", "words": erased})


def test_a_petition_has_its_supports():
    """What was asked is the question."""
    assert row_of(PETITION, {"pledge": True}) == {"pledge": ("yes", None)}
    assert questions_of(PETITION)["pledge"]["labels"]["ar"] == "نطلب الماء"


def test_what_the_law_protects_is_left_out_unless_it_is_asked_for():
    """Neither described nor in the rows nor in the code book."""
    assert "party" not in questions_of(POLL)
    assert questions_of(POLL, sensitive=True)["party"]["is_personal_information"] is True
    plain = package(POLL, answers(5))
    assert not any(b"party" in content for content in plain.values())
    asked_for = package(POLL, answers(5), sensitive=True)
    assert all(b"party" in content for content in asked_for.values())


def test_a_package_is_a_zip_of_descriptor_rows_and_code_book():
    """The rows are where the descriptor says, seven cells each, with ids of their own."""
    files = package(POLL, answers(20))
    made = json.loads(files["datapackage.json"])
    assert set(files) == {"datapackage.json", "codebook.csv", made["resources"][0]["path"]}
    data = json.loads(files[made["resources"][0]["path"]])
    assert len(data) == 20 * 8
    assert {len(row) for row in data} == {7}
    assert len({row[1] for row in data}) == len(data)
    assert {row[4] for row in data} <= set(made["resources"][0]["schema"]["questions"])
    assert "Quel projet ?" in files["codebook.csv"].decode("utf-8-sig")


def test_nothing_in_a_package_tells_who_or_when():
    """No reference, profile, channel or language; times are days."""
    files = package(POLL, answers(20))
    data = files["data/ozt-p1-20261121-data.json"].decode()
    for secret in ("OZT-2026", "whatsapp", "25-34", "woman", '"ary"', COMMUNE):
        assert secret not in data
    assert {row[0][10:] for row in json.loads(data)} == {"T00:00:00+00:00"}


def test_the_order_of_rows_does_not_tell_the_order_of_filing():
    """A hundred responses in their own order would be one chance in a great many."""
    stored = [response(n, {"answers": {"people": str(n)}}) for n in range(100)]
    made = [row[5] for row in rows(POLL, COUNCIL, stored, KEY, lambda r: r.reference)]
    assert sorted(made) == list(range(100))
    assert made != sorted(made)


def test_a_contact_has_one_id_in_a_package_and_another_in_the_next():
    """Whoever holds two packages cannot join them."""
    stored = [response(n, NEED) for n in range(6)]
    found = []
    for _ in range(2):
        files = package(NEEDS, stored, contact=lambda r: str(int(r.reference[-1]) % 2))
        data = json.loads(files["data/ozt-n-20261121-data.json"])
        contacts = {row[2] for row in data}
        assert len(contacts) == 2
        assert len({row[3] for row in data}) == 6
        found.append(contacts | {row[3] for row in data} | {row[1] for row in data})
    assert not found[0] & found[1]


def test_fewer_than_five_responses_make_no_package():
    """And nothing is written."""
    out = io.BytesIO()
    with pytest.raises(TooFew, match="OZT-P1 has 4 responses; a package needs 5"):
        write_package(POLL, COUNCIL, answers(4), "fr", MADE, out)
    assert out.getvalue() == b""


def test_a_time_without_a_zone_is_refused():
    """The specification asks for the offset."""
    with pytest.raises(ValueError, match="has no zone"):
        descriptor(POLL, COUNCIL, "fr", MADE.replace(tzinfo=None), id=uuid.uuid4())


def test_a_local_time_keeps_its_offset():
    """Morocco may change it again."""
    zone = datetime.fromisoformat("2026-06-01T10:00:00+01:00")
    made = descriptor(POLL, COUNCIL, "ar", zone, id=uuid.uuid4())
    assert made["created"].endswith("+01:00")
    assert zone.utcoffset() == timedelta(hours=1)


def test_memory_does_not_grow_with_the_responses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A batch is held, and no more; all held, two thousand more would take six megabytes."""
    monkeypatch.setattr(flow_results, "BATCH", 100)
    few, many = (peak(tmp_path / f"{number}.zip", number) for number in (500, 2500))
    assert many - few < 200_000


def peak(path: Path, responses: int) -> int:
    """The most memory that a package of so many responses takes, in bytes."""
    gc.collect()
    many = (response(number, {"answers": ANSWERS}) for number in range(responses))
    with path.open("wb") as out:
        tracemalloc.start()
        try:
            assert write_package(POLL, COUNCIL, many, "fr", MADE, out) == responses
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
