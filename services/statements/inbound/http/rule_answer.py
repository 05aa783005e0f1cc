"""A statement rule in answers: every field a body may have, and what is known of it besides."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from services.statements.domain.calendar import Occurrence
from services.statements.domain.contact_windows import ContactWindow
from services.statements.domain.rule import Content, Frequency, Rule
from services.statements.usecases.read_rules import RuleView
from shared.basics.days import zone
from shared.http.answers import instant_text


class WeeklyAnswer(BaseModel):
    """On some weekdays of every week."""

    type: Literal["weekly"] = "weekly"
    weekdays: list[str]


class MonthlyAnswer(BaseModel):
    """On one day of every month; in a shorter month on its last."""

    type: Literal["monthly"] = "monthly"
    day: int


class FullAnswer(BaseModel):
    """Everything owed, and what moved within some days."""

    type: Literal["full"] = "full"
    paid_within_days: int


class OverdueAnswer(BaseModel):
    """Open invoices overdue by some days or more."""

    type: Literal["overdue"] = "overdue"
    min_days_overdue: int


class AudienceAnswer(BaseModel):
    """Each list is one-of; an empty one restricts nothing."""

    segment_ids: list[str]
    customer_types: list[str]
    aging_buckets: list[str]
    where: dict[str, Any] | None


class NextAnswer(BaseModel):
    """When the rule is due next: the period, the instant in UTC, and the same on the rule's wall clock."""

    period: str
    at: str
    local: str


class LastRunAnswer(BaseModel):
    """The newest run."""

    run_id: str
    period: str
    due_at: str
    state: str
    reason: str | None


class RuleAnswer(BaseModel):
    """A rule. ``needs_attention``: it names a segment or bucket that is gone; periods are missed until it is edited."""

    rule_id: str
    version: int
    name: str
    frequency: WeeklyAnswer | MonthlyAnswer
    time: str
    time_zone: str
    content: FullAnswer | OverdueAnswer
    audience: AudienceAnswer
    skip_when_empty: bool
    attach_pdf: bool
    catch_up_hours: int
    send_until: str | None
    min_days_between_contacts: int
    contact_window: ContactWindow | None
    active_from: date | None
    active_until: date | None
    status: Literal["active", "inactive"]
    needs_attention: bool
    next_occurrence: NextAnswer | None
    last_run: LastRunAnswer | None

    @classmethod
    def of(cls, view: RuleView) -> "RuleAnswer":
        rule, last = view.stored.rule, view.last_run
        return cls(
            rule_id=view.stored.rule_id,
            version=view.stored.version,
            name=rule.name,
            frequency=frequency_answer(rule.frequency),
            time=rule.time.isoformat("minutes"),
            time_zone=rule.time_zone,
            content=content_answer(rule.content),
            audience=_audience(rule),
            skip_when_empty=rule.skip_when_empty,
            attach_pdf=rule.attach_pdf,
            catch_up_hours=rule.catch_up_hours,
            send_until=rule.send_until.isoformat("minutes") if rule.send_until else None,
            min_days_between_contacts=rule.min_days_between_contacts,
            contact_window=rule.contact_window,
            active_from=rule.active_from,
            active_until=rule.active_until,
            status=rule.status,
            needs_attention=view.needs_attention,
            next_occurrence=_next(rule, view.following) if view.following else None,
            last_run=LastRunAnswer(
                run_id=last.run_id,
                period=last.period,
                due_at=instant_text(last.due_at),
                state=last.state,
                reason=last.reason,
            )
            if last
            else None,
        )


def local_text(instant: datetime, time_zone: str) -> str:
    """An instant as the wall clock of a zone shows it, with its offset."""
    return instant.astimezone(zone(time_zone)).isoformat(timespec="seconds")


def frequency_answer(frequency: Frequency) -> WeeklyAnswer | MonthlyAnswer:
    """A frequency with only the field that its type has."""
    if frequency.type == "weekly":
        return WeeklyAnswer(weekdays=list(frequency.weekdays))
    return MonthlyAnswer(day=frequency.day or 1)


def content_answer(content: Content) -> FullAnswer | OverdueAnswer:
    """A content with only the field that its type has."""
    if content.type == "full":
        return FullAnswer(paid_within_days=content.paid_within_days or 0)
    return OverdueAnswer(min_days_overdue=content.min_days_overdue or 1)


def _audience(rule: Rule) -> AudienceAnswer:
    return AudienceAnswer(
        segment_ids=list(rule.audience.segment_ids),
        customer_types=list(rule.audience.customer_types),
        aging_buckets=list(rule.audience.aging_buckets),
        where=rule.audience.where,
    )


def _next(rule: Rule, occurrence: Occurrence) -> NextAnswer:
    return NextAnswer(
        period=occurrence.period,
        at=instant_text(occurrence.at),
        local=local_text(occurrence.at, rule.time_zone),
    )
