"""JSON: for programs."""

import hashlib
import io
import json
from typing import Any

from bot.reports.json import SCHEMA, verify, write_json
from bot.reports.rendered import ReportFacts
from flows.statistics.summary import Summary


def file_of(summary: Summary, facts: ReportFacts, language: str = "en") -> bytes:
    out = io.BytesIO()
    write_json(summary, language, facts, out)
    return out.getvalue()


def payload_of(summary: Summary, facts: ReportFacts, language: str = "en") -> Any:
    return json.loads(file_of(summary, facts, language))["payload"]


def test_rows_and_columns_have_ids_that_do_not_depend_on_the_language(
    summary: Summary, facts: ReportFacts
):
    """Texts change with the language, ids do not."""
    french, arabic = (
        payload_of(summary, facts, language)["tables"][0] for language in ("fr", "ar")
    )
    assert french["row_ids"] == arabic["row_ids"] == ["water", "roads", "park"]
    assert [c["id"] for c in french["columns"]] == ["name", "count", "share"]
    assert french["rows"][0] == [{"value": "Eau"}, {"value": 40}, {"value": 0.635}]
    assert arabic["rows"][0][0] == {"value": "الماء"}


def test_a_hidden_cell_is_null_and_says_why(summary: Summary, facts: ReportFacts):
    """No program mistakes it for zero or for nothing known."""
    payload = payload_of(summary, facts)
    assert payload["tables"][0]["rows"][1][1] == {"value": None, "suppressed": True}
    assert payload["figures"][1] == {
        "id": "withdrawn",
        "title": "Responses taken back",
        "value": None,
        "suppressed": True,
    }


def test_it_says_what_it_is(summary: Summary, facts: ReportFacts):
    """Schema, consultation, when it was made, filters, and how many."""
    read = json.loads(file_of(summary, facts))
    about = {id: item["value"] for id, item in read["payload"]["about"].items()}
    assert read["schema"] == SCHEMA
    assert about["consultation"] == "OZT-P1"
    assert about["made_at"] == "2026-11-21T14:30:00+00:00"
    assert about["responses"] == 63
    assert about["version"] == "Tachawor 0.1.0"


def test_the_checksum_is_that_of_the_payload(summary: Summary, facts: ReportFacts):
    """Anyone can recompute it as the module says; one changed letter shows."""
    content = file_of(summary, facts, "ar")
    read = json.loads(content)
    body = json.dumps(
        read["payload"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    assert hashlib.sha256(body).hexdigest() == read["sha256"]
    assert verify(content)
    assert not verify(content.replace("الماء".encode(), "الهواء".encode(), 1))
