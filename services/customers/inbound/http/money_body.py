"""Money as bodies give it: an object, or its amount alone as text, which is in the currency the place implies."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from services.customers.domain.asked_money import AskedMoney
from shared.basics.money import AMOUNT_PATTERN, ZERO
from shared.http.fields import Amount, Body

_AMOUNT_SCHEMA = {"type": "string", "pattern": r"^\d{1,20}(\.\d{1,4})?$", "examples": ["1250000.50"]}
_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            _AMOUNT_SCHEMA,
            {
                "type": "object",
                "properties": {"amount": _AMOUNT_SCHEMA, "currency": {"type": "string", "examples": ["COP"]}},
                "required": ["amount"],
                "additionalProperties": False,
            },
        ]
    }
)


class GivenMoney(Body):
    """Money as it was given; ``currency`` None when the amount stood alone."""

    amount: Amount
    currency: Annotated[str, StringConstraints(max_length=10)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, given: Any) -> Any:
        if isinstance(given, dict | GivenMoney):
            return given
        if isinstance(given, str) and AMOUNT_PATTERN.fullmatch(given):
            return {"amount": Decimal(given) or ZERO}
        raise PydanticCustomError(
            "wrong_type", "an amount as text, such as '1250000.50', or with its currency is wanted"
        )

    def asked(self) -> AskedMoney:
        """As decisions take it."""
        return AskedMoney(self.amount, self.currency)


def _not_negative(money: GivenMoney) -> GivenMoney:
    if money.amount < 0:
        raise PydanticCustomError("out_of_range", "the amount must not be negative")
    return money


def _positive(money: GivenMoney) -> GivenMoney:
    if money.amount <= 0:
        raise PydanticCustomError("out_of_range", "the amount must be more than zero")
    return money


AnyMoney = Annotated[GivenMoney, _SCHEMA]
"""Money, of either sign."""
OwedMoney = Annotated[GivenMoney, AfterValidator(_not_negative), _SCHEMA]
"""Money, zero or more."""
PaidMoney = Annotated[GivenMoney, AfterValidator(_positive), _SCHEMA]
"""Money, more than zero."""
