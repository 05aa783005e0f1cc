"""Custom variables are declared before use; a declaration is what their values are checked against.

The names of the built-in variables are taken: a rule could not tell the two apart. Source: meaning.md, *Variables*.
"""

from dataclasses import dataclass
from typing import Literal

from shared.basics.errors import Conflict, mistake

VariableType = Literal["text", "number", "money", "date", "boolean", "choice"]

_NAMES = """
    customer_type name email document_number document_type country portfolio client_type language registered_on archived
    days_since_registration products total_balance overdue_balance unapplied_credit lifetime_paid highest_open_invoice
    failed_payments successful_payments amount_paid invoices_issued consecutive_failed_payments payments_per_month
    last_payment_on last_failed_payment_on last_activity_on last_invoice_on first_payment_on on_time_ratio
    average_days_late active_subscriptions open_disputes broken_promises contactability_problem risk_level risk_score
    is_top is_new is_recurring is_recent days_past_due aging_bucket oldest_due_on
"""
BUILT_IN = frozenset(_NAMES.split())


@dataclass(frozen=True)
class Title:
    """What a variable is called, for people."""

    es: str
    en: str | None = None


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A declaration; ``choices`` only for a choice."""

    key: str
    type: VariableType
    title: Title
    description: str | None = None
    choices: tuple[str, ...] | None = None


def check_declaration(stored: Variable | None, asked: Variable) -> None:
    """Whether a declaration may stand.

    Raises
    ------
    BadInput
        The key is a built-in's, or choices are missing or out of place.
    Conflict
        The type differs from the stored one.
    """
    if asked.key in BUILT_IN:
        raise mistake("", "reserved_name", f"{asked.key} is the name of a built-in variable")
    if stored is not None and stored.type != asked.type:
        raise Conflict("conflict", f"{asked.key} is a {stored.type} variable; its type cannot change")
    if asked.type == "choice" and not asked.choices:
        raise mistake("/choices", "required", "a choice needs the values to choose from")
    if asked.type != "choice" and asked.choices is not None:
        raise mistake("/choices", "not_allowed", "only a choice has choices")
    if asked.choices and len(set(asked.choices)) < len(asked.choices):
        raise mistake("/choices", "duplicate", "a choice is listed twice")


def removed_choices(stored: Variable, asked: Variable) -> list[str]:
    """The choices that a changed declaration no longer offers."""
    return sorted(set(stored.choices or ()) - set(asked.choices or ()))
