"""What people might want of the segmenter, made up at random: segments, settings, alert rules."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from services.segmenter.domain.settings import Settings as ProductSettings
from services.segmenter.domain.variables import catalogue
from tests.oracle.alerts import AlertRule
from tests.oracle.cascade import Segment
from tests.oracle.rules import Rule
from tests.oracle.settings import Risk, Score, Settings
from tests.services.segmenter.rules.language import CUSTOM
from tests.services.segmenter.rules.random_rules import random_rule

ANY = catalogue(CUSTOM, ProductSettings().buckets)
SEGMENTABLE = {key: one for key, one in ANY.items() if not one.is_aging}
EDGELESS = {key: one for key, one in ANY.items() if key != "aging_bucket"}
"""The ids of buckets depend on settings, which a rule at random does not know."""

USUAL: tuple[Rule, ...] = (
    {"variable": "broken_promises", "operator": "gt", "value": 0},
    {"variable": "risk_level", "operator": "in", "value": ["high", "unknown"]},
    {"variable": "on_time_ratio", "operator": "gte", "value": 0.5},
    {"variable": "open_disputes", "operator": "gt", "value": 0},
    {"variable": "active_subscriptions", "operator": "gt", "value": 0},
    {"variable": "last_activity_on", "operator": "within_last_days", "value": 7},
    {"variable": "last_payment_on", "operator": "not_within_last_days", "value": 7},
    {"variable": "average_days_late", "operator": "gt", "value": 3},
    {"variable": "failed_payments", "operator": "gt", "value": 0, "within_days": 30},
    {"variable": "amount_paid", "operator": "gte", "value": {"amount": "100", "currency": "COP"}, "within_days": 7},
    {"variable": "overdue_balance", "operator": "gt", "value": {"amount": "50", "currency": "COP"}},
    {"variable": "is_recurring", "operator": "eq", "value": True},
    {"variable": "is_new", "operator": "eq", "value": True},
    {"variable": "is_top", "operator": "eq", "value": True},
    {"variable": "contactability_problem", "operator": "eq", "value": False},
)
AGING: tuple[Rule, ...] = (
    {"variable": "days_past_due", "operator": "gt", "value": 0},
    {"variable": "days_past_due", "operator": "between", "value": [1, 30]},
    {"not": {"variable": "oldest_due_on", "operator": "within_last_days", "value": 30}},
)
PLAIN = Settings(
    top_days=180,
    placeholder_local_parts=frozenset(["noreply", "test"]),
    placeholder_domains=frozenset(["prueba.com"]),
)
SETTINGS = (
    PLAIN,
    replace(PLAIN, aging_edges=(15, 45, 89), risk=Risk(grace_days=3), top_percentile=55),
    replace(PLAIN, holidays=frozenset(date(2026, 3, 9) + timedelta(days=n) for n in (1, 2, 7, 30))),
    replace(PLAIN, new_days=60, recent_days=7, recurring_months=3, recurring_at_least=2, top_days=30),
    replace(PLAIN, risk=Risk(score=Score())),
    replace(PLAIN, risk=Risk(score=Score("estrato", Decimal(2), Decimal("2.5")), low_overdue=True)),
    replace(PLAIN, risk=Risk(high_days_past_due_over=30, low_on_time_ratio_from=Decimal("0.4")), aging_edges=(1, 2, 3)),
)


def a_segment(random: Random, segment_id: str, today: date) -> Segment:
    """A segment that often has somebody in it."""
    rule = random.choice(USUAL) if random.random() < 0.6 else random_rule(random, SEGMENTABLE, today)
    return Segment(segment_id, f"Segmento {segment_id}", rule)


def an_alert_rule(random: Random, rule_id: str, today: date, segment_ids: list[str], settings: Settings) -> AlertRule:
    """An alert rule over segments that there are, over aging or over anything."""
    named = tuple(random.sample(segment_ids, k=min(len(segment_ids), random.choice((0, 0, 1, 2)))))
    return AlertRule(
        rule_id=rule_id,
        when=None if named and random.random() < 0.5 else _when(random, today, settings),
        segment_ids=named,
        action=random.choice(("notify", "call", "message")),
        existing=random.choice(("ignore", "raise")),
        is_active=random.random() < 0.85,
    )


def _when(random: Random, today: date, settings: Settings) -> Rule:
    first, second, _ = settings.aging_edges
    in_a_bucket: Rule = {"variable": "aging_bucket", "operator": "in", "value": [f"{first + 1}-{second}", "current"]}
    if random.random() < 0.6:
        return random.choice((*AGING, *USUAL, in_a_bucket))
    return random_rule(random, EDGELESS, today)


def alert_rule_body(rule: AlertRule) -> dict[str, Any]:
    """As it is put."""
    text = {"subject": {"es": "Aviso"}, "body": {"es": "Su factura está vencida."}}
    return {
        "name": f"Regla {rule.rule_id}",
        "when": rule.when,
        "segment_ids": list(rule.segment_ids),
        "action": rule.action,
        "message": text if rule.action == "message" else None,
        "existing": rule.existing,
        "status": "active" if rule.is_active else "inactive",
    }


def settings_body(settings: Settings) -> dict[str, Any]:
    """As they are put."""
    quick = ("top_percentile", "top_days", "new_days", "recent_days", "recurring_months", "recurring_at_least")
    return {
        "aging_edges": list(settings.aging_edges),
        "quick_filters": {name: getattr(settings, name) for name in quick},
        "contactability": {
            "local_parts": sorted(settings.placeholder_local_parts),
            "domains": sorted(settings.placeholder_domains),
        },
        "risk": _risk_body(settings.risk),
        "holidays": [day.isoformat() for day in sorted(settings.holidays)],
    }


def _risk_body(risk: Risk) -> dict[str, Any]:
    score = risk.score and {
        "variable": risk.score.variable,
        "high_below": str(risk.score.high_below),
        "low_from": str(risk.score.low_from),
    }
    return {
        "grace_days": risk.grace_days,
        "high": {
            "days_past_due_over": risk.high_days_past_due_over,
            "average_days_late_over": str(risk.high_average_days_late_over),
            "broken_promises_from": risk.high_broken_promises_from,
            "on_time_ratio_under": str(risk.high_on_time_ratio_under),
        },
        "low": {
            "average_days_late_up_to": str(risk.low_average_days_late_up_to),
            "on_time_ratio_from": str(risk.low_on_time_ratio_from),
            "overdue": risk.low_overdue,
            "broken_promises": risk.low_broken_promises,
        },
        "score": score,
    }
