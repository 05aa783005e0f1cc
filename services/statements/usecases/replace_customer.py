"""Replace a customer's facts by its snapshot: the end of having fallen behind.

Called by the repairer of ``shared.messaging`` in its transaction. A snapshot older than what is known changes nothing;
one just as old is taken, so that a row put into ``behind`` by hand mends. A customer that the sender does not know is
removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.statements.domain.facts import Fact
from services.statements.domain.folding import Changes
from services.statements.storage import customers, ledger
from shared.database.engine import Transaction
from shared.messaging.sequence import Position


@dataclass(frozen=True)
class KnownInFull:
    """Everything about a customer as of a position."""

    position: Position
    facts: Sequence[Fact]


async def replace_customer(connection: Transaction, customer_id: str, wanted: KnownInFull | None) -> None:
    """Make a customer's facts those of ``wanted``; None removes the customer."""
    if wanted is None:
        await customers.remove(connection, customer_id)
        return
    await customers.claim(connection, [customer_id])
    known = await customers.lock(connection, [customer_id])
    if wanted.position < known[customer_id]:
        return
    changes = Changes()
    for fact in wanted.facts:
        changes.take(customer_id, fact)
    await ledger.forget(connection, customer_id)
    await customers.describe(connection, changes.customers)
    await ledger.write(connection, changes)
    await customers.move_on(connection, {customer_id: wanted.position})
