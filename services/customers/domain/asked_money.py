"""An amount as callers may give it: alone, and then it is in the currency that its place implies."""

from dataclasses import dataclass
from decimal import Decimal

from services.customers.domain.terms import Terms
from shared.basics.money import Money


@dataclass(frozen=True)
class AskedMoney:
    """``currency`` None: the one that the place implies."""

    amount: Decimal
    currency: str | None = None

    def in_currency(self, implied: str) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency or implied)

    def check(self, terms: Terms, pointer: str) -> None:
        """Refuse a named currency the deployment does not know."""
        if self.currency is not None:
            terms.check_currency(self.currency, f"{pointer}/currency")
