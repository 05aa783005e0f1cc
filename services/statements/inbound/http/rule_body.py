"""A statement rule on the wire."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from services.statements.domain.contact_windows import ContactWindow
from services.statements.domain.rule import Audience, Content, Frequency, Rule
from shared.basics.errors import BadInput, Mistake
from shared.http.fields import Body, Id, IsoDate, ShortText, WallTime, ZoneName

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def without_nulls(given: Any) -> Any:
    """An object without the fields that are null: nothing was said about them."""
    return {name: value for name, value in given.items() if value is not None} if isinstance(given, dict) else given


class FrequencyBody(Body):
    """``{"type": "weekly", "weekdays": ["monday"]}`` or ``{"type": "monthly", "day": 5}``."""

    type: Literal["weekly", "monthly"]
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None


class ContentBody(Body):
    """``{"type": "full", "paid_within_days": 90}`` or ``{"type": "overdue", "min_days_overdue": 10}``."""

    type: Literal["full", "overdue"]
    paid_within_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    min_days_overdue: Annotated[int, Field(ge=1, le=3650)] | None = None


class AudienceBody(Body):
    """Each list is one-of; an empty one restricts nothing. ``where`` is a rule as the segmenter's search takes it."""

    segment_ids: Annotated[list[Id], Field(max_length=200)] = Field(default=[])
    customer_types: list[Literal["person", "company"]] = Field(default=[])
    aging_buckets: Annotated[
        list[Annotated[str, Field(pattern=r"^(current|[1-9]\d{0,4}-[1-9]\d{0,4}|[1-9]\d{0,4}\+)$")]],
        Field(max_length=50),
    ] = Field(default=[])
    where: dict[str, Any] | None = None

    _absent = model_validator(mode="before")(without_nulls)


class RuleBody(Body):
    """A statement rule; ``time`` and ``send_until`` are wall times in ``time_zone`` (default the business zone).

    A null is as good as nothing said. ``status`` is inactive at first; a repeat that does not name it lets it be.
    """

    name: ShortText
    frequency: FrequencyBody
    time: WallTime
    time_zone: ZoneName | None = None
    content: ContentBody
    audience: AudienceBody = AudienceBody()
    skip_when_empty: bool = True
    attach_pdf: bool = True
    catch_up_hours: Annotated[int, Field(ge=0, le=168)] = 6
    send_until: WallTime | None = None
    min_days_between_contacts: Annotated[int, Field(ge=0, le=3650)] = 0
    contact_window: ContactWindow | None = None
    active_from: IsoDate | None = None
    active_until: IsoDate | None = None
    status: Literal["active", "inactive"] | None = None

    _absent = model_validator(mode="before")(without_nulls)

    def rule(self, business_zone: str, stored: Rule | None) -> Rule:
        """The rule in our own words; ``stored`` itself where this only repeats it.

        Raises
        ------
        BadInput
            Its parts do not fit together.
        """
        mistakes = list(_misfits(self))
        if mistakes:
            raise BadInput(*mistakes)
        wanted = self._wanted(business_zone)
        is_repeat = stored and self.status is None and replace(wanted, status=stored.status) == stored
        return stored if stored and is_repeat else wanted

    def _wanted(self, business_zone: str) -> Rule:
        return Rule(
            name=self.name,
            frequency=_frequency(self.frequency),
            time=time.fromisoformat(self.time),
            time_zone=self.time_zone or business_zone,
            content=_content(self.content),
            audience=_audience(self.audience),
            skip_when_empty=self.skip_when_empty,
            attach_pdf=self.attach_pdf,
            catch_up_hours=self.catch_up_hours,
            send_until=time.fromisoformat(self.send_until) if self.send_until else None,
            min_days_between_contacts=self.min_days_between_contacts,
            contact_window=self.contact_window,
            active_from=self.active_from,
            active_until=self.active_until,
            status=self.status or "inactive",
        )


def _misfits(body: RuleBody) -> Iterator[Mistake]:
    weekly, full = body.frequency.type == "weekly", body.content.type == "full"
    yield from _wanted("/frequency/weekdays", body.frequency.weekdays, weekly)
    yield from _wanted("/frequency/day", body.frequency.day, not weekly)
    if not full:
        yield from _wanted("/content/min_days_overdue", body.content.min_days_overdue, wanted=True)
    elif body.content.min_days_overdue is not None:
        yield Mistake("/content/min_days_overdue", "not_allowed", "this goes with 'overdue'")
    if not full and body.content.paid_within_days is not None:
        yield Mistake("/content/paid_within_days", "not_allowed", "this goes with 'full'")
    if body.send_until is not None and body.send_until <= body.time:
        yield Mistake("/send_until", "out_of_range", "it must be later than 'time'")
    if (body.active_until or date.max) < (body.active_from or date.min):
        yield Mistake("/active_until", "out_of_range", "it must not be before 'active_from'")


def _wanted(pointer: str, value: Any, wanted: bool) -> Iterator[Mistake]:
    if wanted and value is None:
        yield Mistake(pointer, "required", "this type needs it")
    if not wanted and value is not None:
        yield Mistake(pointer, "not_allowed", "this goes with the other type")


def _frequency(body: FrequencyBody) -> Frequency:
    order = list(Weekday.__args__)  # type: ignore[attr-defined]
    return Frequency(type=body.type, weekdays=tuple(sorted(set(body.weekdays or ()), key=order.index)), day=body.day)


def _content(body: ContentBody) -> Content:
    days = (body.paid_within_days or 90) if body.type == "full" else None
    return Content(type=body.type, paid_within_days=days, min_days_overdue=body.min_days_overdue)


def _audience(body: AudienceBody) -> Audience:
    return Audience(
        segment_ids=tuple(sorted(set(body.segment_ids))),
        customer_types=tuple(sorted(set(body.customer_types))),
        aging_buckets=tuple(dict.fromkeys(body.aging_buckets)),
        where=body.where,
    )
