"""The money facts that writes name, themselves or others: by customer and their own ids."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.customers.domain.change import Asked
from services.customers.domain.credit_note import AskedCreditNote
from services.customers.domain.dispute import Dispute
from services.customers.domain.invoice import AskedInvoice, AskedVoid
from services.customers.domain.payment import AskedPayment
from services.customers.domain.refund import AskedRefund


@dataclass(frozen=True)
class NamedFacts:
    """Each name starts with the customer's id; a refund's has its payment's before its own."""

    invoices: set[tuple[str, str]] = field(default_factory=set)
    payments: set[tuple[str, str]] = field(default_factory=set)
    credit_notes: set[tuple[str, str]] = field(default_factory=set)
    refunds: set[tuple[str, str, str]] = field(default_factory=set)


def facts_named_in(asked: Sequence[Asked]) -> NamedFacts:
    """Everything the writes name."""
    named = NamedFacts()
    for one in asked:
        _add(named, one)
    return named


def _add(named: NamedFacts, asked: Asked) -> None:
    who = asked.customer_id
    match asked:
        case AskedInvoice() | AskedVoid():
            named.invoices.add((who, asked.invoice_id))
        case AskedPayment():
            named.payments.add((who, asked.payment_id))
            for one in asked.allocations:
                named.invoices.add((who, one.invoice_id))
        case AskedRefund():
            named.payments.add((who, asked.payment_id))
            named.refunds.add((who, asked.payment_id, asked.refund_id))
        case AskedCreditNote():
            named.credit_notes.add((who, asked.credit_note_id))
            if asked.invoice_id is not None:
                named.invoices.add((who, asked.invoice_id))
        case Dispute(invoice_id=str(invoice_id)):
            named.invoices.add((who, invoice_id))
        case _:
            pass
