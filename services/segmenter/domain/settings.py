"""Settings that change verdicts: edited in the draft, published with a revision. Source: meaning.md 11, 18, 20."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

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
class Settings:
    """``aging_edges``: the last day of each bucket but the open one, ascending.

    ``top_cutoffs``: per billing currency, the amount from which a customer is *top*; fixed by each refresh, empty
    before the first.
    """

    aging_edges: tuple[int, ...] = (30, 60, 90)
    quick_filters: QuickFilters = QuickFilters()
    contactability: Contactability = Contactability()
    top_cutoffs: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def buckets(self) -> tuple[str, ...]:
        """Ids of the aging buckets, from ``current``."""
        starts = (1, *(edge + 1 for edge in self.aging_edges))
        ends = (f"-{edge}" for edge in self.aging_edges)
        return ("current", *(f"{start}{end}" for start, end in zip(starts, (*ends, "+"), strict=True)))
