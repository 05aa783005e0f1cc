"""A preview names exactly whom a refresh would move, says which segments stay empty and why, and writes nothing."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.cutoffs import top_cutoffs
from tests.oracle.settings import Settings
from tests.oracle.variables import at, value_of
from tests.services.segmenter.house import DRAFT, House
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.random_portfolio import portfolio
from tests.services.segmenter.verdicts import declare_variables, told

TODAY = date(2026, 3, 9)
PREVIEW = f"{DRAFT}/preview"
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)
PAYING = a_segment("pagadores", variable="successful_payments", operator="gt", value=0)
TOP = a_segment("top", variable="is_top", operator="eq", value=True)
TABLES = ("customers", "behaviour", "membership", "moves", "revisions", "published", "draft", "refreshes", "outbox")

Cells = dict[tuple[str, str], tuple[int, dict[str, Decimal]]]


def cells(preview: dict[str, Any]) -> Cells:
    return {(cell["from"], cell["to"]): (cell["customers"], _balance(cell)) for cell in preview["matrix"]}


def _balance(cell: dict[str, Any]) -> dict[str, Decimal]:
    return {part["currency"]: Decimal(part["amount"]) for part in cell["balance"] if Decimal(part["amount"])}


async def standing(house: House) -> dict[str, str]:
    rows = await house.segmenter.rows("SELECT customer_id, segment_id FROM membership")
    return {row["customer_id"]: row["segment_id"] for row in rows}


async def test_what_it_names_is_what_moves(house: House) -> None:
    accounts = portfolio(Random(7), TODAY, size=80)
    await declare_variables(house.segmenter)
    await told(house.segmenter, *accounts)
    await house.drafts(FAILING, TOP)
    await house.refreshes()
    before = await standing(house)
    await house.drafts(PAYING)
    await house.orders("pagadores", "top", "fallidos")
    preview = await house.post(PREVIEW)
    await house.refreshes()
    after = await standing(house)

    expected: Cells = {}
    for one in accounts:
        customer_id = one.customer.customer_id
        owed = value_of(at(one, TODAY, Settings()), "total_balance")
        customers, balance = expected.get((before[customer_id], after[customer_id]), (0, {}))
        if owed.amount:
            balance = {**balance, owed.currency: balance.get(owed.currency, Decimal(0)) + owed.amount}
        expected[before[customer_id], after[customer_id]] = (customers + 1, balance)
    assert cells(preview) == expected
    assert len(expected) > 4
    assert preview["as_of"] == "2026-03-09"
    assert {size["segment_id"]: size["after"] for size in preview["sizes"]} == {
        segment_id: list(after.values()).count(segment_id) for segment_id in ("pagadores", "top", "fallidos", "default")
    }


async def test_it_uses_the_cutoff_that_the_refresh_would_set(house: House) -> None:
    accounts = [account(paid(str(amount), on=TODAY), customer_id=f"c-{amount:03}") for amount in range(100, 110)]
    await told(house.segmenter, *accounts)
    await house.drafts(TOP)
    preview = await house.post(PREVIEW)
    assert cells(preview)["default", "top"][0] == 3
    await house.refreshes()
    quick = (await house.get("/cascade"))["settings"]["quick_filters"]
    expected = top_cutoffs(accounts, TODAY, Settings())
    assert {currency: Decimal(amount) for currency, amount in quick["top_cutoffs"].items()} == expected
    assert {c for c, segment in (await standing(house)).items() if segment == "top"} == {"c-107", "c-108", "c-109"}


async def test_it_writes_nothing(house: House) -> None:
    await told(house.segmenter, account(failed(on=TODAY), customer_id="ana"))
    await house.drafts(FAILING)
    before = [await house.segmenter.rows(f"SELECT * FROM {table}") for table in TABLES]
    await house.post(PREVIEW)
    assert [await house.segmenter.rows(f"SELECT * FROM {table}") for table in TABLES] == before


async def test_a_segment_that_is_done_away_with_shows_whom_it_loses(house: House) -> None:
    await told(house.segmenter, account(failed(on=TODAY), customer_id="ana"))
    await house.drafts(FAILING)
    await house.refreshes()
    path = f"{DRAFT}/segments/fallidos"
    await house.call("DELETE", path, if_match=await house.etag(path))
    preview = await house.post(PREVIEW)
    assert cells(preview) == {("fallidos", "default"): (1, {})}
    assert preview["sizes"] == [
        {"segment_id": "default", "name": "Default", "before": 0, "after": 1},
        {"segment_id": "fallidos", "name": "Fallidos", "before": 1, "after": 0},
    ]
    assert preview["warnings"] == []


async def test_empty_segments_say_why(house: House) -> None:
    bill = an_invoice("10", issued_on=TODAY)
    await told(
        house.segmenter,
        account(failed(on=TODAY), paid(on=TODAY), customer_id="ana"),
        account(failed(on=TODAY), bill, customer_id="eva"),
        account(paid(on=TODAY), customer_id="luz"),
        account(customer_id="sol"),
    )
    apart = [{"variable": "failed_payments", "operator": op, "value": 5} for op in ("gt", "lt")]
    await house.drafts(
        FAILING,
        PAYING,
        {**a_segment("activos"), "rule": {"any": [FAILING["rule"], PAYING["rule"]]}},
        a_segment("cien", variable="failed_payments", operator="gt", value=100),
        {**a_segment("imposible"), "rule": {"all": apart}},
    )
    assert (await house.post(PREVIEW))["warnings"] == [
        {"segment_id": "activos", "code": "shadowed", "by": ["fallidos", "pagadores"]},
        {"segment_id": "cien", "code": "empty", "by": []},
        {"segment_id": "imposible", "code": "contradictory", "by": []},
    ]
