"""The ``api`` role and the use cases that HTTP reaches."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from services.customers.inbound.http.app import create
from services.customers.inbound.http.doors import UseCases
from services.customers.outbound.events import SOURCE
from services.customers.settings import Settings
from services.customers.storage import credit_notes, invoices, payments
from services.customers.storage.disputes import DISPUTES
from services.customers.storage.promises import PROMISES
from services.customers.storage.subscriptions import SUBSCRIPTIONS
from services.customers.usecases.declare_variable import DeclareVariable
from services.customers.usecases.erase_customer import EraseCustomer
from services.customers.usecases.load_batch import LoadBatch
from services.customers.usecases.measure import Measure
from services.customers.usecases.read_customers import ReadCustomers
from services.customers.usecases.read_facts import ReadFacts
from services.customers.usecases.read_profile import ReadProfile
from services.customers.usecases.read_refunds import ReadRefunds
from services.customers.usecases.read_variables import ReadVariables
from services.customers.usecases.record_facts import RecordFacts
from services.customers.usecases.report_status import ReportStatus
from services.customers.usecases.tell_snapshots import TellSnapshots
from shared.contracts.customers_v1 import TOPIC
from shared.database.changes import ReadChanges
from shared.database.engine import Database
from shared.http.process import process_of
from shared.messaging.producer import Producer
from shared.messaging.relay import Relay
from shared.runtime.clock import Clock
from shared.runtime.loops import StopFlag


@dataclass(frozen=True)
class Parts:
    """What use cases are made of. ``wake`` tells the relay that there is something to send."""

    database: Database
    clock: Clock
    zone: ZoneInfo
    currencies: tuple[str, ...]
    wake: Callable[[], None]


def api(settings: Settings) -> FastAPI:
    """The app of the ``api`` role; while it serves, the relay sends what its writes put into the outbox."""
    database = Database(settings.customers_database_url, name="customers-api")
    relay = Relay(database, Producer(settings.kafka_bootstrap_servers, TOPIC, settings.kafka_tls()), SOURCE)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop = StopFlag()
        relaying = asyncio.create_task(relay.run(stop))
        yield
        stop.raise_it()
        relay.wake()
        await relaying

    parts = Parts(database, settings.clock(), settings.zone, settings.currencies, relay.wake)
    measure = Measure(database, parts.clock)
    return create(use_cases(parts), process_of(settings, database, measure=measure, lifespan=lifespan))


def use_cases(parts: Parts) -> UseCases:
    """Each use case with the parts it needs."""
    database, clock = parts.database, parts.clock
    record_facts = RecordFacts(database, clock, parts.zone, parts.currencies, parts.wake)
    declare_variable = DeclareVariable(database, clock, parts.wake)
    return UseCases(
        record_facts=record_facts,
        declare_variable=declare_variable,
        erase_customer=EraseCustomer(database, clock, parts.wake),
        load_batch=LoadBatch(declare_variable, record_facts),
        read_customers=ReadCustomers(database),
        read_invoices=ReadFacts(database, "invoice", invoices.named_invoices, invoices.page_of_invoices),
        read_credit_notes=ReadFacts(
            database, "credit note", credit_notes.named_credit_notes, credit_notes.page_of_credit_notes
        ),
        read_payments=ReadFacts(database, "payment", payments.named_payments, payments.page_of_payments),
        read_refunds=ReadRefunds(database),
        read_subscriptions=ReadFacts(database, "subscription", SUBSCRIPTIONS.named, SUBSCRIPTIONS.page),
        read_disputes=ReadFacts(database, "dispute", DISPUTES.named, DISPUTES.page),
        read_promises=ReadFacts(database, "promise", PROMISES.named, PROMISES.page),
        read_profile=ReadProfile(database, clock),
        read_variables=ReadVariables(database),
        tell_snapshots=TellSnapshots(database),
        report_status=ReportStatus(database, clock, parts.zone.key, parts.currencies),
        read_changes=ReadChanges(database),
    )
