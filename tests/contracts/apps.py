"""The three apps as their owners wire them, each over a real database, served by a thread: for contract tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from services.customers.inbound.http.app import create as customers_app
from services.customers.wiring import api as customers
from services.segmenter.inbound.http.app import create as segmenter_app
from services.segmenter.outbound.webhooks import Poster
from services.segmenter.wiring import api as segmenter
from services.statements.inbound.http.app import create as statements_app
from services.statements.outbound.gateways import gateway_at
from services.statements.wiring import api as statements
from services.statements.wiring.parts import Parts
from shared.database.engine import Database
from shared.http.process import Process
from tests.services.customers import house as customers_house
from tests.services.segmenter.listener import SetClock
from tests.services.statements import house as statements_house
from tests.services.statements.segmenter import StandInSegmenter
from tests.support.access import one_key
from tests.support.databases import Databases
from tests.support.serving_app import serving_by_thread

KEY = "test-key-of-sixteen"
CURRENCIES = ("COP", "USD")
NOWHERE = "http://127.0.0.1:9"


class UnknownHosts(Poster):
    """Nothing is posted: no host's name is known."""

    async def addresses(self, host: str) -> list[str]:
        return []


def _customers(database: Database, _: str) -> Any:
    clock = customers_house.SetClock()
    doors = customers.use_cases(customers.Parts(database, clock, clock.where, CURRENCIES, lambda: None))
    return customers_app(doors, _process(database))


def _segmenter(database: Database, _: str) -> Any:
    doors = segmenter.use_cases(database, SetClock(date(2026, 3, 10)), "America/Bogota", CURRENCIES, UnknownHosts())
    return segmenter_app(doors, _process(database))


def _statements(database: Database, url: str) -> Any:
    clock = statements_house.SetClock()
    parts = Parts(database, clock, statements_house.settings(url, NOWHERE))
    doors = statements.use_cases(parts, StandInSegmenter().asked, gateway_at(NOWHERE, clock))
    return statements_app(doors, _process(database))


def _process(database: Database) -> Process:
    return Process(callers=one_key(KEY), ready=database.is_ready)


_APPS = {"customers": _customers, "segmenter": _segmenter, "statements": _statements}


@asynccontextmanager
async def served(service: str, databases: Databases) -> AsyncIterator[str]:
    """The URL of a service's app over a new database."""
    url = await databases.create(service)
    with serving_by_thread(_APPS[service](Database(url, name="test"), url)) as address:
        yield address
    await databases.drop(url)
