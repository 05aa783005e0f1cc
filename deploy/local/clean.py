"""``make clean-local``: forget everything a stopped stack knew."""

import shutil
import sys

from deploy.local.alone import alone_in
from deploy.local.problem import LocalProblem
from deploy.local.settings import read_settings


def main() -> None:
    """Delete ``CASCADA_LOCAL_DIR``, unless a stack runs there."""
    try:
        folder = read_settings().folder
        with alone_in(folder):
            shutil.rmtree(folder.path)
    except LocalProblem as problem:
        sys.exit(str(problem))
    print(f"{folder.path} is gone")


if __name__ == "__main__":
    main()
