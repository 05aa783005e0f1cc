"""Processes of a stack whose supervisor was killed: found by their pid files and stopped."""

import signal
from pathlib import Path

import psutil

from deploy.local.folder import LocalFolder

_STOP_SECONDS = 15.0
_CLOCK_SLACK = 2.0
_GROUND = ("mail", "kafka", "postgres")


def stop_leftovers(folder: LocalFolder) -> list[str]:
    """Stop every process that the pid files of ``folder`` name, the services first; returns their names."""
    running = {path.stem: process for path in folder.pid_files() if (process := process_of(path))}
    for name in sorted(running, key=lambda name: _GROUND.index(name) if name in _GROUND else -1):
        _stop(name, running[name])
    for path in folder.pid_files():
        path.unlink()
    return list(running)


def process_of(pid_file: Path) -> psutil.Process | None:
    """The process that a pid file names, if it still runs and its id was not given to another one since."""
    try:
        process = psutil.Process(int(pid_file.read_text()))
        is_the_one = process.create_time() <= pid_file.stat().st_mtime + _CLOCK_SLACK
        return process if is_the_one and process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.NoSuchProcess, FileNotFoundError, ValueError):
        return None


def _stop(name: str, process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
        process.wait(_STOP_SECONDS)
    except psutil.TimeoutExpired:
        process.kill()
    except psutil.NoSuchProcess:
        return
