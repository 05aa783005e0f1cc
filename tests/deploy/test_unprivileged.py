"""PostgreSQL refuses root, so root steps down; folders closed to everybody else stay closed all the same."""

import os
from pathlib import Path

import pytest

from deploy.local.folder import LocalFolder
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from deploy.local.unprivileged import unprivileged
from tests.support.servers import running


def test_a_server_runs_below_a_closed_folder_which_stays_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folder = LocalFolder(closed / "local")
    server = PostgresServer(folder.postgres, free_port(), folder.secret("postgres-password"))
    server.prepare()
    with running(server.program(), folder, server.is_ready):
        assert closed.stat().st_mode & 0o777 == 0o700
        assert folder.postgres.stat().st_uid != 0


def test_everybody_but_root_runs_a_program_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert unprivileged(["postgres"], writes_to=tmp_path) == ["postgres"]
