"""Values in answers, in their one spelling."""

from datetime import UTC, datetime

from pydantic import BaseModel

from shared.basics.money import Money, amount_text


class MoneyAnswer(BaseModel):
    """Money as it stands in answers: the amount a decimal string."""

    amount: str
    currency: str

    @classmethod
    def of(cls, value: Money) -> "MoneyAnswer":
        return cls(amount=amount_text(value.amount), currency=value.currency)


def instant_text(moment: datetime) -> str:
    """RFC 3339 in UTC with ``Z``."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
