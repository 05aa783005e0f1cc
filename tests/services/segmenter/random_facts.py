"""Facts made up at random that customers would take: each fits what its account holds already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
_KINDS = {
    "_invoice": 30,
    "_payment": 30,
    "_new_due_date": 5,
    "_refund": 8,
    "_void": 5,
    "_credit_note": 5,
    "_write_off": 4,
    "_subscription": 5,
    "_dispute": 3,
    "_promise": 6,
}


def _ledger(facts: list[Fact]) -> Ledger:
    return replay(facts, date.max)


def _open(facts: list[Fact]) -> list[Invoice]:
    """Invoices that are not void."""
    ledger = _ledger(facts)
    return [invoice for invoice in ledger.invoices.values() if invoice.invoice_id not in ledger.voided_on]


@dataclass(frozen=True)
class Happening:
    """What might happen to accounts up to ``today``, on days so many days back (``edges``)."""

    random: Random
    today: date
    edges: Sequence[int] = EDGES

    def next_of(self, facts: list[Fact], currency: str) -> Fact | None:
        """What might happen next to an account; None where the kind that was drawn does not fit."""
        kind = self.random.choices(list(_KINDS), weights=list(_KINDS.values()))[0]
        made: Callable[[list[Fact], str], Fact | None] = getattr(self, kind)
        return made(facts, self.random.choice((currency, currency, currency, "USD")))

    def _day(self) -> date:
        return self.today - timedelta(days=self.random.choice(self.edges))

    def _since(self, first: date) -> date:
        """A day from the first one on, today at the latest."""
        return min(self.today, first + timedelta(days=self.random.choice((0, 1, 5, 40))))

    def _invoice(self, facts: list[Fact], currency: str) -> Fact:
        day = self._day()
        return Invoice(
            invoice_id=f"i-{len(facts)}",
            issued_on=day,
            due_on=day + timedelta(days=self.random.choice((-3, 0, 15, 30, 60))),
            amount=Decimal(self.random.choice((*AMOUNTS, "0"))),
            currency=currency,
            product=self.random.choice(PRODUCTS),
        )

    def _new_due_date(self, facts: list[Fact], currency: str) -> Fact | None:
        known = _open(facts)
        if not known:
            return None
        invoice = self.random.choice(known)
        return replace(invoice, due_on=invoice.due_on + timedelta(days=self.random.choice((-40, -1, 1, 30))))

    def _payment(self, facts: list[Fact], currency: str) -> Fact:
        own = [one for one in _open(facts) if one.currency == currency]
        meant = ((self.random.choice(own).invoice_id, Decimal("0.25")),) if own and self.random.random() < 0.3 else ()
        return Payment(
            payment_id=f"p-{len(facts)}",
            occurred_at=datetime.combine(self._day(), time(self.random.randint(0, 12)), BUSINESS_ZONE),
            amount=Decimal(self.random.choice(AMOUNTS)),
            currency=currency,
            status=self.random.choice(("succeeded", "succeeded", "failed")),
            allocations=meant,
        )

    def _refund(self, facts: list[Fact], currency: str) -> Fact | None:
        ledger = _ledger(facts)
        left = {
            one.payment_id: one.amount - sum(r.amount for r in ledger.refunds if r.payment_id == one.payment_id)
            for one in ledger.payments.values()
        }
        known = sorted(payment_id for payment_id, amount in left.items() if amount > 0)
        if not known:
            return None
        payment_id = self.random.choice(known)
        return Refund(
            payment_id=payment_id,
            refund_id=f"r-{len(facts)}",
            amount=self.random.choice((left[payment_id], left[payment_id], min(left[payment_id], Decimal("0.2")))),
            refunded_on=self._since(ledger.payments[payment_id].on),
        )

    def _void(self, facts: list[Fact], currency: str) -> Fact | None:
        named = {fact.invoice_id for fact in facts if isinstance(fact, CreditNote)}
        known = [invoice for invoice in _open(facts) if invoice.invoice_id not in named]
        if not known:
            return None
        invoice = self.random.choice(known)
        return Void(invoice_id=invoice.invoice_id, voided_on=self._since(invoice.issued_on))

    def _credit_note(self, facts: list[Fact], currency: str) -> Fact:
        own = [one for one in _open(facts) if one.currency == currency]
        invoice_id = self.random.choice(own).invoice_id if own and self.random.random() < 0.7 else None
        return CreditNote(
            credit_note_id=f"n-{len(facts)}",
            amount=Decimal(self.random.choice(AMOUNTS)),
            issued_on=self._day(),
            currency=currency,
            invoice_id=invoice_id,
        )

    def _write_off(self, facts: list[Fact], _: str) -> Fact | None:
        ledger = _ledger(facts)
        owing = ledger.open_invoices()
        if not owing:
            return None
        invoice = self.random.choice(owing)
        return CreditNote(
            credit_note_id=f"n-{len(facts)}",
            amount=min(ledger.balances[invoice.invoice_id], Decimal(self.random.choice(AMOUNTS))),
            issued_on=self._since(invoice.issued_on),
            currency=invoice.currency,
            invoice_id=invoice.invoice_id,
            kind="write_off",
        )

    def _subscription(self, facts: list[Fact], _: str) -> Fact:
        started_on = self.today + timedelta(days=self.random.choice((-400, -40, -1, 0, 1, 20)))
        return Subscription(
            subscription_id=f"s-{self.random.randint(1, 2)}",
            product=self.random.choice(("Luz", "Internet")),
            status=self.random.choice(("active", "active", "paused", "cancelled")),
            started_on=started_on,
            ended_on=self.random.choice((None, None, started_on + timedelta(days=self.random.choice((0, 30, 400))))),
            told_on=self.today - timedelta(days=self.random.choice((0, 5))),
        )

    def _dispute(self, facts: list[Fact], _: str) -> Fact:
        opened_on = self._day()
        closed_on = self.random.choice((None, self._since(opened_on)))
        return Dispute(dispute_id=f"d-{self.random.randint(1, 2)}", opened_on=opened_on, closed_on=closed_on)

    def _promise(self, facts: list[Fact], currency: str) -> Fact:
        made = {fact.promise_id: fact for fact in facts if isinstance(fact, Promise)}
        if made and self.random.random() < 0.3:
            known = self.random.choice(list(made.values()))
            return replace(known, cancelled=not known.cancelled)
        made_on = self._day()
        return Promise(
            promise_id=f"o-{len(facts)}",
            amount=Decimal(self.random.choice(AMOUNTS)),
            made_on=made_on,
            due_on=made_on + timedelta(days=self.random.choice((0, 1, 2, 3, 10))),
            currency=currency,
        )
