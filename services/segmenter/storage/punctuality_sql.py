"""How punctually a customer pays, as SQL over invoices and what was applied to them. Source: meaning.md 12 and 13.

Quotients are rounded by whole division, so that no rounding comes before the last one. Customers with nothing to
look at are told by their behaviour row alone.
"""

from services.segmenter.domain.settings import Settings
from services.segmenter.storage.binds import AS_OF

_YEAR = 365
_FEWEST_INVOICES = 3


def on_time_ratio(settings: Settings) -> str:
    """The share of what fell due within a year that was paid by its due date and grace, to 4 decimals."""
    grace = settings.risk.grace_days
    applied = (
        "SELECT coalesce(sum(a.amount) FILTER (WHERE a.credit_kind = 'credit_note'), 0) AS credited,"
        f" coalesce(sum(a.amount) FILTER (WHERE a.credit_kind = 'payment' AND a.applied_on <= o.due_on + {grace}), 0)"
        " AS in_time FROM applications a WHERE a.customer_id = o.customer_id AND a.invoice_id = o.invoice_id"
    )
    due = (
        f"FROM invoices o CROSS JOIN LATERAL ({applied}) AS a WHERE o.customer_id = c.customer_id"
        f" AND o.currency = c.currency AND o.voided_on IS NULL AND o.due_on >= {AS_OF} - {_YEAR}"
        f" AND o.due_on < {AS_OF} - {grace} AND o.amount > a.credited"
    )
    ratio = _rounded("sum(a.in_time)", "sum(o.amount - a.credited)", 4)
    return (
        f"(CASE WHEN b.invoices_issued >= {_FEWEST_INVOICES}"
        f" THEN (SELECT CASE WHEN count(*) >= {_FEWEST_INVOICES} THEN {ratio} END {due}) END)"
    )


def _rounded(numerator: str, denominator: str, decimals: int) -> str:
    """The quotient of a non-negative and a positive number, half up."""
    ten = 10**decimals
    return f"round(div({2 * ten} * {numerator} + {denominator}, 2 * {denominator}) / {ten}, {decimals})"


_LATE = "sum(a.amount * (a.applied_on - o.due_on))"
_PAID = "sum(a.amount)"
AVERAGE_DAYS_LATE = (
    f"(CASE WHEN b.amount_paid > 0 THEN (SELECT CASE WHEN count(*) > 0"
    f" THEN sign({_LATE}) * {_rounded(f'abs({_LATE})', _PAID, 2)} END"
    " FROM applications a JOIN invoices o USING (customer_id, invoice_id) WHERE a.customer_id = c.customer_id"
    " AND a.credit_kind = 'payment' AND a.currency = c.currency"
    f" AND a.applied_on BETWEEN {AS_OF} - {_YEAR} AND {AS_OF}) END)"
)
"""How many days after the due date each part paid within a year came, on average, to 2 decimals; early is negative."""
