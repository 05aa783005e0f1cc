"""Wait until the system says that something is done; the demo never sleeps for a guessed time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from deploy.demo.problem import DemoProblem

T = TypeVar("T")

_POLL_SECONDS = 0.1


async def until(what: str, look: Callable[[], Awaitable[T | None]], *, within: float = 60.0) -> T:
    """Look again and again until there is an answer other than None (or false), and return it.

    Raises
    ------
    DemoProblem
        There was none within so many seconds of machine time.
    """
    deadline = time.monotonic() + within
    while not (seen := await look()):
        if time.monotonic() > deadline:
            raise DemoProblem(f"{what}: not within {within:.0f} seconds")
        await asyncio.sleep(_POLL_SECONDS)
    return seen
