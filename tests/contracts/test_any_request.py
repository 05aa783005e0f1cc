"""Whatever is asked of a service by its published document, well or badly: no 5xx, and every status is declared."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance

from services.customers.inbound.http.app import create as customers
from services.segmenter.inbound.http.app import create as segmenter
from services.statements.inbound.http.app import create as statements
from tests.contracts.apps import KEY, served
from tests.support.databases import Databases

few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@schemathesis.serializer("application/x-ndjson")
def _as_it_is(_: object, value: object) -> bytes:
    return value.encode(errors="surrogatepass") if isinstance(value, str) else repr(value).encode()


CUSTOMERS = schemathesis.openapi.from_dict(customers().openapi())
SEGMENTER = schemathesis.openapi.from_dict(segmenter().openapi())
STATEMENTS = schemathesis.openapi.from_dict(statements().openapi())


@pytest.fixture(scope="module")
async def customers_url(_databases: Databases) -> AsyncIterator[str]:
    async with served("customers", _databases) as url:
        yield url


@pytest.fixture(scope="module")
async def segmenter_url(_databases: Databases) -> AsyncIterator[str]:
    async with served("segmenter", _databases) as url:
        yield url


@pytest.fixture(scope="module")
async def statements_url(_databases: Databases) -> AsyncIterator[str]:
    async with served("statements", _databases) as url:
        yield url


@CUSTOMERS.parametrize()
@few
def test_customers_answers_anything(case: Case[Any], customers_url: str) -> None:
    answers_well(case, customers_url)


@SEGMENTER.parametrize()
@few
def test_segmenter_answers_anything(case: Case[Any], segmenter_url: str) -> None:
    answers_well(case, segmenter_url)


@STATEMENTS.parametrize()
@few
def test_statements_answers_anything(case: Case[Any], statements_url: str) -> None:
    answers_well(case, statements_url)


def answers_well(case: Case[Any], url: str) -> None:
    checks = [not_a_server_error, status_code_conformance]
    case.call_and_validate(base_url=url, headers={"X-Api-Key": KEY}, checks=checks)
