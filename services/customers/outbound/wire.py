"""Facts in wire words: what events and snapshots say of them, who say more of money facts, each its own."""

from collections.abc import Iterable
from typing import Any

from services.customers.domain.credit_note import CreditNote
from services.customers.domain.customer import Customer, Document
from services.customers.domain.invoice import Invoice
from services.customers.domain.payment import Payment
from services.customers.domain.refund import Refund
from services.customers.domain.variable import Variable
from services.customers.domain.variable_values import Value
from shared.basics.ledger.values import Application, Debt, Effect
from shared.basics.money import Money
from shared.contracts import customers_v1 as wire
from shared.contracts import values
from shared.contracts.values import wire_money


def _money(value: Money) -> values.Money:
    return wire_money(value.amount, value.currency)


def _loaded(value: Value) -> wire.VariableValue:
    return _money(value) if isinstance(value, Money) else value


def _document(value: Document | None) -> wire.Document | None:
    return wire.Document(value.type, value.number, value.country) if value else None


def customer(fact: Customer) -> wire.Customer:
    """A customer on the wire."""
    said = fact.particulars
    return wire.Customer(
        customer_id=fact.customer_id,
        type=said.type,
        name=said.name,
        currency=fact.currency,
        registered_on=fact.registered_on,
        email=said.email,
        emails=list(said.emails),
        phone=said.phone,
        document=_document(said.document),
        language=said.language,
        time_zone=said.time_zone,
        country=said.country,
        portfolio=said.portfolio,
        client_type=said.client_type,
        risk_score=said.risk_score,
        do_not_contact_until=said.do_not_contact_until,
        variables={key: _loaded(value) for key, value in sorted(fact.variables.items())},
        archived=fact.archived,
    )


def variable(fact: Variable) -> wire.VariableDeclared:
    """A declaration on the wire."""
    return wire.VariableDeclared(
        key=fact.key,
        type=fact.type,
        title=wire.Title(fact.title.es, fact.title.en),
        description=fact.description,
        choices=None if fact.choices is None else list(fact.choices),
    )


def invoice(fact: Invoice) -> dict[str, Any]:
    """What is said of an invoice."""
    return {
        "customer_id": fact.customer_id,
        "invoice_id": fact.invoice_id,
        "issued_on": fact.issued_on,
        "due_on": fact.due_on,
        "amount": _money(fact.amount),
        "number": fact.number,
        "product": fact.product,
        "description": fact.description,
        "lines": [
            wire.InvoiceLine(description=line.description, amount=_money(line.amount) if line.amount else None)
            for line in fact.lines
        ],
        "voided_on": fact.voided_on,
        "void_reason": fact.void_reason,
    }


def payment(fact: Payment) -> dict[str, Any]:
    """What is said of a payment."""
    return {
        "customer_id": fact.customer_id,
        "payment_id": fact.payment_id,
        "status": fact.status,
        "amount": _money(fact.amount),
        "occurred_at": fact.occurred_at,
        "occurred_on": fact.occurred_on,
        "method": fact.method,
        "failure_reason": fact.failure_reason,
        "allocations": [
            wire.Allocation(invoice_id=one.invoice_id, amount=_money(one.amount)) for one in fact.allocations
        ],
    }


def refund(fact: Refund) -> dict[str, Any]:
    """What is said of a refund."""
    return {
        "customer_id": fact.customer_id,
        "payment_id": fact.payment_id,
        "refund_id": fact.refund_id,
        "amount": _money(fact.amount),
        "refunded_on": fact.refunded_on,
        "reason": fact.reason,
    }


def credit_note(fact: CreditNote) -> dict[str, Any]:
    """What is said of a credit note."""
    return {
        "customer_id": fact.customer_id,
        "credit_note_id": fact.credit_note_id,
        "kind": fact.kind,
        "amount": _money(fact.amount),
        "issued_on": fact.issued_on,
        "invoice_id": fact.invoice_id,
    }


def applications(made: Iterable[Application]) -> list[wire.Application]:
    """Applications on the wire, in their order."""
    return [
        wire.Application(
            credit_kind=one.credit_kind,
            credit_id=one.credit_id,
            invoice_id=one.invoice_id,
            amount=wire_money(one.amount, one.currency),
            applied_on=one.applied_on,
        )
        for one in made
    ]


def balances(debts: Iterable[Debt]) -> list[wire.InvoiceBalance]:
    """Balances on the wire."""
    return [
        wire.InvoiceBalance(
            invoice_id=debt.invoice_id, balance=wire_money(debt.balance, debt.currency), settled_on=debt.settled_on
        )
        for debt in debts
    ]


def effect(done: Effect) -> wire.Effect:
    """An effect on the wire."""
    return wire.Effect(
        applications=applications(done.applications),
        reversals=applications(done.reversals),
        balances=balances(done.debts),
    )
