"""What one write asks of one customer, and what it changed: the words of every decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from services.customers.domain.credit_note import AskedCreditNote, CreditNote
from services.customers.domain.customer import AskedArchiving, AskedCustomer, Customer
from services.customers.domain.customer_patch import AskedPatch
from services.customers.domain.dispute import Dispute
from services.customers.domain.invoice import AskedInvoice, AskedVoid, Invoice
from services.customers.domain.payment import AskedPayment, Payment
from services.customers.domain.promise import AskedPromise, Promise
from services.customers.domain.refund import AskedRefund, Refund
from services.customers.domain.subscription import AskedSubscription, Subscription
from services.customers.domain.terms import Terms
from services.customers.domain.variable import Variable
from shared.basics.ledger.values import Effect

AskedOfCustomer = AskedCustomer | AskedPatch | AskedArchiving
AskedMoneyFact = AskedInvoice | AskedVoid | AskedCreditNote | AskedPayment | AskedRefund
AskedNoun = AskedSubscription | Dispute | AskedPromise
Asked = AskedOfCustomer | AskedMoneyFact | AskedNoun
Noun = Subscription | Dispute | Promise
Fact = Customer | Invoice | CreditNote | Payment | Refund | Noun


class Change(NamedTuple):
    """A fact that is new or different: the event that tells it, its number, and its effect on the ledger."""

    event: str
    fact: Fact
    seq: int
    is_new: bool
    effect: Effect = Effect()


@dataclass(frozen=True)
class Surroundings:
    """What a decision knows beside the customer's own account.

    ``document_owners`` says whose each document (by key) is; it is kept up to date while writes are decided.
    """

    terms: Terms
    declared: Mapping[str, Variable]
    document_owners: dict[str, str]
