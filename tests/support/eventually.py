"""Wait for something that other processes or loops will make true: polling with a deadline, never a bare sleep."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")

_POLL_SECONDS = 0.05


@overload
async def eventually(check: Callable[[], Awaitable[T]], *, within: float = 10.0) -> T: ...
@overload
async def eventually(check: Callable[[], T], *, within: float = 10.0) -> T: ...
async def eventually(check: Callable[[], Any], *, within: float = 10.0) -> Any:
    """Call ``check`` until its answer is true, and return it.

    A check may be a plain function or a coroutine, and may ``assert``: a failed assertion means *not yet*.

    Raises
    ------
    AssertionError
        It was not true within the deadline (seconds); the last failed assertion is the cause.
    """
    deadline = time.monotonic() + within
    while True:
        answer, failure = await _tried(check)
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} seconds; the last answer was {answer!r}") from failure
        await asyncio.sleep(_POLL_SECONDS)


async def _tried(check: Callable[[], Any]) -> tuple[Any, AssertionError | None]:
    try:
        answer = check()
        return (await answer if inspect.isawaitable(answer) else answer), None
    except AssertionError as failure:
        return None, failure
