"""The release before, as ``deploy/previous-release.txt`` names it: its code out of the history, and its processes."""

import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path

import pytest

from deploy.local.settings import ROOT

_STOP_SECONDS = 20
_COMMIT = (ROOT / "deploy" / "previous-release.txt").read_text().strip()


def check_out_previous(folder: Path) -> Path:
    """The code of the release before in ``folder``; a test in a checkout without that history is skipped."""
    found = subprocess.run(["git", "archive", "--format=tar", _COMMIT], cwd=ROOT, capture_output=True, check=False)
    if found.returncode:
        pytest.skip(f"the release before ({_COMMIT[:12]}) is not in this checkout's history: a shallow clone?")
    with tarfile.open(fileobj=BytesIO(found.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def run_previous(code: Path, environment: Mapping[str, str], *words: str) -> None:
    """``python -m`` something of the release before, to its end."""
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=code, env={**os.environ, **environment}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


@contextmanager
def previous_running(code: Path, roles: Mapping[tuple[str, str], Mapping[str, str]], logs: Path) -> Iterator[None]:
    """Roles ("customers", "api") of the release before, each in its environment, for as long as the block runs."""
    with ExitStack() as started:
        for (service, role), environment in roles.items():
            started.enter_context(_running(code, service, role, environment, logs))
        yield


@contextmanager
def _running(code: Path, service: str, role: str, environment: Mapping[str, str], logs: Path) -> Iterator[None]:
    with (logs / f"previous-{service}-{role}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"services.{service}", role],
            cwd=code,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
            assert process.poll() is None, f"{service} {role} of the release before died: see {log.name}"
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
