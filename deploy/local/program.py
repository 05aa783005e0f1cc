"""One process of the local stack: how it is started, where it logs, how it is told to stop."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.folder import LocalFolder
from deploy.local.problem import LocalProblem

ROOT = Path(__file__).parents[2]

_STOP_SECONDS = 15.0


@dataclass(frozen=True)
class Program:
    """What to run. ``command`` is asked anew at each start, so that a restart may choose another free port."""

    name: str
    command: Callable[[], list[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM


class Child:
    """A started program: a process group of its own, its output in ``logs/``, its id in ``pids/``."""

    def __init__(self, program: Program, folder: LocalFolder) -> None:
        self.program = program
        self._pid_file = folder.pid_file(program.name)
        self._log_file = folder.log_file(program.name)
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                program.command(),
                cwd=ROOT,
                env={**os.environ, **program.environment, "CASCADA_LOCAL_DIR": str(folder.path)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started = time.monotonic()
        self._pid_file.write_text(f"{self.pid}\n")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs, else how it ended (negative: the signal that ended it)."""
        return self._process.poll()

    def wait_until(self, is_ready: Callable[[], bool], *, within: float) -> None:
        """Wait until the program does its work.

        Raises
        ------
        LocalProblem
            It ended or is not ready within so many seconds; the message ends with the last lines of its log.
        """
        deadline = time.monotonic() + within
        while not is_ready():
            if self.exit_status is not None or time.monotonic() > deadline:
                raise LocalProblem(f"{self.program.name} did not get ready:\n{self.last_words()}")
            time.sleep(0.1)

    def last_words(self) -> str:
        """The last lines of its log."""
        return "\n".join(self._log_file.read_text(errors="replace").splitlines()[-20:])

    def ask_to_stop(self) -> None:
        """Send the stop signal; harmless when the process has ended."""
        self._process.send_signal(self.program.stop_signal)

    def wait_until_stopped(self) -> None:
        """Wait for the end; what does not stop in 15 seconds is killed with its group."""
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
        self._pid_file.unlink(missing_ok=True)
