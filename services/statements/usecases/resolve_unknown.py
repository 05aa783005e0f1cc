"""Settle what nobody could know: a person says whether mails in doubt were sent.

``sent`` counts as accepted. ``not_sent`` goes out again with the same key and bytes, or has failed where its window
has ended or its bytes are forgotten. Source: contract.md, *deliveries*.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.statements.domain.sending import Verdict, resolve
from services.statements.storage import addresses, deliveries, run_pages, runs
from services.statements.usecases.read_deliveries import unknown_delivery
from services.statements.usecases.read_runs import unknown_run
from services.statements.usecases.settle_deliveries import settle_deliveries
from shared.basics.errors import Conflict
from shared.database import changes
from shared.database.changes import Change
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock

_PAGE = 200


@dataclass(frozen=True)
class ResolveUnknown:
    """Runs in the api; workers send what is to go again, and tell what came of it."""

    database: Database
    clock: Clock

    async def one(self, delivery_id: str, verdict: Verdict, *, by: str) -> None:
        """Settle one delivery.

        Raises
        ------
        Missing
            There is no such delivery.
        Conflict
            It is not in doubt.
        """
        async with self.database.transaction() as connection:
            found = (await deliveries.lock(connection, [delivery_id])).get(delivery_id)
            if found is None:
                raise unknown_delivery(delivery_id)
            if found.state != "unknown":
                raise Conflict("not_unknown", f"the delivery is {found.state}: only what is unknown can be resolved")
            await self._settle(connection, [delivery_id], verdict, by)

    async def all_of(self, run_id: str, verdict: Verdict, *, by: str) -> None:
        """Settle every delivery of a run that is in doubt, a page a transaction.

        Raises
        ------
        Missing
            There is no such run.
        """
        after: str | None = ""
        while after is not None:
            async with self.database.transaction() as connection:
                if await run_pages.find(connection, run_id) is None:
                    raise unknown_run(run_id)
                ids = await deliveries.next_unknown(connection, run_id, after, _PAGE)
                await self._settle(connection, ids, verdict, by)
            after = ids[-1] if ids else None

    async def _settle(self, connection: Transaction, ids: Sequence[str], verdict: Verdict, by: str) -> None:
        now = self.clock.now()
        locked = await deliveries.lock(connection, ids)
        settled = [
            (one, resolve(verdict, window_is_over=now > one.window_ends_at, can_send=one.has_mail))
            for one in await addresses.in_doubt(connection, sorted(locked))
        ]
        await addresses.resolve(connection, [(one.delivery_id, one.n, outcome) for one, outcome in settled])
        await settle_deliveries(connection, locked, now)
        await runs.reopen(connection, {one.delivery_id for one, _ in settled}, now)
        recorded = [
            Change(f"deliveries/{delivery_id}", {"state": locked[delivery_id].state}, {"state": after.state})
            for delivery_id, after in sorted((await deliveries.lock(connection, sorted(locked))).items())
            if after.state != locked[delivery_id].state  # another caller may have been quicker
        ]
        await changes.record(connection, recorded, by=by, at=now)
