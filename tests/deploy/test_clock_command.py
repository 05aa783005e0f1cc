"""``make clock TO=…``."""

from pathlib import Path

import pytest

from deploy.local.clock import set_clock
from deploy.local.folder import LocalFolder
from deploy.local.problem import LocalProblem


@pytest.mark.parametrize("instant", ["2026-12-15T08:59:30-05:00", "2026-12-15T13:59:30Z", "2026-12-15T13:59:30.250Z"])
def test_an_instant_is_written_as_one_line(tmp_path: Path, instant: str) -> None:
    set_clock(LocalFolder(tmp_path / "new"), instant)
    assert (tmp_path / "new" / "clock").read_text() == f"{instant}\n"


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-12-15", "2026-12-15T08:59:30", "2026-02-30T08:00:00Z", "20261215T085930Z"]
)
def test_what_is_no_instant_with_an_offset_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(LocalProblem, match="no instant"):
        set_clock(LocalFolder(tmp_path), text)
    assert not (tmp_path / "clock").exists()


def test_a_reader_sees_the_old_instant_or_the_new_one(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path)
    set_clock(folder, "2026-12-15T08:00:00Z")
    with folder.clock.open() as being_read:
        set_clock(folder, "2026-12-16T08:00:00Z")
        assert being_read.read() == "2026-12-15T08:00:00Z\n"
    assert folder.clock.read_text() == "2026-12-16T08:00:00Z\n"
