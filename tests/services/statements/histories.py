"""Histories of made-up customers as customers would take them: whatever is refused there does not come about here.

Invoices, payments and their allocations, changed due dates, refunds, credit notes, write-offs, voids and disputes of
the last months, late and out of order, in two currencies.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.oracle.accounts import (
    account,
    an_invoice,
    credited,
    disputed,
    failed,
    paid,
    refunded,
    voided,
    written_off,
)
from tests.oracle.facts import Account, Fact, Invoice
from tests.oracle.ledger import Ledger, replay


def somebody(customer_id: str, random: Random, today: date, longest: int = 16) -> Account:
    """A customer with up to ``longest`` facts, none of them dated after ``today``."""
    history = _History(random, today)
    for _ in range(random.randint(0, longest)):
        fact = history.next_fact()
        if fact:
            history.facts.append(fact)
    return account(*history.facts, customer_id=customer_id)


class _History:
    def __init__(self, random: Random, today: date) -> None:
        self.random, self.today = random, today
        self.facts: list[Fact] = []

    def next_fact(self) -> Fact | None:
        """Something that customers would accept now; None if there is nothing of the kind that came up."""
        ledger = replay(self.facts, date.max)
        standing = [one for one in ledger.invoices.values() if one.invoice_id not in ledger.voided_on]
        makers: list[tuple[int, Callable[[Ledger, list[Invoice]], Fact | None]]] = [
            (8, self._invoice),
            (6, self._payment),
            (1, self._failure),
            (2, self._due_change),
            (2, self._refund),
            (3, self._credit_note),
            (1, self._write_off),
            (2, self._void),
            (2, self._dispute),
        ]
        [maker] = self.random.choices([make for _, make in makers], [weight for weight, _ in makers])
        return maker(ledger, standing)

    def _day(self) -> date:
        return self.today - timedelta(days=self.random.randint(0, 160))

    def _amount(self, least: int = 0) -> str:
        return f"{self.random.randint(least, 900)}.{self.random.randint(0, 9999):04}"

    def _currency(self) -> str:
        return self.random.choice(["COP", "COP", "USD"])

    def _invoice(self, ledger: Ledger, standing: list[Invoice]) -> Fact:
        day = self._day()
        due_on = day + timedelta(days=self.random.randint(-20, 60))
        return an_invoice(self._amount(), issued_on=day, due_on=due_on, currency=self._currency())

    def _payment(self, ledger: Ledger, standing: list[Invoice]) -> Fact:
        amount, currency = self._amount(1), self._currency()
        same = [one for one in standing if one.currency == currency]
        meant = self.random.sample(same, min(len(same), self.random.choice([0, 0, 1, 2])))
        share = (Decimal(amount) / (len(meant) + 1)).quantize(Decimal("0.01"))
        allocations = tuple((one.invoice_id, share) for one in meant)
        return paid(amount, on=self._day(), currency=currency, allocations=allocations)

    def _failure(self, ledger: Ledger, standing: list[Invoice]) -> Fact:
        return failed("5", on=self._day())

    def _due_change(self, ledger: Ledger, standing: list[Invoice]) -> Fact | None:
        if not standing:
            return None
        known = self.random.choice(standing)
        return an_invoice(
            str(known.amount),
            issued_on=known.issued_on,
            due_on=self._day(),
            invoice_id=known.invoice_id,
            currency=known.currency,
        )

    def _refund(self, ledger: Ledger, standing: list[Invoice]) -> Fact | None:
        left = {
            one.payment_id: ledger.unapplied[one.payment_id]
            + sum(ledger.paid_by("payment", one.payment_id).values(), Decimal(0))
            for one in ledger.payments.values()
        }
        refundable = [payment_id for payment_id, amount in left.items() if amount > 0]
        if not refundable:
            return None
        payment_id = self.random.choice(refundable)
        amount = left[payment_id] if self.random.random() < 0.5 else left[payment_id] / 2
        exact = max(amount.quantize(Decimal("0.0001")), Decimal("0.0001"))
        return refunded(str(min(exact, left[payment_id])), payment_id=payment_id, on=self._day())

    def _credit_note(self, ledger: Ledger, standing: list[Invoice]) -> Fact:
        currency = self._currency()
        same = [one.invoice_id for one in standing if one.currency == currency]
        named = self.random.choice([None, *same])
        return credited(self._amount(1), on=self._day(), currency=currency, invoice_id=named)

    def _write_off(self, ledger: Ledger, standing: list[Invoice]) -> Fact | None:
        owed = ledger.open_invoices()
        if not owed:
            return None
        one = self.random.choice(owed)
        amount, day = ledger.balances[one.invoice_id], max(one.issued_on, self._day())
        return written_off(str(amount), invoice_id=one.invoice_id, on=day, currency=one.currency)

    def _void(self, ledger: Ledger, standing: list[Invoice]) -> Fact | None:
        noted = {note.invoice_id for note in ledger.credit_notes.values()}
        free = [one for one in standing if one.invoice_id not in noted]
        if not free:
            return None
        one = self.random.choice(free)
        return voided(one.invoice_id, on=max(one.issued_on, self._day()))

    def _dispute(self, ledger: Ledger, standing: list[Invoice]) -> Fact | None:
        named = self.random.choice([None, *(one.invoice_id for one in standing)])
        day = self._day()
        closed_on = min(self.today, day + timedelta(days=30)) if self.random.random() < 0.4 else None
        return disputed(named, on=day, closed_on=closed_on)
