"""A customer's account while writes are decided: what they need of it, changing as each is taken.

Loaded under the customer's row lock, so between loading and keeping nobody else changes it. It need not hold the
whole history: the facts that the writes name, and the open side of the ledger that they can touch.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from services.customers.domain.customer import Customer
from services.customers.domain.invoice import Invoice
from services.customers.domain.ledger import Application, Credit, CreditKind, Debt, Settlement, allocate, settle
from services.customers.domain.payment import Payment
from shared.basics.errors import Missing


@dataclass(frozen=True)
class Effect:
    """What a money fact did to the ledger: applications in order, and every touched debt as it stands after them."""

    applications: tuple[Application, ...] = ()
    debts: tuple[Debt, ...] = ()


@dataclass
class Account:
    """``seq`` counts the customer's events; ``customer`` is None while it is not registered."""

    customer_id: str
    seq: int = 0
    customer: Customer | None = None
    invoices: dict[str, Invoice] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    debts: dict[str, Debt] = field(default_factory=dict)
    credits: dict[tuple[CreditKind, str], Credit] = field(default_factory=dict)

    @property
    def owner(self) -> Customer:
        """Who is registered under this id; ``Missing`` when nobody is."""
        if self.customer is None:
            raise Missing("unknown_customer", f"there is no customer {self.customer_id}")
        return self.customer

    def next_seq(self) -> int:
        """The number of the customer's next event."""
        self.seq += 1
        return self.seq

    def take_invoice(self, invoice: Invoice) -> Effect:
        """Enter a new invoice, or the changed words and due date of a known one; waiting credit pays it at once."""
        known = self.debts.get(invoice.invoice_id)
        self.invoices[invoice.invoice_id] = invoice
        debt = _debt(invoice, known)
        self.debts[debt.invoice_id] = debt
        applications = self._settle(debt.currency)
        return self._effect(applications, first=debt.invoice_id)

    def take_payment(self, payment: Payment) -> Effect:
        """Enter a payment: its allocations first, then what is left pays the oldest due. A failed one does nothing."""
        self.payments[payment.payment_id] = payment
        succeeded = payment.status == "succeeded"
        left = payment.amount.amount if succeeded else Decimal(0)
        credit = Credit("payment", payment.payment_id, payment.amount.currency, payment.occurred_on, left)
        self.credits[credit.kind, credit.credit_id] = credit
        if not succeeded:
            return Effect()
        wanted = [(one.invoice_id, one.amount.amount) for one in payment.allocations]
        applications = self._enter(allocate(credit, wanted, self.debts))
        return self._effect([*applications, *self._settle(credit.currency)])

    def unapplied(self, kind: CreditKind, credit_id: str) -> Decimal:
        """What is left of a credit."""
        return self.credits[kind, credit_id].left

    def _settle(self, currency: str) -> tuple[Application, ...]:
        waiting = [credit for credit in self.credits.values() if credit.currency == currency]
        owed = [debt for debt in self.debts.values() if debt.currency == currency]
        return self._enter(settle(waiting, owed))

    def _enter(self, settlement: Settlement) -> tuple[Application, ...]:
        self.credits.update(settlement.credits)
        self.debts.update(settlement.debts)
        return settlement.applications

    def _effect(self, applications: Iterable[Application], first: str | None = None) -> Effect:
        made = tuple(applications)
        touched = dict.fromkeys([*([first] if first else []), *(one.invoice_id for one in made)])
        return Effect(made, tuple(self.debts[invoice_id] for invoice_id in touched))


def _debt(invoice: Invoice, known: Debt | None) -> Debt:
    balance = known.balance if known else invoice.amount.amount
    settled_on = known.settled_on if known else (None if balance else invoice.issued_on)
    return Debt(invoice.invoice_id, invoice.amount.currency, invoice.issued_on, invoice.due_on, balance, settled_on)


Accounts = Mapping[str, Account]
"""Accounts by customer id."""
