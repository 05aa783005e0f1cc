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
from shared.http import behind, changes
from shared.http.access import UsualScopes
from shared.http.app import create_app
from shared.http.process import LOOKED_AT, Process

_NOUNS = (
    rules,
    occurrences,
    foresight,
    runs,
    deliveries,
    customers,
    gateway_events,
    suppressions,
    status,
    behind,
    changes,
)
_USUAL = UsualScopes(read="statements:read", write="statements:write")


def create(use_cases: UseCases | None = None, process: Process = LOOKED_AT) -> FastAPI:
    """The app, ready to serve; without anything behind its routes it still says what they are."""
    return create_app(
        title="Cascada statements",
        routers=[noun.router for noun in _NOUNS],
        usual_scopes=_USUAL,
        use_cases=use_cases,
        process=process,
        service="statements",
        open_paths=("/v1/gateway-events",),
    )
