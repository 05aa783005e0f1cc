"""What the segmenter told: each customer's segment, the published cascade, how far its facts go. The highest wins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from services.statements.domain.addresses import USUAL_PLACEHOLDERS, Placeholders
from services.statements.domain.aging import DEFAULT_EDGES
from services.statements.domain.cascade import Cascade
from shared.database.engine import Transaction
from shared.messaging.sequence import Position

_ASSIGN = text(
    """
    INSERT INTO standings AS s (customer_id, epoch, sequence, segment_id)
    SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:epochs AS bigint[]), CAST(:sequences AS bigint[]),
        CAST(:segments AS text[]))
    ON CONFLICT (customer_id) DO UPDATE
        SET epoch = excluded.epoch, sequence = excluded.sequence, segment_id = excluded.segment_id
        WHERE (s.epoch, s.sequence) < (excluded.epoch, excluded.sequence)
    """
)
_ASSIGNED = text(
    """
    SELECT customer_id, epoch, sequence FROM standings
    WHERE customer_id > :after AND segment_id IS NOT NULL ORDER BY customer_id LIMIT :limit
    """
)
_LEAVE = text(
    """
    UPDATE standings s SET segment_id = NULL
    FROM unnest(CAST(:ids AS text[]), CAST(:epochs AS bigint[]), CAST(:sequences AS bigint[]))
        AS n (customer_id, epoch, sequence)
    WHERE (s.customer_id, s.epoch, s.sequence) = (n.customer_id, n.epoch, n.sequence)
    """
)
_PUBLISH = text(
    """
    INSERT INTO cascade AS c (epoch, revision, sequence, segment_ids, aging_edges, holidays, placeholder_local_parts,
        placeholder_domains)
    VALUES (:epoch, :revision, :sequence, CAST(:segment_ids AS text[]), CAST(:aging_edges AS integer[]),
        CAST(:holidays AS date[]), CAST(:local_parts AS text[]), CAST(:domains AS text[]))
    ON CONFLICT (sole) DO UPDATE
        SET epoch = excluded.epoch, revision = excluded.revision, sequence = excluded.sequence,
            segment_ids = excluded.segment_ids, aging_edges = excluded.aging_edges, holidays = excluded.holidays,
            placeholder_local_parts = excluded.placeholder_local_parts,
            placeholder_domains = excluded.placeholder_domains
        WHERE (c.epoch, c.revision, c.sequence) < (excluded.epoch, excluded.revision, excluded.sequence)
    RETURNING 1
    """
)
_PROGRESS = text(
    """
    INSERT INTO segmenter_progress AS p (epoch, sequence, facts_through, told_at)
    VALUES (:epoch, :sequence, CAST(:facts_through AS timestamptz), :told_at)
    ON CONFLICT (sole) DO UPDATE
        SET epoch = excluded.epoch, sequence = excluded.sequence, facts_through = excluded.facts_through,
            told_at = excluded.told_at
        WHERE (p.epoch, p.sequence) < (excluded.epoch, excluded.sequence)
    """
)
_CASCADE = text("SELECT segment_ids, aging_edges, holidays, placeholder_local_parts, placeholder_domains FROM cascade")
_THROUGH = text(
    """
    SELECT facts_through, told_at FROM segmenter_progress
    WHERE (SELECT finished_at IS NOT NULL FROM walks WHERE name = :walk)
    """
)
_EPOCH = text("SELECT epoch FROM segmenter_progress")

WALK = "standings"
"""Everyone's standing is read: by a new service, at each start, each day, and after the segmenter was restored."""
_FIRST_EPOCH = 1


@dataclass(frozen=True)
class Word:
    """The segmenter's word on how far its facts go, and when (business time) it was heard here."""

    facts_through: datetime | None
    told_at: datetime | None


async def assign(connection: Transaction, moves: Mapping[str, tuple[Position, str | None]]) -> None:
    """Note customers' segments, unless a later word is known."""
    if not moves:
        return
    ids = sorted(moves)
    facts = {
        "ids": ids,
        "epochs": [moves[one][0].epoch for one in ids],
        "sequences": [moves[one][0].seq for one in ids],
        "segments": [moves[one][1] for one in ids],
    }
    await connection.execute(_ASSIGN, facts)


async def page_of_assigned(connection: Transaction, after: str, limit: int) -> dict[str, Position]:
    """The position of customers' last word, of those in a segment, in order of id after one."""
    rows = await connection.execute(_ASSIGNED, {"after": after, "limit": limit})
    return {one: Position(epoch, sequence) for one, epoch, sequence in rows}


async def leave(connection: Transaction, gone: Mapping[str, Position]) -> None:
    """Note that customers are in no segment any more, unless anything was told since those positions."""
    if not gone:
        return
    ids = sorted(gone)
    facts = {"ids": ids, "epochs": [gone[one].epoch for one in ids], "sequences": [gone[one].seq for one in ids]}
    await connection.execute(_LEAVE, facts)


async def publish(connection: Transaction, at: Position, cascade: Cascade) -> bool:
    """Note the published cascade, unless a later one is known; whether it was noted.

    Revisions rise within an epoch, so they rank before the sequence, which the stream of standings does not give.
    """
    facts = {
        "epoch": at.epoch,
        "revision": cascade.revision,
        "sequence": at.seq,
        "segment_ids": sorted(cascade.segment_ids or ()),
        "aging_edges": list(cascade.aging_edges),
        "holidays": sorted(cascade.holidays),
        "local_parts": sorted(cascade.placeholders.local_parts),
        "domains": sorted(cascade.placeholders.domains),
    }
    return (await connection.execute(_PUBLISH, facts)).one_or_none() is not None


async def note_progress(
    connection: Transaction, at: Position, facts_through: datetime | None, told_at: datetime
) -> None:
    """Note how far the segmenter's facts go, unless a later word is known."""
    facts = {"epoch": at.epoch, "sequence": at.seq, "facts_through": facts_through, "told_at": told_at}
    await connection.execute(_PROGRESS, facts)


async def published(connection: Transaction) -> Cascade:
    """The published cascade; without one the usual aging edges and placeholders."""
    row = (await connection.execute(_CASCADE)).one_or_none()
    if row is None:
        return Cascade(None, DEFAULT_EDGES)
    edges, holidays = tuple(row.aging_edges), frozenset(row.holidays)
    return Cascade(frozenset(row.segment_ids), edges, holidays, _placeholders(row))


def _placeholders(row: Any) -> Placeholders:
    if row.placeholder_local_parts is None:
        return USUAL_PLACEHOLDERS
    return Placeholders(frozenset(row.placeholder_local_parts), frozenset(row.placeholder_domains))


async def segmenters_word(connection: Transaction) -> Word:
    """How far the segmenter said its facts go; its word counts once everyone's standing was read."""
    row = (await connection.execute(_THROUGH, {"walk": WALK})).one_or_none()
    return Word(row.facts_through, row.told_at) if row else Word(None, None)


async def segmenters_epoch(connection: Transaction) -> int:
    """The epoch of the segmenter's last word; a restore raises it."""
    epoch: int | None = (await connection.execute(_EPOCH)).scalar_one_or_none()
    return _FIRST_EPOCH if epoch is None else epoch
