"""The risk level as one expression. Source: meaning.md 19."""

from decimal import Decimal

from services.segmenter.domain.settings import RISK_SCORE, Score, Settings
from services.segmenter.storage.agreement_sql import broken_promises
from services.segmenter.storage.binds import AS_OF, Binds
from services.segmenter.storage.debt_sql import DAYS_PAST_DUE
from services.segmenter.storage.punctuality_sql import AVERAGE_DAYS_LATE, on_time_ratio


def risk_sql(settings: Settings, binds: Binds) -> str:
    """``high``, ``unknown``, ``low`` or ``medium``: the first that holds."""
    by_behaviour = _by_behaviour(settings, binds)
    if settings.risk.score is None:
        return by_behaviour
    return f"coalesce({_by_score(settings.risk.score, binds)}, {by_behaviour})"


def score_sql(settings: Settings, binds: Binds) -> str:
    """The score that the level is read from; NULL where there is none."""
    return _value(settings.risk.score, binds) if settings.risk.score else "CAST(NULL AS numeric)"


def _value(score: Score, binds: Binds) -> str:
    if score.variable == RISK_SCORE:
        return "c.risk_score"
    return f"CAST(c.variables ->> {binds.bind(score.variable, 'text')} AS numeric)"


def _by_score(score: Score, binds: Binds) -> str:
    value = _value(score, binds)
    below, low = _number(score.high_below, binds), _number(score.low_from, binds)
    return (
        f"(CASE WHEN {value} < {below} THEN 'high' WHEN {value} >= {low} THEN 'low'"
        f" WHEN {value} IS NOT NULL THEN 'medium' END)"
    )


def _by_behaviour(settings: Settings, binds: Binds) -> str:
    """Each figure is worked out once (the ``OFFSET 0`` keeps the planner from copying it into every test)."""
    high, low = settings.risk.high, settings.risk.low
    figures = (
        f"SELECT {DAYS_PAST_DUE} AS past_due, {broken_promises(settings, binds)} AS broken,"
        f" {AVERAGE_DAYS_LATE} AS late, {on_time_ratio(settings)} AS ratio OFFSET 0"
    )
    is_high = (
        f"f.past_due > {high.days_past_due_over} OR f.broken >= {high.broken_promises_from}"
        f" OR f.late > {_number(high.average_days_late_over, binds)}"
        f" OR f.ratio < {_number(high.on_time_ratio_under, binds)}"
    )
    has_no_history = (
        "b.last_attempt_at IS NULL AND f.broken = 0 AND f.past_due = 0 AND NOT EXISTS (SELECT FROM invoices o"
        f" WHERE o.customer_id = c.customer_id AND o.voided_on IS NULL AND o.due_on <= {AS_OF})"
    )
    is_low = (
        f"{'' if low.overdue else 'f.past_due = 0 AND '}f.broken <= {low.broken_promises}"
        f" AND f.late <= {_number(low.average_days_late_up_to, binds)}"
        f" AND f.ratio >= {_number(low.on_time_ratio_from, binds)}"
    )
    return (
        f"(SELECT CASE WHEN {is_high} THEN 'high' WHEN {has_no_history} THEN 'unknown'"
        f" WHEN {is_low} THEN 'low' ELSE 'medium' END FROM ({figures}) AS f)"
    )


def _number(value: Decimal, binds: Binds) -> str:
    return binds.bind(value, "numeric")
