"""``make sbom``: the bill of materials of the image's libraries, as CycloneDX has it, in ``.local/sbom.json``.

It is made of ``requirements.txt`` alone, which is what the image installs: every library with its version and hashes.
"""

import subprocess
import sys
from pathlib import Path

from deploy.local.settings import ROOT


def write_sbom(file: Path) -> None:
    """Write the bill; the same requirements always make the same bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    command = [Path(sys.executable).with_name("cyclonedx-py"), "requirements", ROOT / "requirements.txt"]
    about = ["--pyproject", ROOT / "pyproject.toml", "--output-reproducible", "--of", "JSON", "--validate"]
    subprocess.run([*command, *about, "--output-file", file], check=True)


def main() -> None:
    """Write it where the local stack keeps what is not committed."""
    file = ROOT / ".local" / "sbom.json"
    write_sbom(file)
    print(f"written: {file}")


if __name__ == "__main__":
    main()
