"""Every variable of a customer as of a day D, from raw facts (meaning.md 8-21). Missing is None."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.oracle import agreements, punctuality
from tests.oracle.aging import bucket
from tests.oracle.contact import contactability_problem
from tests.oracle.facts import Account, Invoice, Money, Payment
from tests.oracle.ledger import Ledger, replay
from tests.oracle.settings import Settings

ZERO = Decimal(0)


@dataclass(frozen=True)
class Moment:
    """A customer as of a day: what every variable is worked out from."""

    account: Account
    as_of: date
    settings: Settings
    ledger: Ledger

    @property
    def attempts(self) -> list[Payment]:
        """Payment attempts up to D, each once, in the order of (14)."""
        by_id = {fact.payment_id: fact for fact in self.account.facts if isinstance(fact, Payment)}
        until = [payment for payment in by_id.values() if payment.on <= self.as_of]
        return sorted(until, key=lambda payment: (payment.occurred_at, payment.payment_id.encode()))

    @property
    def successes(self) -> list[Payment]:
        """Those of which something is left (9)."""
        return [one for one in self.attempts if one.status == "succeeded" and self.net(one) > 0]

    def net(self, payment: Payment) -> Decimal:
        """A payment less what was given back of it."""
        given_back = [one.amount for one in self.ledger.refunds if one.payment_id == payment.payment_id]
        return payment.amount - sum(given_back, ZERO)

    @property
    def failures(self) -> list[Payment]:
        return [payment for payment in self.attempts if payment.status == "failed"]

    @property
    def invoices(self) -> list[Invoice]:
        """Those that are not void (9)."""
        return [one for one in self.ledger.invoices.values() if one.invoice_id not in self.ledger.voided_on]

    def days_ago(self, days: int) -> date:
        return self.as_of - timedelta(days=days)


def at(account: Account, as_of: date, settings: Settings) -> Moment:
    """The customer as of a day."""
    return Moment(account, as_of, settings, replay(account.facts, as_of))


def value_of(moment: Moment, key: str, within_days: int | None = None) -> Any:
    """One variable: text, number (int or Decimal), Money, date, bool, list of text; or None when missing."""
    customer = moment.account.customer
    if key in COUNTERS:
        return COUNTERS[key](moment, within_days)
    if key in BUILT_IN:
        return BUILT_IN[key](moment)
    if key in ATTRIBUTES:
        return _given(getattr(customer, "type" if key == "customer_type" else key))
    return _given(customer.variables.get(key))


def _given(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _in_window(moment: Moment, days: list[date], within_days: int | None) -> int:
    """How many of the days lie in D - N ... D, both included (10)."""
    return sum(1 for day in days if within_days is None or day >= moment.days_ago(within_days))


def _money(moment: Moment, amounts: list[Decimal]) -> Money:
    return Money(sum(amounts, ZERO), moment.account.customer.currency)


def _failed_payments(moment: Moment, within_days: int | None) -> int:
    return _in_window(moment, [payment.on for payment in moment.failures], within_days)


def _successful_payments(moment: Moment, within_days: int | None) -> int:
    return _in_window(moment, [payment.on for payment in moment.successes], within_days)


def _invoices_issued(moment: Moment, within_days: int | None) -> int:
    return _in_window(moment, [invoice.issued_on for invoice in moment.invoices], within_days)


def _amount_paid(moment: Moment, within_days: int | None) -> Money:
    currency = moment.account.customer.currency
    mine = [payment for payment in moment.successes if payment.currency == currency]
    return _money(moment, [moment.net(payment) for payment in mine if _in_window(moment, [payment.on], within_days)])


COUNTERS: dict[str, Callable[[Moment, int | None], Any]] = {
    "failed_payments": _failed_payments,
    "successful_payments": _successful_payments,
    "amount_paid": _amount_paid,
    "invoices_issued": _invoices_issued,
}


def _open_balances(moment: Moment, *, overdue_only: bool = False) -> list[Decimal]:
    """Balances of open invoices in the billing currency (7, 11)."""
    return [
        moment.ledger.balances[invoice.invoice_id]
        for invoice in moment.ledger.open_invoices()
        if invoice.currency == moment.account.customer.currency and (not overdue_only or invoice.due_on < moment.as_of)
    ]


def _unapplied_credit(moment: Moment) -> Money:
    currency, ledger = moment.account.customer.currency, moment.ledger
    paid = [left for one, left in ledger.unapplied.items() if ledger.payments[one].currency == currency]
    noted = [left for one, left in ledger.unapplied_notes.items() if ledger.credit_notes[one].currency == currency]
    return _money(moment, [*paid, *noted])


def _oldest_due_on(moment: Moment) -> date | None:
    return min((invoice.due_on for invoice in moment.ledger.open_invoices()), default=None)


def _days_past_due(moment: Moment) -> int:
    oldest = _oldest_due_on(moment)
    return max(0, (moment.as_of - oldest).days) if oldest else 0


def _aging_bucket(moment: Moment) -> str:
    return bucket(_days_past_due(moment), moment.settings)


def _products(moment: Moment) -> list[str]:
    owed = {invoice.product for invoice in moment.ledger.open_invoices() if invoice.product and invoice.product.strip()}
    subscribed = agreements.active(moment.account.facts, moment.as_of)
    return sorted(owed | {one.product for one in subscribed if one.product.strip()})


def _consecutive_failed_payments(moment: Moment) -> int:
    streak = 0
    succeeded = {payment.payment_id for payment in moment.successes}
    for payment in moment.attempts:
        if payment.payment_id in succeeded:
            streak = 0
        elif payment.status == "failed":
            streak += 1
    return streak


def _payments_per_month(moment: Moment) -> Decimal:
    year = Decimal(_successful_payments(moment, 365))
    return (year / 12).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _last(days: list[date]) -> date | None:
    return max(days, default=None)


def _last_activity_on(moment: Moment) -> date | None:
    subscribed = agreements.activity(moment.account.facts, moment.as_of)
    issued = [invoice.issued_on for invoice in moment.invoices]
    return _last([*(payment.on for payment in moment.attempts), *issued, *subscribed])


def _is_recurring(moment: Moment) -> bool:
    """An active subscription, or successful payments in enough of the current and the previous months (20)."""
    if agreements.active(moment.account.facts, moment.as_of):
        return True
    this_month = moment.as_of.year * 12 + moment.as_of.month
    months = {payment.on.year * 12 + payment.on.month for payment in moment.successes}
    recent = [month for month in months if this_month - month < moment.settings.recurring_months]
    return len(recent) >= moment.settings.recurring_at_least


def _is_top(moment: Moment) -> bool:
    cutoff = moment.settings.top_cutoffs.get(moment.account.customer.currency)
    return cutoff is not None and _amount_paid(moment, moment.settings.top_days).amount >= cutoff


def _is_new(moment: Moment) -> bool:
    return moment.days_ago(moment.settings.new_days) <= moment.account.customer.registered_on <= moment.as_of


def _is_recent(moment: Moment) -> bool:
    last = _last_activity_on(moment)
    return last is not None and last >= moment.days_ago(moment.settings.recent_days)


def _on_time_ratio(moment: Moment) -> Decimal | None:
    currency, grace = moment.account.customer.currency, moment.settings.risk.grace_days
    return punctuality.on_time_ratio(moment.ledger, currency, moment.as_of, grace)


def _average_days_late(moment: Moment) -> Decimal | None:
    return punctuality.average_days_late(moment.ledger, moment.account.customer.currency, moment.as_of)


def _broken_promises(moment: Moment) -> int:
    paid = [(payment.currency, payment.on, moment.net(payment)) for payment in moment.successes]
    return agreements.broken(moment.account.facts, paid, moment.as_of, moment.settings.holidays)


def _risk_level(moment: Moment) -> str:
    """The first that holds (19)."""
    wanted = moment.settings.risk
    if wanted.score:
        score = value_of(moment, wanted.score.variable)
        if score is not None:
            if score < wanted.score.high_below:
                return "high"
            return "low" if score >= wanted.score.low_from else "medium"
    past_due, promises = _days_past_due(moment), _broken_promises(moment)
    ratio, late = _on_time_ratio(moment), _average_days_late(moment)
    if (
        past_due > wanted.high_days_past_due_over
        or promises >= wanted.high_broken_promises_from
        or (late is not None and late > wanted.high_average_days_late_over)
        or (ratio is not None and ratio < wanted.high_on_time_ratio_under)
    ):
        return "high"
    if not (moment.attempts or promises or any(invoice.due_on <= moment.as_of for invoice in moment.invoices)):
        return "unknown"
    is_low = (
        (wanted.low_overdue or past_due == 0)
        and promises <= wanted.low_broken_promises
        and (late is not None and late <= wanted.low_average_days_late_up_to)
        and (ratio is not None and ratio >= wanted.low_on_time_ratio_from)
    )
    return "low" if is_low else "medium"


BUILT_IN: dict[str, Callable[[Moment], Any]] = {
    "archived": lambda moment: moment.account.customer.archived,
    "on_time_ratio": _on_time_ratio,
    "average_days_late": _average_days_late,
    "active_subscriptions": lambda moment: len(agreements.active(moment.account.facts, moment.as_of)),
    "open_disputes": lambda moment: agreements.open_disputes(moment.account.facts, moment.as_of),
    "broken_promises": _broken_promises,
    "risk_level": _risk_level,
    "days_since_registration": lambda moment: (moment.as_of - moment.account.customer.registered_on).days,
    "products": _products,
    "total_balance": lambda moment: _money(moment, _open_balances(moment)),
    "overdue_balance": lambda moment: _money(moment, _open_balances(moment, overdue_only=True)),
    "unapplied_credit": _unapplied_credit,
    "lifetime_paid": lambda moment: _amount_paid(moment, None),
    "highest_open_invoice": lambda moment: _money(moment, [max(_open_balances(moment), default=ZERO)]),
    "consecutive_failed_payments": _consecutive_failed_payments,
    "payments_per_month": _payments_per_month,
    "last_payment_on": lambda moment: _last([payment.on for payment in moment.successes]),
    "last_failed_payment_on": lambda moment: _last([payment.on for payment in moment.failures]),
    "last_activity_on": _last_activity_on,
    "last_invoice_on": lambda moment: _last([invoice.issued_on for invoice in moment.invoices]),
    "first_payment_on": lambda moment: min((payment.on for payment in moment.successes), default=None),
    "contactability_problem": lambda moment: contactability_problem(moment.account.customer, moment.settings),
    "is_top": _is_top,
    "is_new": _is_new,
    "is_recurring": _is_recurring,
    "is_recent": _is_recent,
    "days_past_due": _days_past_due,
    "aging_bucket": _aging_bucket,
    "oldest_due_on": _oldest_due_on,
}

ATTRIBUTES = (
    "customer_type",
    "name",
    "email",
    "document_number",
    "document_type",
    "country",
    "portfolio",
    "client_type",
    "language",
    "registered_on",
    "risk_score",
)


def all_variables(moment: Moment) -> dict[str, Any]:
    """Every variable, windowed ones for all time, as a standing shows them."""
    keys = [*ATTRIBUTES, *COUNTERS, *BUILT_IN, *moment.account.customer.variables]
    return {key: value_of(moment, key) for key in keys}
