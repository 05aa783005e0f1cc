"""Processes of a stack whose supervisor was killed: found by their pid files and stopped."""

import signal
import time
from pathlib import Path

import psutil

from deploy.local.folder import LocalFolder

_STOP_SECONDS = 15.0
_CLOCK_SLACK = 2.0
_GROUND = ("mail", "kafka", "postgres")


def stop_leftovers(folder: LocalFolder) -> list[str]:
    """Stop every process that the pid files of ``folder`` name, the services first; returns their names."""
    found = [path for path in folder.pid_files() if process_of(path)]
    found.sort(key=lambda path: _GROUND.index(path.stem) if path.stem in _GROUND else -1)
    for path in found:
        _stop(path)
    for path in folder.pid_files():
        path.unlink()
    return [path.stem for path in found]


def process_of(pid_file: Path) -> psutil.Process | None:
    """The process that a pid file names, if it still runs and its id was not given to another one since."""
    try:
        process = psutil.Process(int(pid_file.read_text()))
        is_the_one = process.create_time() <= pid_file.stat().st_mtime + _CLOCK_SLACK
        return process if is_the_one and process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.NoSuchProcess, FileNotFoundError, ValueError):
        return None


def _stop(pid_file: Path) -> None:
    """Ask, wait, and kill what does not go. A process that nobody reaps counts as gone."""
    deadline = time.monotonic() + _STOP_SECONDS
    asked = False
    while process := process_of(pid_file):
        try:
            if time.monotonic() > deadline:
                process.kill()
            elif not asked:
                process.send_signal(signal.SIGINT if pid_file.stem == "postgres" else signal.SIGTERM)
                asked = True
        except psutil.NoSuchProcess:
            return
        time.sleep(0.05)
