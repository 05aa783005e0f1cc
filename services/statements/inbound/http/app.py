"""The HTTP app of statements: all its routes over the use cases."""

from fastapi import FastAPI

from services.statements.inbound.http import (
    customers,
    deliveries,
    foresight,
    gateway_events,
    occurrences,
    rules,
    runs,
    status,
    suppressions,
)
from services.statements.inbound.http.doors import UseCases
from shared.http.app import Lifespan, Ready, create_app, never

_NOUNS = (rules, occurrences, foresight, runs, deliveries, customers, gateway_events, suppressions, status)


def create(
    use_cases: UseCases | None = None, *, api_key: str = "", ready: Ready = never, lifespan: Lifespan | None = None
) -> FastAPI:
    """The app, ready to serve; without anything behind its routes it still says what they are."""
    return create_app(
        title="Cascada statements",
        routers=[noun.router for noun in _NOUNS],
        use_cases=use_cases,
        api_key=api_key,
        ready=ready,
        lifespan=lifespan,
        open_paths=("/v1/gateway-events",),
    )
