"""Facts made up at random that customers would take: each fits what its account holds already."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from tests.oracle.facts import (
    BUSINESS_ZONE,
    CreditNote,
    Dispute,
    Fact,
    Invoice,
    Payment,
    Promise,
    Refund,
    Subscription,
    Void,
)
from tests.oracle.ledger import Ledger, replay

EDGES = (0, 0, 1, 2, 3, 7, 29, 30, 31, 60, 61, 89, 90, 91, 180, 365, 366, 500)
AMOUNTS = ("50", "100", "100.25", "300", "0.33")
PRODUCTS = (None, "Luz", "Gas", "agua")


def a_fact(random: Random, today: date, facts: list[Fact], currency: str) -> Fact | None:
    """What might happen next to an account; None where the kind that was drawn does not fit."""
    made: Callable[..., Fact | None] = random.choices(list(_KINDS), weights=list(_KINDS.values()))[0]
    return made(random, today, facts, random.choice((currency, currency, currency, "USD")))


def _day(random: Random, today: date) -> date:
    return today - timedelta(days=random.choice(EDGES))


def _since(random: Random, first: date, today: date) -> date:
    """A day from the first one on, today at the latest."""
    return min(today, first + timedelta(days=random.choice((0, 1, 5, 40))))


def _ledger(facts: list[Fact]) -> Ledger:
    return replay(facts, date.max)


def _open(facts: list[Fact]) -> list[Invoice]:
    """Invoices that are not void."""
    ledger = _ledger(facts)
    return [invoice for invoice in ledger.invoices.values() if invoice.invoice_id not in ledger.voided_on]


def _invoice(random: Random, today: date, facts: list[Fact], currency: str) -> Fact:
    day = _day(random, today)
    return Invoice(
        invoice_id=f"i-{len(facts)}",
        issued_on=day,
        due_on=day + timedelta(days=random.choice((-3, 0, 15, 30, 60))),
        amount=Decimal(random.choice((*AMOUNTS, "0"))),
        currency=currency,
        product=random.choice(PRODUCTS),
    )


def _new_due_date(random: Random, _: date, facts: list[Fact], currency: str) -> Fact | None:
    known = _open(facts)
    if not known:
        return None
    invoice = random.choice(known)
    return replace(invoice, due_on=invoice.due_on + timedelta(days=random.choice((-40, -1, 1, 30))))


def _payment(random: Random, today: date, facts: list[Fact], currency: str) -> Fact:
    own = [one for one in _open(facts) if one.currency == currency]
    meant = ((random.choice(own).invoice_id, Decimal("0.25")),) if own and random.random() < 0.3 else ()
    return Payment(
        payment_id=f"p-{len(facts)}",
        occurred_at=datetime.combine(_day(random, today), time(random.randint(0, 12)), BUSINESS_ZONE),
        amount=Decimal(random.choice(AMOUNTS)),
        currency=currency,
        status=random.choice(("succeeded", "succeeded", "failed")),
        allocations=meant,
    )


def _refund(random: Random, today: date, facts: list[Fact], currency: str) -> Fact | None:
    ledger = _ledger(facts)
    left = {
        one.payment_id: one.amount - sum(r.amount for r in ledger.refunds if r.payment_id == one.payment_id)
        for one in ledger.payments.values()
    }
    known = sorted(payment_id for payment_id, amount in left.items() if amount > 0)
    if not known:
        return None
    payment_id = random.choice(known)
    return Refund(
        payment_id=payment_id,
        refund_id=f"r-{len(facts)}",
        amount=random.choice((left[payment_id], left[payment_id], min(left[payment_id], Decimal("0.2")))),
        refunded_on=_since(random, ledger.payments[payment_id].on, today),
    )


def _void(random: Random, today: date, facts: list[Fact], currency: str) -> Fact | None:
    named = {fact.invoice_id for fact in facts if isinstance(fact, CreditNote)}
    known = [invoice for invoice in _open(facts) if invoice.invoice_id not in named]
    if not known:
        return None
    invoice = random.choice(known)
    return Void(invoice_id=invoice.invoice_id, voided_on=_since(random, invoice.issued_on, today))


def _credit_note(random: Random, today: date, facts: list[Fact], currency: str) -> Fact:
    own = [one for one in _open(facts) if one.currency == currency]
    invoice_id = random.choice(own).invoice_id if own and random.random() < 0.7 else None
    return CreditNote(
        credit_note_id=f"n-{len(facts)}",
        amount=Decimal(random.choice(AMOUNTS)),
        issued_on=_day(random, today),
        currency=currency,
        invoice_id=invoice_id,
    )


def _write_off(random: Random, today: date, facts: list[Fact], _: str) -> Fact | None:
    ledger = _ledger(facts)
    owing = ledger.open_invoices()
    if not owing:
        return None
    invoice = random.choice(owing)
    return CreditNote(
        credit_note_id=f"n-{len(facts)}",
        amount=min(ledger.balances[invoice.invoice_id], Decimal(random.choice(AMOUNTS))),
        issued_on=_since(random, invoice.issued_on, today),
        currency=invoice.currency,
        invoice_id=invoice.invoice_id,
        kind="write_off",
    )


def _subscription(random: Random, today: date, facts: list[Fact], _: str) -> Fact:
    started_on = today + timedelta(days=random.choice((-400, -40, -1, 0, 1, 20)))
    return Subscription(
        subscription_id=f"s-{random.randint(1, 2)}",
        product=random.choice(("Luz", "Internet")),
        status=random.choice(("active", "active", "paused", "cancelled")),
        started_on=started_on,
        ended_on=random.choice((None, None, started_on + timedelta(days=random.choice((0, 30, 400))))),
        told_on=today - timedelta(days=random.choice((0, 5))),
    )


def _dispute(random: Random, today: date, facts: list[Fact], _: str) -> Fact:
    opened_on = _day(random, today)
    closed_on = random.choice((None, _since(random, opened_on, today)))
    return Dispute(dispute_id=f"d-{random.randint(1, 2)}", opened_on=opened_on, closed_on=closed_on)


def _promise(random: Random, today: date, facts: list[Fact], currency: str) -> Fact:
    made = {fact.promise_id: fact for fact in facts if isinstance(fact, Promise)}
    if made and random.random() < 0.3:
        known = random.choice(list(made.values()))
        return replace(known, cancelled=not known.cancelled)
    made_on = _day(random, today)
    return Promise(
        promise_id=f"o-{len(facts)}",
        amount=Decimal(random.choice(AMOUNTS)),
        made_on=made_on,
        due_on=made_on + timedelta(days=random.choice((0, 1, 2, 3, 10))),
        currency=currency,
    )


_KINDS = {
    _invoice: 30,
    _payment: 30,
    _new_due_date: 5,
    _refund: 8,
    _void: 5,
    _credit_note: 5,
    _write_off: 4,
    _subscription: 5,
    _dispute: 3,
    _promise: 6,
}
