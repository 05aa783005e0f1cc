"""What a run of facts does to one customer, folded: where facts follow each other, the last word counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from services.segmenter.domain.facts import (
    Application,
    Attempt,
    Attributes,
    CreditNote,
    Dispute,
    Fact,
    Invoice,
    Promise,
    Refund,
    Subscription,
)
from shared.basics.money import Money


@dataclass(frozen=True, slots=True)
class OpenedInvoice:
    """An invoice as it is after the run: its terms, its balance, and what it was when it was issued (``seq``)."""

    terms: Invoice
    balance: Decimal
    first_due_on: date
    seq: int


@dataclass(slots=True)
class Change:
    """Everything to be written of one customer's facts. Numbers beside facts are their ``seq``."""

    attributes: Attributes | None = None
    is_erasure: bool = False
    attempts: list[tuple[Attempt, int]] = field(default_factory=list)
    refunds: list[tuple[Refund, int]] = field(default_factory=list)
    issued: dict[str, OpenedInvoice] = field(default_factory=dict)
    changed: dict[str, Invoice] = field(default_factory=dict)
    """New terms of invoices issued before this run."""
    due_dates: list[tuple[str, int, date]] = field(default_factory=list)
    """(invoice id, seq, the date it is due on from there)."""
    voided: dict[str, tuple[date, int]] = field(default_factory=dict)
    balances: dict[str, Decimal] = field(default_factory=dict)
    """New balances of invoices issued before this run."""
    credit_notes: list[tuple[CreditNote, int]] = field(default_factory=list)
    applications: dict[tuple[str, str, str], Application] = field(default_factory=dict)
    """Net, by pair of invoice and credit."""
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    disputes: dict[str, Dispute] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)

    @property
    def active_days(self) -> set[date]:
        """The days on which the customer was active, subscriptions apart."""
        return {attempt.occurred_on for attempt, _ in self.attempts} | {
            opened.terms.issued_on for opened in self.issued.values()
        }

    @property
    def moves_money(self) -> bool:
        """Whether the run says anything that behaviour counts."""
        return bool(self.attempts or self.issued or self.credit_notes or self.applications or self.rewrites_the_past)

    @property
    def rewrites_the_past(self) -> bool:
        """Whether something that counted does so no more, or otherwise."""
        return bool(self.refunds or self.voided or self.changed)

    @property
    def paid_parts(self) -> list[Application]:
        """What payments paid of invoices."""
        return [part for part in self.applications.values() if part.credit_kind == "payment"]

    def take(self, fact: Fact) -> None:
        """Add the next fact."""
        self.attributes = fact.attributes or self.attributes
        self.is_erasure = self.is_erasure or fact.is_erasure
        self._take_money(fact)
        self._take_invoice(fact)
        for invoice_id, balance in fact.balances:
            self._take_balance(invoice_id, balance)
        for part in fact.applications:
            self._take_application(part)
        if fact.subscription:
            self.subscriptions[fact.subscription.subscription_id] = fact.subscription
        if fact.dispute:
            self.disputes[fact.dispute.dispute_id] = fact.dispute
        if fact.promise:
            self.promises[fact.promise.promise_id] = fact.promise

    def _take_money(self, fact: Fact) -> None:
        if fact.attempt:
            self.attempts.append((fact.attempt, fact.seq))
        if fact.refund:
            self.refunds.append((fact.refund, fact.seq))
        if fact.credit_note:
            self.credit_notes.append((fact.credit_note, fact.seq))

    def _take_invoice(self, fact: Fact) -> None:
        if fact.issued:
            issued = fact.issued
            self.issued[issued.invoice_id] = OpenedInvoice(issued, issued.amount.amount, issued.due_on, fact.seq)
        if fact.changed:
            self._take_terms(fact.changed)
            self.due_dates.append((fact.changed.invoice_id, fact.seq, fact.changed.due_on))
        if fact.voided:
            invoice_id, voided_on = fact.voided
            self.voided[invoice_id] = (voided_on, fact.seq)

    def _take_terms(self, terms: Invoice) -> None:
        opened = self.issued.get(terms.invoice_id)
        if opened:
            self.issued[terms.invoice_id] = replace(opened, terms=terms)
        else:
            self.changed[terms.invoice_id] = terms

    def _take_balance(self, invoice_id: str, balance: Decimal) -> None:
        opened = self.issued.get(invoice_id)
        if opened is None:
            self.balances[invoice_id] = balance
        elif opened.balance != balance:
            self.issued[invoice_id] = replace(opened, balance=balance)

    def _take_application(self, part: Application) -> None:
        before = self.applications.get(part.pair)
        if before:
            amount = part.amount.amount + before.amount.amount
            part = replace(part, amount=Money(amount, part.amount.currency))
        self.applications[part.pair] = part


def fold(facts: Iterable[Fact]) -> Change:
    """Fold the facts of one customer, in the order they were told."""
    change = Change()
    for fact in facts:
        change.take(fact)
    return change
