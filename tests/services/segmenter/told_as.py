"""The oracle's facts as ``customers.v1`` tells them: payloads of events, and snapshots."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from shared.contracts import customers_snapshots
from shared.contracts import customers_v1 as wire
from shared.contracts.values import Money, wire_money
from tests.journeys.wire import customer_body
from tests.oracle.facts import (
    Account,
    CreditNote,
    Customer,
    Dispute,
    Fact,
    Invoice,
    Payment,
    Promise,
    Refund,
    Subscription,
    Void,
)
from tests.oracle.ledger import Application, Ledger


def customer(told: Customer) -> wire.Customer:
    document = wire.Document(told.document_type or "", told.document_number or "")
    return wire.Customer(
        customer_id=told.customer_id,
        type="company" if told.type == "company" else "person",
        name=told.name,
        currency=told.currency,
        registered_on=told.registered_on,
        email=told.email,
        emails=list(told.emails),
        phone=told.phone,
        document=document if told.document_number else None,
        language=told.language,
        country=told.country,
        portfolio=told.portfolio,
        client_type=told.client_type,
        risk_score=None if told.risk_score is None else float(told.risk_score),
        do_not_contact_until=told.do_not_contact_until,
        variables=customer_body(told)["variables"],
        archived=told.archived,
    )


def invoice(customer_id: str, told: Invoice, voided_on: date | None) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "invoice_id": told.invoice_id,
        "issued_on": told.issued_on,
        "due_on": told.due_on,
        "amount": Money(told.amount, told.currency),
        "product": told.product,
        "voided_on": voided_on,
    }


def payment(customer_id: str, told: Payment) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "payment_id": told.payment_id,
        "status": told.status,
        "amount": Money(told.amount, told.currency),
        "occurred_at": told.occurred_at,
        "occurred_on": told.on,
        "allocations": [
            wire.Allocation(invoice_id=name, amount=Money(part, told.currency)) for name, part in told.allocations
        ],
    }


def refund(customer_id: str, told: Refund, currency: str) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "payment_id": told.payment_id,
        "refund_id": told.refund_id,
        "amount": Money(told.amount, currency),
        "refunded_on": told.refunded_on,
    }


def credit_note(customer_id: str, told: CreditNote) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "credit_note_id": told.credit_note_id,
        "kind": told.kind,
        "amount": Money(told.amount, told.currency),
        "issued_on": told.issued_on,
        "invoice_id": told.invoice_id,
    }


def subscription(customer_id: str, subscription_id: str, facts: Sequence[Fact]) -> wire.Subscription:
    """As it is after these facts."""
    told = [one for one in facts if isinstance(one, Subscription) and one.subscription_id == subscription_id]
    return wire.Subscription(
        customer_id=customer_id,
        subscription_id=subscription_id,
        product=told[-1].product,
        status=cast(Literal["active", "paused", "cancelled"], told[-1].status),
        started_on=told[-1].started_on,
        ended_on=told[-1].ended_on,
        changed_on=[one.told_on for one in told[1:]],
    )


def dispute(customer_id: str, told: Dispute) -> wire.Dispute:
    return wire.Dispute(
        customer_id=customer_id,
        dispute_id=told.dispute_id,
        opened_on=told.opened_on,
        closed_on=told.closed_on,
        invoice_id=told.invoice_id,
    )


def promise(customer_id: str, told: Promise) -> wire.Promise:
    return wire.Promise(
        customer_id=customer_id,
        promise_id=told.promise_id,
        amount=Money(told.amount, told.currency),
        made_on=told.made_on,
        due_on=told.due_on,
        cancelled=told.cancelled,
    )


def effect(before: Ledger, after: Ledger) -> wire.Effect:
    """What happened between two states of the books, of which the oracle keeps a log."""
    new = after.applications[len(before.applications) :]
    touched = {part.invoice_id for part in new} | (after.invoices.keys() - before.invoices.keys())
    touched |= after.voided_on.keys() - before.voided_on.keys()
    return wire.Effect(
        applications=[application(after, part) for part in new if part.amount > 0],
        reversals=[application(after, part, -part.amount) for part in new if part.amount < 0],
        balances=balances(after, touched),
    )


def application(ledger: Ledger, part: Application, amount: Decimal | None = None) -> wire.Application:
    return wire.Application(
        credit_kind=cast(wire.CreditKind, part.credit_kind),
        credit_id=part.payment_id,
        invoice_id=part.invoice_id,
        amount=wire_money(part.amount if amount is None else amount, ledger.invoices[part.invoice_id].currency),
        applied_on=part.on,
    )


def balances(ledger: Ledger, invoice_ids: Iterable[str]) -> list[wire.InvoiceBalance]:
    return [
        wire.InvoiceBalance(
            invoice_id=invoice_id,
            balance=wire_money(ledger.balances[invoice_id], ledger.invoices[invoice_id].currency),
            settled_on=ledger.settled_on.get(invoice_id),
        )
        for invoice_id in sorted(invoice_ids)
    ]


def snapshot(
    account: Account, seqs: Sequence[int], ledger: Ledger, *, epoch: int, seq: int, erased: bool
) -> customers_snapshots.Snapshot:
    """Everything about a customer; ``seqs`` has the event that told each fact."""
    name, told = account.customer.customer_id, list(zip(account.facts, seqs, strict=True))
    subscriptions = dict.fromkeys(one.subscription_id for one in account.facts if isinstance(one, Subscription))
    disputes = {one.dispute_id: dispute(name, one) for one in account.facts if isinstance(one, Dispute)}
    promises = {one.promise_id: promise(name, one) for one in account.facts if isinstance(one, Promise)}
    return customers_snapshots.Snapshot(
        customer_id=name,
        epoch=epoch,
        seq=seq,
        customer=customer(account.customer),
        erased=erased,
        invoices=[_invoice(name, one, told) for one in ledger.invoices.values()],
        payments=[
            customers_snapshots.SnapshotPayment(**payment(name, one), seq=n)
            for one, n in told
            if isinstance(one, Payment)
        ],
        refunds=[
            customers_snapshots.SnapshotRefund(**refund(name, one, ledger.payments[one.payment_id].currency), seq=n)
            for one, n in told
            if isinstance(one, Refund)
        ],
        credit_notes=[
            customers_snapshots.SnapshotCreditNote(**credit_note(name, one), seq=n)
            for one, n in told
            if isinstance(one, CreditNote)
        ],
        applications=_standing(ledger),
        balances=balances(ledger, ledger.invoices),
        subscriptions=[subscription(name, one, account.facts) for one in subscriptions],
        disputes=list(disputes.values()),
        promises=list(promises.values()),
    )


def _invoice(
    customer_id: str, latest: Invoice, told: Sequence[tuple[Fact, int]]
) -> customers_snapshots.SnapshotInvoice:
    own = [(one, n) for one, n in told if isinstance(one, Invoice) and one.invoice_id == latest.invoice_id]
    voids = [(one, n) for one, n in told if isinstance(one, Void) and one.invoice_id == latest.invoice_id]
    voided_on, voided_seq = (voids[0][0].voided_on, voids[0][1]) if voids else (None, None)
    return customers_snapshots.SnapshotInvoice(
        **invoice(customer_id, latest, voided_on),
        seq=own[0][1],
        due_dates=[customers_snapshots.DueDate(seq=n, due_on=one.due_on) for one, n in own],
        voided_seq=voided_seq,
    )


def _standing(ledger: Ledger) -> list[wire.Application]:
    """What stands applied, one for each pair of credit and invoice."""
    pairs: dict[tuple[str, str, str], tuple[Application, Decimal]] = {}
    for part in ledger.applications:
        pair = (part.credit_kind, part.payment_id, part.invoice_id)
        pairs[pair] = (part, part.amount + (pairs[pair][1] if pair in pairs else Decimal(0)))
    return [application(ledger, part, amount) for part, amount in pairs.values() if amount]
