"""Payloads of ``customers.v1`` and ``statements.v1`` in the segmenter's own words."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec

from services.segmenter.domain import facts
from services.segmenter.domain.facts import Application, Attempt, Attributes, Contact, Declaration, Fact, Invoice
from shared.basics import money
from shared.contracts import customers_snapshots
from shared.contracts import customers_v1 as wire
from shared.contracts.statements_v1 import ContactNews
from shared.contracts.values import Money
from shared.messaging.batch import Event


def fact_of(event: Event) -> Fact:
    """What an event of a customer says; nothing, if its type is not known here."""
    seq, payload = event.envelope.sequence, event.payload
    match payload:
        case wire.PaymentEvent(effect=effect):
            said: dict[str, Any] = {"attempt": _attempt(payload)}
        case wire.RefundEvent(effect=effect):
            said = {"refund": _refund(payload)}
        case wire.CreditNoteEvent(effect=effect):
            said = {"credit_note": _credit_note(payload)}
        case wire.InvoiceEvent(effect=effect):
            said = _of_invoice(event.envelope.type, payload)
        case _:
            return Fact(seq=seq, **_of_people(payload))
    return Fact(seq=seq, applications=_applications(effect), balances=_balances(effect.balances), **said)


def _of_people(payload: msgspec.Struct | None) -> dict[str, Any]:
    match payload:
        case wire.Customer():
            return {"attributes": _attributes(payload)}
        case wire.CustomerErased():
            return {"is_erasure": True}
        case wire.Subscription():
            return {"subscription": _subscription(payload)}
        case wire.Dispute():
            return {"dispute": _dispute(payload)}
        case wire.Promise():
            return {"promise": _promise(payload)}
        case _:
            return {}


def _of_invoice(kind: str, told: wire.InvoiceEvent) -> dict[str, Any]:
    if kind == "invoice.voided" and told.voided_on is not None:
        return {"voided": (told.invoice_id, told.voided_on)}
    return {"issued" if kind == "invoice.issued" else "changed": _invoice(told)}


def facts_of(snapshot: customers_snapshots.Snapshot) -> list[Fact]:
    """Everything that a snapshot says of a customer, as facts told from the beginning."""
    told = sorted(_money_facts(snapshot), key=lambda fact: fact.seq)
    stands = Fact(
        seq=snapshot.seq,
        applications=tuple(_application(part) for part in snapshot.applications),
        balances=_balances(snapshot.balances),
    )
    return [
        Fact(seq=1, attributes=_attributes(snapshot.customer)),
        *told,
        *(Fact(seq=snapshot.seq, subscription=_subscription(one)) for one in snapshot.subscriptions),
        *(Fact(seq=snapshot.seq, dispute=_dispute(one)) for one in snapshot.disputes),
        *(Fact(seq=snapshot.seq, promise=_promise(one)) for one in snapshot.promises),
        stands,
        *([Fact(seq=snapshot.seq, is_erasure=True)] if snapshot.erased else []),
    ]


def _money_facts(snapshot: customers_snapshots.Snapshot) -> Iterator[Fact]:
    """The money facts alone, each with the event that told it; an invoice once for every due date it had."""
    for invoice in snapshot.invoices:
        terms = _invoice(invoice)
        first, *later = sorted(invoice.due_dates, key=lambda due: due.seq)
        yield Fact(seq=invoice.seq, issued=replace(terms, due_on=first.due_on))
        for due in later:
            yield Fact(seq=due.seq, changed=replace(terms, due_on=due.due_on))
        if invoice.voided_on is not None and invoice.voided_seq is not None:
            yield Fact(seq=invoice.voided_seq, voided=(invoice.invoice_id, invoice.voided_on))
    for payment in snapshot.payments:
        yield Fact(seq=payment.seq, attempt=_attempt(payment))
    for refund in snapshot.refunds:
        yield Fact(seq=refund.seq, refund=_refund(refund))
    for note in snapshot.credit_notes:
        yield Fact(seq=note.seq, credit_note=_credit_note(note))


def declaration_of(event: Event) -> Declaration | None:
    """The custom variable that an event declares, if it does."""
    declared = event.payload
    if not isinstance(declared, wire.VariableDeclared):
        return None
    return _declaration(declared, event.envelope.epoch, event.envelope.sequence)


def declaration_in(told: customers_snapshots.SnapshotVariable) -> Declaration:
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


def contact_of(event: Event) -> Contact | None:
    """What an event of ``statements.v1`` says of an address, if it does."""
    told = event.payload
    if not isinstance(told, ContactNews):
        return None
    return Contact(
        customer_id=told.customer_id,
        address_sha256=told.address_sha256,
        is_unusable=event.envelope.type != "contact.restored",
        epoch=event.envelope.epoch,
        sequence=event.envelope.sequence,
        at=told.at,
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
        archived=customer.archived,
        variables=msgspec.to_builtins(customer.variables),
    )


def _attempt(payment: wire.Payment) -> Attempt:
    return Attempt(
        payment_id=payment.payment_id,
        succeeded=payment.status == "succeeded",
        amount=_money(payment.amount),
        occurred_at=payment.occurred_at,
        occurred_on=payment.occurred_on,
        allocations=tuple((part.invoice_id, part.amount.amount) for part in payment.allocations),
    )


def _refund(refund: wire.Refund) -> facts.Refund:
    return facts.Refund(refund.payment_id, refund.refund_id, refund.amount.amount, refund.refunded_on)


def _invoice(invoice: wire.Invoice) -> Invoice:
    return Invoice(invoice.invoice_id, invoice.issued_on, invoice.due_on, _money(invoice.amount), invoice.product)


def _credit_note(note: wire.CreditNote) -> facts.CreditNote:
    return facts.CreditNote(note.credit_note_id, note.kind, _money(note.amount), note.issued_on, note.invoice_id)


def _subscription(told: wire.Subscription) -> facts.Subscription:
    return facts.Subscription(
        told.subscription_id, told.product, told.status, told.started_on, told.ended_on, tuple(told.changed_on)
    )


def _dispute(told: wire.Dispute) -> facts.Dispute:
    return facts.Dispute(told.dispute_id, told.invoice_id, told.opened_on, told.closed_on)


def _promise(told: wire.Promise) -> facts.Promise:
    return facts.Promise(told.promise_id, _money(told.amount), told.made_on, told.due_on, told.cancelled)


def _applications(effect: wire.Effect) -> tuple[Application, ...]:
    """Net: first what is taken back, then what is applied."""
    made = [_application(part) for part in effect.applications]
    undone = [_taken_back(_application(part)) for part in effect.reversals]
    return (*undone, *made)


def _application(part: wire.Application) -> Application:
    return Application(part.credit_kind, part.credit_id, part.invoice_id, _money(part.amount), part.applied_on)


def _taken_back(part: Application) -> Application:
    return replace(part, amount=money.Money(-part.amount.amount, part.amount.currency))


def _balances(found: list[wire.InvoiceBalance]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((left.invoice_id, left.balance.amount) for left in found)


def _money(value: Money) -> money.Money:
    return money.Money(value.amount, value.currency)
