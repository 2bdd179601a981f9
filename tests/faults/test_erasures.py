"""Who was erased is nowhere: the short form of `bench.erasures`."""

from pathlib import Path

from tests.faults.erasures import trial


async def test_of_who_was_erased_no_byte_is_left_anywhere(tmp_path: Path) -> None:
    """Needs, answers, signatures, papers, joined chats, notes, files; totals stay, and the ledger says so."""
    verdict = await trial(tmp_path, 24)
    assert verdict.problems == []
    assert verdict.erased == 12


async def test_somebody_who_is_left_is_found(tmp_path: Path) -> None:
    verdict = await trial(tmp_path, 4, broken=True)
    assert any("zqxaaaa" in problem for problem in verdict.problems)
