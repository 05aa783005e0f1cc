"""What each variable is worth, as SQL over ``customers c JOIN behaviour b USING (customer_id)``, as of ``:as_of``.

The one place where a variable meets its columns: rules, standings, lists and the day turn all read it here, so their
answers cannot disagree. Windows are differences: lifetime less the last cumulative day row before the window, found
by one index probe. Source: meaning.md, *Variables as of D*.
"""

from collections.abc import Callable

from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Type, Variable
from services.segmenter.storage import agreement_sql, debt_sql
from services.segmenter.storage.agreement_sql import ACTIVE_SUBSCRIPTIONS, IS_SUBSCRIBED, LAST_ACTIVITY_ON
from services.segmenter.storage.binds import AS_OF, Binds, counted
from services.segmenter.storage.contact_sql import contactability_problem
from services.segmenter.storage.punctuality_sql import AVERAGE_DAYS_LATE, on_time_ratio
from services.segmenter.storage.risk_sql import risk_sql


def _is_top(settings: Settings, binds: Binds) -> str:
    cutoffs = sorted(settings.top_cutoffs.items())
    if not cutoffs:
        return "false"
    paid = counted("amount_paid", settings.quick_filters.top_days)
    whens = []
    for currency, cutoff in cutoffs:
        amount = binds.bind(cutoff, "numeric")
        whens.append(f"WHEN {binds.bind(currency, 'text')} THEN b.amount_paid >= {amount} AND {paid} >= {amount}")
    return f"(CASE c.currency {' '.join(whens)} ELSE false END)"


def _is_recurring(settings: Settings, _: Binds) -> str:
    quick = settings.quick_filters
    first = f"(date_trunc('month', {AS_OF}::timestamp) - interval '{quick.recurring_months - 1} months')::date"
    months = f"(SELECT count(*) FROM unnest(b.paid_months) AS p (month) WHERE p.month BETWEEN {first} AND {AS_OF})"
    return f"({IS_SUBSCRIBED} OR {months} >= {quick.recurring_at_least})"


def _within(day: str, days: int) -> str:
    return f"coalesce({day} BETWEEN {AS_OF} - {days} AND {AS_OF}, false)"


_Sql = Callable[[Settings, Binds], str]

_PLAIN: dict[str, str] = {
    **{key: f"c.{key}" for key in ("customer_type", "registered_on", "risk_score", "archived")},
    **{
        key: f"b.{key}"
        for key in (
            "total_balance",
            "unapplied_credit",
            "consecutive_failed_payments",
            "last_payment_on",
            "last_failed_payment_on",
            "last_invoice_on",
            "first_payment_on",
        )
    },
    "days_since_registration": f"({AS_OF} - c.registered_on)",
    "products": agreement_sql.PRODUCTS,
    "overdue_balance": debt_sql.OVERDUE,
    "lifetime_paid": "b.amount_paid",
    "highest_open_invoice": debt_sql.HIGHEST,
    "payments_per_month": f"round({counted('successful_payments', 365)} / 12.0, 2)",
    "last_activity_on": LAST_ACTIVITY_ON,
    "average_days_late": AVERAGE_DAYS_LATE,
    "active_subscriptions": ACTIVE_SUBSCRIPTIONS,
    "open_disputes": agreement_sql.OPEN_DISPUTES,
    "days_past_due": debt_sql.DAYS_PAST_DUE,
    "oldest_due_on": debt_sql.OLDEST_DUE,
}
_BY_SETTINGS: dict[str, _Sql] = {
    "on_time_ratio": lambda settings, _: on_time_ratio(settings),
    "broken_promises": agreement_sql.broken_promises,
    "contactability_problem": contactability_problem,
    "risk_level": risk_sql,
    "is_top": _is_top,
    "is_recurring": _is_recurring,
    "is_new": lambda settings, _: _within("c.registered_on", settings.quick_filters.new_days),
    "is_recent": lambda settings, _: _within(LAST_ACTIVITY_ON, settings.quick_filters.recent_days),
    "aging_bucket": debt_sql.bucket_sql,
}
_CUSTOM_TYPES = {Type.NUMBER: "numeric", Type.DATE: "date", Type.BOOLEAN: "boolean", Type.CHOICE: "text"}


def variable_sql(variable: Variable, settings: Settings, binds: Binds, within_days: int | None = None) -> str:
    """The value of a variable; NULL where it is missing. Money is the amount alone, text is as written."""
    if variable.is_custom:
        return _custom_sql(variable, binds)
    if variable.is_windowed:
        return counted(variable.key, within_days)
    if variable.key in _BY_SETTINGS:
        return _BY_SETTINGS[variable.key](settings, binds)
    return _PLAIN.get(variable.key, f"c.{variable.key}")


def _custom_sql(variable: Variable, binds: Binds) -> str:
    key = binds.bind(variable.key, "text")
    if variable.type is Type.MONEY:
        return f"CAST(c.variables -> {key} ->> 'amount' AS numeric)"
    if variable.type is Type.TEXT:
        return f"(CASE WHEN {folded_sql(variable, binds)} IS NOT NULL THEN c.variables ->> {key} END)"
    return f"CAST(c.variables ->> {key} AS {_CUSTOM_TYPES[variable.type]})"


def folded_sql(variable: Variable, binds: Binds) -> str:
    """The search copy of a text, without case and accents; NULL where the text is missing."""
    return f"(c.folded ->> {binds.bind(variable.key, 'text')})"


def folded_products_sql() -> str:
    """The search copies of the customer's products."""
    return agreement_sql.FOLDED_PRODUCTS


def currency_sql(variable: Variable, binds: Binds) -> str:
    """The currency of a money variable: the customer's billing currency, or the one a custom value was loaded with."""
    if variable.is_custom:
        return f"(c.variables -> {binds.bind(variable.key, 'text')} ->> 'currency')"
    return "c.currency"
