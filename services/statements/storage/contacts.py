"""What was accepted for customers of late: statements of any rule, and alert messages."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import text

from services.statements.domain.contacts import Contact, Turn
from shared.database.engine import Transaction

_ACCEPTED = text(
    """
    SELECT d.customer_id, d.delivery_id, d.rule_id, d.as_of_date, r.due_at
    FROM deliveries d LEFT JOIN runs r USING (run_id)
    WHERE d.customer_id = ANY(CAST(:ids AS text[])) AND d.accepted_at IS NOT NULL
        AND d.as_of_date > :after
    """
)


async def accepted(connection: Transaction, customer_ids: Collection[str], after: date) -> dict[str, list[Contact]]:
    """What was accepted for some customers with figures as of later days than ``after``."""
    found: dict[str, list[Contact]] = {}
    rows = await connection.execute(_ACCEPTED, {"ids": sorted(customer_ids), "after": after}) if customer_ids else ()
    for row in rows:
        turn = Turn(row.delivery_id, row.rule_id, row.due_at)
        found.setdefault(row.customer_id, []).append(Contact(turn, row.as_of_date))
    return found
