"""The oracle's statements against expectations written by hand."""

from datetime import date
from decimal import Decimal

from tests.oracle.accounts import account, an_invoice, paid
from tests.oracle.statement import Figures, full_statement, overdue_statement

TODAY = date(2026, 3, 31)

HISTORY = account(
    an_invoice("100", invoice_id="old", issued_on=date(2025, 11, 1), due_on=date(2025, 12, 1)),
    paid("60", payment_id="early", on=date(2025, 12, 31)),
    paid("40", payment_id="edge", on=date(2026, 1, 1)),
    an_invoice("70", invoice_id="late", issued_on=date(2026, 2, 1), due_on=date(2026, 3, 21)),
    an_invoice("30", invoice_id="next", issued_on=date(2026, 3, 1), due_on=date(2026, 3, 31)),
    paid("25", payment_id="part", on=date(2026, 3, 5)),
)


def test_a_full_statement_reconciles() -> None:
    [figures] = full_statement(HISTORY, TODAY, paid_within_days=89)
    assert figures.opening == 40
    assert {move.id: move.amount for move in figures.movements or []} == {
        "edge": Decimal(-40),
        "late": Decimal(70),
        "next": Decimal(30),
        "part": Decimal(-25),
    }
    assert figures.closing == 75
    assert figures.closing == sum(figures.aging.values()) - figures.unapplied_credit
    assert figures.aging == {"current": 30, "1-30": 45, "31-60": 0, "61-90": 0, "91+": 0}
    assert [(line.invoice_id, line.status, line.days_past_due) for line in figures.lines] == [
        ("old", "paid", 0),
        ("late", "overdue", 10),
        ("next", "pending", 0),
    ]
    assert figures.lines[0].settled_on == date(2026, 1, 1)


def test_what_was_settled_before_the_period_is_no_line() -> None:
    [figures] = full_statement(HISTORY, TODAY, paid_within_days=88)
    assert [line.invoice_id for line in figures.lines] == ["late", "next"]
    assert figures.opening == 0


def test_an_overdue_statement_begins_at_its_day() -> None:
    [figures] = overdue_statement(HISTORY, TODAY, min_days_overdue=10)
    assert [line.invoice_id for line in figures.lines] == ["late"]
    assert figures.total == 45
    assert overdue_statement(HISTORY, TODAY, min_days_overdue=11) == []


def test_credit_in_favour_makes_the_closing_negative() -> None:
    [figures] = full_statement(account(paid("10", on=TODAY)), TODAY)
    assert (figures.closing, figures.unapplied_credit, figures.lines) == (Decimal(-10), Decimal(10), [])


def test_each_currency_stands_alone() -> None:
    one = account(
        an_invoice("5", issued_on=TODAY, currency="USD"),
        an_invoice("7", issued_on=TODAY, currency="COP"),
        paid("7", on=TODAY, currency="COP"),
    )
    found: dict[str, Figures] = {figures.currency: figures for figures in full_statement(one, TODAY)}
    assert [found["USD"].closing, found["COP"].closing] == [Decimal(5), Decimal(0)]
