"""What a customer owes, as SQL: open invoices, how long they are overdue, the aging bucket. Source: meaning.md 11."""

from services.segmenter.domain.settings import Settings
from services.segmenter.storage.binds import AS_OF, Binds

OPEN = "FROM invoices o WHERE o.customer_id = c.customer_id AND o.is_open"
OLDEST_DUE = f"(SELECT min(o.due_on) {OPEN})"
ONCE = """
LEFT JOIN (
    SELECT o.customer_id, min(o.due_on) AS oldest_due_on FROM invoices o
    WHERE o.is_open AND o.customer_id > :after AND o.customer_id <= :last GROUP BY o.customer_id
) AS once ON once.customer_id = m.customer_id
"""
"""Joined to ``membership m`` of a range of ids: the oldest due dates of all of them, read in one go (``once``)."""
DAYS_PAST_DUE = f"coalesce(greatest(0, {AS_OF} - {OLDEST_DUE}), 0)"
HIGHEST = f"coalesce((SELECT max(o.balance) {OPEN} AND o.currency = c.currency), 0)"
OVERDUE = f"coalesce((SELECT sum(o.balance) {OPEN} AND o.currency = c.currency AND o.due_on < {AS_OF}), 0)"


def once(sql: str) -> str:
    """An expression for a statement that joins ``ONCE``; by itself it looks the date up for each customer."""
    return sql.replace(OLDEST_DUE, "once.oldest_due_on")


def bucket_sql(settings: Settings, binds: Binds) -> str:
    """The id of the customer's aging bucket."""
    starts = binds.bind([1, *(edge + 1 for edge in settings.aging_edges)], "integer[]")
    buckets = binds.bind(list(settings.buckets), "text[]")
    return f"({buckets})[1 + width_bucket({DAYS_PAST_DUE}, {starts})]"
