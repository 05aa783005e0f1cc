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
    tool = Path(sys.executable).with_name("cyclonedx-py")
    about: list[str | Path] = ["--pyproject", ROOT / "pyproject.toml", ROOT / "requirements.txt"]
    form: list[str | Path] = ["--output-reproducible", "--of", "JSON", "--validate", "--output-file", file]
    subprocess.run([tool, "requirements", *about, *form], check=True)


def main() -> None:
    """Write it where the local stack keeps what is not committed."""
    file = ROOT / ".local" / "sbom.json"
    write_sbom(file)
    print(f"written: {file}")


if __name__ == "__main__":
    main()
