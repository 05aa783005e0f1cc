"""Hear from the gateway what became of a mail. States never go back, repeats change nothing.

A hard bounce or a complaint ends writing to that address, and is told to everyone who cares.
"""

from dataclasses import dataclass
from datetime import datetime

from services.statements.domain.addresses import fingerprint, normalized
from services.statements.domain.sending import GatewayNews, Outcome, after_news
from services.statements.outbound.events import ContactKind, ContactTold
from services.statements.storage import addresses, deliveries, news, suppressions
from services.statements.storage.addresses import AddressRow
from services.statements.storage.suppressions import NewSuppression
from services.statements.usecases.settle_deliveries import settle_deliveries
from services.statements.usecases.tell_contacts import tell_contacts
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock
from shared.runtime.ids import new_id


@dataclass(frozen=True, kw_only=True)
class News:
    """One event of a provider. ``is_hard``: a bounce for good."""

    provider: str
    event_id: str
    kind: GatewayNews
    is_hard: bool
    delivery_id: str
    address: str
    at: datetime


@dataclass(frozen=True)
class HearGatewayNews:
    """Runs in the api; the worker's relay finds what it tells."""

    database: Database
    clock: Clock

    async def __call__(self, heard: News) -> None:
        """Take an event; one about a mail that is not ours is passed over."""
        async with self.database.transaction() as connection:
            if not await news.is_new(connection, heard.provider, heard.event_id):
                return
            locked = await deliveries.lock(connection, [heard.delivery_id])
            rows = await addresses.read(connection, sorted(locked))
            row = next((row for row in rows if normalized(row.address) == normalized(heard.address)), None)
            if row is None:
                return
            await self._move_on(connection, row, heard)
            await settle_deliveries(connection, locked, self.clock.now())
            await self._suppress(connection, row, locked[heard.delivery_id].customer_id, heard)

    async def _move_on(self, connection: Transaction, row: AddressRow, heard: News) -> None:
        state = after_news(row.state, heard.kind)
        if state != row.state:
            await addresses.change(connection, [(row.delivery_id, row.n, Outcome(state))])

    async def _suppress(self, connection: Transaction, row: AddressRow, customer_id: str, heard: News) -> None:
        if heard.kind == "delivered" or (heard.kind == "bounced" and not heard.is_hard):
            return
        is_bounce = heard.kind == "bounced"
        learnt = ContactTold(customer_id, row.delivery_id, fingerprint(heard.address), heard.at)
        suppression = NewSuppression(
            suppression_id=new_id(),
            address_sha256=learnt.address_sha256,
            reason="hard_bounce" if is_bounce else "complaint",
            since=heard.at,
            customer_id=customer_id,
            delivery_id=row.delivery_id,
            n=row.n,
        )
        await suppressions.suppress(connection, suppression)
        kind: ContactKind = "contact.bounced" if is_bounce else "contact.complained"
        await tell_contacts(connection, kind, learnt, self.clock.now())
