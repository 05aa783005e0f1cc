"""What Kafka tells: every event of ``segments.v1`` and ``statements.v1`` from the beginning, each taken once."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord

_TOPICS = ("segments.v1", "statements.v1")


@dataclass(frozen=True)
class Move:
    """A customer's change of segment, by the names of the time; ``origin`` is None for who entered the cascade."""

    customer_id: str
    on: date
    origin: str | None
    target_id: str
    target: str
    cause: str
    flow: str | None


@dataclass(frozen=True)
class Sent:
    """A statement that the mail gateway took."""

    customer_id: str
    rule_id: str
    period: str
    on: date
    totals: tuple[str, ...]


@dataclass
class Heard:
    """All that was told so far, in the order it was heard."""

    kafka: AIOKafkaConsumer
    moves: list[Move] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    _known: set[bytes] = field(default_factory=set)

    async def catch_up(self) -> None:
        """Read everything that stands on the topics now."""
        ends = await self.kafka.end_offsets(self.kafka.assignment())
        while any([await self.kafka.position(partition) < end for partition, end in ends.items()]):
            for records in (await self.kafka.getmany(timeout_ms=200)).values():
                for record in records:
                    self._take(record)

    def entered(self) -> set[str]:
        """Customers who have been told to be in the cascade."""
        return {move.customer_id for move in self.moves if move.origin is None}

    def _take(self, record: ConsumerRecord) -> None:
        headers = dict(record.headers)
        if headers["ce_id"] in self._known:
            return
        self._known.add(headers["ce_id"])
        kind = headers["ce_type"].decode()
        if kind == "segment.assigned":
            self.moves.append(_move(json.loads(record.value)))
        elif kind == "statement.sent":
            self.sent.append(_sent(json.loads(record.value)))


def _move(told: dict[str, Any]) -> Move:
    return Move(
        customer_id=told["customer_id"],
        on=date.fromisoformat(told["as_of"]),
        origin=told["from"]["name"] if told["from"] else None,
        target_id=told["to"]["id"],
        target=told["to"]["name"],
        cause=told["cause"],
        flow=told["flow"]["name"] if told["flow"] else None,
    )


def _sent(told: dict[str, Any]) -> Sent:
    return Sent(
        customer_id=told["customer_id"],
        rule_id=told["rule_id"],
        period=told["period"],
        on=date.fromisoformat(told["as_of_date"]),
        totals=tuple(total["amount"] for total in told["totals"]),
    )


@asynccontextmanager
async def hearing(bootstrap_servers: str) -> AsyncIterator[Heard]:
    """Begin to hear, from the first event on."""
    kafka = AIOKafkaConsumer(*_TOPICS, bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest")
    await kafka.start()
    try:
        yield Heard(kafka)
    finally:
        await kafka.stop()
