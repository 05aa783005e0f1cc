"""What customers tells, as tests write it: accounts of the oracle become events with their effect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from shared.contracts import customers_snapshots, customers_v1, segments_v1
from shared.contracts.envelope import Envelope, encode_data
from shared.contracts.values import wire_money
from shared.messaging.batch import Batch, Event, PartitionProgress, Record
from tests.oracle.facts import Account, CreditNote, Dispute, Fact, Invoice, Payment, Refund, Void
from tests.oracle.ledger import Application, Ledger, replay

WHEN = datetime(2026, 3, 9, 13, 0, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """One event as its sender says it."""

    topic: str
    key: str
    type: str
    seq: int
    payload: msgspec.Struct
    epoch: int = 1
    at: datetime = WHEN


def registered(account: Account, seq: int = 1, **changed: object) -> Said:
    """A customer is registered, or (later) updated."""
    customer = account.customer
    payload = customers_v1.Customer(
        customer_id=customer.customer_id,
        type=customer.type,  # type: ignore[arg-type]
        name=customer.name,
        currency=customer.currency,
        registered_on=customer.registered_on,
        email=customer.email,
        emails=list(customer.emails),
        country=customer.country,
        language=customer.language,
    )
    kind = "customer.registered" if seq == 1 else "customer.updated"
    return Said(customers_v1.TOPIC, customer.customer_id, kind, seq, msgspec.structs.replace(payload, **changed))


def told(account: Account) -> list[Said]:
    """Everything that customers says of an account, from its registration on."""
    said = [registered(account)]
    for place, fact in enumerate(account.facts):
        said.append(_fact(account, place, fact, seq=place + 2))
    return said


def _fact(account: Account, place: int, fact: Fact, seq: int) -> Said:
    before, after = _ledger(account.facts[:place]), _ledger(account.facts[: place + 1])
    made = after.applications[len(before.applications) :]
    owner = account.customer.customer_id
    kind, payload = _event(owner, fact, before, after, made)
    return Said(customers_v1.TOPIC, owner, kind, seq, payload)


def _event(
    owner: str, fact: Fact, before: Ledger, after: Ledger, made: Sequence[Application]
) -> tuple[str, msgspec.Struct]:
    match fact:
        case Payment():
            return f"payment.{fact.status}", payment(owner, fact, _effect(after, made, []))
        case Refund():
            return "payment.refunded", _with(customers_v1.RefundEvent, refund(owner, fact, after), after, made, [])
        case CreditNote():
            return "credit_note.issued", _with(customers_v1.CreditNoteEvent, note(owner, fact), after, made, [])
        case Dispute():
            return "dispute.closed" if fact.closed_on else "dispute.opened", dispute(owner, fact)
        case Void():
            told = invoice(owner, after.invoices[fact.invoice_id], fact.voided_on)
            return "invoice.voided", _with(customers_v1.InvoiceEvent, told, after, made, [fact.invoice_id])
        case Invoice():
            kind = "invoice.changed" if fact.invoice_id in before.invoices else "invoice.issued"
            told = invoice(owner, fact)
            return kind, _with(customers_v1.InvoiceEvent, told, after, made, [fact.invoice_id])
        case _:
            raise TypeError(f"statements does not care for a {type(fact).__name__}")


def _ledger(facts: Sequence[Fact]) -> Ledger:
    return replay(facts, date.max)


def invoice(customer_id: str, fact: Invoice, voided_on: date | None = None) -> customers_v1.Invoice:
    """An invoice on the wire."""
    return customers_v1.Invoice(
        customer_id=customer_id,
        invoice_id=fact.invoice_id,
        issued_on=fact.issued_on,
        due_on=fact.due_on,
        amount=wire_money(fact.amount, fact.currency),
        number=fact.number,
        voided_on=voided_on,
    )


def refund(customer_id: str, fact: Refund, ledger: Ledger) -> customers_v1.Refund:
    """A refund on the wire."""
    return customers_v1.Refund(
        customer_id=customer_id,
        payment_id=fact.payment_id,
        refund_id=fact.refund_id,
        amount=wire_money(fact.amount, ledger.payments[fact.payment_id].currency),
        refunded_on=fact.refunded_on,
    )


def note(customer_id: str, fact: CreditNote) -> customers_v1.CreditNote:
    """A credit note on the wire."""
    return customers_v1.CreditNote(
        customer_id=customer_id,
        credit_note_id=fact.credit_note_id,
        kind=fact.kind,  # type: ignore[arg-type]
        amount=wire_money(fact.amount, fact.currency),
        issued_on=fact.issued_on,
        invoice_id=fact.invoice_id,
    )


def dispute(customer_id: str, fact: Dispute) -> customers_v1.Dispute:
    """A dispute on the wire."""
    return customers_v1.Dispute(
        customer_id=customer_id,
        dispute_id=fact.dispute_id,
        opened_on=fact.opened_on,
        closed_on=fact.closed_on,
        invoice_id=fact.invoice_id,
    )


Kind = TypeVar("Kind", bound=msgspec.Struct)


def _with(
    kind: type[Kind], fact: msgspec.Struct, ledger: Ledger, made: Sequence[Application], first: list[str]
) -> Kind:
    """A fact as the event that tells it with its effect."""
    return kind(effect=_effect(ledger, made, first), **_fields(fact))


def _fields(fact: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__struct_fields__ if name != "effect"}


def payment(customer_id: str, fact: Payment, effect: customers_v1.Effect) -> customers_v1.PaymentEvent:
    """A payment attempt on the wire."""
    return customers_v1.PaymentEvent(
        customer_id=customer_id,
        payment_id=fact.payment_id,
        status=fact.status,  # type: ignore[arg-type]
        amount=wire_money(fact.amount, fact.currency),
        occurred_at=fact.occurred_at,
        occurred_on=fact.on,
        allocations=[
            customers_v1.Allocation(invoice_id=one, amount=wire_money(amount, fact.currency))
            for one, amount in fact.allocations
        ],
        effect=effect,
    )


def _effect(ledger: Ledger, made: Sequence[Application], first: list[str]) -> customers_v1.Effect:
    touched = dict.fromkeys([*first, *(part.invoice_id for part in made)])
    return customers_v1.Effect(
        applications=[_application(ledger, part) for part in made if part.amount > 0],
        reversals=[_application(ledger, replace(part, amount=-part.amount)) for part in made if part.amount < 0],
        balances=[_balance(ledger, invoice_id) for invoice_id in touched],
    )


def _application(ledger: Ledger, part: Application) -> customers_v1.Application:
    return customers_v1.Application(
        credit_kind=part.credit_kind,  # type: ignore[arg-type]
        credit_id=part.payment_id,
        invoice_id=part.invoice_id,
        amount=wire_money(part.amount, ledger.invoices[part.invoice_id].currency),
        applied_on=part.on,
    )


def _balance(ledger: Ledger, invoice_id: str) -> customers_v1.InvoiceBalance:
    left, currency = ledger.balances[invoice_id], ledger.invoices[invoice_id].currency
    settled_on = ledger.settled_on.get(invoice_id) if left == Decimal(0) else None
    return customers_v1.InvoiceBalance(invoice_id=invoice_id, balance=wire_money(left, currency), settled_on=settled_on)


def snapshot(account: Account, seq: int, epoch: int = 1) -> customers_snapshots.Snapshot:
    """What customers answers when asked for everything about an account."""
    ledger = _ledger(account.facts)
    owner = account.customer.customer_id
    customer = registered(account).payload
    assert isinstance(customer, customers_v1.Customer)
    known = [(place + 2, fact) for place, fact in enumerate(account.facts) if place + 2 <= seq]
    return customers_snapshots.Snapshot(
        customer_id=owner,
        epoch=epoch,
        seq=seq,
        customer=customer,
        invoices=[_known_invoice(owner, ledger, one, known) for one in ledger.invoices.values()],
        payments=[
            customers_snapshots.SnapshotPayment(seq=place, **_fields(payment(owner, fact, customers_v1.Effect())))
            for place, fact in known
            if isinstance(fact, Payment)
        ],
        refunds=[
            customers_snapshots.SnapshotRefund(seq=place, **_fields(refund(owner, fact, ledger)))
            for place, fact in known
            if isinstance(fact, Refund)
        ],
        credit_notes=[
            customers_snapshots.SnapshotCreditNote(seq=place, **_fields(note(owner, fact)))
            for place, fact in known
            if isinstance(fact, CreditNote)
        ],
        applications=[_application(ledger, part) for part in _net(ledger)],
        balances=[_balance(ledger, invoice_id) for invoice_id in ledger.invoices],
        disputes=[dispute(owner, fact) for _, fact in known if isinstance(fact, Dispute)],
    )


def _known_invoice(
    owner: str, ledger: Ledger, fact: Invoice, known: Sequence[tuple[int, Fact]]
) -> customers_snapshots.SnapshotInvoice:
    told = [(place, one) for place, one in known if isinstance(one, Invoice) and one.invoice_id == fact.invoice_id]
    voids = [place for place, one in known if isinstance(one, Void) and one.invoice_id == fact.invoice_id]
    return customers_snapshots.SnapshotInvoice(
        seq=told[0][0],
        due_dates=[customers_snapshots.DueDate(seq=place, due_on=one.due_on) for place, one in told],
        voided_seq=voids[0] if voids else None,
        **_fields(invoice(owner, fact, ledger.voided_on.get(fact.invoice_id))),
    )


def _net(ledger: Ledger) -> list[Application]:
    """What stands applied: one for each pair of credit and invoice, in the order first made."""
    sums: dict[tuple[str, str, str], Application] = {}
    for part in ledger.applications:
        pair = (part.credit_kind, part.payment_id, part.invoice_id)
        before = sums[pair].amount if pair in sums else 0
        sums[pair] = replace(part, amount=before + part.amount)
    return [part for part in sums.values() if part.amount]


def erased(customer_id: str, seq: int) -> Said:
    """A customer is erased."""
    payload = customers_v1.CustomerErased(customer_id=customer_id)
    return Said(customers_v1.TOPIC, customer_id, "customer.erased", seq, payload)


def batch(said: Iterable[Said], *, through: datetime | None = None) -> Batch:
    """What the consumer hands on; with ``through`` both topics (of one partition) stand there."""
    events = [_heard(one, offset) for offset, one in enumerate(said)]
    topics = (customers_v1.TOPIC, segments_v1.TOPIC) if through else ()
    return Batch(events, (), [PartitionProgress(topic, 0, 1, through) for topic in topics if through])


def _heard(said: Said, offset: int) -> Event:
    envelope = Envelope(
        type=said.type,
        id=f"{said.key}-{said.type}-{said.seq}",
        source="test",
        time=said.at,
        sequence=said.seq,
        epoch=said.epoch,
        key=said.key,
        data=encode_data(said.payload),
    )
    return Event(Record(said.topic, 0, offset, said.key.encode(), [], envelope.data), envelope, said.payload)
