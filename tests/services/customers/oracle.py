"""A ledger in plain Python, written from ``meaning.md`` alone: slow, obvious, sharing no code with the product."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

START = date(2026, 1, 1)
TODAY = 68
"""The day number of 10 March 2026, where the tests' clock stands."""


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


@dataclass(frozen=True)
class Note:
    """A credit note is sent; ``kind`` is credit or write_off."""

    note: str
    kind: str
    currency: str
    amount: Decimal
    issued: int
    invoice: str | None = None


@dataclass(frozen=True)
class Refund:
    """A refund is sent; without amount all that is left, without day today."""

    payment: str
    refund: str
    amount: Decimal | None = None
    on: int | None = None


@dataclass(frozen=True)
class Void:
    """A void is sent; without day today."""

    invoice: str
    on: int | None = None


Step = Issue | Pay | Note | Refund | Void
CreditName = tuple[str, str]


@dataclass
class Oracle:
    """One customer's ledger. ``parts`` is what stands applied by (credit, invoice), in the order first made."""

    invoices: dict[str, Issue] = field(default_factory=dict)
    voided: dict[str, int] = field(default_factory=dict)
    payments: dict[str, Pay] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    refunds: dict[tuple[str, str], Refund] = field(default_factory=dict)
    owed: dict[str, Decimal] = field(default_factory=dict)
    settled: dict[str, date | None] = field(default_factory=dict)
    left: dict[CreditName, Decimal] = field(default_factory=dict)
    dated: dict[CreditName, int] = field(default_factory=dict)
    parts: dict[tuple[CreditName, str], Decimal] = field(default_factory=dict)
    history: list[Step] = field(default_factory=list)

    def take(self, step: Step) -> int:
        """The status a write is answered with; its effect is in the fields."""
        match step:
            case Issue():
                return self._issue(step)
            case Pay():
                return self._pay(step)
            case Note():
                return self._note(step)
            case Refund():
                return self._refund(step)
            case Void():
                return self._void(step)

    def applied(self) -> list[tuple[str, str, str, Decimal, date]]:
        """(kind, credit, invoice, amount, date) of what stands."""
        return [
            (kind, name, invoice, amount, self._date((kind, name), invoice))
            for ((kind, name), invoice), amount in self.parts.items()
            if amount
        ]

    def refunded(self) -> dict[str, Decimal]:
        """What was given back of each payment."""
        given_back = dict.fromkeys(self.payments, Decimal(0))
        for refund in self.refunds.values():
            given_back[refund.payment] += refund.amount or 0
        return given_back

    def as_of(self, last: int) -> "Oracle":
        """The ledger of the facts dated that day or earlier, taken in the order received."""
        past = Oracle()
        for step in self.history:
            match step:
                case Issue() if step.invoice in past.invoices or step.issued <= last:
                    past._enter_invoice(step)
                case Pay() if step.succeeded and step.paid <= last:
                    past._enter_payment(step, [(name, most) for name, most in step.wishes if past._stands(name)])
                case Note() if step.issued <= last:
                    past._enter_note(step if past._stands(step.invoice) else replace(step, invoice=None))
                case Refund() if step.payment in past.payments and step.on is not None and step.on <= last:
                    most = past.refundable(step.payment)
                    past._give_back(step.payment, min(step.amount or most, most))
                case Void() if step.invoice in past.invoices and step.on is not None and step.on <= last:
                    past._take_out(step.invoice, step.on)
        return past

    def _stands(self, invoice: str | None) -> bool:
        return invoice in self.invoices and invoice not in self.voided

    def _issue(self, asked: Issue) -> int:
        known = self.invoices.get(asked.invoice)
        if known == asked:
            return 200
        if known and (known.currency, known.amount, known.issued) != (asked.currency, asked.amount, asked.issued):
            return 409
        self.history.append(asked)
        self._enter_invoice(asked)
        return 200 if known else 201

    def _enter_invoice(self, asked: Issue) -> None:
        known = asked.invoice in self.invoices
        self.invoices[asked.invoice] = asked
        if not known:
            self.owed[asked.invoice] = asked.amount
            self.settled[asked.invoice] = None if asked.amount else day(asked.issued)
        self._use_credit()

    def _pay(self, asked: Pay) -> int:
        known = self.payments.get(asked.payment)
        if known:
            return 200 if known == asked else 409
        for invoice, _ in asked.wishes:
            if not self._stands(invoice) or self.invoices[invoice].currency != asked.currency:
                return 422
        if sum(amount for _, amount in asked.wishes) > asked.amount:
            return 422
        self.history.append(asked)
        self._enter_payment(asked, list(asked.wishes))
        return 201

    def _enter_payment(self, asked: Pay, wishes: list[tuple[str, Decimal]]) -> None:
        self.payments[asked.payment] = asked
        credit = ("payment", asked.payment)
        self.dated[credit] = asked.paid
        self.left[credit] = asked.amount if asked.succeeded else Decimal(0)
        for invoice, amount in wishes:
            self._apply(credit, invoice, amount)
        self._use_credit()

    def _note(self, asked: Note) -> int:
        known = self.notes.get(asked.note)
        if known:
            return 200 if known == asked else 409
        if asked.invoice is None and asked.kind == "write_off":
            return 422
        if asked.invoice is not None:
            if not self._stands(asked.invoice) or self.invoices[asked.invoice].currency != asked.currency:
                return 422
            if asked.kind == "write_off" and asked.amount > self.owed[asked.invoice]:
                return 422
        self.history.append(asked)
        self._enter_note(asked)
        return 201

    def _enter_note(self, asked: Note) -> None:
        self.notes[asked.note] = asked
        credit = ("credit_note" if asked.kind == "credit" else "write_off", asked.note)
        self.dated[credit] = asked.issued
        self.left[credit] = asked.amount
        if asked.invoice is not None:
            self._apply(credit, asked.invoice, asked.amount)
        if asked.kind == "write_off":
            self.left[credit] = Decimal(0)
        self._use_credit()

    def _refund(self, asked: Refund) -> int:
        if asked.payment not in self.payments:
            return 404
        known = self.refunds.get((asked.payment, asked.refund))
        if known:
            same = asked.amount in (None, known.amount) and asked.on in (None, known.on)
            return 200 if same else 409
        most = self.refundable(asked.payment)
        amount = most if asked.amount is None else asked.amount
        if amount == 0 or amount > most:
            return 422
        taken = replace(asked, amount=amount, on=TODAY if asked.on is None else asked.on)
        self.refunds[asked.payment, asked.refund] = taken
        self.history.append(taken)
        self._give_back(asked.payment, amount)
        return 201

    def refundable(self, payment: str) -> Decimal:
        credit = ("payment", payment)
        return self.left[credit] + sum(amount for (one, _), amount in self.parts.items() if one == credit)

    def _give_back(self, payment: str, amount: Decimal) -> None:
        credit = ("payment", payment)
        free = min(self.left[credit], amount)
        self.left[credit] -= free
        amount -= free
        latest_due_first = sorted(self.invoices.values(), key=lambda one: (one.due, one.issued, one.invoice))[::-1]
        for invoice in latest_due_first:
            back = min(amount, self.parts.get((credit, invoice.invoice), Decimal(0)))
            self._undo(credit, invoice.invoice, back)
            amount -= back
        self._use_credit()

    def _void(self, asked: Void) -> int:
        if asked.invoice not in self.invoices:
            return 404
        if asked.invoice in self.voided:
            return 200 if asked.on in (None, self.voided[asked.invoice]) else 409
        if any(note.invoice == asked.invoice for note in self.notes.values()):
            return 409
        on = TODAY if asked.on is None else asked.on
        self.history.append(Void(asked.invoice, on))
        self._take_out(asked.invoice, on)
        return 200

    def _take_out(self, invoice: str, on: int) -> None:
        for (credit, of), amount in list(self.parts.items()):
            if of == invoice:
                self._undo(credit, invoice, amount)
                self.left[credit] += amount
        self.voided[invoice] = on
        self.owed[invoice] = Decimal(0)
        self.settled[invoice] = None
        self._use_credit()

    def _use_credit(self) -> None:
        while True:
            pairs = [
                ((self.dated[c], c[0] != "payment", c[1]), (self.invoices[i].due, self.invoices[i].issued, i), c)
                for c in self.left
                for i in self.owed
                if self.left[c] > 0 and self.owed[i] > 0 and self._currency(c) == self.invoices[i].currency
            ]
            if not pairs:
                return
            _, (_, _, invoice), credit = min(pairs)
            self._apply(credit, invoice, self.left[credit])

    def _currency(self, credit: CreditName) -> str:
        kind, name = credit
        return self.payments[name].currency if kind == "payment" else self.notes[name].currency

    def _date(self, credit: CreditName, invoice: str) -> date:
        return max(day(self.dated[credit]), day(self.invoices[invoice].issued))

    def _apply(self, credit: CreditName, invoice: str, most: Decimal) -> None:
        amount = min(most, self.left[credit], self.owed[invoice])
        if amount <= 0:
            return
        self.left[credit] -= amount
        self.owed[invoice] -= amount
        if self.owed[invoice] == 0:
            self.settled[invoice] = self._date(credit, invoice)
        self.parts[credit, invoice] = self.parts.get((credit, invoice), Decimal(0)) + amount

    def _undo(self, credit: CreditName, invoice: str, amount: Decimal) -> None:
        if amount > 0:
            self.parts[credit, invoice] -= amount
            self.owed[invoice] += amount
            self.settled[invoice] = None
