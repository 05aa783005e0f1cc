"""Moves of customers as ``segments.v1`` tells them: what happened to the segment, to the bucket, to the risk level."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from services.segmenter.domain.cascade import Cascade
from services.segmenter.domain.moves import Cause, Departure, Move
from services.segmenter.domain.rules.written import number_json
from services.segmenter.outbound.cascade import SOURCE, wire_flow
from shared.contracts.envelope import Envelope, encode_data
from shared.contracts.segments_v1 import AgingBucketChanged, Flow, RiskLevelChanged, SegmentAssigned, SegmentRef
from shared.runtime.ids import new_id


@dataclass(frozen=True)
class MovesTeller:
    """What the events of one judging have in common. ``former``: names of segments that the cascade has no more."""

    cascade: Cascade
    former: Mapping[str, str]
    as_of: date
    cause: Cause
    epoch: int
    now: datetime

    def events(self, moves: Sequence[Move]) -> list[Envelope]:
        """The events of moves, in their order."""
        refs = self._refs()
        flows = {segment.segment_id: self._flow(segment.flow_id) for segment in self.cascade.segments}
        return [event for move in moves for event in self._events_of(move, refs, flows)]

    def departures(self, gone: Sequence[Departure]) -> list[Envelope]:
        """The last event of each erased customer."""
        refs = self._refs()
        told = [
            SegmentAssigned(
                customer_id=one.customer_id,
                from_=refs[one.from_segment],
                to=None,
                flow=None,
                revision=self.cascade.revision,
                as_of=self.as_of,
                cause="erasure",
            )
            for one in gone
        ]
        pairs = zip(gone, told, strict=True)
        return [self._envelope(one.customer_id, "segment.assigned", one.sequence, said) for one, said in pairs]

    def _refs(self) -> dict[str, SegmentRef]:
        names = {**self.former, **{segment.segment_id: segment.name for segment in self.cascade.segments}}
        return {segment_id: SegmentRef(segment_id, name) for segment_id, name in names.items()}

    def _flow(self, flow_id: str | None) -> Flow | None:
        flow = self.cascade.flows.get(flow_id) if flow_id else None
        return wire_flow(flow) if flow else None

    def _events_of(
        self, move: Move, refs: Mapping[str, SegmentRef], flows: Mapping[str, Flow | None]
    ) -> Iterator[Envelope]:
        sequence = move.sequence
        if move.changes_segment:
            assigned = SegmentAssigned(
                customer_id=move.customer_id,
                from_=refs[move.from_segment] if move.from_segment else None,
                to=refs[move.to_segment],
                flow=flows[move.to_segment],
                revision=self.cascade.revision,
                as_of=self.as_of,
                cause=self.cause,
            )
            yield self._envelope(move.customer_id, "segment.assigned", sequence, assigned)
            sequence += 1
        if move.changes_bucket:
            changed = AgingBucketChanged(
                customer_id=move.customer_id, from_=move.from_bucket, to=move.to_bucket, as_of=self.as_of
            )
            yield self._envelope(move.customer_id, "aging_bucket.changed", sequence, changed)
            sequence += 1
        if move.changes_risk:
            yield self._envelope(move.customer_id, "risk_level.changed", sequence, self._risk(move))

    def _risk(self, move: Move) -> RiskLevelChanged:
        score = None if move.score is None else number_json(move.score)
        return RiskLevelChanged(
            customer_id=move.customer_id, from_=move.from_risk, to=move.to_risk, score=score, as_of=self.as_of
        )

    def _envelope(self, key: str, kind: str, sequence: int, payload: msgspec.Struct) -> Envelope:
        return Envelope(
            type=kind,
            id=new_id(),
            source=SOURCE,
            time=self.now,
            sequence=sequence,
            epoch=self.epoch,
            key=key,
            data=encode_data(payload),
        )
