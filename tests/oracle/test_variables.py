"""The oracle's variables against expectations written by hand."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.facts import Account, Money
from tests.oracle.settings import Settings
from tests.oracle.variables import all_variables, at, top_cutoffs, value_of

TODAY = date(2026, 3, 31)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def the(key: str, of: Account, within_days: int | None = None) -> Any:
    return value_of(at(of, TODAY, Settings()), key, within_days)


@pytest.mark.parametrize(("days", "counted"), [(90, 1), (91, 0), (0, 1)])
def test_a_window_includes_its_first_and_last_day(days: int, counted: int) -> None:
    assert the("failed_payments", account(failed(on=ago(days))), 90) == counted


def test_the_business_date_decides_the_day() -> None:
    one = account(failed(on=ago(90), at=time(23, 30)))
    assert the("failed_payments", one, 90) == 1
    assert the("last_failed_payment_on", one) == ago(90)


def test_nothing_that_is_yet_to_come_counts() -> None:
    assert the("successful_payments", account(paid(on=TODAY + timedelta(days=1)))) == 0


def test_balances_are_those_of_the_billing_currency_and_due_today_is_not_overdue() -> None:
    one = account(
        an_invoice("10", issued_on=ago(40), due_on=ago(1)),
        an_invoice("20", issued_on=ago(40), due_on=TODAY),
        an_invoice("500", issued_on=ago(40), due_on=ago(35), currency="USD"),
    )
    assert the("total_balance", one) == Money(Decimal(30), "COP")
    assert the("overdue_balance", one) == Money(Decimal(10), "COP")
    assert the("highest_open_invoice", one) == Money(Decimal(20), "COP")
    assert the("days_past_due", one) == 35
    assert the("aging_bucket", one) == "31-60"


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (0, "current"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91+"),
    ],
)
def test_aging_buckets(days: int, bucket: str) -> None:
    assert the("aging_bucket", account(an_invoice(issued_on=ago(200), due_on=ago(days)))) == bucket


def test_the_streak_ends_with_a_success_and_ties_are_ordered_by_id() -> None:
    one = account(failed(on=ago(5), payment_id="a"), paid(on=ago(5), payment_id="b"), failed(on=ago(5), payment_id="c"))
    assert the("consecutive_failed_payments", one) == 1


def test_payments_per_month_are_rounded_half_up() -> None:
    assert the("payments_per_month", account(*(paid(on=ago(7)) for _ in range(5)))) == Decimal("0.42")


def test_recurring_counts_distinct_calendar_months() -> None:
    thrice = account(paid(on=date(2025, 10, 1)), paid(on=date(2026, 1, 31)), paid(on=date(2026, 3, 1)))
    too_early = account(paid(on=date(2025, 9, 30)), paid(on=date(2026, 1, 31)), paid(on=date(2026, 3, 1)))
    assert the("is_recurring", thrice) is True
    assert the("is_recurring", too_early) is False


def test_new_and_recent_have_edges_that_count() -> None:
    assert the("is_new", account(registered_on=ago(30))) is True
    assert the("is_new", account(registered_on=ago(31))) is False
    assert the("is_recent", account(failed(on=ago(30)))) is True
    assert the("is_recent", account(failed(on=ago(31)))) is False


@pytest.mark.parametrize(
    ("contact", "problem"),
    [
        ({"email": "ana@correo.co"}, False),
        ({"email": "ana@correo.co", "phone": "1"}, True),
        ({"email": "ana@correo.co", "phone": "999 999 9999"}, True),
        ({"email": "NoTiene@correo.co"}, True),
        ({"email": "ana@Example.com"}, True),
        ({"email": "no@correo.co", "emails": ("ana@correo.co",)}, False),
        ({}, True),
    ],
)
def test_contactability(contact: dict[str, Any], problem: bool) -> None:
    assert the("contactability_problem", account(**contact)) is problem


def test_products_are_those_of_open_invoices() -> None:
    one = account(
        an_invoice("10", issued_on=ago(9), due_on=ago(9), product="fibra"),
        paid("10", on=ago(8)),
        an_invoice("10", issued_on=ago(7), product="móvil"),
    )
    assert the("products", one) == ["móvil"]


def test_the_percentile_is_discrete_and_leaves_out_who_paid_nothing() -> None:
    payers = [account(paid(str(amount), on=ago(1))) for amount in (10, 20, 30, 40, 50)]
    assert top_cutoffs([*payers, account()], TODAY, Settings()) == {"COP": Decimal(40)}


def test_what_never_happened_is_missing_and_counts_are_zero() -> None:
    variables = all_variables(at(account(), TODAY, Settings()))
    assert variables["failed_payments"] == 0
    assert variables["amount_paid"] == Money(Decimal(0), "COP")
    missing = {key for key, value in variables.items() if value is None}
    assert {"last_payment_on", "first_payment_on", "oldest_due_on", "risk_score", "email"} <= missing
