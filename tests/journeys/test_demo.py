"""``make demo`` itself, with fewer customers and days: it keeps its promises, tells its page, leaves nothing behind."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from deploy.local.folder import LocalFolder
from deploy.local.settings import ROOT
from deploy.local.stack_process import free_ports


@pytest.mark.timeout(240)
async def test_a_small_demo_keeps_its_promises(tmp_path: Path) -> None:
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.demo", "--customers", "200", "--days", "4"),
        cwd=ROOT,
        env={**os.environ, **free_ports(), "CASCADA_LOCAL_DIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await demo.communicate())[0].decode()
    assert demo.returncode == 0, said
    assert "CASCADA: 4 days of 200 customers" in said
    assert "all that was promised has happened" in said
    left = LocalFolder(tmp_path / "demo")
    assert not left.stack_env.exists()
    assert left.pid_files() == []
