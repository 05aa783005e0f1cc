"""The test clock: a file sets business time, time runs on from there, and never backwards."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shared.basics.days import zone
from shared.runtime import clock as clock_module
from shared.runtime.clock import FileClock

BOGOTA = zone("America/Bogota")


@pytest.fixture(autouse=True)
def look_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "_LOOK_EVERY_SECONDS", 0.0)


def set_clock(path: Path, instant: str, *, seconds_ago: float = 0) -> None:
    path.write_text(instant + "\n")
    written = time.time() - seconds_ago
    os.utime(path, (written, written))


def about(found: datetime, wanted: datetime) -> bool:
    return timedelta(0) <= found - wanted < timedelta(seconds=2)


def test_without_a_file_it_is_the_machines_time(tmp_path: Path) -> None:
    assert about(FileClock(tmp_path / "clock", BOGOTA).now(), datetime.now(UTC) - timedelta(seconds=1))


def test_time_runs_on_from_when_the_file_was_written(tmp_path: Path) -> None:
    set_clock(tmp_path / "clock", "2026-12-15T08:59:30-05:00", seconds_ago=60)
    now = FileClock(tmp_path / "clock", BOGOTA).now()
    assert about(now, datetime(2026, 12, 15, 14, 0, 30, tzinfo=UTC))


def test_the_past_is_obeyed_at_the_start(tmp_path: Path) -> None:
    set_clock(tmp_path / "clock", "2001-01-01T03:00:00Z")
    assert FileClock(tmp_path / "clock", BOGOTA).today() == date(2000, 12, 31)


def test_it_follows_forward_but_never_back(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    set_clock(path, "2026-12-15T10:00:00Z")
    clock = FileClock(path, BOGOTA)
    clock.now()

    set_clock(path, "2026-12-20T10:00:00Z")
    assert about(clock.now(), datetime(2026, 12, 20, 10, tzinfo=UTC))

    set_clock(path, "2026-12-01T10:00:00Z", seconds_ago=1)
    assert about(clock.now(), datetime(2026, 12, 20, 10, tzinfo=UTC))


def test_an_unreadable_line_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("tomorrow\n")
    assert about(FileClock(tmp_path / "clock", BOGOTA).now(), datetime.now(UTC) - timedelta(seconds=1))
