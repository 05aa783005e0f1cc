"""What a run of facts does to one customer, folded: where facts follow each other, the last word counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from services.segmenter.domain.facts import Application, Attempt, Attributes, Fact, Invoice
from shared.basics.money import ZERO


@dataclass(frozen=True)
class OpenedInvoice:
    """An invoice as it is after the run: its terms, and its balance."""

    terms: Invoice
    balance: Decimal


@dataclass
class Change:
    """Everything to be written of one customer's facts."""

    attributes: Attributes | None = None
    attempts: list[Attempt] = field(default_factory=list)
    issued: dict[str, OpenedInvoice] = field(default_factory=dict)
    changed: dict[str, Invoice] = field(default_factory=dict)
    """New terms of invoices issued before this run."""
    balances: dict[str, Decimal] = field(default_factory=dict)
    """New balances of invoices issued before this run."""
    applications: list[Application] = field(default_factory=list)

    @property
    def active_days(self) -> set[date]:
        """The days on which the customer was active."""
        return {attempt.occurred_on for attempt in self.attempts} | {
            opened.terms.issued_on for opened in self.issued.values()
        }

    @property
    def moves_money(self) -> bool:
        """Whether the run says anything of payments and invoices that behaviour counts."""
        return bool(self.attempts or self.issued or self.applications)

    def applied_by_payment(self) -> dict[str, Decimal]:
        """How much of each payment was applied."""
        sums: dict[str, Decimal] = {}
        for part in self.applications:
            sums[part.payment_id] = sums.get(part.payment_id, ZERO) + part.amount.amount
        return sums

    def _take_invoice(self, fact: Fact) -> None:
        if fact.issued:
            self.issued[fact.issued.invoice_id] = OpenedInvoice(fact.issued, fact.issued.amount.amount)
        if fact.changed:
            opened = self.issued.get(fact.changed.invoice_id)
            if opened:
                self.issued[fact.changed.invoice_id] = replace(opened, terms=fact.changed)
            else:
                self.changed[fact.changed.invoice_id] = fact.changed

    def _take_balance(self, invoice_id: str, balance: Decimal) -> None:
        if invoice_id in self.issued:
            self.issued[invoice_id] = replace(self.issued[invoice_id], balance=balance)
        else:
            self.balances[invoice_id] = balance

    def take(self, fact: Fact) -> None:
        """Add the next fact."""
        self.attributes = fact.attributes or self.attributes
        if fact.attempt:
            self.attempts.append(fact.attempt)
        self._take_invoice(fact)
        for invoice_id, balance in fact.balances:
            self._take_balance(invoice_id, balance)
        self.applications.extend(fact.applications)


def fold(facts: Iterable[Fact]) -> Change:
    """Fold the facts of one customer, in the order they were told."""
    change = Change()
    for fact in facts:
        change.take(fact)
    return change
