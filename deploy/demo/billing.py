"""What happens to one customer, month after month: invoices issued, attempts to pay them, failures, silence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from deploy.demo import shapes
from deploy.demo.payers import Habits, Payer

ZONE = ZoneInfo("America/Bogota")

_REASONS = ("Fondos insuficientes", "Transacción rechazada por el banco", "Tarjeta vencida", "Cuenta bloqueada")


@dataclass(frozen=True)
class Fact:
    """An invoice or a payment attempt: when it happened, and the body it is sent with."""

    at: datetime
    customer_id: str
    kind: str
    id: str
    body: dict[str, Any]


@dataclass(frozen=True)
class _Bill:
    invoice_id: str
    issued_on: date
    due_on: date
    amount: int


def life_of(payer: Payer, draw: Random, first: date, last: date) -> list[Fact]:
    """All facts of a customer from ``first`` to ``last``, oldest first."""
    facts: list[Fact] = []
    unpaid: list[_Bill] = []
    for number, (bill, invoice) in enumerate(_bills(payer, draw, first, last)):
        facts.append(invoice)
        paid = list(_attempts(payer, draw, bill, is_doubled=payer.habits.pays_twice and number == 3))
        facts.extend(paid)
        if not paid:
            unpaid.append(bill)
    facts.extend(_arrears(payer, draw, unpaid))
    return sorted((f for f in facts if f.at.date() <= last), key=lambda fact: (fact.at, fact.kind, fact.id))


def _bills(payer: Payer, draw: Random, first: date, last: date) -> Iterator[tuple[_Bill, Fact]]:
    habits = payer.habits
    begin = max(first, payer.registered_on)
    end = min(last, habits.leaves_on or last)
    for issued_on in _billing_days(habits.billing_day, begin, end):
        for place, (product, usual) in enumerate(habits.products, start=1):
            number = f"{payer.customer_id[:3]}{payer.customer_id[4:]}-{issued_on:%y%m}-{place}"
            due_on = issued_on + timedelta(days=habits.days_to_pay)
            bill = _Bill(f"FE-{number}", issued_on, due_on, product.month_amount(draw, usual))
            yield bill, _invoice(payer, bill, product.name)


def _billing_days(day: int, begin: date, end: date) -> Iterator[date]:
    on = begin.replace(day=day)
    while on <= end:
        if on >= begin:
            yield on
        on = (on.replace(day=1) + timedelta(days=32)).replace(day=day)


def _invoice(payer: Payer, bill: _Bill, product: str) -> Fact:
    body = {
        "number": bill.invoice_id,
        "issued_on": bill.issued_on.isoformat(),
        "due_on": bill.due_on.isoformat(),
        "amount": _amount(bill.amount),
        "product": product,
        "description": f"{product}, {_MONTHS[bill.issued_on.month - 1]} de {bill.issued_on.year}",
    }
    return Fact(datetime.combine(bill.issued_on, time(0, 5), ZONE), payer.customer_id, "invoice", bill.invoice_id, body)


def _attempts(payer: Payer, draw: Random, bill: _Bill, *, is_doubled: bool) -> Iterator[Fact]:
    """Attempts until one succeeds or the payer gives up; none at all of who has stopped paying."""
    habits = payer.habits
    on: date | None = max(bill.issued_on, bill.due_on + timedelta(days=shapes.days_after_due(draw, habits.late_share)))
    at, place = _moment(draw, on or bill.due_on), 1
    while on is not None and _pays(habits, on):
        if draw.random() >= habits.failing_share:
            yield from _payment(payer, draw, bill, at, place, is_doubled=is_doubled)
            return
        yield _attempt(payer, bill, at, place, bill.amount, draw.choice(_REASONS))
        wait = shapes.days_to_recover(draw)
        on = None if wait is None else on + timedelta(days=wait)
        at, place = _later(draw, at, wait), place + 1


def _payment(payer: Payer, draw: Random, bill: _Bill, at: datetime, place: int, *, is_doubled: bool) -> Iterator[Fact]:
    if payer.habits.in_parts and bill.amount >= 1000:
        first = round(bill.amount * draw.uniform(0.4, 0.7) / 100) * 100
        yield _attempt(payer, bill, at, place, first)
        rest_at = _later(draw, at, draw.randint(5, 20))
        if _pays(payer.habits, rest_at.date()):
            yield _attempt(payer, bill, rest_at, place + 1, bill.amount - first)
        return
    yield _attempt(payer, bill, at, place, bill.amount)
    if is_doubled:
        yield _attempt(payer, bill, _later(draw, at, 1), place + 1, bill.amount)


def _arrears(payer: Payer, draw: Random, unpaid: list[_Bill]) -> list[Fact]:
    """Who comes back pays all that is owed by then, at once."""
    returns_on = payer.habits.returns_on
    owed = [bill for bill in unpaid if returns_on and bill.issued_on < returns_on]
    if not owed or returns_on is None:
        return []
    return [_attempt(payer, owed[-1], _moment(draw, returns_on), 9, sum(bill.amount for bill in owed))]


def _pays(habits: Habits, on: date) -> bool:
    return habits.stops_on is None or on < habits.stops_on


def _attempt(payer: Payer, bill: _Bill, at: datetime, place: int, amount: int, failure: str | None = None) -> Fact:
    body = {
        "status": "failed" if failure else "succeeded",
        "amount": _amount(amount),
        "occurred_at": at.isoformat(),
        "method": payer.habits.method,
    }
    if failure:
        body["failure_reason"] = failure
    return Fact(at, payer.customer_id, "payment", f"PAG-{bill.invoice_id[3:]}-{place}", body)


def _moment(draw: Random, on: date) -> datetime:
    return datetime.combine(on, time(draw.randint(6, 19), draw.randint(0, 59), draw.randint(0, 59)), ZONE)


def _later(draw: Random, at: datetime, days: int | None) -> datetime:
    """So many days after; within the same day some minutes after."""
    return _moment(draw, at.date() + timedelta(days=days)) if days else at + timedelta(minutes=draw.randint(2, 110))


def _amount(pesos: int) -> str:
    return f"{pesos}.00"


_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
