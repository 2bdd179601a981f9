"""A conversation in the terminal, and what its recording holds."""

import json
from typing import Any

from tests.citizen import plain
from tests.shell import Shell


def talk(shell: Shell, code: str, *typed: str) -> tuple[str, list[dict[str, Any]]]:
    """What was said, and the turns of the recording."""
    words = (
        ("talk", code, "--journal", "j/one.json") if code else ("talk", "--journal", "j/one.json")
    )
    said = shell.says(words, typed="".join(f"{line}\n" for line in typed))
    recorded = json.loads((shell.folder / "j" / "one.json").read_text("utf-8"))
    return plain(said), recorded["turns"]


def test_each_turn_has_what_was_typed_what_was_answered_and_where_it_stands(shell: Shell) -> None:
    """With the answers so far and the question that is waited for."""
    said, turns = talk(shell, "OZT-LIGHT", "english", "1", "good", "4", "bye", "never read")
    assert "Saved 5 turns to j/one.json" in said
    assert [turn["said"] for turn in turns] == [
        {"start": "OZT-LIGHT"}, {"text": "english"}, {"text": "1"}, {"text": "good"}, {"text": "4"},
    ]  # fmt: skip
    states = [turn["state"] for turn in turns]
    assert [state["flow"] for state in states] == ["welcome", "welcome", "poll", "poll", "poll"]
    assert states[-1]["answers"] == {"q.light": "good", "q.safe": "4"}
    assert states[2]["awaited"] == "q.light"
    assert "How is the lighting" in plain(turns[2]["answer"][-1]["text"])
    assert "Weak" in plain(str(turns[2]["answer"][-1]["choices"]))


def test_who_is_erased_in_the_middle_stands_nowhere(shell: Shell) -> None:
    """The recording goes on, and the conversation ends with the input."""
    said, turns = talk(shell, "", "english", "1", "cancel", "my data", "4", "2")
    assert "has been erased" in said
    assert turns[-1]["state"] is None
