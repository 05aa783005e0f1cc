"""The HTTP app of customers: all its routes over the use cases."""

from fastapi import FastAPI

from services.customers.inbound.http import (
    batches,
    credit_notes,
    customers,
    disputes,
    erasing,
    invoices,
    payments,
    profile,
    promises,
    refunds,
    repair,
    status,
    subscriptions,
    variables,
)
from services.customers.inbound.http.doors import UseCases
from shared.http.app import Lifespan, Ready, create_app, never

_NOUNS = (
    variables,
    customers,
    erasing,
    invoices,
    credit_notes,
    payments,
    refunds,
    subscriptions,
    disputes,
    promises,
    profile,
    batches,
    repair,
    status,
)


def create(
    use_cases: UseCases | None = None, *, api_key: str = "", ready: Ready = never, lifespan: Lifespan | None = None
) -> FastAPI:
    """The app, ready to serve; without anything behind its routes it still says what they are."""
    return create_app(
        title="Cascada customers",
        routers=[noun.router for noun in _NOUNS],
        use_cases=use_cases,
        api_key=api_key,
        ready=ready,
        lifespan=lifespan,
        body_limits={"/v1/batches": batches.BATCH_BYTES},
    )
