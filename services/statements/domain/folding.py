"""Facts of many customers, folded into what is to be written: where facts follow each other, the last word counts."""

from dataclasses import dataclass, field

from services.statements.domain.facts import Application, Balance, Customer, Fact, Payment, Terms

Key = tuple[str, str]
"""(customer id, invoice or payment id)."""


@dataclass
class Changes:
    """Everything to be written of a batch of facts; ``applications`` in the order they were made."""

    customers: dict[str, Customer] = field(default_factory=dict)
    terms: dict[Key, Terms] = field(default_factory=dict)
    balances: dict[Key, Balance] = field(default_factory=dict)
    payments: dict[Key, Payment] = field(default_factory=dict)
    applications: list[tuple[str, Application]] = field(default_factory=list)

    def take(self, customer_id: str, fact: Fact) -> None:
        """Add the next fact of a customer."""
        if fact.customer:
            self.customers[customer_id] = fact.customer
        if fact.terms:
            self.terms[customer_id, fact.terms.invoice_id] = fact.terms
        if fact.payment:
            self.payments[customer_id, fact.payment.payment_id] = fact.payment
        for balance in fact.balances:
            self.balances[customer_id, balance.invoice_id] = balance
        self.applications.extend((customer_id, part) for part in fact.applications)
