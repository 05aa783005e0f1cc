"""A database of the release before becomes one of this, and its customers are compared with their snapshots."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from services.statements.domain.addresses import fingerprint
from services.statements.storage.suppressions import holders
from shared.database.engine import async_url
from shared.database.migrate import upgrade
from shared.messaging.repair import Repairer
from tests.oracle.accounts import account, an_invoice, credited
from tests.services.statements.house import open_house
from tests.services.statements.telling import snapshot
from tests.services.statements.test_hearing import DAY
from tests.support.fixtures import NewDatabase
from tests.support.migrating import upgrade_to

_KNOWN_BEFORE = (
    "INSERT INTO customers (customer_id, epoch, seq, type, name) VALUES ('ana', 1, 2, 'person', 'Ana')",
    """
    INSERT INTO invoices (customer_id, invoice_id, number, issued_on, due_on, amount, currency, balance)
    VALUES ('ana', 'f1', 'f1', '2026-02-02', '2026-02-02', 900, 'COP', 900)
    """,
)
_INSERT = text(
    "INSERT INTO customers (customer_id, epoch, seq, type, name, email) VALUES (:id, 1, 2, 'person', :id, :email)"
)


async def test_who_was_known_before_is_repaired(new_database: NewDatabase) -> None:
    url = await new_database()
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(upgrade_to, "statements", "0003")
        for statement in _KNOWN_BEFORE:
            await connection.execute(text(statement))
    await engine.dispose()
    await upgrade("statements", url)

    async def fetch(customer_id: str) -> Any:
        return snapshot(account(an_invoice("900", issued_on=DAY, invoice_id="f1"), credited("50", on=DAY)), seq=3)

    async with open_house(url) as house:
        [figures] = (await house.get("/customers/ana/statement"))["currencies"]
        assert figures["closing"] == "900.00"
        await Repairer(house.database, fetch, house.events.replace).step()
        [figures] = (await house.get("/customers/ana/statement"))["currencies"]
        assert figures["closing"] == "850.00"
        assert (await house.get("/status"))["customers_behind"] == 0


async def test_odd_addresses_that_were_known_before_are_found(new_database: NewDatabase) -> None:
    url = await new_database()
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(upgrade_to, "statements", "0014")
        await connection.execute(
            _INSERT,
            [{"id": "ana", "email": "ÁNA@correo.demo"}, {"id": "bea", "email": "bea@correo.demo"}],
        )
    await upgrade("statements", url)
    async with engine.begin() as connection:
        found = [await holders(connection, fingerprint(one)) for one in ("ána@correo.demo", "BEA@correo.demo")]
    await engine.dispose()
    assert found == [{"ana"}, {"bea"}]
