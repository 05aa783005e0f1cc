"""The settings that change verdicts, with their defaults (meaning.md 11, 12, 17-20)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

PLACEHOLDER_LOCAL_PARTS = frozenset(
    [
        "no",
        "na",
        "none",
        "noemail",
        "nomail",
        "sincorreo",
        "sinemail",
        "notiene",
        "notienecorreo",
        "noreply",
        "no-reply",
        "test",
        "prueba",
        "x",
        "xx",
        "xxx",
    ]
)
PLACEHOLDER_DOMAINS = frozenset(
    ["example.com", "example.org", "example.net", "noemail.com", "sincorreo.com", "test.com", "prueba.com"]
)


@dataclass(frozen=True)
class Score:
    """The risk is read from this variable, where the customer has it."""

    variable: str = "risk_score"
    high_below: Decimal = Decimal(400)
    low_from: Decimal = Decimal(700)


@dataclass(frozen=True)
class Risk:
    """What is a high and what a low risk."""

    grace_days: int = 0
    high_days_past_due_over: int = 60
    high_average_days_late_over: Decimal = Decimal(30)
    high_broken_promises_from: int = 2
    high_on_time_ratio_under: Decimal = Decimal("0.5")
    low_average_days_late_up_to: Decimal = Decimal(5)
    low_on_time_ratio_from: Decimal = Decimal("0.9")
    low_overdue: bool = False
    low_broken_promises: int = 0
    score: Score | None = None


@dataclass(frozen=True)
class Settings:
    """The published settings; ``top_cutoffs`` is what the last refresh fixed, amount per currency."""

    aging_edges: tuple[int, int, int] = (30, 60, 90)
    top_percentile: int = 80
    top_days: int = 365
    new_days: int = 30
    recent_days: int = 30
    recurring_months: int = 6
    recurring_at_least: int = 3
    top_cutoffs: dict[str, Decimal] = field(default_factory=dict)
    placeholder_local_parts: frozenset[str] = PLACEHOLDER_LOCAL_PARTS
    placeholder_domains: frozenset[str] = PLACEHOLDER_DOMAINS
    risk: Risk = Risk()
    holidays: frozenset[date] = frozenset()
