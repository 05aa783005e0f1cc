"""Settle deliveries after something happened to their addresses: roll up, and tell what became of the statements.

Called in the transactions of sending and of gateway news, with the deliveries locked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from services.statements.domain.sending import roll_up
from services.statements.outbound.events import Place, StatementTold, statement_event
from services.statements.storage import addresses, deliveries, tellings
from services.statements.storage.deliveries import Delivery
from services.statements.storage.traces import traces_of
from shared.database.engine import Transaction
from shared.database.instance import load_epoch
from shared.messaging import outbox
from shared.runtime import tracing

_TAKEN = ("accepted", "delivered", "bounced", "complained")


async def settle_deliveries(connection: Transaction, locked: Mapping[str, Delivery], now: datetime) -> None:
    """Bring the state of locked deliveries up to date. ``now`` is business time."""
    if not locked:
        return
    rows = await addresses.read(connection, sorted(locked))
    settled = []
    for delivery_id, of_one in groupby(rows, key=lambda row: row.delivery_id):
        state, reason = roll_up([(row.state, row.reason) for row in of_one])
        before = locked[delivery_id]
        if (state, reason) != (before.state, before.reason):
            accepted_at = before.accepted_at or (now if state in _TAKEN else None)
            settled.append(replace(before, state=state, reason=reason, accepted_at=accepted_at))
    await deliveries.settle(connection, settled)
    await _tell(connection, [one for one in settled if _is_told(locked[one.delivery_id], one)], now)


def _is_told(before: Delivery, after: Delivery) -> bool:
    """Told are acceptance, once, and failure."""
    return after.state == "failed" or before.accepted_at != after.accepted_at


async def _tell(connection: Transaction, settled: Sequence[Delivery], now: datetime) -> None:
    if not settled:
        return
    places = await next_places(connection, [one.customer_id for one in settled], now)
    traces = await traces_of(connection, [one.delivery_id for one in settled]) if tracing.is_on() else {}
    events = [
        statement_event(_kind(one), _told(one, traces.get(one.delivery_id)), place)
        for one, place in zip(settled, places, strict=True)
    ]
    await outbox.put(connection, events)


def _kind(delivery: Delivery) -> str:
    return "statement.failed" if delivery.state == "failed" else "statement.sent"


def _told(delivery: Delivery, traceparent: str | None) -> StatementTold:
    return StatementTold(
        customer_id=delivery.customer_id,
        delivery_id=delivery.delivery_id,
        rule_id=delivery.rule_id,
        period=delivery.period,
        as_of_date=delivery.as_of_date,
        totals=delivery.totals,
        reason=delivery.reason if delivery.state == "failed" else None,
        traceparent=traceparent,
    )


async def next_places(connection: Transaction, customer_ids: Sequence[str], now: datetime) -> list[Place]:
    """The places of customers' next events on ``statements.v1``."""
    epoch = await load_epoch(connection)
    return [Place(number, epoch, now) for number in await tellings.next_sequences(connection, customer_ids)]
