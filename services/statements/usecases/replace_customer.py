"""Replace a customer's facts by its snapshot: the end of having fallen behind.

Called by the repairer of ``shared.messaging`` in its transaction. A snapshot older than what is known changes nothing;
one just as old is taken, so that a row put into ``behind`` by hand mends. A customer that the sender does not know is
removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.statements.domain.facts import Fact
from services.statements.domain.folding import Changes
from services.statements.storage import customers, facts
from services.statements.usecases.erase_customers import erase_customers
from shared.database.engine import Transaction
from shared.messaging.sequence import Position


@dataclass(frozen=True)
class KnownInFull:
    """Everything about a customer as of a position."""

    position: Position
    facts: Sequence[Fact]


async def replace_customer(
    connection: Transaction, customer_id: str, wanted: KnownInFull | None, now: datetime
) -> None:
    """Make a customer's facts those of ``wanted``; None removes the customer. ``now`` is business time."""
    if wanted is None:
        await facts.forget(connection, customer_id)
        await customers.remove(connection, customer_id)
        return
    await customers.claim(connection, [customer_id])
    known = await customers.lock(connection, [customer_id])
    if wanted.position < known[customer_id]:
        return
    changes = Changes()
    for fact in wanted.facts:
        changes.take(customer_id, fact)
    await facts.forget(connection, customer_id)
    await customers.describe(connection, changes.customers)
    await facts.write(connection, changes)
    await erase_customers(connection, changes.erased, now)
    await customers.move_on(connection, {customer_id: wanted.position})
