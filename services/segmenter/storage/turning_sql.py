"""On which coming days a customer's segment can change if nothing happens, as SQL.

A condition changes when something dated comes, falls due or becomes too old for it, and stands still between two such
days; so only they need judging (``coming_days``, ``forecasts``). What is not known here is looked at every day.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import floor

from services.segmenter.domain.rules import tree
from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Type
from services.segmenter.storage.binds import AS_OF, Binds
from services.segmenter.storage.variable_sql import variable_sql

_YEAR = 365
_LATEST = 3_000_000
"""No day is further from another: 8,000 years."""
_COMING = "CAST(:days AS int)"


def turning_sql(rules: Iterable[tree.Node], settings: Settings, binds: Binds) -> str:
    """A query of ``day``, valid over ``customers c JOIN behaviour b``: the as-of date, and of the ``:days`` days after
    it each on which some rule may change."""
    found = dict.fromkeys(
        day for rule in rules for condition in tree.conditions(rule) for day in _turning(condition, settings, binds)
    )
    turning = "".join(f" UNION ALL {days}" for days in found)
    return (
        f"SELECT {AS_OF} AS day UNION SELECT t.day FROM (SELECT CAST(NULL AS date){turning}) AS t (day)"
        f" WHERE t.day > {AS_OF} AND t.day <= {AS_OF} + {_COMING}"
    )


def _turning(condition: tree.Condition, settings: Settings, binds: Binds) -> Iterator[str]:
    variable = condition.variable
    if condition.within_days is not None:
        yield _out_of_window(condition.within_days)
        return
    if variable.type is Type.DATE and isinstance(condition.value, int):
        yield from _aged(variable_sql(variable, settings, binds), condition.value)
    if variable.key == "days_since_registration":
        yield from _of_age(condition)
    elif not variable.is_custom and variable.key not in _STILL:
        yield from _MOVED_BY_TIME.get(variable.key, _unknown)(settings)


def _of_age(condition: tree.Condition) -> Iterator[str]:
    given = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    ages = [floor(one) for one in given if isinstance(one, int | Decimal)]
    for age in ages:
        if -1 <= age <= _LATEST:
            yield from (f"SELECT c.registered_on + {age}", f"SELECT c.registered_on + {age + 1}")


def _aged(day: str, days: int) -> list[str]:
    """When a date comes, and when it lies further back than so many days."""
    return [f"SELECT {day}", f"SELECT {day} + {days + 1}"]


def _out_of_window(days: int) -> str:
    return (
        f"SELECT d.day + {days + 1} FROM days d WHERE d.customer_id = c.customer_id"
        f" AND d.day BETWEEN {AS_OF} - {days} AND {AS_OF} - {days} + {_COMING}"
    )


def _due(days: int) -> str:
    """So many days after an invoice falls due."""
    return (
        f"SELECT o.due_on + {days} FROM invoices o WHERE o.customer_id = c.customer_id"
        f" AND o.due_on BETWEEN {AS_OF} - {days} AND {AS_OF} - {days} + {_COMING}"
    )


def _every_day(where: str) -> str:
    return f"SELECT {AS_OF} + n FROM generate_series(1, {_COMING}) AS n WHERE {where}"


def _of_punctuality(settings: Settings) -> list[str]:
    return [_due(settings.risk.grace_days + 1), _due(_YEAR + 1)]


def _of_risk(settings: Settings) -> list[str]:
    """Falling due ends having no history; then come being overdue, and being so for long."""
    dues = [_due(0), _due(1), _due(settings.risk.high.days_past_due_over + 1), *_of_punctuality(settings)]
    return [*dues, _out_of_window(_YEAR), _every_day("b.has_promises")]


def _of_disputes(day: str) -> str:
    return f"SELECT q.{day} FROM disputes q WHERE q.customer_id = c.customer_id"


def _unknown(_: Settings) -> list[str]:
    return [_every_day("true")]


_WITH_SUBSCRIPTIONS = _every_day("b.has_subscriptions")
_STILL = frozenset(
    (
        *("customer_type", "name", "email", "document_number", "document_type", "country", "portfolio", "client_type"),
        *("language", "registered_on", "archived", "contactability_problem", "risk_score", "total_balance"),
        *("unapplied_credit", "lifetime_paid", "highest_open_invoice", "failed_payments", "successful_payments"),
        *("amount_paid", "invoices_issued", "consecutive_failed_payments", "last_payment_on"),
        *("last_failed_payment_on", "last_invoice_on", "first_payment_on"),
    )
)
"""Built-in variables that change by events alone."""
_MOVED_BY_TIME: Mapping[str, Callable[[Settings], Sequence[str]]] = {
    "overdue_balance": lambda _: [_due(1)],
    "payments_per_month": lambda _: [_out_of_window(_YEAR)],
    "average_days_late": lambda _: [_out_of_window(_YEAR)],
    "on_time_ratio": _of_punctuality,
    "risk_level": _of_risk,
    "is_top": lambda settings: [_out_of_window(settings.quick_filters.top_days)],
    "is_new": lambda settings: _aged("c.registered_on", settings.quick_filters.new_days),
    "is_recent": lambda settings: [
        *_aged("b.last_activity_on", settings.quick_filters.recent_days),
        _WITH_SUBSCRIPTIONS,
    ],
    "is_recurring": lambda _: [_every_day(f"extract(day FROM {AS_OF} + n) = 1"), _WITH_SUBSCRIPTIONS],
    "last_activity_on": lambda _: [_WITH_SUBSCRIPTIONS],
    "active_subscriptions": lambda _: [_WITH_SUBSCRIPTIONS],
    "products": lambda _: [_WITH_SUBSCRIPTIONS],
    "open_disputes": lambda _: [_of_disputes("opened_on"), _of_disputes("closed_on")],
    "broken_promises": lambda _: [_every_day("b.has_promises")],
}
