"""The tests mirror the program: a folder for each room, and none for a room that is not there."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: Pages are tried as whole pages, in a browser and by every role.
ELSEWHERE = {"bot/web": "tests/system"}


def rooms(package: str) -> set[str]:
    """The folders of a package that hold code."""
    return {f"{package}/{one.parent.name}" for one in (ROOT / package).glob("*/__init__.py")}


@pytest.mark.parametrize("package", ["bot", "flows"])
def test_every_room_has_a_folder_of_tests(package: str) -> None:
    """With tests in it."""
    for room in rooms(package):
        folder = ROOT / ELSEWHERE.get(room, f"tests/{room}")
        assert list(folder.rglob("test_*.py")), f"{room} has no tests in {folder}"


@pytest.mark.parametrize("package", ["bot", "flows"])
def test_no_folder_of_tests_is_about_a_room_that_is_gone(package: str) -> None:
    """A room that moves takes its tests along."""
    assert rooms(f"tests/{package}") <= {f"tests/{room}" for room in rooms(package)}


def test_no_folder_of_code_has_more_than_sixteen_modules_side_by_side() -> None:
    """More is not a table of contents any more."""
    for package in ("bot", "flows", "storage"):
        for init in (ROOT / package).rglob("__init__.py"):
            beside = [
                one
                for one in init.parent.iterdir()
                if (one.suffix == ".py" and one.name != "__init__.py")
                or (one / "__init__.py").exists()
            ]
            assert len(beside) <= 16, f"{init.parent} has {len(beside)}"
