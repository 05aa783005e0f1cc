"""What every journey stands on: a running stack with somebody to call it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.journeys.cascada import Cascada
from tests.journeys.listening import Ear
from tests.support.fixtures import StartStack

StartCascada = Callable[..., Awaitable[Cascada]]


_SECONDS = 300
"""A journey starts servers and whole years pass in it; the usual timeout is for less."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give journeys their time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(_SECONDS))


@pytest.fixture(scope="module")
async def start_cascada(start_stack: StartStack) -> AsyncIterator[StartCascada]:
    """``await start_cascada(clock="2026-03-02T08:00:00-05:00", SEGMENTER_WORKERS="2")``: a stack for this module."""
    running: list[Cascada] = []

    async def start(*, clock: str, **environment: str) -> Cascada:
        running.append(Cascada(start_stack(clock=clock, **environment)))
        return running[-1]

    yield start
    for cascada in running:
        await cascada.close()


@pytest.fixture
async def moves(cascada: Cascada) -> AsyncIterator[Ear]:
    """What ``segments.v1`` says from now on, in a module or package with a stack of its own (``cascada``)."""
    async with Ear(cascada.stack.env["KAFKA_BOOTSTRAP_SERVERS"], "segments.v1") as ear:
        yield ear
