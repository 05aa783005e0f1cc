"""Look at suppressed addresses, and let one be written to again."""

from dataclasses import dataclass
from typing import Any

from services.statements.outbound.events import ContactTold
from services.statements.storage import suppressions
from services.statements.storage.suppressions import Suppression
from services.statements.usecases.tell_contacts import tell_contacts
from shared.basics.errors import Missing
from shared.database import changes
from shared.database.changes import Change
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class LiftSuppression:
    """Runs in the api; the worker's relay finds what it tells."""

    database: Database
    clock: Clock

    async def page(self, after: str, limit: int) -> list[Suppression]:
        """Suppressed addresses in order of id."""
        async with self.database.transaction() as connection:
            return await suppressions.page(connection, after, limit)

    async def __call__(self, suppression_id: str, *, by: str) -> None:
        """Lift a suppression, and tell ``contact.restored``.

        Raises
        ------
        Missing
            There is none of that id.
        """
        now = self.clock.now()
        async with self.database.transaction() as connection:
            found = await suppressions.lock(connection, suppression_id)
            if found is None:
                raise Missing("unknown_suppression", f"there is no suppression {suppression_id!r}")
            await suppressions.lift(connection, suppression_id)
            learnt = ContactTold(found.customer_id, found.delivery_id, found.address_sha256, now)
            await tell_contacts(connection, "contact.restored", learnt, now)
            lifted = Change(f"suppressions/{suppression_id}", _nameless(found), None)
            await changes.record(connection, [lifted], by=by, at=now)


def _nameless(found: Suppression) -> dict[str, Any]:
    """What stays in the record for ever: no address, and no print of one."""
    return {name: getattr(found, name) for name in ("reason", "since", "customer_id", "delivery_id")}
