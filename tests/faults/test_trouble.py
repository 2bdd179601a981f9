"""A provider is in trouble for seconds: every reply arrives, in order, and none that surely went twice.

`make faults` has the long form, in which the trouble lasts for minutes.
"""

from pathlib import Path

import pytest

from tests.faults.trouble import KINDS, Report, trouble


def judged(report: Report) -> list[str]:
    """What is wrong with what arrived; said in full where a test fails."""
    return [f"{report.kind} at {report.provider}: {problem}" for problem in report.problems]


@pytest.mark.parametrize("provider", ["telegram", "whatsapp"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_provider_in_trouble_for_seconds_loses_no_reply(
    tmp_path: Path, provider: str, kind: str
) -> None:
    report = await trouble(tmp_path, provider, kind, seconds=1.5)
    assert judged(report) == []
    assert report.refused > 0


async def test_a_restart_in_the_middle_of_it_loses_nothing_either(tmp_path: Path) -> None:
    report = await trouble(tmp_path, "telegram", "away", seconds=1.5, restart=True)
    assert judged(report) == []


async def test_an_outbox_that_gives_up_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was: what may have arrived was tried twice, a second apart."""
    from bot.outbox import retries

    monkeypatch.setattr(retries, "DOUBTFUL_PAUSES", (1.0,))
    report = await trouble(tmp_path, "telegram", "502", seconds=1.5)
    assert any("never arrived" in problem for problem in report.problems)
