"""A made-up portfolio for comparisons with the oracle: everything may be missing, late, foreign or on an edge."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.oracle.facts import BUSINESS_ZONE, Account, Customer, Fact, Invoice, Money, Payment

EDGES = (0, 1, 7, 29, 30, 31, 60, 61, 89, 90, 91, 180, 365, 366, 500)
EMAILS = (None, "ana@correo.co", "NoReply@correo.co", "x@prueba.com", "test@correo.co", " Eva@Correo.co ")
PHONES = (None, "1", "6011111111", "111 1111", "+57 300 123 4567")
NAMES = ("Ana Pérez", "JOSÉ LARA", "Mercados S.A.", "100% Agua_Viva")
PRODUCTS = (None, "Luz", "Gas", "agua")
CITIES = (None, "Bogotá D.C.", "bogota d.c.", "Medellín", "  ")


def portfolio(random: Random, today: date, size: int) -> list[Account]:
    """So many customers with up to a dozen facts each."""
    return [_account(random, today, f"c-{number:03}") for number in range(size)]


def _account(random: Random, today: date, customer_id: str) -> Account:
    currency = random.choice(("COP", "COP", "COP", "USD"))
    facts = [_fact(random, today, currency, number) for number in range(random.choice((0, 1, 3, 6, 12)))]
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
        risk_score=random.choice((None, Decimal(500), Decimal("612.5"))),
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


def _fact(random: Random, today: date, currency: str, number: int) -> Fact:
    day = today - timedelta(days=random.choice(EDGES))
    amount = Decimal(random.choice(("50", "100", "100.25", "300")))
    of = random.choice((currency, currency, currency, "USD"))
    if random.random() < 0.4:
        due_on = day + timedelta(days=random.choice((-3, 0, 15, 30, 60)))
        product = random.choice(PRODUCTS)
        return Invoice(
            invoice_id=f"i-{number}", issued_on=day, due_on=due_on, amount=amount, currency=of, product=product
        )
    return Payment(
        payment_id=f"p-{number}",
        occurred_at=datetime.combine(day, time(random.randint(0, 12)), BUSINESS_ZONE),
        amount=amount,
        currency=of,
        status=random.choice(("succeeded", "failed")),
    )
