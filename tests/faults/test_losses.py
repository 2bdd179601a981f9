"""A machine is lost, and what citizens wished after the backup is obeyed where it is restored."""

from pathlib import Path

from tests.faults.losses import loss


async def test_wishes_after_the_backup_are_obeyed_after_a_loss(tmp_path: Path) -> None:
    """`make faults` loses twenty."""
    verdict = await loss(tmp_path, 7, seconds=1)
    assert verdict.problems == []
    assert verdict.wished - verdict.late >= 2


async def test_the_trial_finds_a_file_that_is_not_kept(tmp_path: Path) -> None:
    """A check that never was red proves nothing."""
    verdict = await loss(tmp_path, 7, seconds=1, broken=True)
    assert any("is not obeyed" in one for one in verdict.problems)
