"""Money facts as snapshots say them: each with the events that told it."""

from services.customers.domain.invoice import KeptInvoice
from services.customers.domain.payment import KeptPayment
from services.customers.outbound import wire
from shared.contracts.customers_v1 import DueDate, SnapshotInvoice, SnapshotPayment


def invoice(kept: KeptInvoice) -> SnapshotInvoice:
    """An invoice with every due date it ever had."""
    return SnapshotInvoice(
        seq=kept.told.seq,
        due_dates=[DueDate(seq=one.seq, due_on=one.due_on) for one in kept.told.due_dates],
        voided_seq=kept.told.voided_seq,
        **wire.fields(wire.invoice(kept.invoice)),
    )


def payment(kept: KeptPayment) -> SnapshotPayment:
    """A payment."""
    return SnapshotPayment(seq=kept.seq, **wire.fields(wire.payment(kept.payment)))
