"""Invoices in HTTP words: what a body may say, and how an invoice is answered."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.customers.domain.invoice import AskedInvoice, AskedLine, AskedVoid, KeptInvoice
from services.customers.inbound.http.money_body import AnyMoney, OwedMoney
from services.customers.inbound.http.text_fields import OptionalProse, OptionalText
from shared.basics.ledger.values import Debt
from shared.basics.money import Money
from shared.http.answers import MoneyAnswer
from shared.http.fields import Body, Id, IsoDate, Text


class InvoiceLineBody(Body):
    """One line, for people; an amount alone is in the invoice's currency."""

    description: Text
    amount: AnyMoney | None = None


class InvoiceBody(Body):
    """An invoice as a write gives it; an amount alone is in the customer's currency."""

    issued_on: IsoDate
    due_on: IsoDate
    amount: OwedMoney
    number: OptionalText = None
    product: OptionalText = None
    description: OptionalProse = None
    lines: Annotated[list[InvoiceLineBody], Field(max_length=500)] | None = None

    def asked(self, customer_id: str, invoice_id: str) -> AskedInvoice:
        """As decisions take it."""
        return AskedInvoice(
            customer_id=customer_id,
            invoice_id=invoice_id,
            issued_on=self.issued_on,
            due_on=self.due_on,
            amount=self.amount.asked(),
            number=self.number,
            product=self.product,
            description=self.description,
            lines=tuple(
                AskedLine(line.description, line.amount.asked() if line.amount else None) for line in self.lines or ()
            ),
        )


class VoidBody(Body):
    """Why an invoice is void, and since when: without ``voided_on`` today."""

    voided_on: IsoDate | None = None
    reason: OptionalProse = None

    def asked(self, customer_id: str, invoice_id: str) -> AskedVoid:
        """As decisions take it."""
        return AskedVoid(customer_id=customer_id, invoice_id=invoice_id, voided_on=self.voided_on, reason=self.reason)


class InvoiceLineAnswer(BaseModel):
    """One line, for people."""

    description: str
    amount: MoneyAnswer | None


class InvoiceAnswer(BaseModel):
    """An invoice as it is. ``settled_on`` is the day its balance came to zero, unless it is void."""

    customer_id: Id
    invoice_id: Id
    issued_on: date
    due_on: date
    amount: MoneyAnswer
    number: str | None
    product: str | None
    description: str | None
    lines: list[InvoiceLineAnswer]
    status: Literal["open", "settled", "void"]
    balance: MoneyAnswer
    settled_on: date | None
    voided_on: date | None
    void_reason: str | None

    @classmethod
    def of(cls, kept: KeptInvoice) -> "InvoiceAnswer":
        """An invoice as it is answered."""
        invoice, debt = kept.invoice, kept.debt
        return cls(
            customer_id=invoice.customer_id,
            invoice_id=invoice.invoice_id,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            amount=MoneyAnswer.of(invoice.amount),
            number=invoice.number,
            product=invoice.product,
            description=invoice.description,
            lines=[
                InvoiceLineAnswer(
                    description=line.description, amount=MoneyAnswer.of(line.amount) if line.amount else None
                )
                for line in invoice.lines
            ],
            status=_status(debt),
            balance=MoneyAnswer.of(Money(debt.balance, debt.currency)),
            settled_on=debt.settled_on,
            voided_on=invoice.voided_on,
            void_reason=invoice.void_reason,
        )


def _status(debt: Debt) -> Literal["open", "settled", "void"]:
    if debt.voided_on is not None:
        return "void"
    return "open" if debt.balance else "settled"
