"""The commands as people type them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.local.alone import alone_in
from deploy.local.clean import forget
from deploy.local.folder import LocalFolder
from deploy.local.problem import LocalProblem
from deploy.local.settings import ROOT

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@needs_make
def test_bare_make_lists_every_target_with_a_line_each() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert [line.split()[1] for line in listed.splitlines()] == phony[1].split()


@needs_make
def test_a_machine_without_python_gets_one_clear_line() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory", "install", "PYTHON="], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.stderr.splitlines()[0] == "Python 3.11, 3.12 or 3.13 is needed, and no Python 3 was found."
    assert said.returncode != 0


def test_clean_local_forgets_a_stopped_stack(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path / "local")
    folder.secret("api-key")
    forget(folder)
    assert not folder.path.exists()


def test_clean_local_leaves_a_running_stack_alone(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path / "local")
    with alone_in(folder), pytest.raises(LocalProblem, match="already runs"):
        forget(folder)
    assert folder.path.exists()
