"""Every figure of statements equals an independent recomputation from the raw facts, whatever the facts are."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.journeys.statement_wire import expected_totals, figures_json, told_figures
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.facts import Account, Fact, Invoice
from tests.oracle.statement import Figures, full_statement, overdue_statement
from tests.services.statements.house import House

TODAY = date(2026, 3, 10)


def somebody(number: int, random: Random) -> Account:
    """Invoices, payments and changed due dates of the last months, late and out of order, in two currencies."""
    facts: list[Fact] = []
    for _ in range(random.randint(0, 12)):
        day = TODAY - timedelta(days=random.randint(0, 160))
        currency, amount = (
            random.choice(["COP", "COP", "USD"]),
            f"{random.randint(0, 900)}.{random.randint(0, 9999):04}",
        )
        issued = [fact for fact in facts if isinstance(fact, Invoice)]
        kind = random.random()
        if kind < 0.5:
            due_on = day + timedelta(days=random.randint(-20, 60))
            facts.append(an_invoice(amount, issued_on=day, due_on=due_on, currency=currency))
        elif kind < 0.85:
            facts.append(paid(amount.replace("0.", "1."), on=day, currency=currency))
        elif kind < 0.92 or not issued:
            facts.append(failed("5", on=day, currency=currency))
        else:
            known = random.choice(issued)
            facts.append(an_invoice(str(known.amount), issued_on=known.issued_on, due_on=day, **_same(known)))
    return account(*facts, customer_id=f"c-{number:03}")


def _same(invoice: Invoice) -> dict[str, Any]:
    return {"invoice_id": invoice.invoice_id, "currency": invoice.currency}


async def told(house: House, one: Account, **params: Any) -> list[dict[str, Any]]:
    stated = await house.get(f"/customers/{one.customer.customer_id}/statement", **params)
    return [told_figures(currency) for currency in stated["currencies"]]


def expected(one: Account, figures: list[Figures]) -> list[dict[str, Any]]:
    return [figures_json(one, each) for each in figures]


@pytest.mark.parametrize("seed", range(4))
async def test_statements_equal_the_recomputation(house: House, seed: int) -> None:
    random = Random(seed)
    accounts = [somebody(number, random) for number in range(25)]
    await house.know(*accounts)
    for one in accounts:
        within, at_least = random.randint(1, 120), random.randint(1, 60)
        full = full_statement(one, TODAY, within)
        assert await told(house, one, content="full", paid_within_days=within) == expected(one, full)
        overdue = overdue_statement(one, TODAY, at_least)
        assert await told(house, one, content="overdue", min_days_overdue=at_least) == expected(one, overdue)


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
