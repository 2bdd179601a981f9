"""How well replies are understood, on sets of replies: `python -m bench.listening` shows the same figures."""

import pytest

from bench.listening import KINDS, WHERE, Kind, Line, Outcome, figures, judged, lines_of, main
from flows.understanding.beside.intents import intent

BOTH = [pytest.param(kind, name, id=f"{kind.name}-{name}") for kind in KINDS for name in kind.sets]


@pytest.mark.parametrize(("kind", "name"), BOTH)
def test_no_more_is_silently_wrong_than_the_kind_states(kind: Kind, name: str) -> None:
    """The one figure that matters: what somebody wrote turned into something else, and nobody was asked."""
    made = figures(kind, name)
    lines = [line.text for line, _, outcome in made.outcomes if outcome is Outcome.WRONG]
    told = lines if name == "development" else len(lines)
    assert made.share(Outcome.WRONG) <= kind.wrong, f"{kind.reason}: {told}"


@pytest.mark.parametrize(("kind", "name"), BOTH)
def test_as_many_are_right_as_the_kind_states(kind: Kind, name: str) -> None:
    """Refusing everything would never be wrong."""
    assert figures(kind, name).share(Outcome.RIGHT) >= kind.right


@pytest.mark.parametrize(("kind", "name"), BOTH)
def test_a_set_has_traps_and_says_nothing_twice(kind: Kind, name: str) -> None:
    """Each reply stands once with each context, and not in both sets of a kind."""
    lines = list(lines_of(kind.file, name))
    assert len({(line.text, line.context) for line in lines}) == len(lines)
    assert any(line.expected is None or line.expected == line.text for line in lines)


def test_hardly_a_need_is_taken_for_something_said_besides() -> None:
    """One in a hundred of those that were collected for their themes, and that nobody wrote with intents in mind."""
    needs = [line.text for line in lines_of("theme", "development") if line.expected is not None]
    taken = [text for text in needs if intent(text) is not None]
    assert len(taken) / len(needs) <= 0.01, taken


def test_every_file_belongs_to_a_kind() -> None:
    """A set that no kind reads would never be measured."""
    files = {path.name for path in WHERE.glob("*.tsv")}
    assert files == {f"{kind.file}.{name}.tsv" for kind in KINDS for name in kind.sets}
    assert all(kind.sets[0] == "development" for kind in KINDS)


def test_a_reply_is_right_refused_or_silently_wrong() -> None:
    """To decide where one should ask is as wrong as to decide wrongly."""
    assert judged("5", "5") is judged(None, None) is Outcome.RIGHT
    assert judged("5", None) is Outcome.REFUSED
    assert judged(None, "5") is judged("5", "6") is Outcome.WRONG
    masking = next(kind for kind in KINDS if kind.name == "masking")
    assert masking.judge("tel •••", "tel 06") is Outcome.WRONG
    assert masking.judge("a b", "a •••") is Outcome.REFUSED


def test_the_table_shows_lines_of_the_development_set_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody tunes on what nobody sees."""
    monkeypatch.setattr(
        "bench.listening.lines_of", lambda kind, name: iter([Line("1", f"in {name}")])
    )
    main(["number", "--lines"])
    shown = capsys.readouterr().out
    assert "in development" in shown
    assert "in apart" not in shown
    assert "card" not in shown
