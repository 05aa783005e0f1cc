"""The release before, checked out once for all tests of an upgrade."""

from pathlib import Path

import pytest

from tests.journeys.upgrade.previous import check_out_previous


@pytest.fixture(scope="package")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its code."""
    return check_out_previous(tmp_path_factory.mktemp("previous"))
