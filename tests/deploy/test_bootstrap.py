"""What ``make`` says about the Python it finds."""

import sys
from pathlib import Path

import pytest

from deploy.local.bootstrap import complaint, digest_of, is_current, stamp_of


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_python_that_fits_is_taken(version: tuple[int, int]) -> None:
    assert complaint(version, can_make_venv=True) is None


@pytest.mark.parametrize(("version", "word"), [((3, 10), "old"), ((3, 6), "old"), ((3, 14), "new"), ((4, 0), "new")])
def test_a_python_that_does_not_fit_gets_one_line(version: tuple[int, int], word: str) -> None:
    said = complaint(version, can_make_venv=True)
    assert said == f"Python {version[0]}.{version[1]} is too {word}: Cascada needs 3.11, 3.12 or 3.13."


def test_a_python_without_venv_is_told_what_to_install() -> None:
    assert "python3.12-venv" in str(complaint((3, 12), can_make_venv=False))


def test_an_environment_is_current_only_for_the_lock_it_was_installed_from(tmp_path: Path) -> None:
    lock, environment = an_installed_environment(tmp_path, python=Path(sys.executable))
    assert is_current(environment, lock)
    Path(lock).write_text("changed==2")
    assert not is_current(environment, lock)


def test_an_environment_whose_python_is_gone_is_not_current(tmp_path: Path) -> None:
    lock, environment = an_installed_environment(tmp_path, python=tmp_path / "gone")
    assert not is_current(environment, lock)


def an_installed_environment(folder: Path, *, python: Path) -> tuple[str, str]:
    lock, environment = folder / "lock", folder / "venv"
    lock.write_text("something==1")
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(python)
    Path(stamp_of(str(environment))).write_text(digest_of(str(lock)))
    return str(lock), str(environment)
