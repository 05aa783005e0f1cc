"""The oracle's variables against expectations written by hand."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.accounts import (
    account,
    an_invoice,
    credited,
    disputed,
    failed,
    paid,
    promised,
    refunded,
    subscribed,
    voided,
    written_off,
)
from tests.oracle.cutoffs import top_cutoffs
from tests.oracle.facts import Account, Money
from tests.oracle.settings import Settings
from tests.oracle.variables import all_variables, at, value_of

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


def test_a_voided_invoice_counts_nowhere() -> None:
    one = account(an_invoice(invoice_id="i", issued_on=ago(3), product="fibra"), voided("i", on=ago(1)))
    assert (the("invoices_issued", one), the("last_invoice_on", one), the("last_activity_on", one)) == (0, None, None)
    assert value_of(at(one, ago(2), Settings()), "invoices_issued") == 1


def test_a_wholly_refunded_payment_is_no_success_and_still_activity() -> None:
    one = account(failed(on=ago(9)), paid("50", on=ago(5), payment_id="p"), refunded("50", payment_id="p", on=ago(1)))
    assert (the("successful_payments", one), the("last_payment_on", one)) == (0, None)
    assert (the("consecutive_failed_payments", one), the("last_activity_on", one)) == (1, ago(5))
    assert value_of(at(one, ago(2), Settings()), "successful_payments") == 1


def test_a_partly_refunded_payment_counts_with_what_is_left_at_its_own_date() -> None:
    one = account(paid("50", on=ago(30), payment_id="p"), refunded("20", payment_id="p", on=TODAY))
    assert the("amount_paid", one, 30) == Money(Decimal(30), "COP")
    assert the("amount_paid", one, 29) == Money(Decimal(0), "COP")
    assert the("successful_payments", one) == 1


def test_the_ratio_weighs_what_was_owed_less_credit_notes_and_counts_what_came_in_time() -> None:
    """Of 100 + 60 + 100 owed, 100 and 25 came in time; a debt given up was not paid on time."""
    one = account(
        an_invoice("100", invoice_id="a", issued_on=ago(90), due_on=ago(80)),
        paid("100", on=ago(80)),
        an_invoice("100", invoice_id="b", issued_on=ago(70), due_on=ago(60)),
        credited("40", on=ago(65), invoice_id="b"),
        paid("25", on=ago(60)),
        paid("35", on=ago(59)),
        an_invoice("100", invoice_id="c", issued_on=ago(50), due_on=ago(40)),
        written_off("100", on=ago(1), invoice_id="c"),
    )
    assert the("on_time_ratio", one) == Decimal("0.4808")


def test_the_ratio_is_missing_under_three_invoices_and_forgets_after_a_year() -> None:
    def three(first_due: date) -> Account:
        invoices = [an_invoice("10", issued_on=ago(380), due_on=due) for due in (first_due, ago(9), ago(8))]
        return account(*invoices)

    assert the("on_time_ratio", three(ago(365))) == 0
    assert the("on_time_ratio", three(ago(366))) is None
    assert the("on_time_ratio", three(TODAY)) is None


def test_days_late_are_averaged_by_part_and_early_is_negative() -> None:
    one = account(
        an_invoice("100", issued_on=ago(60), due_on=ago(30)),
        paid("75", on=ago(40)),
        paid("25", on=ago(29)),
    )
    assert the("average_days_late", one) == Decimal("-7.25")
    assert the("average_days_late", account(paid(on=TODAY))) is None


@pytest.mark.parametrize(("amount", "on", "count"), [("95", 4, 0), ("94.99", 4, 1), ("95", 3, 1), ("95", 11, 1)])
def test_a_promise_is_kept_by_95_percent_from_its_making_to_its_deadline(amount: str, on: int, count: int) -> None:
    """Made on Saturday 21 for Thursday 26: the deadline is Friday 27, four days ago."""
    one = account(promised("100", on=ago(10), by=date(2026, 3, 26)), paid(amount, on=ago(on)))
    assert the("broken_promises", one) == count


def test_holidays_and_weekends_put_off_the_deadline() -> None:
    one = account(promised("100", on=ago(10), by=date(2026, 3, 27)))
    assert the("broken_promises", one) == 1
    monday_off = Settings(holidays=frozenset([date(2026, 3, 30)]))
    assert value_of(at(one, TODAY, monday_off), "broken_promises") == 0


def test_a_cancelled_promise_is_not_broken() -> None:
    promise = promised("100", on=ago(30), by=ago(20))
    assert the("broken_promises", account(promise, replace(promise, cancelled=True))) == 0


def test_subscriptions_count_from_their_start_to_the_day_before_their_end() -> None:
    one = account(subscribed("fibra", since=ago(5), ended_on=TODAY), subscribed("tv", since=TODAY))
    assert (the("active_subscriptions", one), the("products", one)) == (1, ["tv"])
    assert value_of(at(one, ago(1), Settings()), "active_subscriptions") == 1
    assert the("is_recurring", one) is True
    assert the("last_activity_on", one) == TODAY


def test_a_dispute_is_open_from_its_opening_to_the_day_before_it_closes() -> None:
    one = account(disputed(None, on=ago(5), closed_on=TODAY), disputed(None, on=TODAY))
    assert the("open_disputes", one) == 1
