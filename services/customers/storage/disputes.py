"""Rows of ``disputes``."""

from typing import Any

from sqlalchemy import Row

from services.customers.domain.dispute import Dispute
from services.customers.storage.fact_table import FactTable

_COLUMNS = {
    "customer_id": "text",
    "dispute_id": "text",
    "opened_on": "date",
    "category": "text",
    "closed_on": "date",
    "invoice_id": "text",
}


def _row(fact: Dispute) -> tuple[Any, ...]:
    return (fact.customer_id, fact.dispute_id, fact.opened_on, fact.category, fact.closed_on, fact.invoice_id)


def _fact(row: Row[Any]) -> Dispute:
    return Dispute(
        customer_id=row.customer_id,
        dispute_id=row.dispute_id,
        opened_on=row.opened_on,
        category=row.category,
        closed_on=row.closed_on,
        invoice_id=row.invoice_id,
    )


DISPUTES = FactTable("disputes", _COLUMNS, own_id="dispute_id", day="opened_on", row_of=_row, fact_of=_fact)
