"""A customer's account while writes are decided: what they need of it, changing as each is taken.

Loaded under the customer's row lock, so between loading and keeping nobody else changes it. It need not hold the
whole history: the facts that the writes name, and the part of the ledger that they can touch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from services.customers.domain.credit_note import CreditNote, KeptCreditNote
from services.customers.domain.customer import Customer
from services.customers.domain.dispute import Dispute
from services.customers.domain.invoice import DueDate, Invoice, KeptInvoice, Told
from services.customers.domain.payment import KeptPayment, Payment
from services.customers.domain.promise import Promise
from services.customers.domain.refund import Refund
from services.customers.domain.subscription import Subscription
from shared.basics.errors import Gone, Missing
from shared.basics.ledger.book import Book
from shared.basics.ledger.values import Credit, Effect, new_debt
from shared.basics.money import ZERO


@dataclass
class Account:
    """``seq`` counts the customer's events; ``customer`` is None while it is not registered.

    ``told`` is by invoice, ``refunded`` by payment; ``with_credit_note`` are the invoices that one names.
    """

    customer_id: str
    seq: int = 0
    customer: Customer | None = None
    invoices: dict[str, Invoice] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    with_credit_note: set[str] = field(default_factory=set)
    credit_notes: dict[str, CreditNote] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    refunds: dict[tuple[str, str], Refund] = field(default_factory=dict)
    refunded: dict[str, Decimal] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    disputes: dict[str, Dispute] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    book: Book = field(default_factory=Book)

    @property
    def registered(self) -> Customer | None:
        """Who is registered under this id, None when nobody is; ``Gone`` when the customer was erased."""
        if self.customer is not None and self.customer.erased_on is not None:
            raise Gone("erased", f"customer {self.customer_id} was erased; the id cannot be used again")
        return self.customer

    @property
    def owner(self) -> Customer:
        """Who is registered under this id; ``Missing`` when nobody is, ``Gone`` when the customer was erased."""
        if (customer := self.registered) is None:
            raise Missing("unknown_customer", f"there is no customer {self.customer_id}")
        return customer

    def next_seq(self) -> int:
        """The number of the customer's next event."""
        self.seq += 1
        return self.seq

    def hold_invoice(self, kept: KeptInvoice) -> None:
        """Know of an invoice that is there already."""
        name = kept.invoice.invoice_id
        self.invoices[name], self.told[name], self.book.debts[name] = kept.invoice, kept.told, kept.debt

    def kept_invoice(self, invoice_id: str) -> KeptInvoice:
        """An invoice as it stands now."""
        return KeptInvoice(self.invoices[invoice_id], self.told[invoice_id], self.book.debts[invoice_id])

    def hold_payment(self, kept: KeptPayment) -> None:
        """Know of a payment that is there already."""
        self.payments[kept.payment.payment_id] = kept.payment
        self.refunded[kept.payment.payment_id] = kept.refunded
        self.book.credits[kept.credit.key] = kept.credit

    def hold_credit_note(self, kept: KeptCreditNote) -> None:
        """Know of a credit note that is there already."""
        self.credit_notes[kept.note.credit_note_id] = kept.note
        self.book.credits[kept.credit.key] = kept.credit

    def take_invoice(self, invoice: Invoice, seq: int) -> Effect:
        """Enter a new invoice, or the changed words and due date of a known one; waiting credit pays it at once."""
        name, owed = invoice.invoice_id, invoice.amount
        self.invoices[name] = invoice
        if name in self.told:
            self.told[name] = self.told[name].changed(seq, invoice.due_on)
            return self.book.change_due(name, invoice.due_on)
        self.told[name] = Told((DueDate(seq, invoice.due_on),))
        return self.book.issue(new_debt(name, owed.currency, invoice.issued_on, invoice.due_on, owed.amount))

    def take_void(self, invoice_id: str, voided_on: date, reason: str | None, seq: int) -> Effect:
        """Enter that an invoice is void: what paid it waits again, or pays others."""
        self.invoices[invoice_id] = replace(self.invoices[invoice_id], voided_on=voided_on, void_reason=reason)
        self.told[invoice_id] = replace(self.told[invoice_id], voided_seq=seq)
        return self.book.void(invoice_id, voided_on)

    def take_credit_note(self, note: CreditNote) -> Effect:
        """Enter a credit note: its invoice first, then what is left pays the oldest due."""
        self.credit_notes[note.credit_note_id] = note
        if note.invoice_id is None:
            return self.book.enter(note.credit())
        self.with_credit_note.add(note.invoice_id)
        return self.book.enter(note.credit(), [(note.invoice_id, note.amount.amount)])

    def take_payment(self, payment: Payment) -> Effect:
        """Enter a payment: its allocations first, then what is left pays the oldest due. A failed one does nothing."""
        self.payments[payment.payment_id], self.refunded[payment.payment_id] = payment, ZERO
        paid = payment.amount.amount if payment.status == "succeeded" else ZERO
        credit = Credit("payment", payment.payment_id, payment.amount.currency, payment.occurred_on, paid)
        return self.book.enter(credit, [(one.invoice_id, one.amount.amount) for one in payment.allocations])

    def take_refund(self, refund: Refund) -> Effect:
        """Enter that a part of a payment was given back."""
        self.refunds[refund.payment_id, refund.refund_id] = refund
        self.refunded[refund.payment_id] += refund.amount.amount
        return self.book.refund(("payment", refund.payment_id), refund.amount.amount)


Accounts = Mapping[str, Account]
"""Accounts by customer id."""
