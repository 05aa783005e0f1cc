"""Mails in doubt, and the person who says what became of them."""

from typing import Any

import httpx

from tests.services.statements.house import House
from tests.services.statements.sending import fail, say_nothing
from tests.services.statements.thursday_run import PERIOD, debtor, planned


async def in_doubt(house: House, *customer_ids: str) -> dict[str, Any]:
    """A run whose mails have all come to doubt; the gateway is well again. Nothing was taken."""
    say_nothing(house)
    await planned(house, *(debtor(customer_id) for customer_id in customer_ids))
    fail(house, "fail_500")
    await house.work()
    fail(house, "none")
    return await house.run_of("r", PERIOD)


async def resolve(house: House, path: str, outcome: str, **more: str) -> httpx.Response:
    return await house.http.post(f"/v1{path}/resolve", json={"outcome": outcome, **more})
