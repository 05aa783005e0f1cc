"""How a process is, for whoever runs it: alive, ready, and its metrics. Open to everyone, like the docs."""

from collections.abc import Awaitable, Callable

import structlog
from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from shared.basics.errors import Unavailable
from shared.runtime.metrics import CATALOGUE, DATABASE_REACHABLE

log = structlog.get_logger(__name__)

Ready = Callable[[], Awaitable[bool]]
Measure = Callable[[], Awaitable[None]]
"""Sets the gauges that the database knows."""


async def never() -> bool:
    """Never ready: for an app that is only looked at."""
    return False


async def nothing() -> None:
    """There is nothing to measure."""


def health(ready: Ready, measure: Measure, service: str | None = None) -> APIRouter:
    """``/livez``, ``/readyz`` and ``/metrics``, which tells what is declared of the service."""
    router = APIRouter(tags=["health"])
    told = CATALOGUE.told_by(service)

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        """The process runs."""
        return {"status": "alive"}

    @router.get("/readyz", responses={503: {"description": "A part that requests need is away"}})
    async def readyz() -> JSONResponse:
        """The parts that requests need can be reached."""
        if await ready():
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not_ready"}, status_code=503)

    @router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    async def metrics() -> Response:
        """The process in numbers (Prometheus)."""
        try:
            await measure()
            DATABASE_REACHABLE.set(1)
        except Unavailable as error:
            DATABASE_REACHABLE.set(0)
            log.warning("gauges_are_old", error=error.detail)
        return Response(generate_latest(told), media_type=CONTENT_TYPE_LATEST)

    return router
