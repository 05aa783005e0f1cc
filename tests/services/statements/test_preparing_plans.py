"""Preparing looks at few deliveries a claim, also where PostgreSQL made its plan while there were none."""

import pytest
from sqlalchemy import text

from tests.services.statements.house import House
from tests.services.statements.thursday_run import debtor, planned
from tests.support.eventually import eventually
from tests.support.sessions import is_alone

_MANY = 3000
_CLAIMS = 4
_FILL = text(
    "INSERT INTO customers (customer_id, epoch, seq, type, name)"
    " SELECT 'c' || lpad(n::text, 6, '0'), 1, 1, 'person', 'x' FROM generate_series(1, :many) AS n"
)
_READ = text("SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'deliveries'")
"""By indexes alone: what was accepted before is read as PostgreSQL likes."""


@pytest.mark.parametrize("days", [0, 3], ids=["no days between contacts", "days between contacts"])
async def test_a_claim_looks_at_few_of_many_deliveries_by_a_plan_made_before_there_were_any(
    house: House, days: int
) -> None:
    rule = {"skip_when_empty": False, "min_days_between_contacts": days}
    await planned(house, debtor("a"), **rule)
    await house.work()
    async with house.database.transaction() as connection:
        await connection.execute(_FILL, {"many": _MANY})
    house.clock.set("2026-03-16T09:00:01-05:00")
    await house.all_is_heard()
    steps = house.steps()
    await steps.record_due_runs()
    await steps.advance_runs()
    while await steps.plan_runs():
        pass
    for _ in range(_CLAIMS):
        assert await steps.prepare_mails()
    await house.database.close()
    await eventually(lambda: is_alone(house.database))
    async with house.database.transaction() as connection:
        rows_read = (await connection.execute(_READ)).scalar_one()
    assert _CLAIMS * 50 < rows_read < _CLAIMS * _MANY, rows_read
