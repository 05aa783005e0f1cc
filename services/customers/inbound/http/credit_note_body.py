"""Credit notes in HTTP words: what a body may say, and how a credit note is answered."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

from services.customers.domain.credit_note import AskedCreditNote, CreditNote, Kind
from services.customers.inbound.http.money_body import PaidMoney
from shared.basics.money import Money
from shared.http.answers import MoneyAnswer
from shared.http.fields import Body, Id, IsoDate


class NotedBody(Body):
    """What credit notes of either kind say; an amount alone is in the customer's currency."""

    amount: PaidMoney
    issued_on: IsoDate
    invoice_id: Id | None = None

    def asked_as(self, kind: Kind, customer_id: str, credit_note_id: str) -> AskedCreditNote:
        """As decisions take it."""
        return AskedCreditNote(
            customer_id=customer_id,
            credit_note_id=credit_note_id,
            kind=kind,
            amount=self.amount.asked(),
            issued_on=self.issued_on,
            invoice_id=self.invoice_id,
        )


class CreditNoteBody(NotedBody):
    """A credit note as a write gives it; a `write_off` (castigo) needs `invoice_id`."""

    kind: Literal["credit", "write_off"] | None = None

    def asked(self, customer_id: str, credit_note_id: str) -> AskedCreditNote:
        """As decisions take it."""
        return self.asked_as(self.kind or "credit", customer_id, credit_note_id)


class CreditNoteAnswer(BaseModel):
    """A credit note as it is. ``unapplied`` is what no invoice has taken up."""

    customer_id: Id
    credit_note_id: Id
    kind: Literal["credit", "write_off"]
    amount: MoneyAnswer
    issued_on: date
    invoice_id: Id | None
    unapplied: MoneyAnswer

    @classmethod
    def of(cls, note: CreditNote, unapplied: Decimal) -> "CreditNoteAnswer":
        """A credit note as it is answered."""
        return cls(
            customer_id=note.customer_id,
            credit_note_id=note.credit_note_id,
            kind=note.kind,
            amount=MoneyAnswer.of(note.amount),
            issued_on=note.issued_on,
            invoice_id=note.invoice_id,
            unapplied=MoneyAnswer.of(Money(unapplied, note.amount.currency)),
        )
