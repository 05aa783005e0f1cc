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
from shared.http import changes
from shared.http.access import UsualScopes
from shared.http.app import create_app
from shared.http.process import LOOKED_AT, Process

_NOUNS = (  # routes are tried in this order: what is called most comes first
    payments,
    invoices,
    customers,
    variables,
    erasing,
    credit_notes,
    refunds,
    subscriptions,
    disputes,
    promises,
    profile,
    batches,
    repair,
    status,
    changes,
)
_USUAL = UsualScopes(read="customers:read", write="customers:write", delete="customers:erase")


def create(use_cases: UseCases | None = None, process: Process = LOOKED_AT) -> FastAPI:
    """The app, ready to serve; without anything behind its routes it still says what they are."""
    return create_app(
        title="Cascada customers",
        routers=[noun.router for noun in _NOUNS],
        usual_scopes=_USUAL,
        use_cases=use_cases,
        process=process,
        service="customers",
        body_limits={"/v1/batches": batches.BATCH_BYTES},
    )
