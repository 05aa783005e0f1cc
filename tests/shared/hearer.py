"""A hearing service reduced to what repair, audit and bootstrap need of it, and the owner of the facts it hears."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.basics.errors import Unavailable
from shared.contracts.customers_snapshots import Head, Snapshot, SnapshotVariable
from shared.contracts.customers_v1 import TOPIC, Customer, Title, VariableDeclared
from shared.database.engine import Database
from shared.messaging.audit import Auditor
from shared.messaging.batch import Batch, PartitionProgress
from shared.messaging.bootstrap import Bootstrap
from shared.messaging.hearing import keep_hearing
from shared.messaging.repair import Found, Repairer

_KEEP = text(
    """
    INSERT INTO customers AS c (customer_id, epoch, seq) VALUES (:id, :epoch, :seq)
    ON CONFLICT (customer_id) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq
    WHERE (c.epoch, c.seq) <= (excluded.epoch, excluded.seq)
    """
)


def snapshot(customer_id: str, seq: int = 1, *, epoch: int = 1) -> Snapshot:
    who = Customer(customer_id=customer_id, type="person", name="Ana", currency="COP", registered_on=date(2026, 1, 1))
    return Snapshot(customer_id=customer_id, epoch=epoch, seq=seq, customer=who)


def variable(key: str, sequence: int = 1) -> SnapshotVariable:
    declared = VariableDeclared(key=key, type="text", title=Title("Una"))
    return SnapshotVariable(variable=declared, epoch=1, sequence=sequence)


@dataclass
class Owner:
    """The customers service. ``breaks_after``: its stream breaks off after so many customers, once."""

    books: dict[str, Snapshot] = field(default_factory=dict)
    declared: list[SnapshotVariable] = field(default_factory=list)
    is_away: bool = False
    breaks_after: int | None = None
    asked: list[str] = field(default_factory=list)
    """What was asked for: ``one``, or after which customer a stream was."""

    def has(self, *snapshots: Snapshot) -> None:
        self.books |= {one.customer_id: one for one in snapshots}

    async def fetch(self, customer_id: str) -> Snapshot | None:
        self._answers("one")
        return self.books.get(customer_id)

    async def heads(self, after: str, limit: int) -> Sequence[Head]:
        self._answers(f"heads after {after}")
        ids = [one for one in sorted(self.books) if one > after][:limit]
        return [Head(customer_id=one, epoch=self.books[one].epoch, seq=self.books[one].seq) for one in ids]

    async def variables(self) -> Sequence[SnapshotVariable]:
        self._answers("variables")
        return self.declared

    async def read(self, after: str) -> AsyncGenerator[SnapshotVariable | Snapshot, None]:
        self._answers(f"all after {after}")
        for one in self.declared if not after else ():
            yield one
        for number, customer_id in enumerate(one for one in sorted(self.books) if one > after):
            if number == self.breaks_after:
                self.breaks_after = None
                raise Unavailable("service_unavailable", "it broke off")
            yield self.books[customer_id]

    def _answers(self, question: str) -> None:
        self.asked.append(question)
        if self.is_away:
            raise Unavailable("service_unavailable", "away")


@dataclass
class SetClock:
    day: date = date(2026, 3, 9)

    def now(self) -> datetime:
        return datetime.combine(self.day, datetime.min.time(), UTC)

    def today(self) -> date:
        return self.day


@dataclass
class Hearer:
    """One service over a real database: of a customer's facts it keeps how far they go."""

    database: Database
    owner: Owner
    clock: SetClock = field(default_factory=SetClock)
    declared: list[str] = field(default_factory=list)

    @property
    def repairer(self) -> Repairer:
        return Repairer(self.database, self.owner.fetch, self._replace)

    @property
    def bootstrap(self) -> Bootstrap:
        return Bootstrap(self.database, self.owner.read, self.repairer, self._declare)

    def auditor(self) -> Auditor:
        """The auditor of a worker that starts."""
        return Auditor(self.database, self.clock, self.owner, self._declare)

    async def audits(self) -> None:
        """A worker starts, and compares everyone."""
        auditor = self.auditor()
        while await auditor.step():
            pass

    async def knows(self, **seqs: int) -> None:
        async with self.database.transaction() as connection:
            for customer_id, seq in seqs.items():
                await connection.execute(_KEEP, {"id": customer_id, "epoch": 1, "seq": seq})

    async def has_heard_all(self) -> None:
        """The consumer stands at the end of its one partition."""
        progress = [PartitionProgress(TOPIC, 0, 1, self.clock.now())]
        async with self.database.transaction() as connection:
            await keep_hearing(connection, Batch((), (), progress))

    async def known(self) -> dict[str, tuple[int, int]]:
        return await self._rows("SELECT customer_id, epoch, seq FROM customers ORDER BY 1")

    async def behind(self) -> dict[str, tuple[int, int]]:
        return await self._rows("SELECT customer_id, seen_epoch, seen_seq FROM behind ORDER BY 1")

    async def mends(self) -> None:
        while await self.repairer.step():
            pass

    async def _rows(self, query: str) -> dict[str, tuple[int, int]]:
        async with self.database.transaction() as connection:
            return {one: (epoch, seq) for one, epoch, seq in await connection.execute(text(query))}

    async def _replace(self, connection: AsyncConnection, found: Found) -> None:
        for customer_id, one in found.items():
            if one is None:
                await connection.execute(text("DELETE FROM customers WHERE customer_id = :id"), {"id": customer_id})
            else:
                await connection.execute(_KEEP, {"id": customer_id, "epoch": one.epoch, "seq": one.seq})

    async def _declare(self, connection: AsyncConnection, variables: Sequence[SnapshotVariable]) -> None:
        self.declared += [one.variable.key for one in variables]
