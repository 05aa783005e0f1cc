"""How punctually a customer pays, as SQL over invoices and what was applied to them. Source: meaning.md 12 and 13.

Without grace, what was paid in time stands in each invoice's row; what counters say of a year is a difference, as all
windows are. Quotients are rounded by whole division, so that no rounding comes before the last one.
"""

from services.segmenter.domain.settings import Settings
from services.segmenter.storage.applied_sql import in_time
from services.segmenter.storage.binds import AS_OF

_YEAR = 365
_FEWEST_INVOICES = 3


def on_time_ratio(settings: Settings) -> str:
    """The share of what fell due within a year that was paid by its due date and grace, to 4 decimals."""
    grace = settings.risk.grace_days
    paid = "o.in_time" if grace == 0 else in_time("o", f"o.due_on + {grace}")
    due = (
        "FROM invoices o WHERE o.customer_id = c.customer_id"
        f" AND o.currency = c.currency AND o.voided_on IS NULL AND o.due_on >= {AS_OF} - {_YEAR}"
        f" AND o.due_on < {AS_OF} - {grace} AND o.amount > o.credited"
    )
    ratio = _rounded(f"sum({paid})", "sum(o.amount - o.credited)", 4)
    return (
        f"(CASE WHEN b.invoices_issued >= {_FEWEST_INVOICES}"
        f" THEN (SELECT CASE WHEN count(*) >= {_FEWEST_INVOICES} THEN {ratio} END {due}) END)"
    )


def _rounded(numerator: str, denominator: str, decimals: int) -> str:
    """The quotient of a non-negative and a positive number, half up."""
    ten = 10**decimals
    return f"round(div({2 * ten} * {numerator} + {denominator}, 2 * {denominator}) / {ten}, {decimals})"


_BEFORE = (
    f"SELECT d.paid_down, d.lateness FROM days d WHERE d.customer_id = c.customer_id AND d.day < {AS_OF} - {_YEAR}"
    " ORDER BY d.day DESC LIMIT 1"
)
_WITHIN_A_YEAR = (
    "SELECT b.paid_down - coalesce(d.paid_down, 0) AS paid, b.lateness - coalesce(d.lateness, 0) AS late"
    f" FROM (VALUES (1)) AS one LEFT JOIN LATERAL ({_BEFORE}) AS d ON true OFFSET 0"
)
AVERAGE_DAYS_LATE = (
    f"(CASE WHEN b.paid_down > 0 THEN (SELECT CASE WHEN y.paid > 0"
    f" THEN sign(y.late) * {_rounded('abs(y.late)', 'y.paid', 2)} END FROM ({_WITHIN_A_YEAR}) AS y) END)"
)
"""How many days after the due date each part paid within a year came, on average, to 2 decimals; early is negative."""
