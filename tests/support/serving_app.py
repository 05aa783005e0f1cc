"""An ASGI app on a port of 127.0.0.1 for as long as a block runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from tests.support.eventually import eventually


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[None]:
    """Serve ``app`` in the test's own loop."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield
    server.should_exit = True
    await running
