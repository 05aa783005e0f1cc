"""Stopping transactions where a race wants them: the test holds a row, and waits until they stand before it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from tests.services.segmenter.listener import Listener
from tests.support.eventually import eventually
from tests.support.sessions import count_waiting


@asynccontextmanager
async def holding(segmenter: Listener, row: str) -> AsyncIterator[None]:
    """Hold a row, ``FROM … WHERE …``, for as long as the block runs."""
    async with segmenter.database.transaction() as gate:
        await gate.execute(text(f"SELECT 1 {row} FOR UPDATE"))
        yield


async def stands_waiting(segmenter: Listener, *, sessions: int = 1) -> None:
    """Wait until at least so many sessions wait for a lock."""
    await eventually(lambda: _waiting(segmenter, sessions))


async def waits_or_is_done(segmenter: Listener, later: "asyncio.Task[Any]", *, sessions: int = 2) -> None:
    """Wait until ``later`` stands behind the others (as it should), or has gone past them."""

    async def is_so() -> bool:
        return later.done() or await _waiting(segmenter, sessions)

    await eventually(is_so)


async def _waiting(segmenter: Listener, sessions: int) -> bool:
    return await count_waiting(segmenter.database) >= sessions
