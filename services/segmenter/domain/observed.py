"""What is observed of a variable over all customers: for how many it is loaded, and between which values it lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Range:
    """The least and the greatest value observed; of money in one currency, elsewhere ``currency`` is None."""

    low: Decimal | date
    high: Decimal | date
    currency: str | None = None


@dataclass(frozen=True)
class Observed:
    """Customers for whom a variable is loaded, and its ranges: none without values, of money one per currency.

    What is never missing is loaded for whoever has a fact of its kind. Values of windowed variables are those for all
    time, so over fewer days a customer's may be less. Source: meaning.md 32.
    """

    loaded: int = 0
    ranges: tuple[Range, ...] = ()


NOTHING = Observed()


@dataclass(frozen=True)
class Observations:
    """By variable, over so many customers (``of``); ``counted_at``: when the counting began, None before the first."""

    of: int
    counted_at: datetime | None
    variables: Mapping[str, Observed]

    def get(self, key: str) -> Observed | None:
        """What is observed of a variable; None if it was not counted yet."""
        return self.variables.get(key)
