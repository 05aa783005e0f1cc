"""A ledger in plain Python, written from ``meaning.md`` alone: slow, obvious, sharing no code with the product."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

START = date(2026, 1, 1)


def day(number: int) -> date:
    """Tests count days from the first of January 2026."""
    return START + timedelta(days=number)


@dataclass(frozen=True)
class Issue:
    """An invoice is sent, for the first time or again."""

    invoice: str
    currency: str
    amount: Decimal
    issued: int
    due: int


@dataclass(frozen=True)
class Pay:
    """A payment is sent, for the first time or again."""

    payment: str
    currency: str
    amount: Decimal
    paid: int
    succeeded: bool
    wishes: tuple[tuple[str, Decimal], ...] = ()


Step = Issue | Pay


@dataclass
class Oracle:
    """One customer's ledger. ``applied`` is (payment, invoice, amount, date), in order."""

    invoices: dict[str, Issue] = field(default_factory=dict)
    payments: dict[str, Pay] = field(default_factory=dict)
    owed: dict[str, Decimal] = field(default_factory=dict)
    left: dict[str, Decimal] = field(default_factory=dict)
    settled: dict[str, date | None] = field(default_factory=dict)
    applied: list[tuple[str, str, Decimal, date]] = field(default_factory=list)
    events: int = 0

    def take(self, step: Step) -> int:
        """The status a write is answered with; its effect is in the fields."""
        return self._issue(step) if isinstance(step, Issue) else self._pay(step)

    def _issue(self, asked: Issue) -> int:
        known = self.invoices.get(asked.invoice)
        if known == asked:
            return 200
        if known and (known.currency, known.amount, known.issued) != (asked.currency, asked.amount, asked.issued):
            return 409
        self.invoices[asked.invoice] = asked
        self.events += 1
        if known:
            return 200
        self.owed[asked.invoice] = asked.amount
        self.settled[asked.invoice] = None if asked.amount else day(asked.issued)
        self._use_credit()
        return 201

    def _pay(self, asked: Pay) -> int:
        known = self.payments.get(asked.payment)
        if known:
            return 200 if known == asked else 409
        for invoice, _ in asked.wishes:
            if invoice not in self.invoices or self.invoices[invoice].currency != asked.currency:
                return 422
        if sum(amount for _, amount in asked.wishes) > asked.amount:
            return 422
        self.payments[asked.payment] = asked
        self.events += 1
        self.left[asked.payment] = asked.amount if asked.succeeded else Decimal(0)
        for invoice, amount in asked.wishes:
            self._apply(asked.payment, invoice, min(amount, self.left[asked.payment], self.owed[invoice]))
        self._use_credit()
        return 201

    def _use_credit(self) -> None:
        while True:
            pairs = [
                ((self.payments[p].paid, p), (self.invoices[i].due, self.invoices[i].issued, i))
                for p in self.left
                for i in self.owed
                if self.left[p] > 0 and self.owed[i] > 0 and self.payments[p].currency == self.invoices[i].currency
            ]
            if not pairs:
                return
            (_, payment), (_, _, invoice) = min(pairs)
            self._apply(payment, invoice, min(self.left[payment], self.owed[invoice]))

    def _apply(self, payment: str, invoice: str, amount: Decimal) -> None:
        if amount <= 0:
            return
        on = max(day(self.payments[payment].paid), day(self.invoices[invoice].issued))
        self.left[payment] -= amount
        self.owed[invoice] -= amount
        if self.owed[invoice] == 0:
            self.settled[invoice] = on
        self.applied.append((payment, invoice, amount, on))
