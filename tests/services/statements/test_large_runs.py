"""A large audience goes through in pages: at no moment does a worker hold more than one of them."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from sqlalchemy import text

from services.statements.domain.facts import Account
from services.statements.storage import ledger
from tests.services.statements.house import House
from tests.services.statements.thursday_run import PERIOD, THURSDAY

EVERYONE = 1_700


async def test_planning_holds_a_page_of_customers_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house.database.transaction() as connection:
        await connection.execute(
            text(
                "INSERT INTO customers (customer_id, epoch, seq, type, name)"
                " SELECT 'c' || lpad(n::text, 6, '0'), 1, 1, 'person', 'x' FROM generate_series(1, :many) AS n"
            ),
            {"many": EVERYONE},
        )
    await house.put_rule("r")
    house.clock.set(THURSDAY)
    await house.all_is_heard()
    pages: list[int] = []
    read = ledger.accounts

    async def counted(connection: Any, ids: Iterable[str]) -> Mapping[str, Account]:
        found = await read(connection, ids)
        pages.append(len(found))
        return found

    monkeypatch.setattr(ledger, "accounts", counted)
    await house.work()
    assert (max(pages), sum(pages)) == (500, EVERYONE)
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["skipped"]) == ("finished", {"nothing_to_state": EVERYONE})
