"""Customers as snapshots say them: the words of the events, and of each money fact the events that told it."""

from services.customers.domain.credit_note import KeptCreditNote
from services.customers.domain.invoice import KeptInvoice
from services.customers.domain.payment import KeptPayment
from services.customers.domain.refund import KeptRefund
from services.customers.domain.whole_customer import WholeCustomer
from services.customers.outbound import nouns, wire
from shared.contracts.customers_snapshots import (
    DueDate,
    Snapshot,
    SnapshotCreditNote,
    SnapshotInvoice,
    SnapshotPayment,
    SnapshotRefund,
)


def snapshot(whole: WholeCustomer, epoch: int) -> Snapshot:
    """Everything about a customer."""
    return Snapshot(
        customer_id=whole.customer.customer_id,
        epoch=epoch,
        seq=whole.seq,
        customer=wire.customer(whole.customer),
        erased=whole.customer.erased_on is not None,
        invoices=[invoice(one) for one in whole.invoices],
        payments=[payment(one) for one in whole.payments],
        refunds=[refund(one) for one in whole.refunds],
        credit_notes=[credit_note(one) for one in whole.credit_notes],
        applications=wire.applications(whole.applications),
        balances=wire.balances(one.debt for one in whole.invoices),
        subscriptions=[nouns.subscription(one) for one in whole.subscriptions],
        disputes=[nouns.dispute(one) for one in whole.disputes],
        promises=[nouns.promise(one) for one in whole.promises],
    )


def invoice(kept: KeptInvoice) -> SnapshotInvoice:
    """An invoice with every due date it ever had."""
    return SnapshotInvoice(
        seq=kept.told.seq,
        due_dates=[DueDate(seq=one.seq, due_on=one.due_on) for one in kept.told.due_dates],
        voided_seq=kept.told.voided_seq,
        **wire.invoice(kept.invoice),
    )


def payment(kept: KeptPayment) -> SnapshotPayment:
    """A payment."""
    return SnapshotPayment(seq=kept.seq, **wire.payment(kept.payment))


def refund(kept: KeptRefund) -> SnapshotRefund:
    """A refund."""
    return SnapshotRefund(seq=kept.seq, **wire.refund(kept.refund))


def credit_note(kept: KeptCreditNote) -> SnapshotCreditNote:
    """A credit note."""
    return SnapshotCreditNote(seq=kept.seq, **wire.credit_note(kept.note))
