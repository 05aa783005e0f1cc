"""Payloads of ``customers.v1`` in the segmenter's own words."""

from decimal import Decimal

import msgspec

from services.segmenter.domain.facts import Application, Attempt, Attributes, Declaration, Fact, Invoice
from shared.basics import money
from shared.contracts import customers_v1 as wire
from shared.contracts.values import Money
from shared.messaging.batch import Event


def fact_of(event: Event) -> Fact:
    """What an event of a customer says; nothing, if its type is not known here."""
    match event.payload:
        case wire.Customer() as customer:
            return Fact(attributes=_attributes(customer))
        case wire.PaymentEvent() as payment:
            return Fact(
                attempt=_attempt(payment),
                applications=_applications(payment.effect.applications),
                balances=_balances(payment.effect.balances),
            )
        case wire.InvoiceEvent() as invoice:
            is_new = event.envelope.type == "invoice.issued"
            return Fact(
                issued=_invoice(invoice) if is_new else None,
                changed=None if is_new else _invoice(invoice),
                applications=_applications(invoice.effect.applications),
                balances=_balances(invoice.effect.balances),
            )
        case _:
            return Fact()


def facts_of(snapshot: wire.Snapshot) -> list[Fact]:
    """Everything that a snapshot says of a customer, as facts told from the beginning."""
    return [
        Fact(attributes=_attributes(snapshot.customer)),
        *(Fact(issued=_invoice(invoice)) for invoice in snapshot.invoices),
        *(Fact(attempt=_attempt(payment)) for payment in snapshot.payments),
        Fact(applications=_applications(snapshot.applications), balances=_balances(snapshot.balances)),
    ]


def declaration_of(event: Event) -> Declaration | None:
    """The custom variable that an event declares, if it does."""
    declared = event.payload
    if not isinstance(declared, wire.VariableDeclared):
        return None
    return _declaration(declared, event.envelope.epoch, event.envelope.sequence)


def declaration_in(told: wire.SnapshotVariable) -> Declaration:
    """The custom variable that a line of the snapshots declares."""
    return _declaration(told.variable, told.epoch, told.sequence)


def _declaration(declared: wire.VariableDeclared, epoch: int, sequence: int) -> Declaration:
    return Declaration(
        key=declared.key,
        type=declared.type,
        title=msgspec.to_builtins(declared.title),
        description=declared.description,
        choices=None if declared.choices is None else tuple(declared.choices),
        epoch=epoch,
        sequence=sequence,
    )


def _attributes(customer: wire.Customer) -> Attributes:
    document = customer.document
    return Attributes(
        customer_type=customer.type,
        name=customer.name,
        currency=customer.currency,
        registered_on=customer.registered_on,
        email=customer.email,
        emails=tuple(customer.emails),
        phone=customer.phone,
        document_number=document.number if document else None,
        document_type=document.type if document else None,
        country=customer.country,
        portfolio=customer.portfolio,
        client_type=customer.client_type,
        language=customer.language,
        risk_score=None if customer.risk_score is None else Decimal(str(customer.risk_score)),
        variables=msgspec.to_builtins(customer.variables),
    )


def _attempt(payment: wire.Payment) -> Attempt:
    return Attempt(
        payment_id=payment.payment_id,
        succeeded=payment.status == "succeeded",
        amount=_money(payment.amount),
        occurred_at=payment.occurred_at,
        occurred_on=payment.occurred_on,
    )


def _invoice(invoice: wire.Invoice) -> Invoice:
    return Invoice(invoice.invoice_id, invoice.issued_on, invoice.due_on, _money(invoice.amount), invoice.product)


def _applications(parts: list[wire.Application]) -> tuple[Application, ...]:
    return tuple(Application(part.credit_id, _money(part.amount)) for part in parts)


def _balances(found: list[wire.InvoiceBalance]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((left.invoice_id, left.balance.amount) for left in found)


def _money(value: Money) -> money.Money:
    return money.Money(value.amount, value.currency)
