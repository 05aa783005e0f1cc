"""What each variable is worth, as SQL over ``customers c JOIN behaviour b USING (customer_id)``, as of ``:as_of``.

The one place where a variable meets its columns: rules, standings, lists and the day turn all read it here, so their
answers cannot disagree. Windows are differences: lifetime less the last cumulative day row before the window, found
by one index probe. Source: meaning.md, *Variables as of D*.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Type, Variable

AS_OF = "CAST(:as_of AS date)"

_OPEN = "FROM invoices o WHERE o.customer_id = c.customer_id AND o.is_open"
_OLDEST_DUE = f"(SELECT min(o.due_on) {_OPEN})"
_DAYS_PAST_DUE = f"coalesce(greatest(0, {AS_OF} - {_OLDEST_DUE}), 0)"
_PRODUCTS = f"ARRAY(SELECT DISTINCT o.product {_OPEN} AND o.product <> '' ORDER BY 1)"


@dataclass
class Binds:
    """Constants of a statement under construction: each is bound, none is written into the text."""

    params: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any, sql_type: str) -> str:
        """A reference to a new bound constant of an SQL type."""
        name = f"r_{len(self.params)}"
        self.params[name] = value
        return f"CAST(:{name} AS {sql_type})"


def _open_sum(condition: str) -> str:
    return f"coalesce((SELECT sum(o.balance) {_OPEN} AND o.currency = c.currency{condition}), 0)"


def counted(counter: str, within_days: int | None) -> str:
    """A counter for all time, or over the days from ``as_of - within_days`` to ``as_of``, both included."""
    if within_days is None:
        return f"b.{counter}"
    return (
        f"(b.{counter} - coalesce((SELECT d.{counter} FROM days d WHERE d.customer_id = c.customer_id"
        f" AND d.day < {AS_OF} - {int(within_days)} ORDER BY d.day DESC LIMIT 1), 0))"
    )


def bucket_sql(settings: Settings, binds: Binds) -> str:
    """The id of the customer's aging bucket."""
    starts = binds.bind([1, *(edge + 1 for edge in settings.aging_edges)], "integer[]")
    buckets = binds.bind(list(settings.buckets), "text[]")
    return f"({buckets})[1 + width_bucket({_DAYS_PAST_DUE}, {starts})]"


def _contactability_problem(settings: Settings, binds: Binds) -> str:
    local_parts = binds.bind(sorted(settings.contactability.local_parts), "text[]")
    domains = binds.bind(sorted(settings.contactability.domains), "text[]")
    return (
        "(c.phone_is_placeholder OR NOT EXISTS (SELECT FROM unnest(c.addresses) AS a (address)"
        f" WHERE split_part(a.address, '@', 1) <> ALL({local_parts})"
        f" AND split_part(a.address, '@', 2) <> ALL({domains})))"
    )


def _is_top(settings: Settings, binds: Binds) -> str:
    cutoffs = sorted(settings.top_cutoffs.items())
    if not cutoffs:
        return "false"
    paid = counted("amount_paid", settings.quick_filters.top_days)
    whens = (
        f"WHEN {binds.bind(currency, 'text')} THEN {paid} >= {binds.bind(cutoff, 'numeric')}"
        for currency, cutoff in cutoffs
    )
    return f"(CASE c.currency {' '.join(whens)} ELSE false END)"


def _is_recurring(settings: Settings, _: Binds) -> str:
    quick = settings.quick_filters
    first = f"(date_trunc('month', {AS_OF}::timestamp) - interval '{quick.recurring_months - 1} months')::date"
    months = f"(SELECT count(*) FROM unnest(b.paid_months) AS p (month) WHERE p.month BETWEEN {first} AND {AS_OF})"
    return f"({months} >= {quick.recurring_at_least})"


def _within(day: str, days: int) -> str:
    return f"coalesce({day} BETWEEN {AS_OF} - {days} AND {AS_OF}, false)"


_Sql = Callable[[Settings, Binds], str]

_PLAIN: dict[str, str] = {
    **{key: f"c.{key}" for key in ("customer_type", "registered_on", "risk_score")},
    **{
        key: f"b.{key}"
        for key in (
            "total_balance",
            "unapplied_credit",
            "consecutive_failed_payments",
            "last_payment_on",
            "last_failed_payment_on",
            "last_activity_on",
            "last_invoice_on",
            "first_payment_on",
        )
    },
    "days_since_registration": f"({AS_OF} - c.registered_on)",
    "products": _PRODUCTS,
    "overdue_balance": _open_sum(f" AND o.due_on < {AS_OF}"),
    "lifetime_paid": "b.amount_paid",
    "highest_open_invoice": f"coalesce((SELECT max(o.balance) {_OPEN} AND o.currency = c.currency), 0)",
    "payments_per_month": f"round({counted('successful_payments', 365)} / 12.0, 2)",
    "days_past_due": _DAYS_PAST_DUE,
    "oldest_due_on": _OLDEST_DUE,
}
_BY_SETTINGS: dict[str, _Sql] = {
    "contactability_problem": _contactability_problem,
    "is_top": _is_top,
    "is_recurring": _is_recurring,
    "is_new": lambda settings, _: _within("c.registered_on", settings.quick_filters.new_days),
    "is_recent": lambda settings, _: _within("b.last_activity_on", settings.quick_filters.recent_days),
    "aging_bucket": bucket_sql,
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
    return f"ARRAY(SELECT o.product_folded {_OPEN} AND o.product_folded IS NOT NULL)"


def currency_sql(variable: Variable, binds: Binds) -> str:
    """The currency of a money variable: the customer's billing currency, or the one a custom value was loaded with."""
    if variable.is_custom:
        return f"(c.variables -> {binds.bind(variable.key, 'text')} ->> 'currency')"
    return "c.currency"
