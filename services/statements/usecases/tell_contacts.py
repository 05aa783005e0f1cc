"""Tell what became of an address to everyone whose it is.

Called in the transactions of gateway news and of lifting, with what was learnt kept beside it.
"""

from datetime import datetime

from services.statements.outbound.events import ContactKind, ContactTold, contact_event
from services.statements.storage import suppressions
from services.statements.usecases.settle_deliveries import next_places
from shared.database.engine import Transaction
from shared.messaging import outbox


async def tell_contacts(connection: Transaction, kind: ContactKind, learnt: ContactTold, now: datetime) -> None:
    """One event for each customer that has the address now, and for the one by whose mail it was learnt."""
    holders = await suppressions.holders(connection, learnt.address_sha256)
    told = sorted({*holders, learnt.customer_id})
    places = await next_places(connection, told, now)
    events = [contact_event(kind, customer_id, learnt, place) for customer_id, place in zip(told, places, strict=True)]
    await outbox.put(connection, events)
