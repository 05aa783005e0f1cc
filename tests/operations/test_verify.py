"""``verify`` finds what differs from the facts, one line each with status 1, and nothing where nothing does."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.operations.conftest import HEARERS, Town
from tests.services.customers.oracle import Step, Void
from tests.services.customers.sentences import (
    a_credit_note,
    a_dispute,
    a_failure,
    a_payment,
    a_person,
    a_promise,
    a_subscription,
    an_invoice,
    in_dollars,
)
from tests.services.customers.stories import body_of, path_of, stories

SERVICES = ("customers", *HEARERS)


async def three_customers(town: Town) -> None:
    """Ana has paid, in part with more than she owed; Eva owes; Leo is new."""
    for name in ("ana", "eva", "leo"):
        await town.writes(name, a_person(email=f"{name}@correo.demo"))
    await town.writes("ana/invoices/f1", an_invoice("100"))
    await town.writes("ana/invoices/f1", an_invoice("100", due="2026-04-01"))
    await town.writes("ana/payments/p1", a_payment("120.50"))
    await town.writes("ana/payments/p1/refunds/r1", {"amount": "10", "refunded_on": "2026-03-05"})
    await town.writes("ana/payments/p2", a_failure("7"))
    await town.writes("eva/invoices/f1", an_invoice("70", due="2026-03-01"))
    await town.writes("eva/invoices/f2", an_invoice(in_dollars("7")))
    await town.writes("eva/credit-notes/n1", a_credit_note("5"))
    await town.writes("eva/subscriptions/s1", a_subscription())
    await town.writes("eva/disputes/d1", a_dispute(invoice_id="f1"))
    await town.writes("eva/promises/m1", a_promise())
    await town.everyone_hears()


@pytest.mark.parametrize("service", SERVICES)
async def test_where_nothing_differs_nothing_is_said(town: Town, service: str) -> None:
    await three_customers(town)
    assert await town.terminals[service].runs("verify", "--all") == (0, ["3 customers verified"])
    assert await town.terminals[service].runs("verify", "--sample", "2") == (0, ["2 customers verified"])
    assert await town.terminals[service].runs("verify") == (0, ["3 customers verified"])


SPOILED = {
    "customers": {
        "UPDATE invoices SET balance = 3 WHERE customer_id = 'eva' AND invoice_id = 'f2'":
            "eva: invoice f2: balance is 3, should be 7",
        "UPDATE payments SET unapplied = 1 WHERE payment_id = 'p1'":
            "ana: payment p1: 1 is left of it, should be 10.50",
    },
    "segmenter": {
        "UPDATE behaviour SET failed_payments = 4 WHERE customer_id = 'ana'":
            "ana: behaviour: failed_payments is 4, should be 1",
        "UPDATE days SET amount_paid = 0 WHERE day = '2026-03-01'":
            "ana: days 2026-03-01: amount_paid is 0, should be 110.50",
        "UPDATE membership SET risk_level = 'low' WHERE customer_id = 'eva'":
            "eva: membership: risk_level is low, should be medium",
        "DELETE FROM disputes":
            "eva: disputes d1 is missing",
        "UPDATE customers SET customer_id = 'nadie' WHERE customer_id = 'leo'":
            "leo: unknown here, at event 1 of epoch 1 at the customers service",
    },
    "statements": {
        "UPDATE invoices SET balance = 71 WHERE balance > 0 AND currency = 'COP'":
            "eva: invoices f1: balance is 71, should be 65.00",
        "INSERT INTO due_changes VALUES ('leo', 1, 'f9', '2026-03-01')":
            "leo: due_changes 1 should not be there",
        "UPDATE customers SET seq = 1 WHERE customer_id = 'ana'":
            "ana: at event 1 of epoch 1 here, at event 6 of epoch 1 at the customers service",
        "INSERT INTO customers (customer_id, epoch, seq, type, name) VALUES ('zoe', 1, 3, 'person', 'Zoe')":
            "zoe: at event 3 of epoch 1 here, unknown at the customers service",
    },
}  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
async def test_what_differs_is_named_and_stays(town: Town, service: str) -> None:
    await three_customers(town)
    for spoil in SPOILED[service]:
        await town.spoils(service, spoil)
    status, lines = await town.terminals[service].runs("verify", "--all")
    assert status == 1
    assert set(SPOILED[service].values()) <= set(lines)
    assert lines[-1].endswith("customers differ")
    assert (await town.terminals[service].runs("verify", "--all")) == (status, lines), "it mended or moved something"


async def test_who_cannot_be_worked_out_hides_nobody_else(town: Town) -> None:
    await three_customers(town)
    await town.spoils("segmenter", "UPDATE membership SET segment_id = 'otro' WHERE customer_id = 'eva'")
    await town.spoils("segmenter", "UPDATE behaviour SET failed_payments = 4 WHERE customer_id = 'ana'")
    assert await town.terminals["segmenter"].runs("verify", "--all") == (
        1,
        [
            "ana: behaviour: failed_payments is 4, should be 1",
            "eva: cannot be worked out anew: KeyError",
            "2 of 3 customers differ",
        ],
    )


@pytest.mark.parametrize("service", SERVICES)
async def test_a_database_that_is_away_is_said_in_one_line(town: Town, service: str) -> None:
    terminal = town.terminals[service]
    away = type(terminal)(service, terminal.commands, "postgresql://nobody@127.0.0.1:9/gone", terminal.printed)
    assert await away.runs("verify") == (1, ["the database does not answer now"])
    assert await away.runs("keys", "list") == (1, ["the database does not answer now"])


@pytest.mark.parametrize("service", HEARERS)
async def test_nobody_s_name_is_said(town: Town, service: str) -> None:
    await three_customers(town)
    await town.spoils(
        service, "UPDATE customers SET name = 'Secreto', email = 'x@secreto.demo' WHERE customer_id = 'eva'"
    )
    assert await town.terminals[service].runs("verify", "--all") == (
        1,
        [
            "eva: customers: email is not what it should be",
            "eva: customers: name is not what it should be",
            "1 of 3 customers differ",
        ],
    )


@pytest.mark.parametrize("service", SERVICES)
async def test_a_database_that_is_another_is_said_in_one_line(town: Town, service: str) -> None:
    terminal = town.terminals[service]
    nowhere = replace(terminal, url=terminal.url + "x")
    status, [line] = await nowhere.runs("verify")
    assert status == 1
    assert line.startswith("the database does not take this: SQLSTATE 3D000: database ")
    await town.spoils(service, "DROP TABLE api_keys")
    status, [line] = await terminal.runs("keys", "list")
    assert (status, line) == (1, 'the database does not take this: SQLSTATE 42P01: relation "api_keys" does not exist')


@pytest.mark.parametrize("service", HEARERS)
async def test_without_customers_nothing_can_be_said(town: Town, service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await three_customers(town)
    monkeypatch.setenv("CUSTOMERS_URL", "http://127.0.0.1:9")
    status, [line] = await town.terminals[service].runs("verify", "--all")
    assert (status, line) == (1, "/v1/snapshots: ConnectError")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories)
async def test_whatever_happened_verifies_everywhere(town: Town, story: list[Step]) -> None:
    customer = f"c{len(await town.rows('customers', 'SELECT 1 FROM customers'))}"
    await town.writes(customer, a_person())
    for step in story:
        send = town.books.post if isinstance(step, Void) else town.books.put
        await send(f"/v1/customers/{customer}/{path_of(step)}", json=body_of(step))
    await town.everyone_hears(size=3)
    for service in SERVICES:
        status, lines = await town.terminals[service].runs("verify", "--all")
        assert status == 0, (service, lines)
