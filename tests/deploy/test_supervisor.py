"""What dies is started again, also when it keeps dying."""

import sys
from itertools import pairwise
from pathlib import Path

from deploy.local.folder import LocalFolder
from deploy.local.program import Program
from deploy.local.supervisor import Supervisor
from tests.support.eventually import eventually


async def test_a_program_that_keeps_dying_is_started_again_and_again_within_five_seconds(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    note = f"import time; open({str(starts)!r}, 'a').write(f'{{time.monotonic()}}\\n')"
    supervisor = Supervisor(LocalFolder(tmp_path), lambda name, text: None)
    supervisor.start(Program("mayfly", lambda: [sys.executable, "-c", note]))

    def started_five_times() -> bool:
        supervisor.tend()
        return starts.exists() and len(starts.read_text().splitlines()) == 5

    await eventually(started_five_times, within=20)
    supervisor.stop(last=0)
    moments = [float(line) for line in starts.read_text().splitlines()]
    assert all(later - earlier < 5 for earlier, later in pairwise(moments))
