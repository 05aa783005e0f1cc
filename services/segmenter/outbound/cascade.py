"""What ``segments.v1`` says about everyone (key ``~cascade``): the cascade in force, and how far segments are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from services.segmenter.domain import cascade as domain
from shared.contracts import segments_v1 as wire
from shared.contracts.envelope import Envelope, encode_data
from shared.runtime.ids import new_id

SOURCE = "segmenter"


def wire_flow(flow: domain.Flow) -> wire.Flow:
    """A flow as events carry it."""
    return wire.Flow(
        flow_id=flow.flow_id,
        name=flow.name,
        channels=list(flow.channels),
        frequency=flow.frequency,
        content=flow.content,
    )


def published_payload(
    revision: int, draft: Mapping[str, Any], flows: Mapping[str, domain.Flow]
) -> wire.CascadePublished:
    """A revision as ``cascade.published`` tells it; ``draft``: what was published, as it is stored."""
    segments = [
        wire.PublishedSegment(
            segment_id=segment["segment_id"],
            name=segment["name"],
            position=position,
            rule=segment["rule"],
            flow_id=segment["flow_id"],
            is_default=segment["segment_id"] == domain.DEFAULT_SEGMENT,
        )
        for position, segment in enumerate(draft["segments"], start=1)
    ]
    used = {segment.flow_id for segment in segments}
    told = [wire_flow(flow) for flow_id, flow in sorted(flows.items()) if flow_id in used]
    return wire.CascadePublished(revision=revision, segments=segments, flows=told, settings=draft["settings"])


def about_everyone(payload: msgspec.Struct, kind: str, *, sequence: int, epoch: int, now: datetime) -> Envelope:
    """``cascade.published`` or ``segmenter.progress``, which share one sequence."""
    return Envelope(
        type=kind,
        id=new_id(),
        source=SOURCE,
        time=now,
        sequence=sequence,
        epoch=epoch,
        key=wire.CASCADE_KEY,
        data=encode_data(payload),
    )
