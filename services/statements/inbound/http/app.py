"""The HTTP app of statements: all its routes over the use cases."""

from fastapi import FastAPI

from services.statements.inbound.http import (
    customers,
    deliveries,
    gateway_events,
    occurrences,
    rules,
    runs,
    status,
)
from services.statements.inbound.http.doors import UseCases
from services.statements.inbound.http.version import VERSION
from shared.http.app import Lifespan, Ready, create_app

_NOUNS = (rules, occurrences, runs, deliveries, customers, gateway_events, status)


def create(use_cases: UseCases, *, api_key: str, ready: Ready, lifespan: Lifespan | None = None) -> FastAPI:
    """The app, ready to serve."""
    app = _routes(api_key, ready, lifespan)
    app.state.use_cases = use_cases
    return app


def documented() -> FastAPI:
    """The app without anything behind its routes: enough to say what they are."""

    async def never() -> bool:
        return False

    return _routes("", never, None)


def _routes(api_key: str, ready: Ready, lifespan: Lifespan | None) -> FastAPI:
    return create_app(
        title="Cascada statements",
        version=VERSION,
        routers=[noun.router for noun in _NOUNS],
        api_key=api_key,
        ready=ready,
        lifespan=lifespan,
        open_paths=("/v1/gateway-events",),
    )
