"""Verifying a hearing service: what came about event by event against what its owner's snapshots make of it.

A batch of customers is repaired as ever (``Replace``), in a transaction that is then rolled back; rows that this would
change differ. What is on its way while one looks is no difference: whoever differs is looked at again after a moment.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import text

from shared.basics.difference import Difference
from shared.basics.errors import KnownError
from shared.contracts.customers_snapshots import Snapshot, SnapshotVariable
from shared.database.engine import Database, Transaction, retrying
from shared.messaging.positions import page_of_positions
from shared.messaging.repair import Found, Replace
from shared.messaging.row_comparison import ComparedTable, differences, look
from shared.messaging.sequence import Position
from shared.runtime.failures import told_briefly

_BATCH = 200
_LOOKS = 4
_PAUSE_SECONDS = 0.5
_SAMPLE = text("SELECT customer_id FROM customers ORDER BY random() LIMIT :number")
_POSITIONS = text("SELECT customer_id, epoch, seq FROM customers WHERE customer_id = ANY(CAST(:ids AS text[]))")


class Owner(Protocol):
    """What the customers service answers (``shared.messaging.snapshots``)."""

    def fetch(self, customer_id: str) -> Awaitable[Snapshot | None]:
        """A customer's snapshot; None of one it does not know."""
        ...

    def read(self, after: str) -> AsyncGenerator[SnapshotVariable | Snapshot, None]:
        """Everyone after an id, in order."""
        ...


class _Undo(Exception):
    """Ends a transaction of which nothing may stay."""


@dataclass(frozen=True)
class Verifier:
    """Compares the rows of ``tables``. ``pause`` in seconds."""

    database: Database
    owner: Owner
    replace: Replace
    tables: Sequence[ComparedTable]
    pause: float = _PAUSE_SECONDS

    async def sample(self, number: int) -> AsyncIterator[tuple[int, list[Difference]]]:
        """So many customers picked at random, batch by batch: how many were compared, and what differs."""
        async with self.database.transaction() as connection:
            picked = list((await connection.execute(_SAMPLE, {"number": number})).scalars())
        for ids in _batches(sorted(picked)):
            yield len(ids), await self._settled({one: await self.owner.fetch(one) for one in ids})

    async def everyone(self) -> AsyncIterator[tuple[int, list[Difference]]]:
        """Everyone known here or there, batch by batch in order of id."""
        after = ""
        async with aclosing(self.owner.read("")) as told:
            while True:
                read = await _next(told)
                upto = max(read) if len(read) == _BATCH else None
                strangers = await self._strangers(read, after, upto)
                yield len(read) + len(strangers), await self._settled({**read, **dict.fromkeys(strangers)})
                if upto is None:
                    return
                after = upto

    async def _strangers(self, read: Iterable[str], after: str, upto: str | None) -> list[str]:
        """Who is known here and not there, between two ids."""
        found: list[str] = []
        known = set(read)
        while True:
            async with self.database.transaction() as connection:
                page = list(await page_of_positions(connection, after, _BATCH))
            inside = [one for one in page if upto is None or one <= upto]
            found += [one for one in inside if one not in known]
            if len(inside) < _BATCH:
                return found
            after = page[-1]

    async def _settled(self, found: Found) -> list[Difference]:
        """What differs and goes on to differ."""
        wrong = await self._compare(found)
        for _ in range(_LOOKS - 1):
            if not wrong:
                break
            await asyncio.sleep(self.pause)
            again = sorted({one.customer_id for one in wrong})
            wrong = await self._compare({one: await self.owner.fetch(one) for one in again})
        return wrong

    async def _compare(self, found: Found) -> list[Difference]:
        """What differs; where rows are so wrong that a repair fails, of each customer alone."""
        try:
            return await retrying(lambda: self._dry_repair(found))
        except KnownError:
            raise
        except Exception as error:
            if len(found) > 1:
                return [wrong for one in sorted(found) for wrong in await self._compare({one: found[one]})]
            [customer_id] = found
            return [Difference(customer_id, f"cannot be worked out anew: {told_briefly(error)}")]

    async def _dry_repair(self, found: Found) -> list[Difference]:
        """What a repair of these customers would change, and whose events are not all here."""
        ids = sorted(found)
        wrong: list[Difference] = []
        try:
            async with self.database.transaction() as connection:
                wrong += _apart(await _positions(connection, ids), found)
                compared = [one for one in ids if one not in {other.customer_id for other in wrong}]
                are = await look(connection, self.tables, compared)
                if compared:
                    await self.replace(connection, {one: found[one] for one in compared})
                wrong += differences(self.tables, are, await look(connection, self.tables, compared))
                raise _Undo
        except _Undo:
            return wrong


async def _positions(connection: Transaction, ids: Sequence[str]) -> Mapping[str, Position]:
    rows = await connection.execute(_POSITIONS, {"ids": ids})
    return {row.customer_id: Position(row.epoch, row.seq) for row in rows}


def _apart(own: Mapping[str, Position], found: Found) -> list[Difference]:
    """Who is not as far as its owner says: comparing more of it would say nothing."""
    wrong = []
    for customer_id, snapshot in sorted(found.items()):
        mine = own.get(customer_id)
        theirs = Position(snapshot.epoch, snapshot.seq) if snapshot else None
        if mine != theirs:
            wrong.append(Difference(customer_id, f"{_at(mine)} here, {_at(theirs)} at the customers service"))
    return wrong


def _at(position: Position | None) -> str:
    return f"at event {position.seq} of epoch {position.epoch}" if position else "unknown"


def _batches(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]


async def _next(told: AsyncGenerator[SnapshotVariable | Snapshot, None]) -> dict[str, Snapshot | None]:
    """The next customers of the stream; fewer than a batch at its end."""
    found: dict[str, Snapshot | None] = {}
    async for one in told:
        if isinstance(one, Snapshot):
            found[one.customer_id] = one
        if len(found) == _BATCH:
            break
    return found
