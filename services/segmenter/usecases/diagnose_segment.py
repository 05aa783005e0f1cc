"""Why a segment has nobody: its rule judged against everyone, as it is published or, where that differs, drafted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.segmenter.domain.cascade import Cascade
from services.segmenter.domain.diagnosis import Absorbing, Case, Diagnosis, diagnose
from services.segmenter.domain.draft import Draft
from services.segmenter.domain.observed import Observations
from services.segmenter.domain.rules import tree
from services.segmenter.storage.drafts import load_draft, published_draft, segments_json
from services.segmenter.storage.present_day import present_day
from services.segmenter.storage.previews import count_takers
from services.segmenter.storage.revisions import load_published, read_cascade
from services.segmenter.storage.rule_sql import compile_cascade
from services.segmenter.storage.segment_counts import count_members
from services.segmenter.storage.top_cutoffs import with_top_cutoffs
from services.segmenter.usecases.observe_variables import observe_variables
from shared.basics.errors import Missing
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock

_NONE = Observations(0, None, {})


@dataclass(frozen=True)
class Diagnosed:
    """The diagnosis, with what it rests on; ``keys`` are the variables that the rule names."""

    diagnosis: Diagnosis
    case: Case
    keys: tuple[str, ...]
    observations: Observations


@dataclass(frozen=True)
class DiagnoseSegment:
    """Looks at a segment of the published cascade or of the draft."""

    database: Database
    clock: Clock

    async def __call__(self, segment_id: str) -> Diagnosed:
        """Diagnose a segment.

        Raises
        ------
        Missing
            Neither the published cascade nor the draft has it.
        """
        async with self.database.transaction() as connection:
            as_of = await present_day(connection, self.clock.today())
            draft = await load_draft(connection)
            published = await published_draft(connection, draft.version)
            if not draft.find(segment_id) and not published.find(segment_id):
                raise Missing("unknown_segment", f"neither the published cascade nor the draft has {segment_id}")
            members = await count_members(connection, segment_id)
            is_refreshed = draft.find(segment_id) == published.find(segment_id)
            is_judged_as_drafted = draft.find(segment_id) is not None and not is_refreshed and not members
            is_judged_as_drafted = is_judged_as_drafted or published.find(segment_id) is None
            cascade = await _drafted(connection, draft, as_of) if is_judged_as_drafted else await _published(connection)
            taken = await count_takers(connection, compile_cascade(cascade), [segment_id], as_of)
            takers = taken[segment_id]
            rule = next(one.rule for one in cascade.segments if one.segment_id == segment_id)
            variables = {one.variable.key: one.variable for one in tree.conditions(rule)} if rule else {}
            asked, now = list(variables.values()), self.clock.now()
            observed = await observe_variables(connection, asked, cascade.settings, as_of, now) if asked else _NONE
        absorbed_by = _absorbing(cascade, takers, segment_id)
        case = Case(rule, is_refreshed, members, sum(takers.values()), absorbed_by, observed.variables, as_of)
        return Diagnosed(diagnose(case), case, tuple(variables), observed)


async def _published(connection: Transaction) -> Cascade:
    return await load_published(connection)


async def _drafted(connection: Transaction, draft: Draft, as_of: date) -> Cascade:
    """The draft as a refresh would publish it."""
    settings = await with_top_cutoffs(connection, draft.settings, as_of)
    return await read_cascade(connection, 0, segments_json(draft), settings)


def _absorbing(cascade: Cascade, takers: Mapping[str, int], segment_id: str) -> tuple[Absorbing, ...]:
    names = {segment.segment_id: segment.name for segment in cascade.segments}
    return tuple(Absorbing(one, names[one], count) for one, count in takers.items() if one != segment_id)
