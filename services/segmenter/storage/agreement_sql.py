"""What a customer has, contests and promised, as SQL. Source: meaning.md 15, 16, 17 and 21."""

from services.segmenter.domain.settings import Settings
from services.segmenter.storage.binds import AS_OF, Binds
from services.segmenter.storage.debt_sql import OPEN

_ACTIVE = (
    "FROM subscriptions s WHERE s.customer_id = c.customer_id AND s.status = 'active'"
    f" AND s.started_on <= {AS_OF} AND (s.ended_on IS NULL OR {AS_OF} < s.ended_on)"
)
_SUBSCRIBED_ON = (
    "FROM subscriptions s, unnest(s.changed_on || s.started_on || s.ended_on) AS u (day)"
    f" WHERE s.customer_id = c.customer_id AND u.day <= {AS_OF}"
)
ACTIVE_SUBSCRIPTIONS = f"(CASE WHEN b.has_subscriptions THEN (SELECT count(*) {_ACTIVE}) ELSE 0 END)"
IS_SUBSCRIBED = f"(b.has_subscriptions AND EXISTS (SELECT {_ACTIVE}))"
LAST_ACTIVITY_ON = (
    "(CASE WHEN b.has_subscriptions"
    f" THEN greatest(b.last_activity_on, (SELECT max(u.day) {_SUBSCRIBED_ON})) ELSE b.last_activity_on END)"
)
OPEN_DISPUTES = (
    "(SELECT count(*) FROM disputes s WHERE s.customer_id = c.customer_id"
    f" AND s.opened_on <= {AS_OF} AND (s.closed_on IS NULL OR {AS_OF} < s.closed_on))"
)


def _products(column: str) -> str:
    return (
        f"ARRAY(SELECT o.{column} COLLATE \"C\" {OPEN} AND o.{column} <> ''"
        f" UNION SELECT s.{column} COLLATE \"C\" {_ACTIVE} AND s.{column} <> '' ORDER BY 1)"
    )


PRODUCTS = _products("product")
FOLDED_PRODUCTS = _products("product_folded")


def broken_promises(settings: Settings, binds: Binds) -> str:
    """How many promises were not kept by the business day after they fell due."""
    holidays = binds.bind(list(settings.holidays), "date[]")
    # Of so many days in a row at least one is neither a weekend nor a holiday.
    longest = 10 + 2 * len(settings.holidays)
    deadline = (
        "(SELECT n.day FROM (SELECT q.due_on + generate_series(1, " + str(longest) + ") AS day) AS n"
        f" WHERE extract(isodow FROM n.day) < 6 AND n.day <> ALL({holidays}) ORDER BY n.day LIMIT 1)"
    )
    paid = (
        "coalesce((SELECT sum(p.amount - p.refunded) FROM payments p WHERE p.customer_id = q.customer_id"
        " AND p.status = 'succeeded' AND p.currency = q.currency"
        " AND p.occurred_on BETWEEN q.made_on AND w.deadline), 0)"
    )
    return (
        f"(CASE WHEN b.has_promises THEN (SELECT count(*) FROM promises q CROSS JOIN LATERAL (SELECT {deadline}"
        f" AS deadline) AS w WHERE q.customer_id = c.customer_id AND NOT q.cancelled AND w.deadline < {AS_OF}"
        f" AND {paid} * 100 < q.amount * 95) ELSE 0 END)"
    )
