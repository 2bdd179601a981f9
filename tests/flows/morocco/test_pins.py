"""How far a pin may be from every town that we know."""

import pytest

from flows.morocco import pins


@pytest.mark.parametrize(("km", "offered"), [(149.9, 3), (150.0, 3), (150.1, 0)])
def test_nothing_is_offered_for_a_pin_that_is_far_from_everything(
    monkeypatch: pytest.MonkeyPatch, km: float, offered: int
) -> None:
    """Up to 150 kilometres; beyond, the citizen is asked to say the name."""
    monkeypatch.setattr(pins, "_distance_km", lambda *degrees: km)
    assert len(pins.near(30.92, -6.91)) == offered


def test_a_pin_in_the_sea_gets_no_commune_and_one_on_the_beach_does() -> None:
    """Off Agadir."""
    assert pins.near(30.42, -12.0) == []
    assert "Agadir" in [place.names["fr"] for place in pins.near(30.42, -9.6)]
