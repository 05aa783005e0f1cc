"""Payment behaviour: lifetime counters of one customer, and how facts in order add to them. Source: meaning.md 9-15.

Facts later than everything known add up; a late fact, a refund, a void, or a change of a due date or currency does not,
and the customer is recomputed from its facts (``storage/recompute.py``, which says the same in SQL).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from services.segmenter.domain.change import Change
from services.segmenter.domain.facts import Application, Attempt
from shared.basics.money import ZERO, Money

MONTHS_KEPT = 12
Dues = Mapping[str, date]
"""When invoices are due, by id."""


@dataclass(frozen=True)
class Behaviour:
    """Lifetime counters; amounts are of the billing currency alone.

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


@dataclass(frozen=True)
class Day:
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
    if any(part.applied_on not in change.active_days for part in change.paid_parts):
        return False
    if known.last_activity_on and any(day < known.last_activity_on for day in change.active_days):
        return False
    if known.last_attempt_at is None or known.last_attempt_id is None:
        return True
    last = (known.last_attempt_at, known.last_attempt_id)
    return all(attempt.place > last for attempt, _ in change.attempts)


def add(known: Behaviour, change: Change, currency: str, dues: Dues) -> tuple[Behaviour, list[Day]]:
    """Behaviour after a change that ``follows``, and the days to be written; ``dues`` of the invoices it pays."""
    after, days = known, []
    for day in sorted(change.active_days):
        attempts = sorted((a for a, _ in change.attempts if a.occurred_on == day), key=lambda a: a.place)
        for attempt in attempts:
            after = _after_attempt(after, attempt, currency)
        issued = sum(opened.terms.issued_on == day for opened in change.issued.values())
        after = replace(after, invoices_issued=after.invoices_issued + issued, last_activity_on=day)
        after = replace(after, last_invoice_on=day) if issued else after
        for part in change.paid_parts:
            after = _after_part(after, part, dues[part.invoice_id]) if _counts(part, day, currency) else after
        days.append(_end_of(day, after))
    return _with_balances(after, change, currency), days


def _after_attempt(known: Behaviour, attempt: Attempt, currency: str) -> Behaviour:
    seen = replace(known, last_attempt_at=attempt.occurred_at, last_attempt_id=attempt.payment_id)
    day = attempt.occurred_on
    if not attempt.succeeded:
        return replace(
            seen,
            failed_payments=known.failed_payments + 1,
            consecutive_failed_payments=known.consecutive_failed_payments + 1,
            last_failed_payment_on=day,
        )
    return replace(
        seen,
        successful_payments=known.successful_payments + 1,
        amount_paid=known.amount_paid + _in_currency([attempt.amount], currency),
        consecutive_failed_payments=0,
        last_payment_on=day,
        first_payment_on=known.first_payment_on or day,
        paid_months=tuple(sorted({*known.paid_months, day.replace(day=1)}))[-MONTHS_KEPT:],
    )


def _counts(part: Application, day: date, currency: str) -> bool:
    return part.applied_on == day and part.amount.currency == currency


def _after_part(known: Behaviour, part: Application, due_on: date) -> Behaviour:
    paid = part.amount.amount
    late = paid * (part.applied_on - due_on).days
    return replace(known, paid_down=known.paid_down + paid, lateness=known.lateness + late)


def _with_balances(known: Behaviour, change: Change, currency: str) -> Behaviour:
    """Credit that a fact brings waits until it is applied; an application takes it off an invoice.

    A write-off is no credit that could wait: what it takes off an invoice is all there is of it.
    """
    parts = change.applications.values()
    applied = _in_currency((part.amount for part in parts), currency)
    of_credit = _in_currency((part.amount for part in parts if part.credit_kind != "write_off"), currency)
    paid = _in_currency((attempt.amount for attempt, _ in change.attempts if attempt.succeeded), currency)
    credited = _in_currency((note.amount for note, _ in change.credit_notes if note.kind == "credit"), currency)
    billed = _in_currency((opened.terms.amount for opened in change.issued.values()), currency)
    return replace(
        known,
        total_balance=known.total_balance + billed - applied,
        unapplied_credit=known.unapplied_credit + paid + credited - of_credit,
    )


def _in_currency(amounts: Iterable[Money], currency: str) -> Decimal:
    return sum((money.amount for money in amounts if money.currency == currency), ZERO)


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
