"""A customer's account while writes are decided: what they need of it, changing as each is taken.

Loaded under the customer's row lock, so between loading and keeping nobody else changes it. It need not hold the
whole history: the facts that the writes name, and the open side of the ledger that they can touch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.customers.domain.customer import Customer
from services.customers.domain.invoice import Invoice
from services.customers.domain.payment import Payment
from shared.basics.errors import Missing
from shared.basics.ledger.book import Book
from shared.basics.ledger.values import Credit, Effect, new_debt
from shared.basics.money import ZERO


@dataclass
class Account:
    """``seq`` counts the customer's events; ``customer`` is None while it is not registered."""

    customer_id: str
    seq: int = 0
    customer: Customer | None = None
    invoices: dict[str, Invoice] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    book: Book = field(default_factory=Book)

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
        self.invoices[invoice.invoice_id] = invoice
        if invoice.invoice_id in self.book.debts:
            return self.book.change_due(invoice.invoice_id, invoice.due_on)
        owed = invoice.amount
        return self.book.issue(
            new_debt(invoice.invoice_id, owed.currency, invoice.issued_on, invoice.due_on, owed.amount)
        )

    def take_payment(self, payment: Payment) -> Effect:
        """Enter a payment: its allocations first, then what is left pays the oldest due. A failed one does nothing."""
        self.payments[payment.payment_id] = payment
        paid = payment.amount.amount if payment.status == "succeeded" else ZERO
        credit = Credit("payment", payment.payment_id, payment.amount.currency, payment.occurred_on, paid)
        return self.book.enter(credit, [(one.invoice_id, one.amount.amount) for one in payment.allocations])


Accounts = Mapping[str, Account]
"""Accounts by customer id."""
