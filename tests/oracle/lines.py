"""Batch lines, as an integrator sends them, as the oracle's accounts; what the contract cannot hold is left out."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.oracle.facts import BUSINESS_ZONE, Account, Customer, Fact, Invoice, Payment

Line = Mapping[str, Any]


def accounts_of(lines: Iterable[Line]) -> dict[str, Account]:
    """Every customer with its facts in the order of the lines; customers come before their facts."""
    found: dict[str, Account] = {}
    for line in lines:
        owner = line["customer_id"]
        if line["kind"] == "customer":
            found[owner] = Account(_customer(line), [])
        elif is_holdable(line):
            found[owner].facts.append(_fact(line, found[owner].customer.currency))
    return found


def is_holdable(line: Line) -> bool:
    """Whether the contract can hold a line: an invoice has its dates and no amount below 0, a payment one above."""
    if line["kind"] == "invoice":
        return "issued_on" in line and Decimal(line["amount"]) >= 0
    return line["kind"] != "payment" or Decimal(line["amount"]) > 0


def day_of(line: Line) -> date | None:
    """The business date of a fact, where its line says one."""
    if "occurred_at" in line:
        return datetime.fromisoformat(line["occurred_at"]).astimezone(BUSINESS_ZONE).date()
    return date.fromisoformat(line["issued_on"]) if "issued_on" in line else None


def _customer(line: Line) -> Customer:
    return Customer(
        customer_id=line["customer_id"],
        name=line["name"],
        type=line["type"],
        currency=line["currency"],
        email=line.get("email"),
        registered_on=date.fromisoformat(line["registered_on"]),
    )


def _fact(line: Line, currency: str) -> Fact:
    amount = Decimal(line["amount"])
    if line["kind"] == "invoice":
        issued_on, due_on = (date.fromisoformat(line[name]) for name in ("issued_on", "due_on"))
        return Invoice(invoice_id=line["id"], issued_on=issued_on, due_on=due_on, amount=amount, currency=currency)
    return Payment(
        payment_id=line["id"],
        occurred_at=datetime.fromisoformat(line["occurred_at"]),
        amount=amount,
        status=line["status"],
        currency=currency,
        allocations=tuple((one["invoice_id"], Decimal(one["amount"])) for one in line.get("allocations", ())),
    )
