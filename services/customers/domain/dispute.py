"""Disputes: what a customer contests. Everything of one may change; it may be closed and opened again.

Source: meaning.md, rules 1, 2 and 16.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.customers.domain.terms import Terms
from shared.basics.errors import mistake
from shared.basics.ledger.values import Debt


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """A dispute, as it is and as a body asks for it. ``invoice_id`` None: it is about no single invoice."""

    customer_id: str
    dispute_id: str
    opened_on: date
    category: str | None = None
    closed_on: date | None = None
    invoice_id: str | None = None


def disputed(wanted: Dispute, stored: Dispute | None, debts: Mapping[str, Debt], terms: Terms) -> Dispute | None:
    """The dispute that a write leads to; None when it is there already, just so.

    The invoice is looked at when the dispute names it for the first time: one that was voided since must not keep
    its dispute from being closed.

    Raises
    ------
    BadInput
        ``date_in_future``, or ``unknown_invoice``: there is none of this name, or it is void.
    """
    if wanted == stored:
        return None
    terms.check_day(wanted.opened_on, "/opened_on")
    if wanted.closed_on is not None:
        terms.check_day(wanted.closed_on, "/closed_on")
    if wanted.invoice_id is not None and (stored is None or stored.invoice_id != wanted.invoice_id):
        debt = debts.get(wanted.invoice_id)
        if debt is None or debt.voided_on is not None:
            raise mistake("/invoice_id", "unknown_invoice", f"there is no invoice {wanted.invoice_id} to contest")
    return wanted
