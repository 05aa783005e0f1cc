"""Between which values a variable lies, as HTTP tells it."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from services.segmenter.domain.observed import Observed
from services.segmenter.domain.rules.written import number_json
from shared.basics.money import Money
from shared.http.answers import MoneyAnswer


class RangeAnswer(BaseModel):
    """The least and the greatest value observed: numbers, dates, or money, one of each currency."""

    min: int | float | date | list[MoneyAnswer]
    max: int | float | date | list[MoneyAnswer]


def range_answer(observed: Observed) -> RangeAnswer | None:
    """Between which values a variable lies; None without any."""
    if not observed.ranges:
        return None
    if observed.ranges[0].currency is None:
        return RangeAnswer(min=_size(observed.ranges[0].low), max=_size(observed.ranges[0].high))
    return RangeAnswer(
        min=[_money(one.low, one.currency) for one in observed.ranges],
        max=[_money(one.high, one.currency) for one in observed.ranges],
    )


def _size(value: Decimal | date) -> int | float | date:
    return number_json(value) if isinstance(value, Decimal) else value


def _money(amount: Any, currency: str | None) -> MoneyAnswer:
    return MoneyAnswer.of(Money(amount, currency or ""))
