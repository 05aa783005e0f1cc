"""A statement as JSON: what an API caller gets, and what is kept beside a mail. Source: meaning.md 38."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from services.statements.domain.account_as_of import Line, Movement
from services.statements.domain.rule import Content
from services.statements.domain.statement import CurrencyFigures, Statement
from shared.basics.money import amount_text
from shared.http.answers import instant_text


def statement_json(customer_id: str, statement: Statement, locale: str, as_of: datetime) -> dict[str, Any]:
    """JSON values; amounts are decimal strings in the currency of their block."""
    period = statement.period
    return {
        "customer_id": customer_id,
        "content": content_json(statement.content),
        "as_of": instant_text(as_of),
        "as_of_date": statement.as_of_date.isoformat(),
        "locale": locale,
        "period": {"from": period[0].isoformat(), "to": period[1].isoformat()} if period else None,
        "currencies": [_currency(figures) for figures in statement.currencies],
    }


def content_json(content: Content) -> dict[str, Any]:
    """The rule's content object."""
    if content.type == "full":
        return {"type": "full", "paid_within_days": content.paid_within_days}
    return {"type": "overdue", "min_days_overdue": content.min_days_overdue}


def _currency(figures: CurrencyFigures) -> dict[str, Any]:
    movements = figures.movements
    return {
        "currency": figures.currency,
        "opening": _amount(figures.opening),
        "movements": None if movements is None else [_movement(movement) for movement in movements],
        "closing": _amount(figures.closing),
        "unapplied_credit": amount_text(figures.unapplied_credit),
        "total": amount_text(figures.total),
        "aging": [{"bucket": bucket, "amount": amount_text(amount)} for bucket, amount in figures.aging],
        "lines": [_line(line) for line in figures.lines],
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else amount_text(amount)


def _movement(movement: Movement) -> dict[str, Any]:
    return {
        "on": movement.on.isoformat(),
        "kind": movement.kind,
        "id": movement.id,
        "number": movement.number,
        "amount": amount_text(movement.amount),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "invoice_id": line.invoice_id,
        "number": line.number,
        "issued_on": line.issued_on.isoformat(),
        "due_on": line.due_on.isoformat(),
        "amount": amount_text(line.amount),
        "balance": amount_text(line.balance),
        "status": line.status,
        "days_past_due": line.days_past_due,
        "settled_on": line.settled_on.isoformat() if line.settled_on else None,
        "disputed": line.disputed,
    }
