"""What a statement says, in whatever language. A language that lacks a phrase does not pass the type checker."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """A phrase about a number of days or things: one of them, or ``{n}``."""

    one: str
    many: str

    def of(self, n: int, **filled: str) -> str:
        """The phrase about ``n``."""
        return (self.one if n == 1 else self.many).format(n=n, **filled)


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The phrases of a language, in the order in which a mail has them."""

    full: str
    overdue: str
    as_of: str
    hello_company: str
    hello_person: str
    about_full: str
    about_overdue: Counted
    nothing_full: str
    nothing_overdue: str
    balance: str
    overdue_part: str
    overdue_total: str
    none_overdue: str
    settled: str
    credit: str
    credit_use: str
    pay: str
    invoices: str
    invoice: str
    issued: str
    due: str
    status: str
    amount: str
    left: str
    due_on: str
    amount_of: str
    settled_on: str
    pending: str
    days_late: Counted
    disputed: str
    lines_shown: str
    lines_attached: str
    movements: str
    date: str
    movement: str
    movements_shown: str
    invoices_issued: Counted
    opening: str
    closing: str
    kinds: Mapping[str, str]
    aging: str
    not_due: str
    days: str
    days_over: str
    if_paid: str
    ask: str
    ask_agreement: str
    answer: str
    answer_at: str
    regards: str
    customer: str
    page: str
    file_full: str
    file_overdue: str
    file_invoices: str
