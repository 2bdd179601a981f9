"""The files under docs/deployment: what can be tried here is, and what they name is there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app import ending
from bot.app.serving import ALL
from bot.core.config import load
from tests.conftest import skip_or_fail
from tests.docs.page import ROOT

FOLDER = ROOT / "docs/deployment"


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    """With our program at a place where there is one."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        skip_or_fail("there is no systemd-analyze here")
        return
    text = (FOLDER / "tachawor.service").read_text("utf-8")
    unit = tmp_path / "tachawor.service"
    unit.write_text(text.replace("/opt/tachawor/.venv/bin/tachawor", sys.executable), "utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "tachawor.service" in line]
    assert ours == []


def test_the_unit_gives_the_process_the_time_that_it_takes_to_end() -> None:
    """And does not start again what cannot work."""
    text = (FOLDER / "tachawor.service").read_text("utf-8")
    stop = re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert stop is not None
    assert int(stop[1]) > ending.SECONDS
    assert "RestartPreventExitStatus=2" in text


def test_the_compose_file_names_settings_and_parts_that_there_are() -> None:
    """Each part of the work once, and every variable is a setting."""
    text = (FOLDER / "compose.yaml").read_text("utf-8")
    parts = re.findall(r"--only, (\w+)\]", text)
    assert sorted(parts) == sorted(ALL)
    for name in re.findall(r"^ +(TACHAWOR_\w+):", text, re.MULTILINE):
        value = {"TACHAWOR_TELEGRAM_MODE": "polling"}.get(name, "a-value-of-twenty-signs")
        if name in ("TACHAWOR_WEB_PUBLIC_URL", "TACHAWOR_STORAGE_URL"):
            value = "https://a.example" if "WEB" in name else "postgresql://a/b"
        load(None, {name: value})


@pytest.mark.parametrize("name", ["bot", "flows", "storage", "requirements.lock", "README.md"])
def test_the_image_copies_what_there_is(name: str) -> None:
    text = (FOLDER / "Containerfile").read_text("utf-8")
    assert re.search(rf"^COPY .*\b{re.escape(name)}\b", text, re.MULTILINE)
    assert (ROOT / name).exists()


def test_commands_are_given_with_the_units_user_settings_and_secret() -> None:
    """Another folder or another secret would be another deployment."""
    unit = (FOLDER / "tachawor.service").read_text("utf-8")
    script = FOLDER / "tachawor.sh"
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
    text = script.read_text("utf-8")
    started = re.search(r"^ExecStart=(.*) run$", unit, re.MULTILINE)
    assert started is not None
    assert f'{started[1]} "$@"' in text
    for key, written in (
        ("User", "--reuid={}"),
        ("Group", "--regid={}"),
        ("WorkingDirectory", "cd {}\n"),
        ("EnvironmentFile", ". {}\n"),
    ):
        value = re.search(rf"^{key}=(.*)$", unit, re.MULTILINE)
        assert value is not None
        assert written.format(value[1]) in text, key
    steps = (FOLDER.parent / "operators.md").read_text("utf-8")
    for place in ("useradd --system", "/opt/tachawor/.venv", "/etc/tachawor/secrets", script.name):
        assert place in steps
