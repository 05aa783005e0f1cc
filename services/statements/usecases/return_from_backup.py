"""After a restore: nothing that the lost database may have sent is sent again, and what it told is known again.

The restored ledger ends where the backup was made. Of the time from there to ``lost_at`` it cannot know what was sent,
so first everything that was due or under way is held: periods are missed as ``restored``, mails are ``unknown``. Then
``statements.v1``, which has what the lost database told, settles what it can. The rest is for webhooks, or a person
with the provider's log. The epoch is raised last: until then every step may be repeated. Why so: ADR 0056.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.statements.domain.addresses import Placeholders, addresses_of, fingerprints_of, why_none
from services.statements.domain.facts import Account
from services.statements.storage import deliveries, ledger, restoring, rules, segments, suppressions
from services.statements.storage.addresses import NewAddress
from services.statements.storage.restoring import Left, ToldDelivery
from services.statements.storage.suppressions import NewSuppression
from services.statements.usecases.record_due_runs import record_up_to_now
from services.statements.usecases.settle_deliveries import settle_deliveries
from shared.database.engine import Database, Transaction
from shared.database.instance import raise_epoch
from shared.messaging.sequence import NOTHING, Position

_PAGE = 500


@dataclass(frozen=True)
class ToldContact:
    """What the lost database had told of an address; without ``suppression`` it may be written to again."""

    address_sha256: str
    suppression: NewSuppression | None


@dataclass(frozen=True)
class Told:
    """An event of ``statements.v1``."""

    customer_id: str
    position: Position
    said: ToldDelivery | ToldContact


ReadTold = Callable[[], AsyncIterator[Sequence[Told]]]
"""Everything on ``statements.v1``, of each customer in order."""


@dataclass(frozen=True)
class Returned:
    """How many events were learnt, what is left to people, and the new epoch."""

    learnt: int
    left: Left
    epoch: int


@dataclass(frozen=True)
class ReturnFromBackup:
    """To be run with api and workers down."""

    database: Database
    read_told: ReadTold

    async def __call__(self, lost_at: datetime) -> Returned:
        """Bring the ledger to where nothing is sent twice. ``lost_at`` is business time.

        Raises
        ------
        Unavailable
            The database or the broker is away: run it again, the workers still down.
        """
        async with self.database.transaction() as connection:
            await self._hold(connection, lost_at)
        learnt = 0
        async for told in self.read_told():
            async with self.database.transaction() as connection:
                learnt += await _learn(connection, told)
        async with self.database.transaction() as connection:
            left = await restoring.end(connection, lost_at)
        return Returned(learnt, left, await raise_epoch(self.database))

    async def _hold(self, connection: Transaction, lost_at: datetime) -> None:
        after: str | None = ""
        while after is not None:
            page = await rules.page(connection, after, _PAGE)
            for one in page:
                stored = await rules.lock(connection, one.rule_id) or one
                await rules.keep(connection, await record_up_to_now(connection, stored, lost_at, is_restored=True))
            after = page[-1].rule_id if len(page) == _PAGE else None
        await restoring.hold_runs(connection, lost_at)
        await _doubt(connection, await restoring.doubt_mails(connection), lost_at)
        await _doubt_unwritten(connection, lost_at)


async def _doubt_unwritten(connection: Transaction, now: datetime) -> None:
    """Deliveries that were planned: the lost database may have written and sent them."""
    after = ""
    while page := await restoring.unprepared(connection, after, _PAGE):
        accounts = await ledger.accounts(connection, sorted(set(page.values())))
        given = {one for account in accounts.values() for one in fingerprints_of(account.customer)}
        suppressed = await suppressions.suppressed(connection, given)
        placeholders = (await segments.published(connection)).placeholders
        found = {one: _entries(one, accounts.get(owner), suppressed, placeholders) for one, owner in page.items()}
        await restoring.enter_doubt(connection, [entry for entries, _ in found.values() for entry in entries])
        await restoring.skip(connection, {one: reason for one, (_, reason) in found.items() if reason})
        await _doubt(connection, [one for one, (_, reason) in found.items() if not reason], now)
        after = max(page)


def _entries(
    delivery_id: str, account: Account | None, suppressed: frozenset[str], placeholders: Placeholders
) -> tuple[list[NewAddress], str | None]:
    """Where a mail of this delivery may have gone; or why it went nowhere."""
    if account is None:
        return [], "left_audience"
    found = addresses_of(account.customer, suppressed, placeholders)
    if reason := why_none(found):
        return [], reason
    return [NewAddress(delivery_id, n, one.address, one.reason, None) for n, one in enumerate(found, start=1)], None


async def _doubt(connection: Transaction, ids: Sequence[str], now: datetime) -> None:
    for start in range(0, len(ids), _PAGE):
        await settle_deliveries(connection, await deliveries.lock(connection, ids[start : start + _PAGE]), now)


async def _learn(connection: Transaction, told: Sequence[Told]) -> int:
    """Keep those of some events that this database does not know to have told; how many."""
    known = await restoring.last_told(connection, sorted({one.customer_id for one in told}))
    lost = [one for one in told if one.position > known.get(one.customer_id, NOTHING)]
    for one in lost:
        match one.said:
            case ToldDelivery() as delivery:
                await restoring.keep_told(connection, delivery)
            case ToldContact(_, NewSuppression() as suppression):
                await suppressions.suppress(connection, suppression)
            case ToldContact(address_sha256):
                await suppressions.lift_address(connection, address_sha256)
    return len(lost)
