"""The doors from HTTP into the use cases: what each route may call, handed over by ``wiring``.

Dependencies here are ``async``, although they await nothing: FastAPI would send others through a thread.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.customers.domain.credit_note import KeptCreditNote
from services.customers.domain.dispute import Dispute
from services.customers.domain.invoice import KeptInvoice
from services.customers.domain.payment import KeptPayment
from services.customers.domain.promise import Promise
from services.customers.domain.subscription import Subscription
from services.customers.usecases.declare_variable import DeclareVariable
from services.customers.usecases.erase_customer import EraseCustomer
from services.customers.usecases.load_batch import LoadBatch
from services.customers.usecases.read_customers import ReadCustomers
from services.customers.usecases.read_facts import ReadFacts
from services.customers.usecases.read_profile import ReadProfile
from services.customers.usecases.read_refunds import ReadRefunds
from services.customers.usecases.read_variables import ReadVariables
from services.customers.usecases.record_facts import RecordFacts
from services.customers.usecases.report_status import ReportStatus
from services.customers.usecases.tell_snapshots import TellSnapshots
from shared.database.changes import ReadChanges


@dataclass(frozen=True)
class UseCases:
    """Every use case that HTTP reaches."""

    record_facts: RecordFacts
    declare_variable: DeclareVariable
    erase_customer: EraseCustomer
    load_batch: LoadBatch
    read_customers: ReadCustomers
    read_invoices: ReadFacts[KeptInvoice]
    read_credit_notes: ReadFacts[KeptCreditNote]
    read_payments: ReadFacts[KeptPayment]
    read_refunds: ReadRefunds
    read_subscriptions: ReadFacts[Subscription]
    read_disputes: ReadFacts[Dispute]
    read_promises: ReadFacts[Promise]
    read_profile: ReadProfile
    read_variables: ReadVariables
    tell_snapshots: TellSnapshots
    report_status: ReportStatus
    read_changes: ReadChanges


async def _use_cases(request: Request) -> UseCases:
    doors: UseCases = request.app.state.use_cases
    return doors


Doors = Annotated[UseCases, Depends(_use_cases)]
