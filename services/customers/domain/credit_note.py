"""Credit notes: a debt made less by the creditor, or given up (castigo). They never change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.customers.domain.asked_money import AskedMoney
from services.customers.domain.owed import owed_invoice
from services.customers.domain.terms import Terms
from shared.basics.errors import mistake
from shared.basics.ledger.values import Credit, Debt
from shared.basics.money import Money

Kind = Literal["credit", "write_off"]


@dataclass(frozen=True, kw_only=True)
class CreditNote:
    """A credit note as it is; ``invoice_id`` is what it is for, and what a write-off gives up."""

    customer_id: str
    credit_note_id: str
    kind: Kind
    amount: Money
    issued_on: date
    invoice_id: str | None = None

    def credit(self) -> Credit:
        """How the ledger sees it before any of it is applied."""
        kind: Literal["credit_note", "write_off"] = "credit_note" if self.kind == "credit" else "write_off"
        return Credit(kind, self.credit_note_id, self.amount.currency, self.issued_on, self.amount.amount)


@dataclass(frozen=True)
class KeptCreditNote:
    """A credit note as it is kept: with the event that told it and what is left of it."""

    note: CreditNote
    seq: int
    credit: Credit


@dataclass(frozen=True, kw_only=True)
class AskedCreditNote:
    """A credit note as a body asks for it."""

    customer_id: str
    credit_note_id: str
    kind: Kind
    amount: AskedMoney
    issued_on: date
    invoice_id: str | None = None


def credit_note_asked(asked: AskedCreditNote, implied_currency: str) -> CreditNote:
    """The credit note that is asked for."""
    return CreditNote(
        customer_id=asked.customer_id,
        credit_note_id=asked.credit_note_id,
        kind=asked.kind,
        amount=asked.amount.in_currency(implied_currency),
        issued_on=asked.issued_on,
        invoice_id=asked.invoice_id,
    )


def check_content(asked: AskedCreditNote, wanted: CreditNote, debts: Mapping[str, Debt], terms: Terms) -> None:
    """Whether a new credit note may be taken.

    Raises
    ------
    BadInput
        ``unknown_currency``, ``date_in_future``, ``required`` (a write-off is of an invoice), ``unknown_invoice`` or
        ``exceeds_balance``.
    """
    asked.amount.check(terms, "/amount")
    terms.check_day(wanted.issued_on, "/issued_on")
    if wanted.invoice_id is not None:
        debt = owed_invoice(debts, wanted.invoice_id, wanted.amount.currency, "/invoice_id")
        if wanted.kind == "write_off" and wanted.amount.amount > debt.balance:
            detail = f"of invoice {debt.invoice_id} {debt.balance} {debt.currency} is open"
            raise mistake("/amount", "exceeds_balance", detail)
    elif wanted.kind == "write_off":
        raise mistake("/invoice_id", "required", "a write-off says which invoice it gives up")
