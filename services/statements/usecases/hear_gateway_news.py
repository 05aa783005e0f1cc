"""Hear from the gateway what became of a mail. States never go back, repeats change nothing.

A hard bounce or a complaint ends writing to that address; a hard bounce is told to everyone who cares.
"""

from dataclasses import dataclass
from datetime import datetime

from services.statements.domain.addresses import fingerprint, normalized
from services.statements.domain.sending import GatewayNews, Outcome, after_news
from services.statements.outbound.events import bounced_event
from services.statements.storage import addresses, deliveries, news
from services.statements.storage.addresses import AddressRow
from services.statements.storage.deliveries import Delivery
from services.statements.usecases.settle_deliveries import next_places, settle_deliveries
from shared.database.engine import Database, Transaction
from shared.messaging import outbox
from shared.runtime.clock import Clock


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
            await self._suppress(connection, locked[heard.delivery_id], heard)

    async def _move_on(self, connection: Transaction, row: AddressRow, heard: News) -> None:
        state = after_news(row.state, heard.kind)
        if state != row.state:
            await addresses.change(connection, [(row.delivery_id, row.n, Outcome(state))])

    async def _suppress(self, connection: Transaction, delivery: Delivery, heard: News) -> None:
        if heard.kind == "delivered" or (heard.kind == "bounced" and not heard.is_hard):
            return
        reason = "hard_bounce" if heard.kind == "bounced" else "complaint"
        await news.suppress(connection, fingerprint(heard.address), reason, heard.at)
        if heard.kind == "bounced":
            [place] = await next_places(connection, [delivery.customer_id], self.clock.now())
            event = bounced_event(delivery.customer_id, delivery.delivery_id, heard.address, heard.at, place)
            await outbox.put(connection, [event])
