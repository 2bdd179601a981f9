"""What a downloaded file is called, and of what kind it is: what is in it opens with it."""

import pytest

from bot.results import requests


@pytest.mark.parametrize(
    ("what", "format", "ending"),
    [
        # Rows have their code book beside them; in a workbook it is a sheet.
        ("rows", "csv", "zip"),
        ("rows", "json", "zip"),
        ("rows", "xlsx", "xlsx"),
        ("results", "flow", "zip"),
        ("results", "csv", "csv"),
        ("results", "xlsx", "xlsx"),
        ("results", "cross", "xlsx"),
    ],
)
def test_several_files_in_one_are_a_package_and_one_is_itself(
    what: str, format: str, ending: str
) -> None:
    assert requests.ending(what, format) == ending
    assert (requests.media_type(what, format) == "application/zip") is (ending == "zip")
