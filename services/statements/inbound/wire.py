"""Payloads of ``customers.v1`` in statements' own words."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import TypedDict

from services.statements.domain.facts import (
    Application,
    Balance,
    CreditNote,
    Customer,
    Dispute,
    DueChange,
    Fact,
    Payment,
    Refund,
    Terms,
    Void,
)
from shared.basics import money
from shared.contracts import customers_snapshots
from shared.contracts import customers_v1 as wire
from shared.contracts.values import Money
from shared.messaging.batch import Event


class _Effect(TypedDict):
    """What a money fact did, as a part of ``Fact``."""

    applications: tuple[Application, ...]
    balances: tuple[Balance, ...]


def fact_of(event: Event) -> Fact:
    """What an event of a customer says; nothing, if its type is of no use here."""
    seq = event.position.seq
    match event.payload:
        case wire.Customer() as customer:
            return Fact(customer=_customer(customer))
        case wire.CustomerErased():
            return Fact(is_erasure=True)
        case wire.InvoiceEvent() as invoice:
            return _of_invoice(invoice, event.envelope.type, seq)
        case wire.PaymentEvent(status="succeeded") as payment:
            return Fact(payment=_payment(payment, seq), **_effect(payment.effect))
        case wire.RefundEvent() as refund:
            return Fact(refund=_refund(refund, seq), **_effect(refund.effect))
        case wire.CreditNoteEvent() as note:
            return Fact(credit_note=_credit_note(note, seq), **_effect(note.effect))
        case wire.Dispute() as dispute:
            return Fact(dispute=_dispute(dispute))
        case _:
            return Fact()


def _of_invoice(invoice: wire.InvoiceEvent, kind: str, seq: int) -> Fact:
    is_changed, is_void = kind == "invoice.changed", kind == "invoice.voided"
    return Fact(
        terms=_terms(invoice, seq, invoice.due_on),
        due_change=DueChange(invoice.invoice_id, invoice.due_on, seq) if is_changed else None,
        void=Void(invoice.invoice_id, invoice.voided_on, seq) if is_void and invoice.voided_on else None,
        **_effect(invoice.effect),
    )


def facts_of(snapshot: customers_snapshots.Snapshot) -> list[Fact]:
    """Everything that a snapshot says of a customer, as facts told from the beginning."""
    standing = _applications(snapshot.applications)
    return [
        Fact(customer=_customer(snapshot.customer)),
        Fact(is_erasure=snapshot.erased),
        *(fact for invoice in snapshot.invoices for fact in _known_invoice(invoice)),
        *(Fact(payment=_payment(one, one.seq)) for one in snapshot.payments if one.status == "succeeded"),
        *(Fact(refund=_refund(refund, refund.seq)) for refund in snapshot.refunds),
        *(Fact(credit_note=_credit_note(note, note.seq)) for note in snapshot.credit_notes),
        *(Fact(dispute=_dispute(dispute)) for dispute in snapshot.disputes),
        Fact(applications=tuple(standing), balances=_balances(snapshot.balances)),
    ]


def _known_invoice(invoice: customers_snapshots.SnapshotInvoice) -> Iterator[Fact]:
    first, *changed = invoice.due_dates
    yield Fact(terms=_terms(invoice, invoice.seq, first.due_on))
    for due in changed:
        yield Fact(due_change=DueChange(invoice.invoice_id, due.due_on, due.seq))
    if invoice.voided_on and invoice.voided_seq:
        yield Fact(void=Void(invoice.invoice_id, invoice.voided_on, invoice.voided_seq))


def _customer(customer: wire.Customer) -> Customer:
    return Customer(
        type=customer.type,
        name=customer.name,
        email=customer.email,
        emails=tuple(customer.emails),
        language=customer.language,
        country=customer.country,
        do_not_contact_until=customer.do_not_contact_until,
        archived=customer.archived,
    )


def _terms(invoice: wire.Invoice, seq: int, first_due_on: date) -> Terms:
    number = invoice.number or invoice.invoice_id
    amount = _money(invoice.amount)
    return Terms(invoice.invoice_id, number, invoice.issued_on, invoice.due_on, amount, seq, first_due_on)


def _payment(payment: wire.Payment, seq: int) -> Payment:
    allocations = tuple((one.invoice_id, one.amount.amount) for one in payment.allocations)
    return Payment(payment.payment_id, _money(payment.amount), payment.occurred_on, seq, allocations)


def _refund(refund: wire.Refund, seq: int) -> Refund:
    return Refund(refund.payment_id, refund.refund_id, _money(refund.amount), refund.refunded_on, seq)


def _credit_note(note: wire.CreditNote, seq: int) -> CreditNote:
    return CreditNote(note.credit_note_id, note.kind, _money(note.amount), note.issued_on, note.invoice_id, seq)


def _dispute(dispute: wire.Dispute) -> Dispute:
    return Dispute(dispute.dispute_id, dispute.invoice_id, dispute.opened_on, dispute.closed_on)


def _effect(effect: wire.Effect) -> _Effect:
    taken_back = (replace(part, amount=_minus(part.amount)) for part in _applications(effect.reversals))
    return _Effect(applications=(*taken_back, *_applications(effect.applications)), balances=_balances(effect.balances))


def _applications(parts: Iterable[wire.Application]) -> Iterator[Application]:
    for part in parts:
        yield Application(part.credit_kind, part.credit_id, part.invoice_id, _money(part.amount), part.applied_on)


def _balances(found: list[wire.InvoiceBalance]) -> tuple[Balance, ...]:
    return tuple(Balance(one.invoice_id, one.balance.amount, one.settled_on) for one in found)


def _minus(value: money.Money) -> money.Money:
    return money.Money(-value.amount, value.currency)


def _money(value: Money) -> money.Money:
    return money.Money(value.amount, value.currency)
