"""Books that were there before a migration are whole after it."""

from collections.abc import Awaitable, Callable
from datetime import date

from sqlalchemy import text

from shared.database.engine import Database
from shared.database.migrate import upgrade
from tests.services.customers.house import open_house
from tests.support.migrating import upgrade_to

_CUSTOMER = """
    INSERT INTO customers
        (customer_id, seq, type, name, name_words, currency, registered_on, emails, addresses, variables)
    VALUES (:id, 9, 'person', 'Ana', 'ana', 'COP', '2026-01-01', '[]', '[]', '{}')
"""
_INVOICE = """
    INSERT INTO invoices (customer_id, invoice_id, issued_on, due_on, amount, currency, lines, balance)
    VALUES (:id, 'f1', :on, '2026-03-31', 100, 'COP', '[]', 40)
"""
_PAYMENT = """
    INSERT INTO payments
        (customer_id, payment_id, status, amount, currency, occurred_at, occurred_on, allocations, unapplied)
    VALUES (:id, :name, 'succeeded', 60, 'COP', '2026-02-01T12:00:00Z', :on, '[]', 0)
"""


async def test_facts_from_before_the_ledger_are_numbered_by_their_days(
    new_database: Callable[..., Awaitable[str]],
) -> None:
    url = await new_database()
    database = Database(url, name="test")
    async with database.transaction() as connection:
        await connection.run_sync(upgrade_to, "customers", "0001")
        for name in ("ana", "eva"):
            await connection.execute(text(_CUSTOMER), {"id": name})
            await connection.execute(text(_PAYMENT), {"id": name, "name": "p2", "on": date(2026, 3, 2)})
            await connection.execute(text(_INVOICE), {"id": name, "on": date(2026, 3, 1)})
            await connection.execute(text(_PAYMENT), {"id": name, "name": "p1", "on": date(2026, 2, 1)})
    await database.close()
    await upgrade("customers", url)
    async with open_house(url) as house:
        snapshot = (await house.get("/customers/eva/snapshot")).json()
        assert [(one["payment_id"], one["seq"]) for one in snapshot["payments"]] == [("p1", 2), ("p2", 4)]
        [invoice] = snapshot["invoices"]
        assert (invoice["seq"], invoice["due_dates"]) == (3, [{"seq": 3, "due_on": "2026-03-31"}])
        assert (invoice["voided_on"], invoice["voided_seq"]) == (None, None)
