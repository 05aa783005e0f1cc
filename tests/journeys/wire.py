"""The oracle's facts as an integrator would send them: bodies, paths and batch lines."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.facts import Account, Customer, Fact, Invoice, Money, Payment

Body = dict[str, Any]


def customer_body(customer: Customer) -> Body:
    """The body of ``PUT /v1/customers/{id}``."""
    document = {"type": customer.document_type, "number": customer.document_number}
    return {
        "type": customer.type,
        "name": customer.name,
        "currency": customer.currency,
        "registered_on": customer.registered_on.isoformat(),
        "email": customer.email,
        "emails": list(customer.emails),
        "phone": customer.phone,
        "document": document if customer.document_number else None,
        "country": customer.country,
        "portfolio": customer.portfolio,
        "client_type": customer.client_type,
        "language": customer.language,
        "variables": {key: _variable(value) for key, value in customer.variables.items()},
    }


def _variable(value: Any) -> Any:
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    return value.isoformat() if isinstance(value, date) else value


def money(value: Money) -> Body:
    return {"amount": str(value.amount), "currency": value.currency}


def fact_body(fact: Fact) -> Body:
    """The body of a fact's PUT."""
    if isinstance(fact, Invoice):
        return _invoice_body(fact)
    assert isinstance(fact, Payment)
    return _payment_body(fact)


def _invoice_body(invoice: Invoice) -> Body:
    return {
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "amount": money(Money(invoice.amount, invoice.currency)),
        "product": invoice.product,
        "number": invoice.number,
    }


def _payment_body(payment: Payment) -> Body:
    return {
        "status": payment.status,
        "amount": money(Money(payment.amount, payment.currency)),
        "occurred_at": payment.occurred_at.isoformat(),
        "allocations": [
            {"invoice_id": invoice_id, "amount": money(Money(amount, payment.currency))}
            for invoice_id, amount in payment.allocations
        ],
    }


def fact_id(fact: Fact) -> str:
    assert isinstance(fact, Invoice | Payment)
    return fact.invoice_id if isinstance(fact, Invoice) else fact.payment_id


def fact_path(customer_id: str, fact: Fact) -> str:
    """Where a fact is PUT."""
    noun = "invoices" if isinstance(fact, Invoice) else "payments"
    return f"/customers/{customer_id}/{noun}/{fact_id(fact)}"


def fact_line(customer_id: str, fact: Fact) -> Body:
    """A fact as a line of a batch."""
    kind = "invoice" if isinstance(fact, Invoice) else "payment"
    return {"kind": kind, "customer_id": customer_id, "id": fact_id(fact), **fact_body(fact)}


def account_lines(accounts: Iterable[Account]) -> Iterator[Body]:
    """Customers, each followed by its facts in the order received."""
    for account in accounts:
        customer = account.customer
        yield {"kind": "customer", "customer_id": customer.customer_id, **customer_body(customer)}
        for fact in account.facts:
            yield fact_line(customer.customer_id, fact)


def ndjson(lines: Iterable[Body]) -> bytes:
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
