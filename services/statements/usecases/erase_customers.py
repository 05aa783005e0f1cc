"""Erase customers: what is personal is blanked, in their facts and in all that was written to them.

Called where facts are taken, in that transaction. The ledger's numbers stay, and so does what became of each delivery.
"""

from collections.abc import Collection
from datetime import datetime

from services.statements.storage import addresses, customers, deliveries
from services.statements.usecases.settle_deliveries import settle_deliveries
from shared.database.engine import Transaction
from shared.messaging import quarantine


async def erase_customers(connection: Transaction, customer_ids: Collection[str], now: datetime) -> None:
    """Blank names, addresses, mails and figures; mails that were not sent are skipped. ``now`` is business time."""
    if not customer_ids:
        return
    await customers.erase(connection, customer_ids)
    locked = await deliveries.lock_of_customers(connection, customer_ids)
    await deliveries.blank(connection, sorted(locked))
    await addresses.blank(connection, sorted(locked))
    await settle_deliveries(connection, locked, now)
    await quarantine.forget(connection, customer_ids)
