"""The demo's own local stack: a folder of its own that begins empty, its lines on the terminal, stopped at the end."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from deploy.demo.clock import DemoClock
from deploy.local.alone import alone_in
from deploy.local.folder import LocalFolder
from deploy.local.leftovers import stop_leftovers
from deploy.local.settings import ROOT
from deploy.local.stack_process import StackProcess

_OWN_POSTGRES = {"DATABASE_URL": ""}
_SETTINGS = {"BUSINESS_TIME_ZONE": "America/Bogota", "CURRENCIES": "COP", "MAIL_GATEWAY_HONOURS_KEYS": "true"}


def demo_folder() -> LocalFolder:
    """Where the demo keeps its state: ``demo`` in the folder of the local stack."""
    return LocalFolder((Path(os.environ.get("CASCADA_LOCAL_DIR") or ROOT / ".local") / "demo").absolute())


@contextmanager
def running_stack(start: datetime) -> Iterator[tuple[dict[str, str], DemoClock]]:
    """A fresh stack whose business time begins at ``start``: its ``stack.env`` and its clock."""
    folder = demo_folder()
    _forget(folder)
    clock = DemoClock(folder, start)
    process = StackProcess(folder.path, {**_SETTINGS, **_OWN_POSTGRES}, quiet=False)
    try:
        yield process.wait_until_ready(), clock
    finally:
        process.stop()


def _forget(folder: LocalFolder) -> None:
    """Forget an earlier demo, unless it still runs."""
    folder.path.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        stop_leftovers(folder)
        shutil.rmtree(folder.path)
