"""Installs what Cascada needs into ``.venv`` of this checkout, once for each state of the lock.

Run by every make target with whatever Python the machine has. It stands alone on the standard library and on syntax
that every Python 3 reads, so that even a Python far too old says so in one line.
"""

import hashlib
import os
import subprocess
import sys
from typing import Optional, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OLDEST, NEWEST = (3, 11), (3, 13)


def complaint(version: Tuple[int, int], can_make_venv: bool) -> Optional[str]:
    """What is wrong with a Python of that version, in one line; None if nothing is."""
    shown = "%d.%d" % version
    if version < OLDEST:
        return "Python %s is too old: Cascada needs 3.11, 3.12 or 3.13." % shown
    if version > NEWEST:
        return "Python %s is too new: Cascada needs 3.11, 3.12 or 3.13." % shown
    if not can_make_venv:
        return "This Python %s lacks venv and ensurepip: install them (on Debian: python%s-venv)." % (shown, shown)
    return None


def has_venv() -> bool:
    """Whether this Python can make virtual environments."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def is_current(environment: str, lock: str) -> bool:
    """Whether the environment runs and was installed from the lock as it is now."""
    try:
        with open(stamp_of(environment)) as stamp:
            if stamp.read() != digest_of(lock):
                return False
        return runs(environment)
    except OSError:
        return False


def runs(environment: str) -> bool:
    """Whether the environment's Python starts; it does not once the one it was made from is gone."""
    try:
        return subprocess.call([python_of(environment), "-c", ""]) == 0
    except OSError:
        return False


def install(environment: str, lock: str) -> None:
    """Make the environment and fill it with exactly what the lock names; pip checks every hash."""
    print("Installing into %s; the first time takes a minute or two" % os.path.relpath(environment), flush=True)
    if not runs(environment):
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", environment])
    pip = [python_of(environment), "-m", "pip", "--disable-pip-version-check", "install"]
    subprocess.check_call(pip + ["--no-deps", "--require-hashes", "--requirement", lock])
    with open(stamp_of(environment), "w") as stamp:
        stamp.write(digest_of(lock))


def python_of(environment: str) -> str:
    return os.path.join(environment, "bin", "python")


def stamp_of(environment: str) -> str:
    return os.path.join(environment, "installed-from")


def digest_of(lock: str) -> str:
    with open(lock, "rb") as content:
        return hashlib.sha256(content.read()).hexdigest()


def main() -> None:
    """Install if needed; exit with one clear line when it cannot."""
    wrong = complaint(sys.version_info[:2], has_venv())
    if wrong:
        sys.exit(wrong)
    environment = os.path.join(ROOT, ".venv")
    lock = os.path.join(ROOT, "requirements-dev.txt")
    if is_current(environment, lock):
        return
    try:
        install(environment, lock)
    except subprocess.CalledProcessError as failed:
        sys.exit("Installing failed (status %d); the lines above say why." % failed.returncode)


if __name__ == "__main__":
    main()
