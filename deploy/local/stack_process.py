"""A whole stack as one process of its own, for the demo and the journeys: start it, wait for it, stop it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.local.folder import LocalFolder
from deploy.local.leftovers import process_of
from deploy.local.ports import free_port
from deploy.local.problem import LocalProblem
from deploy.local.settings import PORTS, ROOT

_STOP_SECONDS = 90.0


def free_ports() -> dict[str, str]:
    """The port variables of a stack that runs beside others."""
    ports: set[int] = set()
    while len(ports) < len(PORTS):
        ports.add(free_port())
    return {name: str(port) for name, port in zip(PORTS, ports, strict=True)}


class StackProcess:
    """``make up`` in a folder, with its output in ``up.log`` there (or on the terminal: ``output=None``)."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        module: str = "deploy.local.up",
        quiet: bool = True,
    ) -> None:
        self.folder = LocalFolder(folder.absolute())
        self._output = folder / "up.log" if quiet else None
        folder.mkdir(parents=True, exist_ok=True)
        with (self._output or Path(os.devnull)).open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", module],
                cwd=ROOT,
                env={**os.environ, **environment, "CASCADA_LOCAL_DIR": str(self.folder.path)},
                stdin=subprocess.DEVNULL,
                stdout=output if quiet else None,
                stderr=subprocess.STDOUT if quiet else None,
                start_new_session=True,
            )

    def signal_supervisor(self, number: signal.Signals) -> None:
        """Send the supervisor a signal: SIGSTOP and SIGCONT hold it still, SIGKILL leaves its processes behind."""
        self._process.send_signal(number)

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def said(self) -> str:
        """Its lines so far, unless they went to the terminal."""
        return self._output.read_text() if self._output else ""

    def wait_until_ready(self, within: float = 180.0) -> dict[str, str]:
        """The content of ``stack.env``.

        Raises
        ------
        LocalProblem
            The stack ended, or is not ready within so many seconds.
        """
        deadline = time.monotonic() + within
        while not self.folder.stack_env.exists():
            if not self.is_running or time.monotonic() > deadline:
                raise LocalProblem(f"The stack did not get ready.\n{self.said()}")
            time.sleep(0.1)
        return read_env_file(self.folder.stack_env)

    def pid_of(self, program: str) -> int | None:
        """The id of a running process by its program's name, such as ``segmenter-worker-1``; None while it is down."""
        process = process_of(self.folder, program)
        return process.pid if process else None

    def kill(self, program: str) -> int:
        """End a process at once (kill -9); returns the id it had."""
        pid = self.pid_of(program)
        if pid is None:
            raise LocalProblem(f"{program} does not run")
        os.kill(pid, signal.SIGKILL)
        return pid

    def stop(self) -> int:
        """Stop the stack as Ctrl-C does and wait for it; returns its exit status."""
        self._process.terminate()
        try:
            return self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def read_env_file(path: Path) -> dict[str, str]:
    """``KEY=value`` lines as a dictionary."""
    return dict(line.split("=", 1) for line in path.read_text().splitlines())
