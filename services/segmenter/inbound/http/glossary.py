"""The glossary of variables over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from services.segmenter.domain.meaning import Meaning
from services.segmenter.domain.meanings import NOT_SEGMENTABLE
from services.segmenter.domain.observed import Observations, Observed
from services.segmenter.domain.rules.values import OPERATORS
from services.segmenter.domain.rules.written import number_json
from services.segmenter.domain.variables import Type, Variable
from services.segmenter.inbound.http.doors import Doors
from shared.basics.money import Money
from shared.http.answers import MoneyAnswer, instant_text

router = APIRouter(prefix="/glossary", tags=["glossary"])


class SaidAnswer(BaseModel):
    """The same in two languages."""

    es: str
    en: str


class LoadedAnswer(BaseModel):
    """Customers for whom the variable is loaded, ``of`` all; a variable that is never missing is loaded for whoever
    has a fact of its kind. ``counted_at`` is null, and ``customers`` 0, before the first count."""

    customers: int
    of: int
    counted_at: str | None


class RangeAnswer(BaseModel):
    """The least and the greatest value observed: numbers, dates, or money, one of each currency."""

    min: int | float | date | list[MoneyAnswer]
    max: int | float | date | list[MoneyAnswer]


class VariableAnswer(BaseModel):
    """A variable: ``windowed`` ones take ``within_days``; ``reason`` says why one is not ``segmentable``."""

    key: str
    type: Type
    title: SaidAnswer
    description: SaidAnswer
    operators: list[str]
    choices: list[str]
    windowed: bool
    custom: bool
    segmentable: bool
    reason: SaidAnswer | None
    loaded: LoadedAnswer
    range: RangeAnswer | None


class GlossaryAnswer(BaseModel):
    """Every variable, built-in and custom; there is no next page."""

    items: list[VariableAnswer]
    next_cursor: None = None


@router.get("")
async def get_glossary(doors: Doors) -> GlossaryAnswer:
    """What rules, searches and audiences may speak of, what it means, and what is known of it.

    Up to 10,000 customers are counted on the spot. Of more the last count is told (``counted_at``): one is made
    after each day turn, and, when this is asked, whenever the last one is over five minutes old.
    """
    found = await doors.read_glossary()
    items = [_variable(variable, meaning, found.observations) for variable, meaning in found.entries]
    return GlossaryAnswer(items=items)


def _variable(variable: Variable, meaning: Meaning, observations: Observations) -> VariableAnswer:
    observed = observations.get(variable.key) or Observed()
    return VariableAnswer(
        key=variable.key,
        type=variable.type,
        title=SaidAnswer(es=meaning.title.es, en=meaning.title.en),
        description=SaidAnswer(es=meaning.description.es, en=meaning.description.en),
        operators=list(OPERATORS[variable.type]),
        choices=list(variable.choices),
        windowed=variable.is_windowed,
        custom=variable.is_custom,
        segmentable=not variable.is_aging,
        reason=SaidAnswer(es=NOT_SEGMENTABLE.es, en=NOT_SEGMENTABLE.en) if variable.is_aging else None,
        loaded=_loaded(observed, observations),
        range=range_answer(observed),
    )


def _loaded(observed: Observed, observations: Observations) -> LoadedAnswer:
    counted_at = instant_text(observations.counted_at) if observations.counted_at else None
    return LoadedAnswer(customers=observed.loaded, of=observations.of, counted_at=counted_at)


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
