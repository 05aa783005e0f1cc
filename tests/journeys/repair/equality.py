"""Whether both hearers know exactly what customers knows, asked of the three databases."""

from typing import Any

from tests.journeys.repair.operator import Operator
from tests.support.eventually import eventually

Rows = dict[str, list[tuple[Any, ...]]]

_POSITIONS = "SELECT customer_id, seq, epoch FROM customers ORDER BY 1"
_OWN_POSITIONS = "SELECT customer_id, seq, (SELECT epoch FROM instance) FROM customers ORDER BY 1"
_NAMES = "SELECT customer_id, name FROM customers ORDER BY 1"
_INVOICES = "SELECT customer_id, invoice_id, due_on, amount, balance FROM invoices ORDER BY 1, 2"
_PAYMENTS = "SELECT customer_id, payment_id, amount FROM payments ORDER BY 1, 2"
_SUCCEEDED = "SELECT customer_id, payment_id, amount FROM payments WHERE status = 'succeeded' ORDER BY 1, 2"
_OWED = """
SELECT c.customer_id, coalesce(sum(i.balance), 0) FROM customers c LEFT JOIN invoices i USING (customer_id)
GROUP BY 1 ORDER BY 1
"""
_BEHAVIOUR = "SELECT customer_id, total_balance FROM behaviour ORDER BY 1"
_BEHIND = "SELECT customer_id, reason, tries, next_try_at FROM behind"


async def all_are_equal(operator: Operator, *, same_epoch: bool = False, within: float = 40.0) -> None:
    """Wait until both hearers are equal to customers, nobody is behind, and, on demand, nobody is of an older epoch."""

    async def equal() -> bool:
        mine = await _known(operator, "customers", _PAYMENTS)
        succeeded = {**mine, "payments": await operator.rows("customers", _SUCCEEDED)}
        _are_equal("segmenter", await _known(operator, "segmenter", _PAYMENTS), mine)
        _are_equal("statements", await _known(operator, "statements", _PAYMENTS), succeeded)
        owed = {"balances": await operator.rows("customers", _OWED)}
        _are_equal("segmenter", {"balances": await operator.rows("segmenter", _BEHAVIOUR)}, owed)
        for hearer in ("segmenter", "statements"):
            _are_equal(hearer, {"behind": await operator.rows(hearer, _BEHIND)}, {"behind": []})
            if same_epoch:
                positions = {"positions": await operator.rows("customers", _OWN_POSITIONS)}
                _are_equal(hearer, {"positions": await operator.rows(hearer, _POSITIONS)}, positions)
        return True

    await eventually(equal, within=within)


def _are_equal(hearer: str, known: Rows, wanted: Rows) -> None:
    for what, rows in wanted.items():
        more, fewer = set(known[what]) - set(rows), set(rows) - set(known[what])
        assert (more, fewer) == (set(), set()), f"{what} of {hearer}: knows {more}, should know {fewer}"


async def _known(operator: Operator, service: str, payments: str) -> Rows:
    return {
        "customers": [row[:2] for row in await operator.rows(service, _POSITIONS.replace(", epoch", ""))],
        "names": await operator.rows(service, _NAMES),
        "invoices": await operator.rows(service, _INVOICES),
        "payments": await operator.rows(service, payments),
    }
