"""Whole stacks for journeys: every process real, ports of their own, a clock the test sets."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from deploy.local.clock import set_clock
from deploy.local.folder import LocalFolder
from deploy.local.leftovers import stop_leftovers
from deploy.local.stack_process import StackProcess, free_ports

RUNNING: list["Stack"] = []
"""Stacks whose logs are shown when a test fails."""

_LOG_LINES = 30


class Stack:
    """A running stack. ``env`` is its ``stack.env``: addresses, databases, keys."""

    def __init__(self, process: StackProcess) -> None:
        self.process = process
        self.env = process.wait_until_ready()

    @property
    def customers_url(self) -> str:
        return self.env["CUSTOMERS_URL"]

    @property
    def segmenter_url(self) -> str:
        return self.env["SEGMENTER_URL"]

    @property
    def statements_url(self) -> str:
        return self.env["STATEMENTS_URL"]

    @property
    def mail_url(self) -> str:
        return self.env["MAIL_URL"]

    @property
    def headers(self) -> dict[str, str]:
        """What opens every endpoint."""
        return {"X-Api-Key": self.env["API_KEY"]}

    def set_clock(self, instant: datetime | str) -> None:
        """Jump to an instant with its offset; the services follow within a second."""
        set_clock(self.process.folder, instant if isinstance(instant, str) else instant.isoformat(timespec="seconds"))

    def pid_of(self, program: str) -> int | None:
        """The process id of ``customers-api``, ``segmenter-worker-1``…; None while it is down."""
        return self.process.pid_of(program)

    def kill(self, program: str) -> int:
        """Kill -9; the supervisor starts it again within 5 seconds. Returns the id it had."""
        return self.process.kill(program)

    @contextmanager
    def nobody_restarts(self) -> Iterator[None]:
        """The supervisor holds still while the block runs, so that a process that dies stays away."""
        self.process.signal_supervisor(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.signal_supervisor(signal.SIGCONT)


@contextmanager
def running_stack(folder: Path, *, clock: str | None, environment: dict[str, str]) -> Iterator[Stack]:
    """A stack in ``folder`` for as long as the block runs, its business time starting at ``clock``."""
    if clock:
        set_clock(LocalFolder(folder), clock)
    process = StackProcess(folder, {**free_ports(), "DATABASE_URL": "", **environment})
    try:
        stack = Stack(process)
        RUNNING.append(stack)
        yield stack
    finally:
        RUNNING[:] = [other for other in RUNNING if other.process is not process]
        process.stop()
        stop_leftovers(process.folder)


def last_log_lines() -> list[tuple[str, str]]:
    """The tails of the logs of every running stack: (title, text)."""
    logs = [path for stack in RUNNING for path in sorted((stack.process.folder.path / "logs").glob("*.log"))]
    return [(f"log of {path.stem}", "\n".join(_tail(path))) for path in logs]


def _tail(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines()[-_LOG_LINES:]
