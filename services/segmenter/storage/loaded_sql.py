"""For whom a variable is loaded, as SQL over ``customers c JOIN behaviour b USING (customer_id)``.

What can be missing is loaded where it is not; what never is, where a fact of its kind is known. Source: meaning.md 32.
"""

from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Type, Variable
from services.segmenter.storage.binds import Binds
from services.segmenter.storage.risk_sql import score_sql
from services.segmenter.storage.variable_sql import folded_sql, variable_sql


def _any(table: str, condition: str = "true") -> str:
    return f"EXISTS (SELECT FROM {table} f WHERE f.customer_id = c.customer_id AND {condition})"


_EVERYONE = "true"
_ATTEMPT = _any("payments")
_INVOICE = _any("invoices")
_SUBSCRIPTION = _any("subscriptions")
_PROMISE = _any("promises")
_PRODUCT = "f.product <> ''"

_BY_FACT = {
    **dict.fromkeys(("archived", "days_since_registration", "contactability_problem", "is_new"), _EVERYONE),
    **dict.fromkeys(
        (
            "failed_payments",
            "successful_payments",
            "amount_paid",
            "lifetime_paid",
            "consecutive_failed_payments",
            "payments_per_month",
            "is_top",
        ),
        _ATTEMPT,
    ),
    **dict.fromkeys(
        (
            "total_balance",
            "overdue_balance",
            "highest_open_invoice",
            "invoices_issued",
            "days_past_due",
            "aging_bucket",
        ),
        _INVOICE,
    ),
    "unapplied_credit": f"({_ATTEMPT} OR {_any('credit_notes')})",
    "products": f"({_any('invoices', _PRODUCT)} OR {_any('subscriptions', _PRODUCT)})",
    "active_subscriptions": _SUBSCRIPTION,
    "open_disputes": _any("disputes"),
    "broken_promises": _PROMISE,
    "is_recurring": f"({_ATTEMPT} OR {_SUBSCRIPTION})",
    "is_recent": f"({_ATTEMPT} OR {_INVOICE} OR {_SUBSCRIPTION})",
}


def loaded_sql(variable: Variable, settings: Settings, binds: Binds) -> str:
    """Whether a variable is loaded: true or false."""
    if variable.key == "risk_level":
        return f"({_ATTEMPT} OR {_INVOICE} OR {_PROMISE} OR {score_sql(settings, binds)} IS NOT NULL)"
    if variable.key in _BY_FACT:
        return _BY_FACT[variable.key]
    if variable.type is Type.TEXT:
        return f"({folded_sql(variable, binds)} IS NOT NULL)"
    return f"({variable_sql(variable, settings, binds)} IS NOT NULL)"
