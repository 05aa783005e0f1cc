"""Everything kept of one customer: what a snapshot says."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.customers.domain.credit_note import KeptCreditNote
from services.customers.domain.customer import Customer
from services.customers.domain.dispute import Dispute
from services.customers.domain.invoice import KeptInvoice
from services.customers.domain.payment import KeptPayment
from services.customers.domain.promise import Promise
from services.customers.domain.refund import KeptRefund
from services.customers.domain.subscription import Subscription
from shared.basics.ledger.values import Application


@dataclass(frozen=True)
class WholeCustomer:
    """A customer with its facts, each kind in order of id; ``seq``: the last event that told any of it.

    ``applications`` are what stands, one for each pair of credit and invoice, in the order first made.
    """

    customer: Customer
    seq: int
    invoices: Sequence[KeptInvoice]
    payments: Sequence[KeptPayment]
    refunds: Sequence[KeptRefund]
    credit_notes: Sequence[KeptCreditNote]
    applications: Sequence[Application]
    subscriptions: Sequence[Subscription]
    disputes: Sequence[Dispute]
    promises: Sequence[Promise]
