"""A customer's account of one currency as of a day: what was there, what had moved, what was left."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from services.statements.domain.aging import Edges, bucket, bucket_names, days_past_due
from services.statements.domain.facts import Account, Terms
from services.statements.domain.ledger_as_of import LedgerAsOf, Standing, ledger_as_of
from shared.basics.money import ZERO

LineStatus = Literal["paid", "pending", "overdue"]
MovementKind = Literal["invoice", "payment", "credit_note", "refund", "void"]


@dataclass(frozen=True, slots=True)
class Movement:
    """What raised (+) or lowered (−) the balance, by the fact's own date."""

    on: date
    kind: MovementKind
    id: str
    number: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice on the statement, as of its day."""

    invoice_id: str
    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    balance: Decimal
    status: LineStatus
    days_past_due: int
    settled_on: date | None
    disputed: bool


@dataclass(frozen=True)
class AccountAsOf:
    """One currency of an account, as it stood at the end of the ledger's day."""

    account: Account
    currency: str
    ledger: LedgerAsOf
    edges: Edges

    def lines(self) -> list[Line]:
        """Every invoice that is not void, by due date, issue date and id."""
        mine = [one for one in self.ledger.standings if one.terms.amount.currency == self.currency]
        mine.sort(key=lambda one: (one.terms.due_on, one.terms.issued_on, one.terms.invoice_id))
        contested = {dispute.invoice_id for dispute in self.account.disputes if dispute.is_open(self.ledger.day)}
        return [_line(one, self.ledger.day, one.terms.invoice_id in contested) for one in mine]

    def movements(self) -> list[Movement]:
        """Everything that moved the balance, in order of date."""
        return sorted(self._moved(), key=lambda movement: (movement.on, movement.kind, movement.id))

    def _moved(self) -> Iterator[Movement]:
        yield from self._of_invoices()
        yield from self._of_payments()
        for note in self.account.credit_notes:
            if note.amount.currency == self.currency and note.issued_on <= self.ledger.day:
                yield Movement(
                    note.issued_on, "credit_note", note.credit_note_id, note.credit_note_id, -note.amount.amount
                )

    def _of_invoices(self) -> Iterator[Movement]:
        for invoice in self.account.invoices:
            terms, void, day = invoice.terms, invoice.void, self.ledger.day
            if terms.amount.currency != self.currency or terms.issued_on > day:
                continue
            yield _movement(terms, "invoice", terms.issued_on, terms.amount.amount)
            if void and void.voided_on <= day:
                yield _movement(terms, "void", void.voided_on, -terms.amount.amount)

    def _of_payments(self) -> Iterator[Movement]:
        paid = {
            payment.payment_id: payment
            for payment in self.account.payments
            if payment.amount.currency == self.currency and payment.paid_on <= self.ledger.day
        }
        for payment in paid.values():
            yield Movement(payment.paid_on, "payment", payment.payment_id, payment.payment_id, -payment.amount.amount)
        for refund in self.account.refunds:
            if refund.payment_id in paid and refund.refunded_on <= self.ledger.day:
                yield Movement(refund.refunded_on, "refund", refund.refund_id, refund.refund_id, refund.amount.amount)

    def unapplied_credit(self) -> Decimal:
        """What was paid or credited and is applied to no invoice."""
        return self.ledger.unapplied.get(self.currency, ZERO)

    def aging(self, lines: Iterable[Line]) -> tuple[tuple[str, Decimal], ...]:
        """What is open on some lines by bucket, every bucket there."""
        sums = dict.fromkeys(bucket_names(self.edges), ZERO)
        for line in lines:
            sums[bucket(line.days_past_due, self.edges)] += line.balance
        return tuple(sums.items())


def _movement(terms: Terms, kind: MovementKind, on: date, amount: Decimal) -> Movement:
    return Movement(on, kind, terms.invoice_id, terms.number, amount)


def _line(standing: Standing, as_of: date, disputed: bool) -> Line:
    terms, balance = standing.terms, standing.balance
    age = days_past_due(terms.due_on, as_of) if balance else 0
    status: LineStatus = "paid" if not balance else "overdue" if age else "pending"
    return Line(
        invoice_id=terms.invoice_id,
        number=terms.number,
        issued_on=terms.issued_on,
        due_on=terms.due_on,
        amount=terms.amount.amount,
        balance=balance,
        status=status,
        days_past_due=age,
        settled_on=None if balance else standing.settled_on,
        disputed=disputed,
    )


def oldest_age(account: Account, as_of: date) -> int:
    """Days past due of the oldest open invoice of any currency; 0 without one."""
    standings = ledger_as_of(account, as_of).standings
    return max((days_past_due(one.terms.due_on, as_of) for one in standings if one.balance), default=0)
