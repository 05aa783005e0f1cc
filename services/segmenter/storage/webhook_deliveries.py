"""The delivery log of webhooks: one row a POST, kept for 30 days."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from services.segmenter.domain.webhooks import Answer
from shared.contracts.envelope import Envelope
from shared.database.engine import Transaction

_NOTE = text(
    """
    INSERT INTO webhook_deliveries
        (webhook_id, delivery_id, at, events, first_event_id, last_event_id, outcome, status)
    VALUES (:webhook_id, CAST(:delivery_id AS uuid), :at, :events, :first, :last, :outcome, :status)
    """
)
_FORGET = text(
    """
    DELETE FROM webhook_deliveries
    WHERE webhook_id = :webhook_id AND at < CAST(:at AS timestamptz) - interval '30 days'
    """
)
_PAGE = text(
    """
    SELECT delivery_id, at, events, first_event_id, last_event_id, outcome, status FROM webhook_deliveries
    WHERE webhook_id = :webhook_id
        AND (CAST(:before AS uuid) IS NULL OR delivery_id < CAST(:before AS uuid))
    ORDER BY delivery_id DESC LIMIT :limit
    """
)


@dataclass(frozen=True)
class Delivery:
    """One POST: how many events, from which to which, and what came of it."""

    delivery_id: UUID
    at: datetime
    events: int
    first_event_id: str
    last_event_id: str
    outcome: str
    status: int | None


async def note_delivery(
    connection: Transaction, webhook_id: str, delivery_id: str, events: list[Envelope], answer: Answer, at: datetime
) -> None:
    """Log a POST, and drop what is too old."""
    given = {"webhook_id": webhook_id, "at": at}
    said = {"delivery_id": delivery_id, "events": len(events), "outcome": answer.outcome, "status": answer.status}
    await connection.execute(_NOTE, {**given, **said, "first": events[0].id, "last": events[-1].id})
    await connection.execute(_FORGET, given)


async def page_deliveries(connection: Transaction, webhook_id: str, before: str | None, limit: int) -> list[Delivery]:
    """POSTs of a webhook, the newest first."""
    given = {"webhook_id": webhook_id, "before": before, "limit": limit}
    return [Delivery(*row) for row in await connection.execute(_PAGE, given)]
