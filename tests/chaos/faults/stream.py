"""A bad relay in the place of the good one: it loses, repeats, swaps and delays events, and tells garbage among them.

It holds the relay's own lock, so the service's relay waits as behind any other; what it takes from the outbox is
remembered, because an event that is lost on the way was still told.
"""

import json
from dataclasses import dataclass, field
from functools import partial
from random import Random

import asyncpg
from aiokafka import AIOKafkaProducer

from shared.contracts.envelope import Envelope, encode_headers
from tests.chaos.chaos import Chaos
from tests.chaos.faults.days import next_day
from tests.chaos.row import Fired, fired
from tests.journeys.listening import Heard
from tests.support.eventually import eventually

_LOCK = "SELECT pg_advisory_lock(hashtext('cascada outbox relay'))"
_TAKE = """
    WITH taken AS (DELETE FROM outbox RETURNING *)
    SELECT key, type, event_id, sequence, epoch, time, history, data FROM taken ORDER BY id
"""
_SHARE = 0.05
_SWAPPED_SHARE = 0.25
_BATCH = 60
_GARBAGE_SHARE = 0.01
_GARBAGE = [
    (b"\xff\x00 no es JSON", []),
    (b"{}", [("ce_type", b"payment.succeeded")]),
    (b"[]", [("content-type", b"application/json")]),
]


@dataclass
class _BadRelay:
    chaos: Chaos
    producer: AIOKafkaProducer
    dice: Random = field(default_factory=lambda: Random(13))
    told: int = 0
    repeated: int = 0
    swapped: int = 0
    late: list[Envelope] = field(default_factory=list)
    lost: int = 0
    garbage: int = 0

    async def hand_on(self, events: list[Envelope]) -> None:
        """Tell a batch, badly."""
        self._swap(events)
        for event in events:
            self.told += 1
            fate = self.dice.random()
            if fate < _SHARE:
                self.lost += 1
                self.chaos.lost.append(_as_heard(event))
            elif fate < 2 * _SHARE:
                self.late.append(event)
            else:
                await self._tell(event)
                if fate < 3 * _SHARE:
                    self.repeated += 1
                    await self._tell(event)
            if self.garbage < self.told * _GARBAGE_SHARE:
                await self._tell_garbage(event.key)

    def _swap(self, events: list[Envelope]) -> None:
        """Some events change places with the next of their customer."""
        for first, event in enumerate(events):
            after = next((n for n in range(first + 1, len(events)) if events[n].key == event.key), None)
            if after and self.dice.random() < _SWAPPED_SHARE:
                events[first], events[after] = events[after], event
                self.swapped += 1

    async def _tell(self, event: Envelope) -> None:
        await self.producer.send_and_wait(
            "customers.v1", event.data, key=event.key.encode(), headers=encode_headers(event)
        )

    async def _tell_garbage(self, key: str) -> None:
        value, headers = _GARBAGE[self.garbage % len(_GARBAGE)]
        await self.producer.send_and_wait("customers.v1", value, key=key.encode(), headers=headers)
        self.garbage += 1
        self.chaos.garbage += 1

    async def end(self) -> None:
        """Tell what was held back."""
        for event in self.late:
            await self._tell(event)


async def damage_stream(chaos: Chaos, times: int) -> Fired:
    """So many events are told by the bad relay; then a new day lets the audit find even a lost last event."""
    connection = await asyncpg.connect(chaos.stack.env["CUSTOMERS_DATABASE_URL"], timeout=10)
    try:
        async with AIOKafkaProducer(bootstrap_servers=chaos.kafka) as producer:
            await connection.execute(_LOCK)
            relay = _BadRelay(chaos, producer)
            while relay.told < times:
                await eventually(partial(_enough_waits, connection), within=60)
                rows = await connection.fetch(_TAKE)
                await relay.hand_on([_envelope(row) for row in rows])
            await relay.end()
    finally:
        await connection.close()
    await next_day(chaos)
    return fired(
        f"of {relay.told} events {relay.lost} were lost, {relay.repeated} repeated, {relay.swapped} swapped with their "
        f"customer's next, {len(relay.late)} told at the end; {relay.garbage} records of garbage",
        when=min(relay.lost, relay.repeated, relay.swapped, len(relay.late), relay.garbage) > 0,
        seen="repeats were dropped, gaps and garbage repaired from snapshots, last events found by the day's audit",
    )


async def _enough_waits(connection: asyncpg.Connection) -> bool:
    return bool(await connection.fetchval("SELECT count(*) FROM outbox") >= _BATCH)


def _envelope(row: asyncpg.Record) -> Envelope:
    return Envelope(
        type=row["type"],
        id=row["event_id"],
        source="customers",
        time=row["time"],
        sequence=row["sequence"],
        epoch=row["epoch"],
        key=row["key"],
        data=row["data"],
        history=row["history"],
    )


def _as_heard(event: Envelope) -> Heard:
    data = dict(json.loads(event.data))
    return Heard(event.key, event.type, event.sequence, data, tuple(encode_headers(event)), event.data)
