"""Processes of a stack whose supervisor was killed: found by their pid files and stopped."""

import signal
import time

import psutil

from deploy.local.folder import LocalFolder

_STOP_SECONDS = 15.0
_GROUND = ("mail", "kafka", "postgres")


def stop_leftovers(folder: LocalFolder) -> list[str]:
    """Stop every process that the pid files of ``folder`` name, the services first; returns their names."""
    named = [path.stem for path in folder.pid_files()]
    found = sorted(filter(lambda name: process_of(folder, name), named), key=_services_first)
    for name in found:
        _stop(folder, name)
    for name in named:
        folder.pid_file(name).unlink()
    return found


def process_of(folder: LocalFolder, program: str) -> psutil.Process | None:
    """The running process of a program of this stack, by its pid file; an id given to somebody else since is none."""
    try:
        process = psutil.Process(int(folder.pid_file(program).read_text()))
        return process if _belongs(process, folder) and process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.Error, FileNotFoundError, ValueError):
        return None


def _belongs(process: psutil.Process, folder: LocalFolder) -> bool:
    in_command = str(folder.path) in " ".join(process.cmdline())  # PostgreSQL writes over its environment
    return in_command or process.environ().get("CASCADA_LOCAL_DIR") == str(folder.path)


def _services_first(name: str) -> int:
    return _GROUND.index(name) if name in _GROUND else -1


def _stop(folder: LocalFolder, name: str) -> None:
    """Ask, wait, and kill what does not go. A process that nobody reaps counts as gone."""
    deadline = time.monotonic() + _STOP_SECONDS
    asked = False
    while process := process_of(folder, name):
        try:
            if time.monotonic() > deadline:
                process.kill()
            elif not asked:
                process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
                asked = True
        except psutil.NoSuchProcess:
            return
        time.sleep(0.05)
