"""When a rule will be due, over HTTP, with every shift explained."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.statements.domain.calendar import Occurrence, Shift
from services.statements.inbound.http.doors import Doors
from services.statements.inbound.http.rule_answer import local_text
from services.statements.usecases.read_rules import Foretold
from shared.basics.errors import mistake
from shared.http.answers import instant_text
from shared.http.fields import Instant, PathId
from shared.http.pages import Limit

router = APIRouter(tags=["rules"], prefix="/rules/{rule_id}/occurrences")

_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_TEXTS: dict[Shift, dict[Literal["es", "en"], str]] = {
    "short_month": {
        "es": "El mes no tiene ese día: se envía en su último día.",
        "en": "The month has no such day: it goes out on its last day.",
    },
    "dst_gap": {
        "es": "Esa hora no existe ese día por el cambio de horario: se envía en el primer instante después.",
        "en": "That time does not exist on that day, as the clocks change: it goes out at the first instant after.",
    },
    "dst_fold": {
        "es": "Esa hora se repite ese día por el cambio de horario: se envía la primera vez.",
        "en": "That time comes twice on that day, as the clocks change: it goes out the first time.",
    },
    "contact_window": {
        "es": "A esa hora no se permite contactar: se envía cuando abre el horario de contacto.",
        "en": "Contact is not allowed at that time: it goes out when the contact window opens.",
    },
}
_SHUT_OUT: dict[Literal["es", "en"], str] = {
    "es": "A esa hora no se permite contactar y el horario no abre dentro del plazo de recuperación: no se envía.",
    "en": "Contact is not allowed at that time, and the window does not open within catch-up: nothing goes out.",
}


class ShiftAnswer(BaseModel):
    """Why an occurrence is not quite where one expects it, in words."""

    code: Shift
    text: dict[Literal["es", "en"], str]


class OccurrenceAnswer(BaseModel):
    """``at`` in UTC, ``local`` on the rule's wall clock; nothing is sent for a period that was recorded already."""

    period: str
    at: str
    local: str
    shifts: list[ShiftAnswer]
    already_sent_this_period: bool


class OccurrencesAnswer(BaseModel):
    """In order of time."""

    items: list[OccurrenceAnswer]


@router.get("")
async def list_occurrences(
    rule_id: PathId, doors: Doors, limit: Limit = 50, after: Annotated[Instant | None, Query()] = None
) -> OccurrencesAnswer:
    """The next occurrences after an instant (default: now), also of an inactive rule."""
    if after and not _EARLIEST <= after <= _LATEST:
        raise mistake("/query/after", "out_of_range", "an instant between 1970 and 2200 is wanted")
    stored, foretold = await doors.read_rules.occurrences(rule_id, after, limit)
    return OccurrencesAnswer(items=[_occurrence(one, stored.rule.time_zone) for one in foretold])


def _occurrence(foretold: Foretold, time_zone: str) -> OccurrenceAnswer:
    occurrence = foretold.occurrence
    return OccurrenceAnswer(
        period=occurrence.period,
        at=instant_text(occurrence.at),
        local=local_text(occurrence.at, time_zone),
        shifts=[_shift(shift, occurrence) for shift in occurrence.shifts],
        already_sent_this_period=foretold.is_recorded,
    )


def _shift(shift: Shift, occurrence: Occurrence) -> ShiftAnswer:
    is_missed = shift == "contact_window" and occurrence.is_shut_out
    return ShiftAnswer(code=shift, text=_SHUT_OUT if is_missed else _TEXTS[shift])
