"""The entries of a snapshot as ``replay`` takes them: what a hearer makes of it for a past day."""

from shared.basics.ledger.replay import Credited, DueChanged, Entry, Issued, Refunded, Voided
from shared.basics.ledger.values import Credit, CreditKind, new_debt
from shared.contracts.customers_snapshots import Snapshot


def entries_of(snapshot: Snapshot) -> list[Entry]:
    """Every money fact, in the order received."""
    told: list[tuple[int, Entry]] = []
    for one in snapshot.invoices:
        first, *later = one.due_dates
        owed = new_debt(one.invoice_id, one.amount.currency, one.issued_on, first.due_on, one.amount.amount)
        told.append((one.seq, Issued(owed)))
        told += [(due.seq, DueChanged(one.invoice_id, due.due_on)) for due in later]
        if one.voided_on is not None and one.voided_seq is not None:
            told.append((one.voided_seq, Voided(one.invoice_id, one.voided_on)))
    for payment in snapshot.payments:
        if payment.status == "succeeded":
            amount = payment.amount
            credit = Credit("payment", payment.payment_id, amount.currency, payment.occurred_on, amount.amount)
            wanted = tuple((wish.invoice_id, wish.amount.amount) for wish in payment.allocations)
            told.append((payment.seq, Credited(credit, wanted)))
    for note in snapshot.credit_notes:
        kind: CreditKind = "write_off" if note.kind == "write_off" else "credit_note"
        credit = Credit(kind, note.credit_note_id, note.amount.currency, note.issued_on, note.amount.amount)
        told.append((note.seq, Credited(credit, ((note.invoice_id, note.amount.amount),) if note.invoice_id else ())))
    for refund in snapshot.refunds:
        given_back = Refunded(("payment", refund.payment_id), refund.amount.amount, refund.refunded_on)
        told.append((refund.seq, given_back))
    return [entry for _, entry in sorted(told, key=lambda one: one[0])]
