"""The catalogue: every variable that rules, searches and standings may name, with its type and what it means.

Source: meaning.md, *Variables as of D*. What a variable is worth is said in ``storage/variable_sql.py``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from services.segmenter.domain.settings import RISK_LEVELS

AGING_REASON = (
    "days past due may not be a segment criterion: aging buckets are kept by the system beside the segments, and a "
    "segment that repeats them would move customers twice for one fact; use overdue_balance, or filter by bucket in "
    "searches, alerts and audiences"
)


class Type(Enum):
    """What values a variable has, and so which operators it knows."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    BOOLEAN = "boolean"
    LIST = "list"


@dataclass(frozen=True)
class Variable:
    """One variable; ``es`` and ``en`` are its name for people.

    ``is_windowed``: it may be counted over the last days. ``is_aging``: refused in a segment's rule.
    """

    key: str
    type: Type
    es: str
    en: str
    choices: tuple[str, ...] = ()
    is_windowed: bool = False
    is_aging: bool = False
    is_custom: bool = False


Catalogue = Mapping[str, Variable]
"""Variables by key."""

_T, _C, _N, _M, _D, _B = Type.TEXT, Type.CHOICE, Type.NUMBER, Type.MONEY, Type.DATE, Type.BOOLEAN

_BUILT_IN = (
    Variable("customer_type", _C, "el tipo de cliente", "the customer type", ("person", "company")),
    Variable("name", _T, "el nombre", "the name"),
    Variable("email", _T, "el correo", "the e-mail"),
    Variable("document_number", _T, "el número de documento", "the document number"),
    Variable("document_type", _T, "el tipo de documento", "the document type"),
    Variable("country", _T, "el país", "the country"),
    Variable("portfolio", _T, "la cartera", "the portfolio"),
    Variable("client_type", _T, "la clase de cliente", "the client type"),
    Variable("language", _T, "el idioma", "the language"),
    Variable("registered_on", _D, "la fecha de registro", "the registration date"),
    Variable("archived", _B, "la marca de archivado", "the archived mark"),
    Variable("days_since_registration", _N, "los días desde el registro", "the days since registration"),
    Variable("products", Type.LIST, "los productos", "the products"),
    Variable("total_balance", _M, "el saldo total", "the total balance"),
    Variable("overdue_balance", _M, "el saldo vencido", "the overdue balance"),
    Variable("unapplied_credit", _M, "el saldo a favor", "the unapplied credit"),
    Variable("lifetime_paid", _M, "lo pagado en total", "the amount paid in all"),
    Variable("highest_open_invoice", _M, "la mayor factura abierta", "the highest open invoice"),
    Variable("failed_payments", _N, "los pagos fallidos", "the failed payments", is_windowed=True),
    Variable("successful_payments", _N, "los pagos exitosos", "the successful payments", is_windowed=True),
    Variable("amount_paid", _M, "lo pagado", "the amount paid", is_windowed=True),
    Variable("invoices_issued", _N, "las facturas emitidas", "the invoices issued", is_windowed=True),
    Variable("consecutive_failed_payments", _N, "los pagos fallidos seguidos", "the consecutive failed payments"),
    Variable("payments_per_month", _N, "los pagos por mes", "the payments per month"),
    Variable("last_payment_on", _D, "el último pago", "the last payment"),
    Variable("last_failed_payment_on", _D, "el último pago fallido", "the last failed payment"),
    Variable("last_activity_on", _D, "la última actividad", "the last activity"),
    Variable("last_invoice_on", _D, "la última factura", "the last invoice"),
    Variable("first_payment_on", _D, "el primer pago", "the first payment"),
    Variable("on_time_ratio", _N, "la proporción pagada a tiempo", "the share paid on time"),
    Variable("average_days_late", _N, "los días de atraso en promedio", "the average days late"),
    Variable("active_subscriptions", _N, "las suscripciones activas", "the active subscriptions"),
    Variable("open_disputes", _N, "las disputas abiertas", "the open disputes"),
    Variable("broken_promises", _N, "las promesas incumplidas", "the broken promises"),
    Variable("contactability_problem", _B, "un problema de contactabilidad", "a contactability problem"),
    Variable("risk_level", _C, "el nivel de riesgo", "the risk level", RISK_LEVELS),
    Variable("risk_score", _N, "el puntaje de riesgo", "the risk score"),
    Variable("is_top", _B, "un alto volumen de pagos", "a high payment volume"),
    Variable("is_new", _B, "un registro reciente", "a recent registration"),
    Variable("is_recurring", _B, "pagos recurrentes", "recurring payments"),
    Variable("is_recent", _B, "actividad reciente", "recent activity"),
    Variable("days_past_due", _N, "los días de mora", "the days past due", is_aging=True),
    Variable("aging_bucket", _C, "el tramo de mora", "the aging bucket", is_aging=True),
    Variable("oldest_due_on", _D, "el vencimiento más antiguo", "the oldest due date", is_aging=True),
)

BUILT_IN: Catalogue = {variable.key: variable for variable in _BUILT_IN}


def catalogue(custom: Iterable[Variable], buckets: Iterable[str]) -> Catalogue:
    """All variables: the built-in ones, with the published aging buckets as choices, and the declared ones."""
    bucket = BUILT_IN["aging_bucket"]
    aging = Variable(bucket.key, bucket.type, bucket.es, bucket.en, tuple(buckets), is_aging=True)
    return {**BUILT_IN, "aging_bucket": aging, **{variable.key: variable for variable in custom}}
