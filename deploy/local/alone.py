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
    with folder.lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalProblem(f"A stack already runs in {folder.path}; `make down` stops it.") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def supervisor_of(folder: LocalFolder) -> int | None:
    """The process id of the supervisor that runs in ``folder`` now."""
    if not folder.lock.exists():
        return None
    with folder.lock.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read())
    return None
