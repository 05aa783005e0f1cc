"""Every overlay renders, fits its schemas, and says of itself only what is true."""

from collections.abc import Callable

import pytest

from tests.deploy.kubernetes.checks import CHECKS
from tests.deploy.kubernetes.manifests import OVERLAYS, Complaints, Manifests, manifests_of


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_an_overlay_holds(overlay: str, check: Callable[[Manifests], Complaints]) -> None:
    assert list(check(manifests_of(overlay))) == []
