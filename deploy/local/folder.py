"""What stands where in ``CASCADA_LOCAL_DIR``, the one place where a local stack keeps its state."""

import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LocalFolder:
    """The folder of one stack. Two stacks side by side have two of them."""

    path: Path

    @property
    def stack_env(self) -> Path:
        """There when, and only when, all of the stack is ready."""
        return self.path / "stack.env"

    @property
    def clock(self) -> Path:
        """The test clock: one line, an instant with its offset."""
        return self.path / "clock"

    @property
    def lock(self) -> Path:
        """Locked by a running supervisor for as long as it lives; holds its process id."""
        return self.path / "lock"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def kafka(self) -> Path:
        return self.path / "kafka"

    def log_file(self, program: str) -> Path:
        return self._inside("logs") / f"{program}.log"

    def pid_file(self, program: str) -> Path:
        return self._inside("pids") / f"{program}.pid"

    def pid_files(self) -> list[Path]:
        """Those of programs that run, or died with their supervisor."""
        return sorted(self._inside("pids").glob("*.pid"))

    def forget_logs(self) -> None:
        """Each run of the stack has its own logs."""
        for log in self._inside("logs").glob("*.log"):
            log.unlink()

    def secret(self, name: str) -> str:
        """A random secret of this stack, made on first use and kept over restarts."""
        return self.secret_file(name).read_text()

    def secret_file(self, name: str) -> Path:
        """The file that holds it."""
        path = self._inside("secrets") / name
        if not path.exists():
            write_whole(path, secrets.token_urlsafe(24))
        return path

    def _inside(self, name: str) -> Path:
        inner = self.path / name
        inner.mkdir(mode=0o700, parents=True, exist_ok=True)
        return inner


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees all of it or none, readable by its owner alone."""
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    Path(unfinished).replace(path)
