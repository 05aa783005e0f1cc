"""Settle deliveries after something happened to their addresses: roll up, and tell what became of the statement.

Called in the transactions of sending and of gateway news, with the deliveries locked.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby

from services.statements.domain.sending import roll_up
from services.statements.outbound.events import Place, StatementTold, statement_event
from services.statements.storage import addresses, deliveries, instance, tellings
from services.statements.storage.deliveries import Delivery
from shared.database.engine import Transaction
from shared.messaging import outbox

_TAKEN = ("accepted", "delivered", "bounced", "complained")


async def settle_deliveries(connection: Transaction, locked: Mapping[str, Delivery], now: datetime) -> None:
    """Bring the state of locked deliveries up to date. ``now`` is business time."""
    rows = await addresses.read(connection, sorted(locked))
    for delivery_id, of_one in groupby(rows, key=lambda row: row.delivery_id):
        state, reason = roll_up([(row.state, row.reason) for row in of_one])
        before = locked[delivery_id]
        if (state, reason) != (before.state, before.reason):
            is_sent = state in _TAKEN and before.accepted_at is None
            accepted_at = now if is_sent else before.accepted_at
            await deliveries.settle(connection, delivery_id, state, reason, accepted_at)
            if is_sent:
                await _tell(connection, before, "statement.sent", None, now)
            if state == "failed":
                await _tell(connection, before, "statement.failed", reason, now)


async def _tell(connection: Transaction, delivery: Delivery, kind: str, reason: str | None, now: datetime) -> None:
    told = StatementTold(
        customer_id=delivery.customer_id,
        delivery_id=delivery.delivery_id,
        rule_id=delivery.rule_id,
        period=delivery.period,
        as_of_date=delivery.as_of_date,
        totals=delivery.totals,
        reason=reason,
    )
    place = await next_place(connection, delivery.customer_id, now)
    await outbox.put(connection, [statement_event(kind, told, place)])


async def next_place(connection: Transaction, customer_id: str, now: datetime) -> Place:
    """The place of a customer's next event on ``statements.v1``."""
    sequence = await tellings.next_sequence(connection, customer_id)
    return Place(sequence, await instance.epoch(connection), now)
