"""Replace customers' facts by their snapshots: the end of having fallen behind.

Called by the repairer of ``shared.messaging`` in its transaction. A snapshot older than what is known changes nothing;
one just as old is taken, so that a row put into ``behind`` by hand mends. A customer that the sender does not know is
removed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.statements.domain.facts import Fact
from services.statements.domain.folding import Changes
from services.statements.storage import customers, facts
from services.statements.usecases.erase_customers import erase_customers
from shared.database.engine import Transaction
from shared.messaging.positions import move_on
from shared.messaging.sequence import Position


@dataclass(frozen=True)
class KnownInFull:
    """Everything about a customer as of a position."""

    position: Position
    facts: Sequence[Fact]


async def replace_customers(connection: Transaction, wanted: Mapping[str, KnownInFull], now: datetime) -> None:
    """Make customers' facts those of ``wanted``. ``now`` is business time."""
    await customers.claim(connection, wanted)
    known = await customers.lock(connection, wanted)
    news = [customer_id for customer_id, at in known.items() if wanted[customer_id].position >= at]
    changes = Changes()
    for customer_id in news:
        for fact in wanted[customer_id].facts:
            changes.take(customer_id, fact)
    await facts.forget(connection, news)
    await customers.describe(connection, changes.customers)
    await facts.write(connection, changes)
    await erase_customers(connection, changes.erased, now)
    await move_on(connection, {customer_id: wanted[customer_id].position for customer_id in news})


async def remove_customers(connection: Transaction, ids: Collection[str]) -> None:
    """Forget customers that their owner does not know."""
    await facts.forget(connection, ids)
    await customers.remove(connection, ids)
