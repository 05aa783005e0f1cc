"""A small HTTP door for roles that serve nothing else: is the worker alive and ready, and its metrics."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from shared.http.health import Measure, Ready, health
from shared.runtime.loops import Loop, StopFlag
from shared.runtime.settings import CommonSettings

_LOOK_SECONDS = 1.0


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the process's own business: they raise the flag."""
        yield


def side_door(settings: CommonSettings, ready: Ready, measure: Measure, service: str | None = None) -> list[Loop]:
    """A loop that serves ``/livez``, ``/readyz`` and ``/metrics`` at ``METRICS_PORT``; none where that is unset."""
    if settings.metrics_port is None:
        return []
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(health(ready, measure, service))
    config = uvicorn.Config(
        app, host=settings.host, port=settings.metrics_port, log_config=None, access_log=False, lifespan="off"
    )

    async def serve(stop: StopFlag) -> None:
        server = _Server(config)
        serving = asyncio.create_task(server.serve())
        while not (stop.is_raised or serving.done()):
            await stop.wait(_LOOK_SECONDS)
        server.should_exit = True
        await serving

    return [serve]
