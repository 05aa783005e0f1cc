"""The book of one customer, changing as each fact is taken: who owes what, what waits, and what paid what.

It may be a part of the whole: a fact can be taken when what it touches is there. An invoice meets waiting credits; a
credit meets open debts; a refund meets in addition what its payment paid; a void whatever paid its invoice.
After every fact, unapplied credit never stands beside an open debt of its currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from shared.basics.ledger.settling import Settlement, allocate, settle
from shared.basics.ledger.values import Application, Credit, CreditKey, Debt, Effect, Wanted, application
from shared.basics.money import ZERO

_NOTHING = Effect()


@dataclass
class Book:
    """``paid`` says how much of each credit stands applied to each invoice."""

    debts: dict[str, Debt] = field(default_factory=dict)
    credits: dict[CreditKey, Credit] = field(default_factory=dict)
    paid: dict[CreditKey, dict[str, Decimal]] = field(default_factory=dict)

    def issue(self, debt: Debt) -> Effect:
        """Enter a new invoice; waiting credit pays it at once."""
        self.debts[debt.invoice_id] = debt
        return self._effect([debt.invoice_id], self._settle(debt.currency))

    def change_due(self, invoice_id: str, due_on: date) -> Effect:
        """Let an invoice be due on another day: no application already made moves."""
        self.debts[invoice_id] = replace(self.debts[invoice_id], due_on=due_on)
        return self._effect([invoice_id], ())

    def enter(self, credit: Credit, wanted: Wanted = ()) -> Effect:
        """Enter a credit: first what it is said to be for, then the oldest due. A write-off is for nothing else.

        Where a debt is open no other credit waits, so the new one is all that can pay.
        """
        self.credits[credit.key] = credit
        made = self._take(allocate(credit, wanted, self.debts)) if wanted else ()
        if credit.kind == "write_off":
            self.credits[credit.key] = credit._replace(left=ZERO)
        return self._effect((), [*made, *self._settle(credit.currency, [self.credits[credit.key]])])

    def refundable(self, key: CreditKey) -> Decimal:
        """What is left of a credit, applied or not."""
        return self.credits[key].left + sum(self.paid.get(key, {}).values(), ZERO)

    def refund(self, key: CreditKey, amount: Decimal) -> Effect:
        """Give back a part of a credit: what is unapplied of it first, then what paid the latest due invoices."""
        credit = self.credits[key]
        unapplied = min(credit.left, amount)
        self.credits[key] = credit._replace(left=credit.left - unapplied)
        still, reversals = amount - unapplied, []
        for debt in sorted(
            (self.debts[one] for one in self.paid.get(key, {})), key=lambda debt: debt.turn, reverse=True
        ):
            back = min(still, self.paid[key][debt.invoice_id])
            if back > ZERO:
                reversals.append(self._take_back(key, debt, back))
                still -= back
        return self._effect((), self._settle(credit.currency), reversals)

    def void(self, invoice_id: str, voided_on: date) -> Effect:
        """Take an invoice out of the books: whatever paid it waits again, or pays others."""
        payers = [self.credits[key] for key, parts in self.paid.items() if invoice_id in parts]
        reversals = []
        for credit in sorted(payers, key=lambda payer: payer.turn):
            back = self.paid[credit.key][invoice_id]
            reversals.append(self._take_back(credit.key, self.debts[invoice_id], back))
            self.credits[credit.key] = credit._replace(left=credit.left + back)
        debt = replace(self.debts[invoice_id], balance=ZERO, settled_on=None, voided_on=voided_on)
        self.debts[invoice_id] = debt
        return self._effect([invoice_id], self._settle(debt.currency), reversals)

    def _take_back(self, key: CreditKey, debt: Debt, amount: Decimal) -> Application:
        parts = self.paid[key]
        parts[debt.invoice_id] -= amount
        if not parts[debt.invoice_id]:
            del parts[debt.invoice_id]
        self.debts[debt.invoice_id] = replace(debt, balance=debt.balance + amount, settled_on=None)
        return application(self.credits[key], debt, amount)

    def _settle(self, currency: str, some: Iterable[Credit] | None = None) -> tuple[Application, ...]:
        """Let these credits pay, or all of the currency."""
        chosen = self.credits.values() if some is None else some
        waiting = [credit for credit in chosen if credit.currency == currency and credit.left > ZERO]
        if not waiting:
            return ()
        owed = [debt for debt in self.debts.values() if debt.currency == currency and debt.balance > ZERO]
        return self._take(settle(waiting, owed)) if owed else ()

    def _take(self, settlement: Settlement) -> tuple[Application, ...]:
        self.credits.update(settlement.credits)
        self.debts.update(settlement.debts)
        for made in settlement.applications:
            parts = self.paid.setdefault((made.credit_kind, made.credit_id), {})
            parts[made.invoice_id] = parts.get(made.invoice_id, ZERO) + made.amount
        return settlement.applications

    def _effect(
        self, first: Iterable[str], applications: Iterable[Application], reversals: Iterable[Application] = ()
    ) -> Effect:
        made, undone = tuple(applications), tuple(reversals)
        touched = dict.fromkeys([*first, *(one.invoice_id for one in (*undone, *made))])
        if not touched:
            return _NOTHING
        return Effect(made, undone, tuple(self.debts[invoice_id] for invoice_id in touched))
