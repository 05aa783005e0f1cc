"""The settings that change verdicts, with their defaults (meaning.md 11, 18, 20)."""

from dataclasses import dataclass, field
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
