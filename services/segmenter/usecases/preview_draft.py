"""What publishing the draft would do, exactly, with nothing written: who goes where, and which segments stay empty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.segmenter.domain.cascade import Cascade, Segment
from services.segmenter.domain.rules.contradiction import is_contradictory
from services.segmenter.storage.drafts import load_draft, segments_json
from services.segmenter.storage.former_segments import load_former_names
from services.segmenter.storage.present_day import present_day
from services.segmenter.storage.previews import TransitionCount, count_takers, count_transitions
from services.segmenter.storage.revisions import read_cascade
from services.segmenter.storage.rule_sql import compile_cascade
from services.segmenter.storage.top_cutoffs import with_top_cutoffs
from shared.basics.money import Money, totals
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Cell:
    """Customers that would go from one segment to another, or stay; what they owe, per currency."""

    from_segment: str
    to_segment: str
    customers: int
    balance: tuple[Money, ...]


@dataclass(frozen=True)
class Size:
    """A segment's customers before and after."""

    segment_id: str
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class EmptySegment:
    """A segment that nobody would be in: its rule is ``contradictory``, other segments take whoever matches it
    (``shadowed``, ``by`` them), or nobody matches it now (``empty``)."""

    segment_id: str
    code: Literal["empty", "shadowed", "contradictory"]
    by: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """The exact matrix as of a day, whoever stays included."""

    as_of: date
    matrix: tuple[Cell, ...]
    sizes: tuple[Size, ...]
    warnings: tuple[EmptySegment, ...]


@dataclass(frozen=True)
class PreviewDraft:
    """Judges everyone by the draft, by the same expressions as a refresh, and keeps nothing."""

    database: Database
    clock: Clock

    async def __call__(self) -> Preview:
        """Preview the draft as it is now."""
        async with self.database.transaction() as connection:
            as_of = await present_day(connection, self.clock.today())
            draft = await load_draft(connection)
            settings = await with_top_cutoffs(connection, draft.settings, as_of)
            cascade = await read_cascade(connection, 0, segments_json(draft), settings)
            compiled = compile_cascade(cascade)
            transitions = await count_transitions(connection, compiled, as_of)
            former = await load_former_names(connection, {one.from_segment for one in transitions})
            sizes = _sizes(cascade, transitions, former)
            empty = {size.segment_id for size in sizes if not size.after}
            of_nobody = [one for one in cascade.segments if one.segment_id in empty and one.rule is not None]
            takers = await count_takers(connection, compiled, [one.segment_id for one in of_nobody], as_of)
        warnings = [_warning(one, tuple(takers[one.segment_id]), as_of) for one in of_nobody]
        return Preview(as_of, _matrix(transitions), sizes, tuple(warnings))


def _matrix(transitions: Iterable[TransitionCount]) -> tuple[Cell, ...]:
    cells: dict[tuple[str, str], list[TransitionCount]] = {}
    for one in transitions:
        cells.setdefault((one.from_segment, one.to_segment), []).append(one)
    return tuple(
        Cell(*ends, sum(one.customers for one in parts), totals(one.balance for one in parts))
        for ends, parts in cells.items()
    )


def _sizes(cascade: Cascade, transitions: Iterable[TransitionCount], former: dict[str, str]) -> tuple[Size, ...]:
    """Every segment of the draft in its order, then those that it does away with."""
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for one in transitions:
        before[one.from_segment] = before.get(one.from_segment, 0) + one.customers
        after[one.to_segment] = after.get(one.to_segment, 0) + one.customers
    names = {segment.segment_id: segment.name for segment in cascade.segments}
    gone = {segment_id: former[segment_id] for segment_id in sorted(before.keys() - names.keys())}
    return tuple(
        Size(segment_id, name, before.get(segment_id, 0), after.get(segment_id, 0))
        for segment_id, name in {**names, **gone}.items()
    )


def _warning(segment: Segment, takers: tuple[str, ...], as_of: date) -> EmptySegment:
    if segment.rule is not None and is_contradictory(segment.rule, as_of):
        return EmptySegment(segment.segment_id, "contradictory", ())
    return EmptySegment(segment.segment_id, "shadowed" if takers else "empty", takers)
