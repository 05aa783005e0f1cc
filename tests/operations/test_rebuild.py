"""``repair`` and ``rebuild``: customers are read anew while their old facts serve, also into an empty database."""

import pytest

from shared.http.client import ServiceClient
from shared.messaging.bootstrap import Bootstrap
from shared.messaging.repair import Repairer
from shared.messaging.snapshots import Snapshots
from tests.operations.conftest import HEARERS, Town
from tests.operations.test_verify import three_customers
from tests.services.customers.house import KEY

EVERYONE = "SELECT customer_id FROM customers ORDER BY 1"


async def mended(town: Town, service: str) -> None:
    """What a worker does with whoever is behind, until nobody is."""
    async with ServiceClient(str(town.books.base_url), KEY) as customers:
        snapshots = Snapshots(customers)
        repairer = Repairer(town.databases[service], snapshots.fetch, town.events[service].replace)
        reading = Bootstrap(town.databases[service], snapshots.read, repairer)
        while await reading.step() or await repairer.step():
            pass


async def _verifies(town: Town, service: str) -> bool:
    status, _ = await town.terminals[service].runs("verify", "--all")
    return status == 0


@pytest.mark.parametrize("service", HEARERS)
async def test_a_rebuild_reads_everything_anew_and_nobody_is_missing_meanwhile(town: Town, service: str) -> None:
    await three_customers(town)
    for table in ("invoices", "payments"):
        await town.spoils(service, f"DELETE FROM {table}")
    assert not await _verifies(town, service)
    said = "3 customers are behind until the worker has read everything"
    assert await town.terminals[service].runs("rebuild") == (0, [said])
    assert [row[0] for row in await town.rows(service, EVERYONE)] == ["ana", "eva", "leo"]
    walks = await town.rows(service, "SELECT name FROM walks WHERE after = '' ORDER BY 1")
    others = {"segmenter": "suppressions", "statements": "standings"}
    assert {row[0] for row in walks} == {"snapshots", "audit", others[service]}
    await mended(town, service)
    assert await _verifies(town, service)


@pytest.mark.parametrize("service", HEARERS)
async def test_an_empty_database_is_filled_the_same_way(town: Town, service: str) -> None:
    await three_customers(town)
    tables = await town.rows(service, "SELECT relname FROM pg_stat_user_tables WHERE relname IN ('customers', 'days', "
                             "'invoices', 'payments', 'behaviour', 'membership', 'net_applications')")  # fmt: skip
    await town.spoils(service, f"TRUNCATE {', '.join(row[0] for row in tables)}")
    assert await town.terminals[service].runs("rebuild") == (
        0,
        ["0 customers are behind until the worker has read everything"],
    )
    await mended(town, service)
    assert await _verifies(town, service)


@pytest.mark.parametrize("service", HEARERS)
async def test_one_customer_is_repaired_and_one_that_nobody_knows_is_let_go(town: Town, service: str) -> None:
    await three_customers(town)
    await town.spoils(service, "DELETE FROM customers WHERE customer_id = 'ana'")
    repair = town.terminals[service]
    assert await repair.runs("repair", "ana") == (
        0,
        ["ana, not known here, is behind until the worker has asked for it"],
    )
    assert await repair.runs("repair", "eva") == (0, ["eva is behind until the worker has asked for it"])
    await repair.runs("repair", "zzz")
    await mended(town, service)
    assert await _verifies(town, service)
    assert await town.rows(service, "SELECT 1 FROM behind") == []


@pytest.mark.parametrize("service", HEARERS)
async def test_everyone_is_repaired(town: Town, service: str) -> None:
    await three_customers(town)
    await town.spoils(service, "UPDATE invoices SET balance = 1")
    status, _ = await town.terminals[service].runs("repair", "--all")
    await mended(town, service)
    assert (status, await _verifies(town, service)) == (0, True)
