"""What is kept of the last file of row data, on both databases."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.app.build import App
from bot.results.making import CannotMake
from bot.results.shown.row_releases import Release
from flows.statistics.coarsening import AS_THEY_ARE, Profile, coarsened
from storage.rows.consultations import ConsultationByCode
from storage.rows.downloads import ResponsesPage, RowRelease
from tests.citizen import running


def stored(number: int, updated_at: int = 1, gender: str = "woman") -> ResponsesPage:
    return ResponsesPage(
        id=number, person_id=number, reference=f"OZT-2026-{number:06d}", body="{}", state="received", kept_state=None,
        channel="web", language="fr", commune=None, age_band=None, gender=gender, disability=None,
        assurance="A1", phase="", created_at=1, updated_at=updated_at, voices=0,
    )  # fmt: skip


async def last(app: App) -> RowRelease | None:
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        return await tx.row(RowRelease, consultation_id=row.id)


async def given_out(app: App, release: Release, rows: Sequence[ResponsesPage]) -> None:
    profiles = [
        Profile(str(one.gender), "", "", "", "", "1", cohort)
        for one, cohort in zip(rows, release.cohorts, strict=True)
    ]
    async with app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        assert row is not None
        made = coarsened(profiles, (), release.before)
        await release.keep(tx, row.id, profiles, made)


async def test_the_same_rows_are_known_again_and_others_by_their_number(
    tmp_path: Path, url: str
) -> None:
    """Nine that came, went or changed are too few; ten are a group, and of another cohort."""
    rows = [stored(number) for number in range(40)]
    async with running(tmp_path, url) as app:
        first = Release(await last(app), app.vault, rows)
        first.check()
        assert (first.same, first.before) == (False, AS_THEY_ARE)
        await given_out(app, first, rows)
        held = await last(app)
        assert held is not None
        assert "OZT-2026" not in held.held
        again = Release(held, app.vault, rows)
        again.check()
        assert again.same
        for differing in (1, 9, 10, 11):
            more = [*rows, *(stored(100 + n) for n in range(differing))]
            changed = [stored(n, 2 if n < differing else 1) for n in range(40)]
            told = [stored(n, gender="man" if n < differing else "woman") for n in range(40)]
            for other in (more, rows[differing:], changed, told):
                release = Release(held, app.vault, other)
                assert not release.same
                if differing < 10:
                    with pytest.raises(CannotMake, match=r"rows\.changed"):
                        release.check()
                else:
                    release.check()
            assert set(Release(held, app.vault, more).cohorts) == {0, 1}


async def test_of_two_processes_that_make_a_file_at_once_one_is_told_to_wait(
    tmp_path: Path, url: str
) -> None:
    """Else each would be right beside the last file, and not beside the other."""
    rows = [stored(number) for number in range(40)]
    others = [stored(number) for number in range(20, 60)]
    async with running(tmp_path, url) as app:
        one, other = (Release(None, app.vault, some) for some in (rows, others))
        await given_out(app, one, rows)
        with pytest.raises(CannotMake, match=r"rows\.changed"):
            await given_out(app, other, others)
        held = await last(app)
        one, other = (Release(held, app.vault, some) for some in (others, rows[:20]))
        await given_out(app, one, others)
        with pytest.raises(CannotMake, match=r"rows\.changed"):
            await given_out(app, other, rows[:20])
