"""Disputes in HTTP words."""

from datetime import date

from pydantic import BaseModel

from services.customers.domain.dispute import Dispute
from services.customers.inbound.http.text_fields import OptionalText
from shared.http.fields import Body, Id, IsoDate


class DisputeBody(Body):
    """A dispute as a write gives it; without ``closed_on`` it is open."""

    opened_on: IsoDate
    category: OptionalText = None
    closed_on: IsoDate | None = None
    invoice_id: Id | None = None

    def asked(self, customer_id: str, dispute_id: str) -> Dispute:
        """As decisions take it."""
        return Dispute(
            customer_id=customer_id,
            dispute_id=dispute_id,
            opened_on=self.opened_on,
            category=self.category,
            closed_on=self.closed_on,
            invoice_id=self.invoice_id,
        )


class DisputeAnswer(BaseModel):
    """A dispute as it is."""

    customer_id: Id
    dispute_id: Id
    category: str | None
    opened_on: date
    closed_on: date | None
    invoice_id: Id | None

    @classmethod
    def of(cls, dispute: Dispute) -> "DisputeAnswer":
        """A dispute as it is answered."""
        return cls(
            customer_id=dispute.customer_id,
            dispute_id=dispute.dispute_id,
            category=dispute.category,
            opened_on=dispute.opened_on,
            closed_on=dispute.closed_on,
            invoice_id=dispute.invoice_id,
        )
