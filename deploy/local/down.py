"""``make down``: stop a stack that runs elsewhere or was left behind."""

import os
import signal
import sys
import time

from deploy.local.alone import alone_in, supervisor_of
from deploy.local.folder import LocalFolder
from deploy.local.leftovers import stop_leftovers
from deploy.local.problem import LocalProblem
from deploy.local.settings import read_settings

_STOP_SECONDS = 60.0


def stop_stack(folder: LocalFolder) -> bool:
    """Stop the supervisor of ``folder`` and whatever one that was killed left; false if nothing ran."""
    had_supervisor = _stop_supervisor(folder)
    with alone_in(folder):
        left = stop_leftovers(folder)
        folder.stack_env.unlink(missing_ok=True)
    return had_supervisor or bool(left)


def _stop_supervisor(folder: LocalFolder) -> bool:
    supervisor = supervisor_of(folder)
    if supervisor is None:
        return False
    os.kill(supervisor, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while supervisor_of(folder) is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    if supervisor_of(folder) is not None:
        os.kill(supervisor, signal.SIGKILL)
    return True


def main() -> None:
    """Stop the stack of ``CASCADA_LOCAL_DIR``."""
    try:
        stopped = stop_stack(read_settings().folder)
    except LocalProblem as problem:
        sys.exit(str(problem))
    print("stopped" if stopped else "nothing was running")


if __name__ == "__main__":
    main()
