"""Payment behaviour: lifetime counters of one customer, and how facts in order add to them. Source: meaning.md 9-15.

Facts later than everything known add up; a late fact, a refund, a void, or a change of a due date or currency does not,
and the customer is recomputed from its facts (``storage/recompute.py``, which says the same in SQL).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from services.segmenter.domain.change import Change
from services.segmenter.domain.facts import Application, Attempt
from shared.basics.money import ZERO, Money

MONTHS_KEPT = 12
Dues = Mapping[str, date]
"""When invoices are due, by id."""


class Behaviour(NamedTuple):
    """Lifetime counters; amounts are of the billing currency alone. A tuple, for a batch makes and reads thousands.

    ``paid_down`` is what payments paid of invoices, ``lateness`` the same, each part times its days after the due date.
    """

    failed_payments: int = 0
    successful_payments: int = 0
    invoices_issued: int = 0
    amount_paid: Decimal = ZERO
    paid_down: Decimal = ZERO
    lateness: Decimal = ZERO
    total_balance: Decimal = ZERO
    unapplied_credit: Decimal = ZERO
    consecutive_failed_payments: int = 0
    last_attempt_at: datetime | None = None
    last_attempt_id: str | None = None
    last_payment_on: date | None = None
    last_failed_payment_on: date | None = None
    first_payment_on: date | None = None
    last_activity_on: date | None = None
    last_invoice_on: date | None = None
    paid_months: tuple[date, ...] = ()
    """First days of the last months with a successful payment, ascending, at most 12."""


class Day(NamedTuple):
    """The counters as they stood at the end of a day on which something happened."""

    day: date
    failed_payments: int
    successful_payments: int
    invoices_issued: int
    amount_paid: Decimal
    paid_down: Decimal
    lateness: Decimal


def follows(known: Behaviour, change: Change) -> bool:
    """Whether everything in a change comes after everything known, so that it can be added up."""
    if change.rewrites_the_past:
        return False
    active = change.active_days
    if any(part.applied_on not in active for part in change.paid_parts):
        return False
    if known.last_activity_on and any(day < known.last_activity_on for day in active):
        return False
    if known.last_attempt_at is None or known.last_attempt_id is None:
        return True
    last = (known.last_attempt_at, known.last_attempt_id)
    return all(attempt.place > last for attempt, _ in change.attempts)


@dataclass(slots=True)
class _News:
    """What a change says of one day."""

    attempts: list[Attempt] = field(default_factory=list)
    invoices: int = 0
    parts: list[Application] = field(default_factory=list)
    """What payments paid, of the billing currency."""


def add(known: Behaviour, change: Change, currency: str, dues: Dues) -> tuple[Behaviour, list[Day]]:
    """Behaviour after a change that ``follows``, and the days to be written; ``dues`` of the invoices it pays."""
    balances = _balances(known, change, currency)
    happened = sorted(_by_day(change, currency).items())
    if not happened:
        return known._replace(total_balance=balances[0], unapplied_credit=balances[1]), []
    after, days = known, list[Day]()
    for day, news in happened:
        after = _after_day(after, day, news, currency, dues, balances)
        days.append(_end_of(day, after))
    return after, days


def _by_day(change: Change, currency: str) -> dict[date, _News]:
    found: defaultdict[date, _News] = defaultdict(_News)
    for attempt, _ in change.attempts:
        found[attempt.occurred_on].attempts.append(attempt)
    for opened in change.issued.values():
        found[opened.terms.issued_on].invoices += 1
    for part in change.paid_parts:
        if part.amount.currency == currency:
            found[part.applied_on].parts.append(part)
    return found


def _after_day(
    known: Behaviour, day: date, news: _News, currency: str, dues: Dues, balances: tuple[Decimal, Decimal]
) -> Behaviour:
    attempts = sorted(news.attempts, key=_place) if len(news.attempts) > 1 else news.attempts
    last = attempts[-1] if attempts else None
    paid = [attempt for attempt in attempts if attempt.succeeded]
    return Behaviour(
        failed_payments=known.failed_payments + len(attempts) - len(paid),
        successful_payments=known.successful_payments + len(paid),
        invoices_issued=known.invoices_issued + news.invoices,
        amount_paid=known.amount_paid + sum(_worth(attempt.amount, currency) for attempt in paid),
        paid_down=known.paid_down + sum(part.amount.amount for part in news.parts),
        lateness=known.lateness + sum(_lateness(part, dues) for part in news.parts),
        total_balance=balances[0],
        unapplied_credit=balances[1],
        consecutive_failed_payments=_streak(known.consecutive_failed_payments, attempts),
        last_attempt_at=last.occurred_at if last else known.last_attempt_at,
        last_attempt_id=last.payment_id if last else known.last_attempt_id,
        last_payment_on=day if paid else known.last_payment_on,
        last_failed_payment_on=day if len(attempts) > len(paid) else known.last_failed_payment_on,
        first_payment_on=known.first_payment_on or (day if paid else None),
        last_activity_on=day,
        last_invoice_on=day if news.invoices else known.last_invoice_on,
        paid_months=_with_month(known.paid_months, day) if paid else known.paid_months,
    )


def _place(attempt: Attempt) -> tuple[datetime, str]:
    return attempt.place


def _streak(before: int, attempts: Iterable[Attempt]) -> int:
    """Failures in a row: a success begins anew."""
    for attempt in attempts:
        before = 0 if attempt.succeeded else before + 1
    return before


def _with_month(months: tuple[date, ...], day: date) -> tuple[date, ...]:
    month = day.replace(day=1)
    if months and months[-1] == month:
        return months
    return tuple(sorted({*months, month}))[-MONTHS_KEPT:]


def _lateness(part: Application, dues: Dues) -> Decimal:
    return part.amount.amount * (part.applied_on - dues[part.invoice_id]).days


def _balances(known: Behaviour, change: Change, currency: str) -> tuple[Decimal, Decimal]:
    """What the customer owes after the whole change, and the credit that waits.

    Credit that a fact brings waits until it is applied; an application takes it off an invoice.

    A write-off is no credit that could wait: what it takes off an invoice is all there is of it.
    """
    owed, waiting = known.total_balance, known.unapplied_credit
    for opened in change.issued.values():
        owed += _worth(opened.terms.amount, currency)
    for attempt, _ in change.attempts:
        waiting += _worth(attempt.amount, currency) if attempt.succeeded else ZERO
    for note, _ in change.credit_notes:
        waiting += _worth(note.amount, currency) if note.kind == "credit" else ZERO
    for part in change.applications.values():
        applied = _worth(part.amount, currency)
        owed -= applied
        waiting -= applied if part.credit_kind != "write_off" else ZERO
    return owed, waiting


def _worth(money: Money, currency: str) -> Decimal:
    """What counts of an amount: nothing, where it is of another currency."""
    return money.amount if money.currency == currency else ZERO


def _end_of(day: date, known: Behaviour) -> Day:
    return Day(
        day=day,
        failed_payments=known.failed_payments,
        successful_payments=known.successful_payments,
        invoices_issued=known.invoices_issued,
        amount_paid=known.amount_paid,
        paid_down=known.paid_down,
        lateness=known.lateness,
    )
