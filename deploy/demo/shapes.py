"""How payers behave: the published parameters of real ledgers, as draws from a seeded generator.

Only published summary figures are used (shares, percentiles, lognormal parameters); no row of any ledger is copied.
Delays and late shares are those of an accounts-receivable set, failures and recoveries those of a direct-debit
ledger, months behind those of credit-card accounts, parts and amounts those of a fines ledger and a hosting company.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from random import Random

Table = Sequence[tuple[float, float]]
"""A distribution by its known percentiles: (share at or below, value), straight in between."""

LATE_SHARE: Table = ((0, 0), (0.25, 0.06), (0.5, 0.25), (0.75, 0.66), (0.9, 0.88), (1, 1))
"""Share of a payer's invoices that are paid late, over payers."""
DAYS_LATE: Table = ((0, 1), (0.5, 8), (0.8, 15), (0.86, 18), (0.99, 30), (1, 45))
DAYS_EARLY: Table = ((0, 1), (0.18, 4), (0.59, 12), (0.92, 24), (0.985, 28), (1, 29))
ON_THE_DAY = 0.034 / 0.644
"""Share paid on the due day itself, of what is not paid late."""

PAYERS_WITH_FAILURES = 0.26
FAILING_SHARE = (0.10, 0.48)
"""Share of the attempts of such a payer that fail: together about 8 % of all attempts."""
RECOVERED: Table = ((0.23, 0), (0.79, 7), (0.89, 14), (0.93, 30), (0.955, 60))
"""Days from a failed attempt to the next; beyond the last share there is none."""

MONTHS_BEHIND = ((0, 66.4), (1, 14.8), (2, 6.3), (3, 3.9), (4, 3.2), (5, 1.0), (6, 4.5))
PAYS_IN_PARTS = 0.108
PAYS_TWICE = 0.022
LEFT_WITHIN_THE_YEAR = 0.113
MONTHS_AS_CUSTOMER: Table = ((0, 0), (0.5, 29), (1, 72))
METHODS = (("PSE", 33.6), ("Efectivo", 22.9), ("Transferencia", 21.9), ("Tarjeta de crédito", 21.6))

_FARTHEST = 2.6  # standard deviations: keeps one amount from being the whole portfolio


def at_share(table: Table, share: float) -> float:
    """The value at a share (0 to 1) of a distribution."""
    for (low, value), (high, following) in pairwise(table):
        if share <= high:
            return value + (following - value) * max(0.0, share - low) / (high - low)
    return table[-1][1]


def days_after_due(draw: Random, late_share: float) -> int:
    """When an invoice is paid: days after its due date, negative before."""
    if draw.random() < late_share:
        return round(at_share(DAYS_LATE, draw.random()))
    if draw.random() < ON_THE_DAY:
        return 0
    return -round(at_share(DAYS_EARLY, draw.random()))


def days_to_recover(draw: Random) -> int | None:
    """Days from a failed attempt to the next one, None when there is none."""
    share = draw.random()
    return math.ceil(at_share(RECOVERED, share)) if share <= RECOVERED[-1][0] else None


def lognormal(draw: Random, median: float, sigma: float) -> float:
    """An amount around ``median``."""
    farthest = max(-_FARTHEST, min(_FARTHEST, draw.gauss(0, 1)))
    return median * math.exp(sigma * farthest)


def one_of(draw: Random, weighted: Sequence[tuple[str, float]]) -> str:
    """One of several words by weight."""
    return draw.choices([word for word, _ in weighted], [weight for _, weight in weighted])[0]


def months_behind(draw: Random) -> int:
    """Months of invoices that a payer leaves unpaid by the end of the year: 0 to 6."""
    return draw.choices([months for months, _ in MONTHS_BEHIND], [weight for _, weight in MONTHS_BEHIND])[0]
