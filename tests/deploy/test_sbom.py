"""The bill of materials names every library of the image, and no other, with a hash of each."""

import json
import re
from pathlib import Path

from deploy.local.settings import ROOT
from deploy.sbom import write_sbom


def test_the_bill_is_what_the_image_installs(tmp_path: Path) -> None:
    file = tmp_path / "local" / "sbom.json"
    write_sbom(file)
    bill = json.loads(file.read_text())
    pinned = re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert bill["bomFormat"] == "CycloneDX"
    assert {(one["name"], one["version"]) for one in bill["components"]} == set(pinned)
    assert all(one["externalReferences"][0]["hashes"] for one in bill["components"])
