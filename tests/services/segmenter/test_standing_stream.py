"""Everyone's standing as lines: the published cascade, then each customer with the sequence last told of it."""

import json
from datetime import date
from typing import Any

from services.segmenter.usecases.list_standings import ListStandings
from shared.database.engine import Database
from tests.oracle.accounts import account, failed
from tests.services.segmenter.house import House, mistakes
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.verdicts import told

TODAY = date(2026, 3, 9)
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)


async def lines(house: House, path: str = "/standings") -> list[Any]:
    answer = await house.call("GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


async def three(house: House) -> None:
    await told(house.segmenter, *(account(customer_id=i) for i in ("Zoe", "ana")))
    await told(house.segmenter, account(failed(on=TODAY), customer_id="eva"))
    await house.drafts(FAILING)
    await house.refreshes()


async def test_the_cascade_comes_first_and_customers_in_order_of_id(house: House) -> None:
    await three(house)
    cascade, *customers = await lines(house)
    assert (cascade["revision"], [s["segment_id"] for s in cascade["segments"]]) == (2, ["fallidos", "default"])
    assert cascade.keys() == {"revision", "segments", "flows", "settings"}
    assert [(c["customer_id"], c["segment_id"], c["sequence"]) for c in customers] == [
        ("Zoe", "default", 1),
        ("ana", "default", 1),
        ("eva", "fallidos", 3),
    ]
    assert customers[0] == {**customers[0], "aging_bucket": "current", "risk_level": "unknown", "epoch": 1}


async def test_it_goes_on_after_an_id(house: House) -> None:
    await three(house)
    assert [c["customer_id"] for c in (await lines(house, "/standings?after=ana"))[1:]] == ["eva"]
    assert mistakes(await house.call("GET", "/standings?after=a%20b")) == [("/query/after", "invalid_id")]


async def test_pages_leave_nobody_out(house: House, database: Database) -> None:
    await three(house)
    pages = [page async for page in ListStandings(database, page_size=2).pages("")]
    assert [row.customer_id for page in pages for row in page] == ["Zoe", "ana", "eva"]
