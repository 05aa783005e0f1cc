"""How real invoices and payments look (how much, how soon due, how often refused), without whose they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from tests.journeys.real_sets import EDGERED, IBM, edgered_accounts, ibm_accounts
from tests.oracle.facts import Invoice, Payment


@dataclass(frozen=True)
class Shapes:
    """``invoices``: (amount, days until due). ``attempts``: (amount, status). ``source`` names where they are from."""

    source: str
    invoices: Sequence[tuple[Decimal, int]]
    attempts: Sequence[tuple[Decimal, str]]


def shapes() -> Shapes:
    """Those of the real sets where they are, else generated ones."""
    return _real() if EDGERED.exists() and IBM.exists() else _generated()


def _real() -> Shapes:
    invoices = [
        (fact.amount, (fact.due_on - fact.issued_on).days)
        for one in ibm_accounts()
        for fact in one.facts
        if isinstance(fact, Invoice) and fact.amount > 0
    ]
    attempts = [(f.amount, f.status) for one in edgered_accounts() for f in one.facts if isinstance(f, Payment)]
    return Shapes("invoices of ibm-ar, payment attempts of edgered-payments", invoices, attempts)


def _generated() -> Shapes:
    dice = Random(7)
    invoices = [(_amount(dice), dice.choice([0, 15, 30, 30, 60])) for _ in range(500)]
    attempts = [(_amount(dice), dice.choice(["succeeded"] * 5 + ["failed"])) for _ in range(500)]
    return Shapes("generated (the real sets are not here)", invoices, attempts)


def _amount(dice: Random) -> Decimal:
    return Decimal(f"{dice.randint(5, 900)}.{dice.choice(['00', '50', '25'])}")
