"""Run a role that answers nobody until the process is told to stop."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from shared.runtime.loops import StopFlag, stop_on_signals
from shared.runtime.memory import keep_what_started


def work(role: Callable[[StopFlag], Coroutine[Any, Any, None]]) -> None:
    """Run the role; its flag goes up with SIGINT or SIGTERM."""
    keep_what_started()
    asyncio.run(_work(role))


async def _work(role: Callable[[StopFlag], Coroutine[Any, Any, None]]) -> None:
    stop = StopFlag()
    stop_on_signals(stop)
    await role(stop)
