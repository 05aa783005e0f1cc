"""A statement's JSON as the oracle would write it, to compare whole with what was sent."""

from decimal import Decimal
from typing import Any

from tests.oracle.facts import Account, Invoice, Money
from tests.oracle.statement import Figures, Line


def figures_json(account: Account, figures: Figures) -> dict[str, Any]:
    """One item of ``currencies`` in the statement, amounts as numbers so that spelling does not matter."""
    moves = figures.movements
    return {
        "currency": figures.currency,
        "opening": figures.opening,
        "movements": None if moves is None else sorted((str(m.on), m.kind, m.id, m.amount) for m in moves),
        "closing": figures.closing,
        "unapplied_credit": figures.unapplied_credit,
        "total": figures.total,
        "aging": figures.aging,
        "lines": [_line(account, line) for line in figures.lines],
    }


def _line(account: Account, line: Line) -> tuple[Any, ...]:
    invoice = [fact for fact in account.facts if isinstance(fact, Invoice) and fact.invoice_id == line.invoice_id][-1]
    settled_on = line.settled_on.isoformat() if line.settled_on else None
    return (
        line.invoice_id,
        invoice.number or line.invoice_id,
        str(invoice.issued_on),
        str(invoice.due_on),
        line.amount,
        line.balance,
        line.status,
        line.days_past_due,
        settled_on,
        line.disputed,
    )


def told_figures(told: dict[str, Any]) -> dict[str, Any]:
    """One item of ``currencies`` as Cascada told it, in the same shape."""
    moves = told["movements"]
    return {
        "currency": told["currency"],
        "opening": _number(told["opening"]),
        "movements": None if moves is None else sorted(_movement(move) for move in moves),
        "closing": _number(told["closing"]),
        "unapplied_credit": _number(told["unapplied_credit"]),
        "total": _number(told["total"]),
        "aging": {cell["bucket"]: _number(cell["amount"]) for cell in told["aging"]},
        "lines": [_told_line(line) for line in told["lines"]],
    }


def _movement(move: dict[str, Any]) -> tuple[Any, ...]:
    return move["on"], move["kind"], move["id"], _number(move["amount"])


def _told_line(line: dict[str, Any]) -> tuple[Any, ...]:
    exact = ("invoice_id", "number", "issued_on", "due_on")
    after = ("status", "days_past_due", "settled_on", "disputed")
    amounts = (_number(line["amount"]), _number(line["balance"]))
    return (*(line[key] for key in exact), *amounts, *(line[key] for key in after))


def _number(value: Any) -> Decimal | None:
    """An amount, whether it stands alone or with its currency."""
    if value is None:
        return None
    return Decimal(value["amount"] if isinstance(value, dict) else value)


def expected_totals(figures: list[Figures]) -> list[Money]:
    """``totals`` of a delivery: the closing of a full statement, the total of an overdue one."""
    return [Money(one.total if one.closing is None else one.closing, one.currency) for one in figures]
