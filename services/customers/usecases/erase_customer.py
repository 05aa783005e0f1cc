"""Erase a customer: personal data goes from all services, the books stay, and the id is never used again.

The event is the customer's last; hearers blank what they hold of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from services.customers.domain.customer import Customer
from services.customers.outbound.events import erasure_event
from services.customers.storage.customers import lock_customers
from services.customers.storage.erasing import erase
from shared.basics.errors import Missing
from shared.database import changes
from shared.database.changes import Change
from shared.database.engine import Database, retrying
from shared.messaging import outbox
from shared.runtime.clock import Clock

Condition = Callable[[Customer], None]
"""Raises when the customer is not as the caller expects."""


@dataclass(frozen=True)
class EraseCustomer:
    """``wake`` tells the relay that there is something to send."""

    database: Database
    clock: Clock
    wake: Callable[[], None]

    async def __call__(self, customer_id: str, condition: Condition, *, by: str) -> None:
        """Erase on behalf of ``by``; for one that is erased already, nothing.

        Raises
        ------
        Missing
            Nobody has this id.
        """
        if await retrying(lambda: self._erase(customer_id, condition, by)):
            self.wake()

    async def _erase(self, customer_id: str, condition: Condition, by: str) -> bool:
        now, today = self.clock.now(), self.clock.today()
        async with self.database.transaction() as connection:
            epoch, found = await lock_customers(connection, [customer_id])
            if not found:
                raise Missing("unknown_customer", f"there is no customer {customer_id}")
            [(customer, seq)] = found
            if customer.erased_on is not None:
                return False
            condition(customer)
            await erase(connection, customer_id, seq + 1, today)
            event = erasure_event(customer_id, seq + 1, epoch=epoch, at=now)
            await outbox.put(connection, [event])
            change = Change(f"customers/{customer_id}", {"erased": False}, {"erased": True})
            await changes.record(connection, [change], by=by, at=now)
        return True
