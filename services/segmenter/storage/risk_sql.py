"""The risk level as one expression, its tests in the order of what they cost. Source: meaning.md 19."""

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
    high, low = settings.risk.high, settings.risk.low
    promises, ratio = broken_promises(settings, binds), on_time_ratio(settings)
    is_high = (
        f"{DAYS_PAST_DUE} > {high.days_past_due_over} OR {promises} >= {high.broken_promises_from}"
        f" OR {AVERAGE_DAYS_LATE} > {_number(high.average_days_late_over, binds)}"
        f" OR {ratio} < {_number(high.on_time_ratio_under, binds)}"
    )
    has_no_history = (
        "b.last_attempt_at IS NULL AND NOT EXISTS (SELECT FROM invoices o WHERE o.customer_id = c.customer_id"
        f" AND o.voided_on IS NULL AND o.due_on <= {AS_OF}) AND {promises} = 0"
    )
    is_low = (
        f"{'' if low.overdue else f'{DAYS_PAST_DUE} = 0 AND '}{promises} <= {low.broken_promises}"
        f" AND {AVERAGE_DAYS_LATE} <= {_number(low.average_days_late_up_to, binds)}"
        f" AND {ratio} >= {_number(low.on_time_ratio_from, binds)}"
    )
    return (
        f"(CASE WHEN {is_high} THEN 'high' WHEN {has_no_history} THEN 'unknown'"
        f" WHEN {is_low} THEN 'low' ELSE 'medium' END)"
    )


def _number(value: Decimal, binds: Binds) -> str:
    return binds.bind(value, "numeric")
