"""The bill of materials names what is shipped: every package of the lock, its version and its digests."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.docs.page import ROOT


def test_every_package_that_is_shipped_is_in_the_bill_of_materials(tmp_path: Path) -> None:
    """Made as `make sbom` makes it, and valid: the tool looks at it itself."""
    (made,) = re.findall(
        r"\$\(BIN\)/(cyclonedx-py .*) 2>/dev/null", (ROOT / "Makefile").read_text()
    )
    file = tmp_path / "sbom.json"
    words = made.replace("build/sbom.cdx.json", str(file)).split()
    tool = Path(sys.executable).with_name(words[0])
    subprocess.run([tool, *words[1:], "--validate"], cwd=ROOT, check=True, capture_output=True)
    bill = json.loads(file.read_text("utf-8"))
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([\w.!+-]+)", lock, re.MULTILINE))
    assert {one["name"]: one["version"] for one in bill["components"]} == locked
    assert all(found["hashes"] for one in bill["components"] for found in one["externalReferences"])
    assert bill["metadata"]["component"]["name"] == "tachawor"
