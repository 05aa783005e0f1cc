"""Invoices that another fact names: one that is there, not void, and in the currency of that fact."""

from collections.abc import Mapping

from shared.basics.errors import mistake
from shared.basics.ledger.values import Debt


def owed_invoice(debts: Mapping[str, Debt], invoice_id: str, currency: str, pointer: str) -> Debt:
    """The invoice as the ledger sees it.

    Raises
    ------
    BadInput
        ``unknown_invoice``: it is not there, void, or in another currency.
    """
    debt = debts.get(invoice_id)
    if debt is None:
        raise mistake(pointer, "unknown_invoice", f"there is no invoice {invoice_id}")
    if debt.voided_on is not None:
        raise mistake(pointer, "unknown_invoice", f"invoice {invoice_id} is void")
    if debt.currency != currency:
        raise mistake(pointer, "unknown_invoice", f"invoice {invoice_id} is in {debt.currency}, not in {currency}")
    return debt
