"""``make command RUN=…``: the environment that a command of a service gets, and what is refused before it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.command import command_environment, main
from deploy.local.folder import LocalFolder
from deploy.local.problem import LocalProblem
from deploy.local.services import shared_addresses
from deploy.local.settings import ROOT, read_settings

SERVER = "postgresql://someone:secret@127.0.0.1:9/postgres"


def a_stack_is_ready(folder: Path) -> None:
    settings = read_settings({"CASCADA_LOCAL_DIR": str(folder), "MAIL_PORT": "9025", "CUSTOMERS_PORT": "9001"})
    told = shared_addresses(settings, SERVER)
    LocalFolder(folder).stack_env.write_text("".join(f"{name}={value}\n" for name, value in told.items()))


def test_addresses_are_those_of_the_stack_that_is_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_GATEWAY_URL", raising=False)
    settings = read_settings({"CASCADA_LOCAL_DIR": str(tmp_path)})
    with pytest.raises(LocalProblem, match="make up"):
        command_environment(settings)
    a_stack_is_ready(tmp_path)
    found = command_environment(settings)
    assert found["SERVICE_API_KEY"] == found["API_KEY"]
    assert (found["CUSTOMERS_URL"], found["MAIL_GATEWAY_URL"]) == ("http://127.0.0.1:9001", "http://127.0.0.1:9025")
    assert found["STATEMENTS_DATABASE_URL"] == "postgresql://someone:secret@127.0.0.1:9/statements"


@pytest.mark.parametrize("words", [[], ["segmentor", "verify"]])
def test_who_is_no_service_is_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit, match="customers, segmenter, statements"):
        main(words)


@pytest.mark.parametrize("service", ["customers", "segmenter", "statements"])
def test_a_command_ends_as_it_would_by_itself(tmp_path: Path, service: str) -> None:
    a_stack_is_ready(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.command", service, "keys", "list"],
        cwd=ROOT,
        env={**os.environ, "CASCADA_LOCAL_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "the database does not answer now\n")
