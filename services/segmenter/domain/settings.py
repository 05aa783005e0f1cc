"""Settings that change verdicts: edited in the draft, published with a revision. Source: meaning.md 11, 17-20."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

RISK_SCORE = "risk_score"
RISK_LEVELS = ("low", "medium", "high", "unknown")

_PLACEHOLDER_LOCAL_PARTS = (
    "no na none noemail nomail sincorreo sinemail notiene notienecorreo noreply no-reply test prueba x xx xxx"
)
_PLACEHOLDER_DOMAINS = "example.com example.org example.net noemail.com sincorreo.com test.com prueba.com"


@dataclass(frozen=True)
class QuickFilters:
    """Thresholds of the four quick filters; days and months are whole."""

    top_percentile: int = 80
    top_days: int = 365
    new_days: int = 30
    recent_days: int = 30
    recurring_months: int = 6
    recurring_at_least: int = 3


@dataclass(frozen=True)
class Contactability:
    """E-mail addresses that are placeholders: by the part before the @, or by the domain (both lower-case)."""

    local_parts: tuple[str, ...] = tuple(_PLACEHOLDER_LOCAL_PARTS.split())
    domains: tuple[str, ...] = tuple(_PLACEHOLDER_DOMAINS.split())


@dataclass(frozen=True)
class HighRisk:
    """Any of these is a high risk."""

    days_past_due_over: int = 60
    average_days_late_over: Decimal = Decimal(30)
    broken_promises_from: int = 2
    on_time_ratio_under: Decimal = Decimal("0.5")


@dataclass(frozen=True)
class LowRisk:
    """All of these are a low risk; ``overdue``: whether being overdue is allowed, ``broken_promises``: how many are."""

    average_days_late_up_to: Decimal = Decimal(5)
    on_time_ratio_from: Decimal = Decimal("0.9")
    overdue: bool = False
    broken_promises: int = 0


@dataclass(frozen=True)
class Score:
    """The risk is read from a score, ``risk_score`` or a custom number, of customers that have it."""

    variable: str = RISK_SCORE
    high_below: Decimal = Decimal(400)
    low_from: Decimal = Decimal(700)


@dataclass(frozen=True)
class Risk:
    """How the risk level is found; within ``grace_days`` after it fell due an invoice is still paid on time."""

    grace_days: int = 0
    high: HighRisk = HighRisk()
    low: LowRisk = LowRisk()
    score: Score | None = None


@dataclass(frozen=True)
class Settings:
    """``aging_edges``: the last day of each bucket but the open one, ascending. ``holidays``: no business days.

    ``top_cutoffs``: per billing currency, the amount from which a customer is *top*; fixed by each refresh, empty
    before the first.
    """

    aging_edges: tuple[int, ...] = (30, 60, 90)
    quick_filters: QuickFilters = QuickFilters()
    contactability: Contactability = Contactability()
    top_cutoffs: Mapping[str, Decimal] = field(default_factory=dict)
    risk: Risk = Risk()
    holidays: tuple[date, ...] = ()

    @property
    def buckets(self) -> tuple[str, ...]:
        """Ids of the aging buckets, from ``current``."""
        starts = (1, *(edge + 1 for edge in self.aging_edges))
        ends = (f"-{edge}" for edge in self.aging_edges)
        return ("current", *(f"{start}{end}" for start, end in zip(starts, (*ends, "+"), strict=True)))
