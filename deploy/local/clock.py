"""``make clock TO=…``: set the test clock of the local stack."""

import re
import sys
from datetime import datetime

from deploy.local.folder import LocalFolder, write_whole
from deploy.local.problem import LocalProblem
from deploy.local.settings import read_settings

_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})")


def set_clock(folder: LocalFolder, instant: str) -> None:
    """Make ``instant`` (RFC 3339) the present of the stack in ``folder``; time runs on from there.

    Raises
    ------
    LocalProblem
        It is no instant, or lacks its offset from UTC.
    """
    if not _is_instant(instant):
        raise LocalProblem(f"{instant!r} is no instant with an offset, such as 2026-12-15T08:59:30-05:00.")
    folder.path.mkdir(parents=True, exist_ok=True)
    write_whole(folder.clock, f"{instant}\n")


def _is_instant(text: str) -> bool:
    try:
        return bool(_RFC_3339.fullmatch(text)) and datetime.fromisoformat(text.upper()).tzinfo is not None
    except ValueError:
        return False


def main() -> None:
    """Write the instant of the command line."""
    try:
        set_clock(read_settings().folder, sys.argv[1] if len(sys.argv) > 1 else "")
    except LocalProblem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
