"""What every journey stands on: a running stack with somebody to call it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.journeys.cascada import Cascada
from tests.support.fixtures import StartStack

StartCascada = Callable[..., Awaitable[Cascada]]


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
