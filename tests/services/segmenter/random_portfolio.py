"""A made-up portfolio for comparisons with the oracle: everything may be missing, late, foreign or on an edge."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.oracle.facts import Account, Customer, Fact, Money
from tests.services.segmenter.random_facts import EDGES, Happening

EMAILS = (None, "ana@correo.co", "NoReply@correo.co", "x@prueba.com", "test@correo.co", " Eva@Correo.co ")
PHONES = (None, "1", "6011111111", "111 1111", "+57 300 123 4567")
NAMES = ("Ana Pérez", "JOSÉ LARA", "Mercados S.A.", "100% Agua_Viva")
CITIES = (None, "Bogotá D.C.", "bogota d.c.", "Medellín", "  ")


def portfolio(random: Random, today: date, size: int) -> list[Account]:
    """So many customers with up to thirty facts each."""
    return [_account(random, today, f"c-{number:03}") for number in range(size)]


def _account(random: Random, today: date, customer_id: str) -> Account:
    currency = random.choice(("COP", "COP", "COP", "USD"))
    facts: list[Fact] = []
    for _ in range(random.choice((0, 1, 3, 8, 16, 30))):
        fact = Happening(random, today).next_of(facts, currency)
        facts += [fact] if fact else []
    customer = Customer(
        customer_id=customer_id,
        name=random.choice(NAMES),
        type=random.choice(("person", "company")),
        registered_on=today - timedelta(days=random.choice(EDGES)),
        currency=currency,
        email=random.choice(EMAILS),
        emails=tuple(filter(None, random.choices(EMAILS, k=random.choice((0, 0, 1, 2))))),
        phone=random.choice(PHONES),
        country=random.choice((None, "CO", "MX")),
        portfolio=random.choice((None, "Energía", "gas")),
        risk_score=random.choice((None, Decimal(300), Decimal("612.5"), Decimal(700))),
        archived=random.random() < 0.2,
        unreachable=frozenset(random.choice(((), ("ana@correo.co",), ("eva@correo.co", "ana@correo.co")))),
        variables=_variables(random, today),
    )
    return Account(customer, facts)


def _variables(random: Random, today: date) -> dict[str, Any]:
    drawn = {
        "ciudad": random.choice(CITIES),
        "estrato": random.choice((None, Decimal(1), Decimal(2), Decimal("2.5"))),
        "cupo": random.choice((None, Money(Decimal(100), "COP"), Money(Decimal("100.0001"), "USD"))),
        "contrato": random.choice((None, today - timedelta(days=random.choice(EDGES)), today + timedelta(days=1))),
        "vip": random.choice((None, True, False)),
        "canal": random.choice((None, "correo", "llamada")),
    }
    return {key: value for key, value in drawn.items() if value is not None}
