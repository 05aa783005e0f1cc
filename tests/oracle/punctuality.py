"""How punctually a customer pays (meaning.md 12, 13), in exact fractions until the one rounding at the end."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracle.ledger import Application, Ledger


def on_time_ratio(ledger: Ledger, currency: str, as_of: date, grace: int) -> Decimal | None:
    """The share of what fell due within a year that was paid in time; None under three invoices."""
    weights: list[Fraction] = []
    in_time = Fraction(0)
    for invoice in ledger.invoices.values():
        last_day = invoice.due_on + timedelta(days=grace)
        is_in = invoice.due_on >= as_of - timedelta(days=365) and last_day < as_of and invoice.currency == currency
        if not is_in or invoice.invoice_id in ledger.voided_on:
            continue
        parts = [part for part in ledger.applications if part.invoice_id == invoice.invoice_id]
        weight = Fraction(invoice.amount) - _sum(part for part in parts if part.credit_kind == "credit_note")
        if weight > 0:
            weights.append(weight)
            in_time += _sum(part for part in parts if part.credit_kind == "payment" and part.on <= last_day)
    return _rounded(in_time / sum(weights), 4) if len(weights) >= 3 else None


def average_days_late(ledger: Ledger, currency: str, as_of: date) -> Decimal | None:
    """Days from the due date to each part's application within a year, weighted by the part."""
    parts = [
        part
        for part in ledger.applications
        if part.credit_kind == "payment"
        and as_of - timedelta(days=365) <= part.on <= as_of
        and ledger.invoices[part.invoice_id].currency == currency
    ]
    paid = _sum(parts)
    if paid == 0:
        return None
    late = sum(Fraction(part.amount) * (part.on - ledger.invoices[part.invoice_id].due_on).days for part in parts)
    return _rounded(late / paid, 2)


def _sum(parts: Iterable[Application]) -> Fraction:
    return sum((Fraction(part.amount) for part in parts), Fraction(0))


def _rounded(value: Fraction, decimals: int) -> Decimal:
    """Half away from zero."""
    steps = int(abs(value) * 10**decimals + Fraction(1, 2))
    return Decimal(steps if value >= 0 else -steps).scaleb(-decimals)
