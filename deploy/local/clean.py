"""``make clean-local``: forget everything a stopped stack knew."""

import shutil
import sys

from deploy.local.alone import alone_in
from deploy.local.folder import LocalFolder
from deploy.local.leftovers import stop_leftovers
from deploy.local.problem import LocalProblem
from deploy.local.settings import read_settings


def forget(folder: LocalFolder) -> None:
    """Delete the folder, stopping first what a killed supervisor left behind.

    Raises
    ------
    LocalProblem
        A stack runs there.
    """
    with alone_in(folder):
        stop_leftovers(folder)
        shutil.rmtree(folder.path)


def main() -> None:
    """Forget the stack of ``CASCADA_LOCAL_DIR``."""
    try:
        folder = read_settings().folder
        forget(folder)
    except LocalProblem as problem:
        sys.exit(str(problem))
    print(f"{folder.path} is gone")


if __name__ == "__main__":
    main()
