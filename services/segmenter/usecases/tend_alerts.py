"""The call list: alerts to look at, and what the system that made the call says of them."""

from dataclasses import dataclass, replace
from typing import Literal

from services.segmenter.domain.alerts import Alert
from services.segmenter.storage.alerts import Wanted, lock_alert, page_alerts, set_status
from shared.basics.errors import Conflict, Missing
from shared.database.changes import Change, record
from shared.database.engine import Database
from shared.runtime.clock import Clock

Outcome = Literal["acknowledged", "dismissed"]


@dataclass(frozen=True)
class TendAlerts:
    """Alerts by id, and by what they have in common."""

    database: Database
    clock: Clock

    async def page(self, wanted: Wanted, after: tuple[str, str] | None, limit: int) -> list[Alert]:
        """Alerts, the largest overdue balance first."""
        async with self.database.transaction() as connection:
            return await page_alerts(connection, wanted, after, limit)

    async def settle(self, alert_id: str, outcome: Outcome, *, by: str) -> Alert:
        """Say what became of an alert; the same again changes nothing.

        Raises
        ------
        Missing
            There is no such alert.
        Conflict
            It is cleared: its reason is gone.
        """
        async with self.database.transaction() as connection:
            found = await lock_alert(connection, alert_id)
            if found is None:
                raise Missing("unknown_alert", f"there is no alert {alert_id}")
            if found.status == "cleared":
                raise Conflict("alert_cleared", "the alert is cleared: what it was raised for holds no longer")
            if found.status != outcome:
                await set_status(connection, alert_id, outcome)
                change = Change(f"alerts/{alert_id}", {"status": found.status}, {"status": outcome})
                await record(connection, [change], by=by, at=self.clock.now())
        return replace(found, status=outcome)
