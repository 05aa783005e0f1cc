"""Every figure of statements equals an independent recomputation from the raw facts, whatever the facts are."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from services.statements.storage import ledger
from tests.journeys.statement_wire import expected_totals, figures_json, told_figures
from tests.oracle.accounts import account, an_invoice, paid
from tests.oracle.facts import Account
from tests.oracle.statement import Figures, full_statement, overdue_statement
from tests.services.statements import telling
from tests.services.statements.histories import somebody
from tests.services.statements.house import House

TODAY = date(2026, 3, 10)


async def told(house: House, one: Account, **params: Any) -> list[dict[str, Any]]:
    stated = await house.get(f"/customers/{one.customer.customer_id}/statement", **params)
    return [told_figures(currency) for currency in stated["currencies"]]


def expected(one: Account, figures: list[Figures]) -> list[dict[str, Any]]:
    return [figures_json(one, each) for each in figures]


@pytest.mark.parametrize("seed", range(4))
async def test_statements_equal_the_recomputation(house: House, seed: int) -> None:
    random = Random(seed)
    accounts = [somebody(f"c-{number:03}", random, TODAY) for number in range(25)]
    await house.know(*accounts)
    for one in accounts:
        within, at_least = random.randint(1, 120), random.randint(1, 60)
        full = full_statement(one, TODAY, within)
        assert all(reconciles(figures) for figures in full)
        assert await told(house, one, content="full", paid_within_days=within) == expected(one, full)
        overdue = overdue_statement(one, TODAY, at_least)
        assert await told(house, one, content="overdue", min_days_overdue=at_least) == expected(one, overdue)


@pytest.mark.parametrize("seed", range(10, 13))
async def test_the_state_as_of_a_past_day_is_the_replay_of_the_facts_till_then(house: House, seed: int) -> None:
    random = Random(seed)
    accounts = [somebody(f"c-{number:03}", random, TODAY) for number in range(20)]
    await house.know(*accounts)
    for one in accounts:
        for day in (TODAY - timedelta(days=random.randint(1, 150)) for _ in range(3)):
            house.clock.set(f"{day}T12:00:00-05:00")
            full, overdue = full_statement(one, day, 60), overdue_statement(one, day, 5)
            assert await told_or_not(house, one, content="full", paid_within_days=60) == (
                expected(one, full) if all(reconciles(figures) for figures in full) else None
            )
            assert await told(house, one, content="overdue", min_days_overdue=5) == expected(one, overdue)


@pytest.mark.parametrize("seed", range(20, 22))
async def test_a_snapshot_gives_the_ledger_that_the_events_gave(house: House, seed: int) -> None:
    random = Random(seed)
    accounts = [somebody(f"c-{number:03}", random, TODAY) for number in range(20)]
    await house.know(*accounts)
    for one in accounts:
        owner = one.customer.customer_id
        told_by_events = await ledger_of(house, owner)
        async with house.database.transaction() as connection:
            await house.events.replace(connection, owner, telling.snapshot(one, len(one.facts) + 1))
        assert await ledger_of(house, owner) == told_by_events


async def ledger_of(house: House, customer_id: str) -> list[Any]:
    """Everything kept of a customer's money, in an order of its own."""
    async with house.database.transaction() as connection:
        account = (await ledger.accounts(connection, [customer_id]))[customer_id]
    parts = (
        account.invoices,
        account.due_changes,
        account.payments,
        account.refunds,
        account.credit_notes,
        account.disputes,
        account.applications,
    )
    return [sorted(map(repr, part)) for part in parts]


def reconciles(figures: Figures) -> bool:
    """What is owed by movements is what is owed by balances, less what waits."""
    return figures.closing == sum(figures.aging.values()) - figures.unapplied_credit


async def told_or_not(house: House, one: Account, **params: Any) -> list[dict[str, Any]] | None:
    """The figures; None where they are refused because they do not reconcile."""
    path = f"/v1/customers/{one.customer.customer_id}/statement"
    answer = await house.http.get(path, params=params)
    if answer.status_code == 409:
        assert answer.json()["code"] == "not_reconciled"
        return None
    return [told_figures(currency) for currency in answer.json()["currencies"]]


@pytest.mark.parametrize(("at_least", "shown"), [(9, True), (10, True), (11, False)])
async def test_overdue_by_n_days_or_more_is_exact(house: House, at_least: int, shown: bool) -> None:
    due_on = TODAY - timedelta(days=10)
    one = account(an_invoice("70", issued_on=date(2026, 1, 2), due_on=due_on), customer_id="ana")
    await house.know(one)
    assert bool(await told(house, one, content="overdue", min_days_overdue=at_least)) is shown


async def test_what_is_due_today_is_not_overdue(house: House) -> None:
    one = account(an_invoice("70", issued_on=date(2026, 1, 2), due_on=TODAY), customer_id="ana")
    await house.know(one)
    [figures] = (await house.get("/customers/ana/statement"))["currencies"]
    assert [(line["status"], line["days_past_due"]) for line in figures["lines"]] == [("pending", 0)]
    assert await told(house, one, content="overdue", min_days_overdue=1) == []


async def test_an_invoice_settled_on_the_first_day_of_the_period_is_a_line_and_one_before_is_not(house: House) -> None:
    first = TODAY - timedelta(days=30)
    one = account(
        an_invoice("5", issued_on=first - timedelta(days=9), invoice_id="before"),
        paid("5", on=first - timedelta(days=1)),
        an_invoice("6", issued_on=first - timedelta(days=8), invoice_id="on"),
        paid("6", on=first),
        customer_id="ana",
    )
    await house.know(one)
    [figures] = (await house.get("/customers/ana/statement", paid_within_days=30))["currencies"]
    assert [(line["invoice_id"], line["status"]) for line in figures["lines"]] == [("on", "paid")]
    assert (figures["opening"], figures["closing"]) == ("6.00", "0.00")


async def test_facts_of_later_days_are_not_in_a_statement_of_an_earlier_one(house: House) -> None:
    """A run that started before midnight goes on after it with the figures of its own day."""
    one = account(
        an_invoice("100", issued_on=date(2026, 2, 1), due_on=date(2026, 2, 10), invoice_id="f1"),
        paid("30", on=date(2026, 3, 1)),
        paid("70", on=date(2026, 3, 11)),
        customer_id="ana",
    )
    await house.know(one)
    figures = full_statement(one, TODAY)
    assert await told(house, one) == expected(one, figures)
    assert [str(total.amount) for total in expected_totals(figures)] == ["70"]


async def test_html_is_the_mail_s(house: House) -> None:
    one = account(an_invoice("1234.5", issued_on=date(2026, 1, 2)), customer_id="ana", name="<b>Ana</b>")
    await house.know(one)
    answer = await house.http.get("/v1/customers/ana/statement", params={"format": "html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "COP 1.234,50" in answer.text
    assert "&lt;b&gt;Ana&lt;/b&gt;" in answer.text
    assert "<b>Ana" not in answer.text
