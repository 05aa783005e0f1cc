"""Why a segment has nobody, over HTTP."""

from fastapi import APIRouter
from pydantic import BaseModel

from services.segmenter.domain.diagnosis import Cause
from services.segmenter.domain.observed import NOTHING
from services.segmenter.inbound.http.cascade import RuleText
from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.glossary import RangeAnswer, range_answer
from services.segmenter.usecases.diagnose_segment import Diagnosed
from shared.http.fields import PathId

router = APIRouter(prefix="/cascade/segments/{segment_id}/diagnosis", tags=["cascade"])


class AbsorbingAnswer(BaseModel):
    """A segment that takes customers who match this one's rule, and how many."""

    segment_id: str
    customers: int


class ObservedAnswer(BaseModel):
    """A variable that the rule names: for how many customers it is loaded, and between which values it lies."""

    key: str
    loaded: int
    of: int
    range: RangeAnswer | None


class DiagnosisAnswer(BaseModel):
    """The first cause that applies; ``none`` with members, or where simply nobody matches.

    ``members``: whose last evaluation chose the segment. ``matching``: whose data its rule is true of today, by the
    published cascade; by the draft where the cause is ``not_refreshed``. ``absorbed_by``: where those are instead, the
    largest first.
    """

    cause: Cause
    matching: int
    members: int
    absorbed_by: list[AbsorbingAnswer]
    variables: list[ObservedAnswer]
    text: RuleText


@router.get("")
async def get_diagnosis(segment_id: PathId, doors: Doors) -> DiagnosisAnswer:
    """Why a segment of the published cascade, or of the draft, has nobody."""
    return _answer(await doors.diagnose_segment(segment_id))


def _answer(found: Diagnosed) -> DiagnosisAnswer:
    case, diagnosis = found.case, found.diagnosis
    return DiagnosisAnswer(
        cause=diagnosis.cause,
        matching=case.matching,
        members=case.members,
        absorbed_by=[AbsorbingAnswer(segment_id=one.segment_id, customers=one.customers) for one in case.absorbed_by],
        variables=[_observed(key, found) for key in found.keys],
        text=RuleText(es=diagnosis.es, en=diagnosis.en),
    )


def _observed(key: str, found: Diagnosed) -> ObservedAnswer:
    observed = found.observations.get(key) or NOTHING
    return ObservedAnswer(key=key, loaded=observed.loaded, of=found.observations.of, range=range_answer(observed))
