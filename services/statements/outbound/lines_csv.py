"""All lines of a statement as CSV, for statements with more of them than a mail shows. Source: meaning.md 38.

The columns are those of the statement's JSON. RFC 4180 in UTF-8; a text that a spreadsheet would take for a formula
gets an apostrophe before it.
"""

import csv
import io
from datetime import date

from services.statements.domain.account_as_of import Line
from services.statements.domain.statement import Statement
from shared.basics.money import amount_text
from shared.basics.sheet import cell

COLUMNS = (
    "currency",
    "invoice_id",
    "number",
    "issued_on",
    "due_on",
    "amount",
    "balance",
    "status",
    "days_past_due",
    "settled_on",
    "disputed",
)


def lines_csv(statement: Statement) -> bytes:
    """Every line of every currency."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for figures in statement.currencies:
        writer.writerows(_row(figures.currency, line) for line in figures.lines)
    return written.getvalue().encode()


def _row(currency: str, line: Line) -> tuple[str, ...]:
    return (
        currency,
        cell(line.invoice_id),
        cell(line.number),
        line.issued_on.isoformat(),
        line.due_on.isoformat(),
        amount_text(line.amount),
        amount_text(line.balance),
        line.status,
        str(line.days_past_due),
        _day(line.settled_on),
        "true" if line.disputed else "false",
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
