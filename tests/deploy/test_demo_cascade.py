"""The demo's cascade over the demo's portfolio, judged by the oracle: nobody waits for the system to see its sense."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from deploy.demo.billing import Fact
from deploy.demo.cascade import FLOWS, SEGMENTS
from deploy.demo.payers import Payer
from deploy.demo.plan import FIRST_DAY, SEED
from deploy.demo.portfolio import Portfolio, make_portfolio
from tests.oracle import cascade, facts, variables
from tests.oracle.settings import Settings

LADDER = [cascade.Segment(key, body["name"], body["rule"]) for key, body in SEGMENTS.items()]


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return make_portfolio(SEED, customers=600, today=FIRST_DAY, days=30)


@pytest.mark.parametrize("days", [0, 29])
def test_every_segment_has_customers(portfolio: Portfolio, days: int) -> None:
    sizes = Counter(segments(portfolio, FIRST_DAY + timedelta(days=days)).values())
    assert all(sizes[segment_id] >= 2 for segment_id in (*SEGMENTS, cascade.DEFAULT)), sizes


def test_days_move_customers(portfolio: Portfolio) -> None:
    before, after = (segments(portfolio, FIRST_DAY + timedelta(days=days)) for days in (0, 29))
    assert sum(before[customer_id] != after[customer_id] for customer_id in before) > 60


def test_every_segment_points_to_a_flow() -> None:
    assert {body["flow_id"] for body in SEGMENTS.values()} < set(FLOWS)


def segments(portfolio: Portfolio, as_of: date) -> dict[str, str]:
    """Each customer's segment as of a day."""
    told: dict[str, list[facts.Fact]] = {payer.customer_id: [] for payer in portfolio.payers}
    for fact in portfolio.facts:
        told[fact.customer_id].append(_fact(fact))
    accounts = [facts.Account(_customer(payer), told[payer.customer_id]) for payer in portfolio.payers]
    moments = [variables.at(account, as_of, Settings()) for account in accounts]
    return {moment.account.customer.customer_id: cascade.segment_of(moment, LADDER) for moment in moments}


def _fact(fact: Fact) -> facts.Fact:
    amount = Decimal(fact.body["amount"])
    if fact.kind == "payment":
        return facts.Payment(payment_id=fact.id, occurred_at=fact.at, amount=amount, status=fact.body["status"])
    return facts.Invoice(
        invoice_id=fact.id,
        issued_on=date.fromisoformat(fact.body["issued_on"]),
        due_on=date.fromisoformat(fact.body["due_on"]),
        amount=amount,
        product=fact.body["product"],
    )


def _customer(payer: Payer) -> facts.Customer:
    body = payer.body
    return facts.Customer(
        customer_id=payer.customer_id,
        name=body["name"],
        registered_on=payer.registered_on,
        type=body["type"],
        email=body["email"],
        phone=body["phone"],
        portfolio=body["portfolio"],
        client_type=body.get("client_type"),
        risk_score=Decimal(body["risk_score"]) if "risk_score" in body else None,
        variables={key: _value(value) for key, value in body["variables"].items()},
    )


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return facts.Money(Decimal(value["amount"]), value["currency"])
    return Decimal(value) if isinstance(value, int) else value
