"""One supervisor per local folder: it holds a lock for as long as it lives, so a killed one leaves none behind."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.folder import LocalFolder
from deploy.local.problem import LocalProblem


@contextmanager
def alone_in(folder: LocalFolder) -> Iterator[None]:
    """Be the only supervisor of ``folder``.

    Raises
    ------
    LocalProblem
        Another one runs there.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    with folder.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalProblem(f"A stack already runs in {folder.path}; `make down` stops it.") from None
        folder.supervisor_pid.write_text(f"{os.getpid()}\n")
        try:
            yield
        finally:
            folder.supervisor_pid.unlink(missing_ok=True)
