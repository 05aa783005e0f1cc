"""The portfolio's forecast: worked out after each day turn in ranges, and what it foretells is what the days do."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.segmenter.usecases.foretell_portfolio import ForetellPortfolio
from tests.oracle.accounts import account, an_invoice, failed
from tests.services.segmenter.house import House
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.test_explanation import ACCOUNTS, DRAFTED, changes_of
from tests.services.segmenter.verdicts import declare_variables, told

TODAY = date(2026, 3, 9)
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0, within_days=10)


async def foretells(house: House, *, range_size: int = 4) -> None:
    job = ForetellPortfolio(house.segmenter.database, house.segmenter.clock, range_size)
    while await job.step():
        pass


async def test_there_is_none_before_the_first_turn(house: House) -> None:
    await foretells(house)
    assert await house.get("/forecast") == {"as_of": None, "computed_at": None, "items": []}


async def test_it_sums_what_the_oracle_says_of_everyone(house: House) -> None:
    await declare_variables(house.segmenter)
    await told(house.segmenter, *ACCOUNTS)
    await house.drafts(*DRAFTED)
    await house.refreshes()
    await house.segmenter.turns_day(TODAY)
    await foretells(house)
    expected: Counter[tuple[str, str, str]] = Counter()
    for one in ACCOUNTS:
        expected.update((change["on"], change["from"], change["to"]) for change in changes_of(one, TODAY, 60))
    found = await house.get("/forecast")
    assert {(item["on"], item["from"], item["to"]): item["customers"] for item in found["items"]} == expected
    assert len(expected) > 3
    assert (found["as_of"], found["computed_at"]) == ("2026-03-09", "2026-03-09T17:00:00Z")
    soon = [item for item in found["items"] if item["on"] <= "2026-03-29"]
    assert (await house.get("/forecast", days=20))["items"] == soon


async def test_it_says_what_they_owe_in_each_currency(house: House) -> None:
    bill: dict[str, Any] = {"issued_on": TODAY}
    await told(
        house.segmenter,
        account(failed(on=TODAY), an_invoice("100", **bill), customer_id="ana"),
        account(failed(on=TODAY), an_invoice("1.5", **bill), customer_id="eva"),
        account(failed(on=TODAY), an_invoice("50", currency="USD", **bill), customer_id="luz", currency="USD"),
    )
    await house.drafts(FAILING)
    await house.refreshes()
    await house.segmenter.turns_day(TODAY)
    await foretells(house, range_size=1)
    [item] = (await house.get("/forecast"))["items"]
    balance = {part["currency"]: Decimal(part["amount"]) for part in item.pop("balance")}
    assert item == {"on": "2026-03-20", "from": "fallidos", "to": "default", "customers": 3}
    assert balance == {"COP": Decimal("101.5"), "USD": Decimal(50)}


async def test_each_turn_brings_a_new_one_and_the_old_one_stands_until_it_is_complete(house: House) -> None:
    await told(house.segmenter, *(account(failed(on=TODAY), customer_id=name) for name in ("ana", "eva")))
    await house.drafts(FAILING)
    await house.refreshes()
    await house.segmenter.turns_day(TODAY)
    await foretells(house)
    await house.segmenter.turns_day(TODAY + timedelta(days=1))
    job = ForetellPortfolio(house.segmenter.database, house.segmenter.clock, 1)
    assert await job.step()
    assert (await house.get("/forecast"))["as_of"] == "2026-03-09"
    await foretells(house, range_size=1)
    found = await house.get("/forecast")
    assert (found["as_of"], [item["customers"] for item in found["items"]]) == ("2026-03-10", [2])
    assert await house.segmenter.rows("SELECT DISTINCT as_of FROM forecast_moves") == [{"as_of": date(2026, 3, 10)}]
    assert not await job.step()


async def test_a_refresh_in_between_does_not_mix_two_cascades(house: House) -> None:
    await told(house.segmenter, *(account(failed(on=TODAY), customer_id=name) for name in ("ana", "eva")))
    await house.drafts(FAILING)
    await house.refreshes()
    await house.segmenter.turns_day(TODAY)
    await ForetellPortfolio(house.segmenter.database, house.segmenter.clock, 1).step()
    await house.drafts(a_segment("otros", variable="customer_type", operator="is_set"))
    await house.orders("otros", "fallidos")
    await house.refreshes()
    await foretells(house, range_size=1)
    assert [item["customers"] for item in (await house.get("/forecast"))["items"]] == [2]


@pytest.mark.parametrize("days", [0, 61])
async def test_it_looks_sixty_days_ahead_at_most(house: House, days: int) -> None:
    refused = await house.http.get("/v1/forecast", params={"days": days})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "out_of_range")
