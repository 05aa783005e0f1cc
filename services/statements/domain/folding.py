"""Facts of many customers, folded into what is to be written: where facts follow each other, the last word counts."""

from dataclasses import dataclass, field, replace

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
from shared.basics.ledger.values import CreditKind
from shared.basics.money import Money

Key = tuple[str, str]
"""(customer id, the id of one of its facts)."""
Pair = tuple[str, CreditKind, str, str]
"""(customer id, kind and id of a credit, invoice id)."""


@dataclass
class Changes:
    """Everything to be written of a batch of facts; ``applied`` sums what each credit paid of each invoice."""

    customers: dict[str, Customer] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    terms: dict[Key, Terms] = field(default_factory=dict)
    due_changes: list[tuple[str, DueChange]] = field(default_factory=list)
    voids: dict[Key, Void] = field(default_factory=dict)
    balances: dict[Key, Balance] = field(default_factory=dict)
    payments: dict[Key, Payment] = field(default_factory=dict)
    refunds: list[tuple[str, Refund]] = field(default_factory=list)
    credit_notes: dict[Key, CreditNote] = field(default_factory=dict)
    disputes: dict[Key, Dispute] = field(default_factory=dict)
    applied: dict[Pair, Application] = field(default_factory=dict)

    def take(self, customer_id: str, fact: Fact) -> None:
        """Add the next fact of a customer."""
        if fact.customer:
            self.customers[customer_id] = fact.customer
        if fact.is_erasure:
            self.erased.add(customer_id)
        if fact.dispute:
            self.disputes[customer_id, fact.dispute.dispute_id] = fact.dispute
        self._take_invoice(customer_id, fact)
        self._take_credit(customer_id, fact)
        for balance in fact.balances:
            self.balances[customer_id, balance.invoice_id] = balance
        for part in fact.applications:
            self._apply(customer_id, part)

    def _take_invoice(self, customer_id: str, fact: Fact) -> None:
        if fact.terms:
            key = (customer_id, fact.terms.invoice_id)
            first = self.terms.get(key, fact.terms)
            self.terms[key] = replace(fact.terms, seq=first.seq, first_due_on=first.first_due_on)
        if fact.due_change:
            self.due_changes.append((customer_id, fact.due_change))
        if fact.void:
            self.voids[customer_id, fact.void.invoice_id] = fact.void

    def _take_credit(self, customer_id: str, fact: Fact) -> None:
        if fact.payment:
            self.payments[customer_id, fact.payment.payment_id] = fact.payment
        if fact.refund:
            self.refunds.append((customer_id, fact.refund))
        if fact.credit_note:
            self.credit_notes[customer_id, fact.credit_note.credit_note_id] = fact.credit_note

    def _apply(self, customer_id: str, part: Application) -> None:
        pair = (customer_id, part.credit_kind, part.credit_id, part.invoice_id)
        before = self.applied.get(pair)
        if before:
            part = replace(part, amount=Money(before.amount.amount + part.amount.amount, part.amount.currency))
        self.applied[pair] = part
