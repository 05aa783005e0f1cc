"""From which amount paid a customer is *top* (meaning.md 20)."""

from datetime import date
from decimal import Decimal

from tests.oracle.facts import Account
from tests.oracle.settings import Settings
from tests.oracle.variables import at, value_of


def top_cutoffs(accounts: list[Account], as_of: date, settings: Settings) -> dict[str, Decimal]:
    """What a refresh on a day fixes: the discrete percentile of amounts paid, per billing currency (20)."""
    amounts: dict[str, list[Decimal]] = {}
    for account in accounts:
        paid = value_of(at(account, as_of, settings), "amount_paid", settings.top_days)
        if paid.amount > 0:
            amounts.setdefault(paid.currency, []).append(paid.amount)
    return {currency: _percentile(sorted(values), settings.top_percentile) for currency, values in amounts.items()}


def _percentile(ordered: list[Decimal], percent: int) -> Decimal:
    """The first value whose rank reaches so many percent of them all."""
    for rank, value in enumerate(ordered, start=1):
        if rank * 100 >= percent * len(ordered):
            return value
    return ordered[-1]
