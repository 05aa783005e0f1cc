"""What customers tells when asked rather than as it happens: everything about a customer, and how far its events go.

For repair, bootstrap and audit of those who hear ``customers.v1``, in the words of its events.
"""

from datetime import date

import msgspec

from shared.contracts.customers_v1 import (
    Application,
    CreditNote,
    Customer,
    Dispute,
    Invoice,
    InvoiceBalance,
    Payment,
    Promise,
    Refund,
    Subscription,
    VariableDeclared,
)


class DueDate(msgspec.Struct, frozen=True, kw_only=True):
    """A due date that an invoice was given, by the event ``seq``."""

    seq: int
    due_on: date


class SnapshotInvoice(Invoice, frozen=True, kw_only=True):
    """An invoice with the events that told it; ``due_dates`` has every due date it ever had, the first at ``seq``."""

    seq: int
    due_dates: list[DueDate]
    voided_seq: int | None = None


class SnapshotPayment(Payment, frozen=True, kw_only=True):
    """A payment with the event that told it."""

    seq: int


class SnapshotRefund(Refund, frozen=True, kw_only=True):
    """A refund with the event that told it."""

    seq: int


class SnapshotCreditNote(CreditNote, frozen=True, kw_only=True):
    """A credit note with the event that told it."""

    seq: int


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a customer as of ``(epoch, seq)``: ``GET /v1/customers/{id}/snapshot``, and as a line of
    ``GET /v1/snapshots``.

    ``applications`` are what stands, net of what was taken back: one for each pair of credit and invoice, in the order
    first made. ``balances`` has every invoice. The ``seq`` of money facts is the order they were received in. Of an
    erased customer all texts about people are empty.
    """

    customer_id: str
    epoch: int
    seq: int
    customer: Customer
    erased: bool = False
    invoices: list[SnapshotInvoice] = []
    payments: list[SnapshotPayment] = []
    refunds: list[SnapshotRefund] = []
    credit_notes: list[SnapshotCreditNote] = []
    applications: list[Application] = []
    balances: list[InvoiceBalance] = []
    subscriptions: list[Subscription] = []
    disputes: list[Dispute] = []
    promises: list[Promise] = []


class SnapshotVariable(msgspec.Struct, frozen=True, kw_only=True):
    """A line at the beginning of ``GET /v1/snapshots``: a declaration and its place in its own sequence."""

    variable: VariableDeclared
    epoch: int
    sequence: int


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """How far a customer's events go: ``GET /v1/heads``."""

    customer_id: str
    epoch: int
    seq: int
