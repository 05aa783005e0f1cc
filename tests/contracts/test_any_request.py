"""Whatever is asked of customers by its published document, well or badly: no 5xx, and every status is declared."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance

from services.customers.inbound.http.app import create
from services.customers.wiring import Parts, use_cases
from shared.database.engine import Database
from shared.http.process import Process
from tests.services.customers.house import CURRENCIES, KEY, SetClock
from tests.support.access import one_key
from tests.support.databases import Databases
from tests.support.serving_app import serving_by_thread


@schemathesis.serializer("application/x-ndjson")
def _as_it_is(_: object, value: object) -> bytes:
    return value.encode(errors="surrogatepass") if isinstance(value, str) else repr(value).encode()


SCHEMA = schemathesis.openapi.from_dict(create().openapi())


@pytest.fixture(scope="module")
async def customers_url(_databases: Databases) -> AsyncIterator[str]:
    """The real app over a real database, served by a thread."""
    url, clock = await _databases.create("customers"), SetClock()
    database = Database(url, name="test")
    parts = Parts(database, clock, clock.where, CURRENCIES, lambda: None)
    app = create(use_cases(parts), Process(callers=one_key(KEY), ready=database.is_ready))
    with serving_by_thread(app) as address:
        yield address
    await _databases.drop(url)


@SCHEMA.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_customers_answers_anything(case: Case[Any], customers_url: str) -> None:
    case.call_and_validate(
        base_url=customers_url,
        headers={"X-Api-Key": KEY},
        checks=[not_a_server_error, status_code_conformance],
    )
