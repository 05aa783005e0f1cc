"""Many customers in the segmenter's tables at once, written by SQL as a long life of events would have left them.

Each has a type, one open invoice, some payments and a day row; due dates and failures lie spread over sixty days, so
each new day moves some. Everyone stands where the cascade says.
"""

import os
from dataclasses import dataclass, field
from datetime import date

import asyncpg
from sqlalchemy import text

from services.segmenter.storage.judging import hold_judgement
from shared.database.engine import Database
from tests.bench.policies import Segment
from tests.services.segmenter.listener import Listener, SetClock

SIZE = int(os.environ.get("BENCH_CUSTOMERS", "200000"))
TODAY = date(2026, 2, 2)
_PLACED_AT_ONCE = 100_000

_FILL = (
    """
    INSERT INTO customers (customer_id, epoch, seq, customer_type, name, currency, registered_on)
    SELECT 'x' || lpad(n::text, 7, '0'), 1, 4, CASE WHEN n % 3 = 0 THEN 'company' ELSE 'person' END, 'Cliente ' || n,
        'COP', '2025-01-01' FROM generate_series(1, {size}) AS n
    """,
    """
    INSERT INTO invoices (customer_id, invoice_id, issued_on, due_on, first_due_on, amount, currency, balance, is_open)
    SELECT 'x' || lpad(n::text, 7, '0'), 'f1', due - 15, due, due, 100000, 'COP', 100000, true
    FROM generate_series(1, {size}) AS n, LATERAL (SELECT date '2025-12-01' + n % 60 AS due) AS d
    """,
    """
    INSERT INTO days (customer_id, day, failed_payments, successful_payments, invoices_issued, amount_paid)
    SELECT 'x' || lpad(n::text, 7, '0'), date '2025-12-02' + n % 60, n % 9, n % 20, 1, 1000 * (n % 20)
    FROM generate_series(1, {size}) AS n
    """,
    """
    INSERT INTO behaviour (customer_id, failed_payments, successful_payments, invoices_issued, amount_paid,
        total_balance, last_activity_on)
    SELECT customer_id, failed_payments, successful_payments, 1, amount_paid, 100000, day FROM days
    WHERE customer_id LIKE 'x%'
    """,
    """
    INSERT INTO membership (customer_id, segment_id, told, since, revision, as_of)
    SELECT customer_id, 'default', true, clock_timestamp(), 1, '2026-02-02' FROM customers WHERE customer_id LIKE 'x%'
    """,
)
_PLACE = """
    UPDATE membership m SET segment_id = v.segment, aging_bucket = v.bucket, risk_level = v.risk
    FROM (SELECT c.customer_id, {segment} AS segment, {bucket} AS bucket, {risk} AS risk
          FROM customers c JOIN behaviour b USING (customer_id)
          WHERE customer_id > :after AND customer_id <= :last) AS v
    WHERE v.customer_id = m.customer_id
"""
_SCAN = """
    SELECT sum(b.total_balance) FROM customers c JOIN behaviour b USING (customer_id)
        JOIN membership m USING (customer_id)
"""


@dataclass
class Crowd:
    """A segmenter over a database with many customers."""

    url: str
    clock: SetClock = field(default_factory=lambda: SetClock(TODAY))

    def __post_init__(self) -> None:
        self.database = Database(self.url, name="bench")
        self.listener = Listener(self.database, self.clock)

    async def gather(self, *segments: Segment, size: int = SIZE) -> None:
        """Publish a cascade, and write as many customers as are wanted, each in its segment."""
        await self.listener.refreshes(*segments)
        await self.listener.turns_day(self.clock.day)
        await fill(self.url, size)
        for start in range(0, size, _PLACED_AT_ONCE):
            await self._place(f"x{start:07}", f"x{start + _PLACED_AT_ONCE:07}")
        await self.rest()

    async def _place(self, after: str, last: str) -> None:
        async with self.database.transaction() as connection:
            by = await hold_judgement(connection, self.clock.day)
            what = by.compiled
            place = _PLACE.format(segment=what.segment_sql, bucket=what.bucket_sql, risk=what.risk_sql)
            within = {"as_of": by.as_of, "after": after, "last": last}
            await connection.execute(text(place), {**what.params, **within})

    async def rest(self) -> None:
        """Tidy up, as autovacuum would; nothing waits in the outbox."""
        connection = await asyncpg.connect(self.url)
        await connection.execute("TRUNCATE outbox")
        await connection.execute("VACUUM (ANALYZE)")
        await connection.close()

    async def send(self) -> None:
        """Empty the outbox."""
        async with self.database.transaction() as connection:
            await connection.execute(text("TRUNCATE outbox"))

    async def scan(self) -> None:
        """Read everyone's rows, and decide nothing."""
        async with self.database.transaction() as connection:
            await connection.execute(text(_SCAN))

    async def count(self, query: str) -> int:
        """The one number that a query answers."""
        async with self.database.transaction() as connection:
            return int((await connection.execute(text(query))).scalar_one())


async def fill(url: str, size: int) -> None:
    """Write so many customers, ``x0000001`` and on; all stand in Default."""
    connection = await asyncpg.connect(url)
    for statement in _FILL:
        await connection.execute(statement.format(size=size))
    await connection.close()
