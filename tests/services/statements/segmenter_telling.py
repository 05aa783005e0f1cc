"""What the segmenter tells, as tests write it: where customers stand, the cascade, how far it is, its alerts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shared.contracts import segments_v1
from shared.contracts.values import wire_money
from tests.services.statements.telling import WHEN, Said


def assigned(customer_id: str, segment_id: str | None, seq: int = 1) -> Said:
    """The segmenter moved a customer."""
    to = segments_v1.SegmentRef(segment_id, segment_id) if segment_id else None
    payload = segments_v1.SegmentAssigned(
        customer_id=customer_id, from_=None, to=to, flow=None, revision=1, as_of=WHEN.date(), cause="event"
    )
    return Said(segments_v1.TOPIC, customer_id, "segment.assigned", seq, payload)


def published(
    *segment_ids: str, seq: int, edges: tuple[int, ...] = (30, 60, 90), holidays: tuple[str, ...] = (), **settings: Any
) -> Said:
    """The segmenter published a cascade of these segments."""
    segments = [
        segments_v1.PublishedSegment(
            segment_id=one, name=one, position=place, rule=None, flow_id=None, is_default=one == "default"
        )
        for place, one in enumerate(segment_ids, start=1)
    ]
    settings = {"aging_edges": list(edges), "holidays": list(holidays), **settings}
    payload = segments_v1.CascadePublished(revision=seq, segments=segments, flows=[], settings=settings)
    return Said(segments_v1.TOPIC, segments_v1.CASCADE_KEY, "cascade.published", seq, payload)


def alert_raised(
    customer_id: str, alert_id: str = "alert-1", *, seq: int = 5, at: datetime = WHEN, **changed: Any
) -> Said:
    """An alert rule began to hold, and asks for a message."""
    known = {
        "alert_id": alert_id,
        "alert_rule": "promesa-rota",
        "action": "message",
        "customer_id": customer_id,
        "as_of": date(2026, 3, 10),
        "overdue_balance": wire_money(Decimal(100), "COP"),
        "reasons": [],
        "message": segments_v1.AlertMessage(
            subject={"es": "Su acuerdo", "en": "Your promise"}, body={"es": "Hola:\n\n¿Nos <llama>?", "en": "Hello"}
        ),
    }
    payload = segments_v1.AlertRaised(**{**known, **changed})
    return Said(segments_v1.TOPIC, customer_id, "alert.raised", seq, payload, at=at)


def progress(facts_through: datetime | None, seq: int) -> Said:
    """The segmenter says how far its facts go."""
    payload = segments_v1.SegmenterProgress(
        facts_through=facts_through, as_of=WHEN.date(), revision=1, refreshing=False
    )
    return Said(segments_v1.TOPIC, segments_v1.CASCADE_KEY, "segmenter.progress", seq, payload)
