"""The shape of a statement's JSON, as published. Amounts are decimal strings in the currency of their block."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.statements.inbound.http.rule_answer import FullAnswer, OverdueAnswer


class PeriodAnswer(BaseModel):
    """Both days included."""

    since: Annotated[date, Field(alias="from")]
    to: date


class MovementAnswer(BaseModel):
    """What raised (+) or lowered (−) the balance."""

    on: date
    kind: Literal["invoice", "payment", "credit_note", "refund", "void"]
    id: str
    number: str
    amount: str


class AgingAnswer(BaseModel):
    """What is open in one aging bucket."""

    bucket: str
    amount: str


class LineAnswer(BaseModel):
    """One invoice as of the day."""

    invoice_id: str
    number: str
    issued_on: date
    due_on: date
    amount: str
    balance: str
    status: Literal["paid", "pending", "overdue"]
    days_past_due: int
    settled_on: date | None
    disputed: bool


class CurrencyAnswer(BaseModel):
    """``opening`` + movements = ``closing`` = aging − ``unapplied_credit``; overdue statements have only the latter."""

    currency: str
    opening: str | None
    movements: list[MovementAnswer] | None
    closing: str | None
    unapplied_credit: str
    total: str
    aging: list[AgingAnswer]
    lines: list[LineAnswer]


class StatementAnswer(BaseModel):
    """All figures of a customer as of a day."""

    customer_id: str
    content: FullAnswer | OverdueAnswer
    as_of: str
    as_of_date: date
    locale: str
    period: PeriodAnswer | None
    currencies: list[CurrencyAnswer]
