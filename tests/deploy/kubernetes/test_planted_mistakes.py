"""Each mistake is planted alone into what production renders to, and is named by a check."""

from collections.abc import Mapping
from functools import cache

import pytest

from tests.deploy.kubernetes.checks import CHECKS
from tests.deploy.kubernetes.manifests import manifests_of
from tests.deploy.kubernetes.planted import mistakes
from tests.deploy.kubernetes.schemas import fits_its_schema

MISTAKES = mistakes()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_planted_mistake_is_caught(name: str) -> None:
    said = [line for lines in said_of(name).values() for line in lines]
    assert [line for line in said if MISTAKES[name].said in line], said


def test_every_check_catches_some_mistake() -> None:
    catching = {check for name in MISTAKES for check, lines in said_of(name).items() if lines}
    assert catching == {check.__name__ for check in CHECKS}


@cache
def said_of(name: str) -> Mapping[str, list[str]]:
    """What each check says of a mistake; what does not fit its schema is not looked into any further."""
    broken = MISTAKES[name].plant(manifests_of("production"))
    unfit = list(fits_its_schema(broken))
    if unfit:
        return {fits_its_schema.__name__: unfit}
    return {check.__name__: list(check(broken)) for check in CHECKS}
